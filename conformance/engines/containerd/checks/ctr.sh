# What containerd's own client does that others do not.

The_signal_of_kill_is_TERM_unless_asked() {
    detached -- sh -c 'trap "exit 42" TERM; touch /tmp/set; while true; do sleep 0.1; done'
    eventually test -e "/proc/$(pid_of)/root/tmp/set"
    ctr tasks kill "$id"
    ended 42
}

Kill_reaches_the_first_process_and_kill_all_every_one() {
    detached -- sh -c 'trap "" USR2; (trap "exit" USR2; touch /tmp/child; while true; do sleep 0.1; done) & while true; do sleep 0.1; done'
    eventually test -e "/proc/$(pid_of)/root/tmp/child"
    local child; child="$(pgrep --parent "$(pid_of)" --oldest)"
    ctr tasks kill --signal USR2 "$id"
    sleep 0.5
    [[ -e "/proc/$child" ]] || broken 'kill without --all reached a second process'
    ctr tasks kill --all --signal USR2 "$id"
    eventually gone_process "$child"
    is running
}

Kill_all_ends_processes_without_a_process_namespace_of_their_own() {
    detached --pid host -- sh -c 'sleep 5003 & sleep 5004 & wait'
    eventually processes_of 'sleep 5004'
    ctr tasks kill --all --signal KILL "$id"
    eventually is exited
    eventually gone 'sleep 5003'
    eventually gone 'sleep 5004'
}

A_signal_ends_an_exec_alone() {
    detached -- sleep 1000
    ctr tasks exec --detach --exec-id victim "$id" sleep 3000
    eventually processes_of 'sleep 3000'
    ctr tasks kill --signal KILL --exec-id victim "$id"
    eventually gone 'sleep 3000'
    is running
    says fine inside echo fine
}

Output_goes_to_a_file_when_asked() {
    ctr run --detach --runc-binary "$RUNTIME" --log-uri "file:///tmp/$id.log" docker.io/library/$image:latest "$id" sh -c 'echo out; echo err >&2'
    # The shim writes what it has read even after the end.
    eventually says $'err\nout' sort "/tmp/$id.log"
}

A_runtime_root_of_its_own_holds_the_state() {
    detached --runc-root /run/another -- sleep 1000
    same "$(pid_of)" "$("$RUNTIME" --root /run/another/default state "$id" | jq .pid)"
    engine_clean "$id" >/dev/null 2>&1
    same "" "$(ls -A /run/another/default)"
}

The_propagation_of_the_root_is_what_is_asked_for() {
    # runc 1.1 makes the parent's mount shared and leaves the root itself private.
    runc_before 1.2 || mentions shared: container --rootfs-propagation shared -- grep ' / / ' /proc/self/mountinfo
    says '' container -- sh -c 'grep " / / " /proc/self/mountinfo | grep shared: || true'
}

Without_pivot_root_the_root_is_the_images() {
    detached --no-pivot -- sleep 1000
    says user inside awk -F : '$1 == "user" { print $1 }' /etc/passwd
    refuses 'o such file' inside ls /mnt/checks
    state >/dev/null
}

A_container_without_a_seccomp_profile_has_no_filter() {
    same 0 "$(shown_by Seccomp)"
}

A_container_without_a_network_has_one_of_its_own() {
    detached -- sleep 1000
    [[ "$(readlink "/proc/$(pid_of)/ns/net")" != "$(readlink /proc/self/ns/net)" ]] || broken "the network is the machine's"
    says lo inside ls /sys/class/net
}

Metrics_count_the_processor() {
    ! unified || skip 'metrics of cgroup version 2 have other names'
    detached --memory 64m -- sleep 1000
    between 1 60000000000 "$(ctr tasks metrics --format json "$id" | jq .cpu.usage.total)"
}

After_a_crash_of_the_shim_containerd_cleans_up() {
    detached -- sh -c 'sleep 7001 & wait'
    local pid; pid="$(pid_of)"
    eventually processes_of 'sleep 7001'
    kill -KILL "$(engine_monitor "$id")"
    # containerd cleans up when it loses the shim; by hand whatever is left.
    eventually sh -c "! ctr tasks list | grep -q '^$id ' || ctr tasks delete --force $id"
    eventually gone_process "$pid"
    eventually gone 'sleep 7001'
    eventually nothing_is_left
}

A_restart_of_containerd_keeps_containers() {
    detached -- sleep 1000
    local pid; pid="$(pid_of)"
    kill -KILL "$(pgrep --exact containerd)"
    eventually sh -c '! pgrep --exact containerd'
    containerd --config /mnt/containerd.toml --log-level warn >>/mnt/results/engine.log 2>&1 &
    eventually ctr version
    eventually is running
    same "$pid" "$(pid_of)"
    says fine inside echo fine
    engine_kill "$id"
    eventually is exited
}
