# Saving a container with CRIU, and going on.

# counting OPTION…: a container that counts in a directory of the host: it is seen whether it goes on, and where.
counting() {
    own_directory "$id"
    rm -f "$files/$id"/*
    detached --volume "$files/$id:/count" "$@" -- sh -c 'i=0; while :; do i=$((i+1)); echo $i >/count/new; mv /count/new /count/now; sleep 0.05; done'
    eventually counted_beyond 2
}

stands() { cat "$files/$id/now"; }
counted_beyond() { [[ "$(stands)" -gt "$1" ]]; }

A_container_is_saved_and_goes_on_where_it_stood() {
    needs restore exec
    saving_works
    counting
    engine_save "$id"
    local stood; stood="$(stands)"
    sleep 0.3
    same "$stood" "$(stands)"
    engine_go_on "$id"
    eventually is running
    eventually counted_beyond "$stood"
    between "$stood" $((stood + 2000)) "$(stands)"
    says fine inside echo fine
}

A_container_is_saved_and_runs_on() {
    needs restore exec
    saving_works
    counting
    engine_save_running "$id"
    is running
    eventually counted_beyond "$(stands)"
    says fine inside echo fine
}

A_saved_container_keeps_its_limits_and_filter() {
    needs restore cgroups
    saving_works
    counting --memory 64m "${default_filter[@]}"
    local filter; filter="$(status_of "$(pid_of)" Seccomp)"
    engine_save "$id"
    engine_go_on "$id"
    eventually is running
    same 67108864 "$(limit memory memory.limit_in_bytes memory.max)"
    same "$filter" "$(status_of "$(pid_of)" Seccomp)"
}
