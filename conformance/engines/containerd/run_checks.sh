# What people run by hand.

A_container_writes_and_ends() {
    says hello container --rm -- echo hello
    nothing_is_left
}

The_two_streams_stay_apart() {
    says out container --rm -- sh -c 'echo out; echo err >&2'
    same err "$(cat /tmp/stderr)"
}

The_exit_status_is_passed_on() {
    ends 7 container --rm -- sh -c 'exit 7'
}

A_program_killed_by_a_signal_ends_with_128_and_its_number() {
    ends 137 container --rm -- sh -c 'kill -9 $$ & sh -c "kill -9 \$\$"; exit $?'
}

The_runtime_under_test_has_made_the_container() {
    detached -- sleep 1000
    local state; state="$("$RUNTIME" --root $runtime_states state "$id")"
    same "$(pid_of)" "$(jq .pid <<<"$state")"
    same running "$(jq -r .status <<<"$state")"
    # A link named runc stands first on the PATH: what is found by that name is the same program.
    cmp "$RUNTIME" "$(readlink -f "$(command -v runc)")"
}

Standard_input_reaches_the_program() {
    # ctr forgets about an end of the input that it reads before the task exists.
    { printf 'one\ntwo\n'; eventually is RUNNING >&2; sleep 0.5; } | says $'one\ntwo' container --rm -- cat
}

Much_output_arrives_whole() {
    says 3000000 sh -c "ctr run --rm --runc-binary $RUNTIME docker.io/library/$image:latest $id head -c 3000000 /dev/zero | wc -c"
}

The_environment_is_what_is_asked_for() {
    says 'a b' container --rm --env 'GREETING=a b' -- sh -c 'echo "$GREETING"'
    says /bin container --rm -- sh -c 'echo "$PATH"'
}

The_working_directory_is_what_is_asked_for() {
    says /tmp container --rm --cwd /tmp -- pwd
}

A_file_of_variables_is_read() {
    printf 'FIRST=1\nSECOND=two\n' >/tmp/variables
    says '1 two' container --rm --env-file /tmp/variables -- sh -c 'echo $FIRST $SECOND'
}

The_pid_file_names_the_first_process() {
    detached --pid-file /tmp/pid -- sleep 1000
    same "$(pid_of)" "$(cat /tmp/pid)"
    same "$(awk '{print $NF}' <<<"$(status_of "$(cat /tmp/pid)" NSpid)")" 1
}

A_missing_program_is_refused_and_leaves_nothing() {
    refuses 'executable file not found in $PATH' container -- no-such-program
    eventually nothing_is_left
    ctr containers delete "$id"
    refuses 'no such file or directory' container -- /no/such/program
    eventually nothing_is_left
}

A_program_that_may_not_be_executed_is_refused() {
    refuses 'permission denied' container -- /etc/passwd
    eventually nothing_is_left
}

A_directory_mounted_over_a_file_is_refused_and_leaves_nothing() {
    refuses 'not a directory' container --mount type=bind,src=/tmp,dst=/etc/passwd,options=rbind -- true
    eventually nothing_is_left
    same "" "$(shim_of || true)"
}

Several_containers_start_and_end_side_by_side() {
    local number jobs=()
    for number in 1 2 3 4 5 6; do
        (says "$number" named "$id-$number" --rm -- sh -c "sleep 0.5; echo $number") &
        jobs+=($!)
    done
    for number in "${jobs[@]}"; do wait "$number"; done
    no_cgroup "$id"
}

Output_goes_to_a_file_when_asked() {
    container --detach --log-uri "file:///tmp/$id.log" -- sh -c 'echo out; echo err >&2'
    eventually is STOPPED
    says $'err\nout' sort "/tmp/$id.log"
}

A_directory_serves_as_the_root() {
    says fine ctr run --rm --runc-binary "$RUNTIME" --env PATH=/bin --rootfs /mnt/image/rootfs "$id" /bin/sh -c 'echo fine'
}

Annotations_reach_the_runtime() {
    detached --annotation org.example.colour=red -- sleep 1000
    says red jq -r '.annotations["org.example.colour"]' <("$RUNTIME" --root $runtime_states state "$id")
}

A_container_can_be_started_again() {
    detached -- sleep 1000
    local first; first="$(pid_of)"
    ctr tasks delete --force "$id" || true
    eventually nothing_is_left
    ctr tasks start --detach "$id"
    eventually is RUNNING
    [[ "$(pid_of)" != "$first" ]]
    says fine inside echo fine
}

A_runtime_root_of_its_own_holds_the_state() {
    container --detach --null-io --runc-root /run/another -- sleep 1000
    eventually is RUNNING
    same "$(pid_of)" "$("$RUNTIME" --root /run/another/default state "$id" | jq .pid)"
    engine_clean "$id" >/dev/null 2>&1
    same "" "$(ls -A /run/another/default)"
}
