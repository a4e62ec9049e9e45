# What Docker alone does or says.

Docker_names_the_runtime_and_the_storage_driver() {
    says tested docker info --format '{{.DefaultRuntime}}'
    says overlay2 docker info --format '{{.Driver}}'
    says cgroupfs docker info --format '{{.CgroupDriver}}'
    # What docker calls the commit comes from the runtime's --version.
    [[ "$(docker info --format '{{.RuncCommit.ID}}')" != N/A ]] || broken 'docker does not know the runtime'
}

Docker_passes_a_runtimes_options_on() {
    detached --runtime talkative -- sleep 1000
    mentions '"level":"debug"' cat "$(engine_bundle "$(engine_runtime_id "$id")")/log.json"
    says fine inside echo fine
}

What_docker_itself_refuses_ends_with_125() {
    ends 125 container --memory 1 -- true
}

A_failed_start_is_known_to_docker() {
    ends 127 kept -- no-such-program
    same 'created 127' "$(engine_status "$id") $(engine_exit_code "$id")"
    eventually nothing_is_left "$(engine_runtime_id "$id")"
    same '' "$(engine_monitor "$id" || true)"
}

The_domain_name_is_what_is_asked_for() {
    says domain container --domainname domain -- cat /proc/sys/kernel/domainname
    mentions name.example container --network bridge --hostname name.example -- cat /etc/hosts
}

Update_of_the_number_of_processes_leaves_the_others() {
    detached --memory 64m --cpu-shares 512 --pids-limit 50 --device /dev/null:/dev/zilch -- sleep 1000
    docker update --pids-limit 30 "$id"
    same '67108864 30' "$(limit memory memory.limit_in_bytes memory.max) $(limit pids pids.max pids.max)"
    unified || same 512 "$(limit cpu cpu.shares '')"
    says '' inside sh -c 'echo text >/dev/zilch && cat /dev/null'
}

Limits_of_update_last_through_a_restart() {
    detached --memory 64m -- sleep 1000
    docker update --memory 80m --memory-swap 80m "$id"
    docker restart --time 0 "$id"
    same 83886080 "$(limit memory memory.limit_in_bytes memory.max)"
}
