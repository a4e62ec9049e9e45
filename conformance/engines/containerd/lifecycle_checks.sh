# What happens to a running container.

counting='while true; do i=$((i + 1)); echo $i >/tmp/count; sleep 0.05; done'

count() { cat "/proc/$1/root/tmp/count"; }

# counts PID: the count goes on.
counts() {
    local before; before="$(count "$1")"
    sleep 0.3
    [[ "$(count "$1")" -gt "$before" ]]
}

Pause_freezes_and_resume_thaws() {
    detached -- sh -c "$counting"
    local pid before; pid="$(pid_of)"
    eventually counts "$pid"
    ctr tasks pause "$id"
    is PAUSED
    [[ -e /sys/fs/cgroup/cgroup.controllers ]] || same FROZEN "$(kernel_has "$pid" freezer freezer.state '')"
    before="$(count "$pid")"
    sleep 0.4
    same "$before" "$(count "$pid")"
    ctr tasks resume "$id"
    is RUNNING
    eventually counts "$pid"
}

A_paused_container_is_deleted_by_force() {
    detached -- sleep 1000
    local pid; pid="$(pid_of)"
    ctr tasks pause "$id"
    ctr tasks delete --force "$id" || true
    eventually gone_process "$pid"
    eventually nothing_is_left
}

# Waits until the program has said that its traps are set.
trapping() {
    container --detach --null-io "${@:2}" -- sh -c "$1; touch /tmp/set; while true; do sleep 0.1; done"
    eventually test -e "/proc/$(pid_of)/root/tmp/set"
}

Signals_arrive_by_name_and_by_number() {
    trapping 'trap "exit 41" USR1; trap "touch /tmp/hup" HUP'
    ctr tasks kill --signal HUP "$id"
    eventually test -e "/proc/$(pid_of)/root/tmp/hup"
    ctr tasks kill --signal 10 "$id"
    eventually is STOPPED
    mentions 'exit code 41' ctr tasks delete "$id"
}

The_signal_of_kill_is_TERM_unless_asked() {
    trapping 'trap "exit 42" TERM'
    ctr tasks kill "$id"
    eventually is STOPPED
    mentions 'exit code 42' ctr tasks delete "$id"
}

Kill_reaches_the_first_process_and_kill_all_every_one() {
    trapping 'trap "" USR2; (trap "exit" USR2; touch /tmp/child; while true; do sleep 0.1; done) & child=$!'
    eventually test -e "/proc/$(pid_of)/root/tmp/child"
    local child; child="$(ctr tasks ps "$id" | awk 'NR == 3 { print $1 }')"
    ctr tasks kill --signal USR2 "$id"
    sleep 0.5
    [[ -e "/proc/$child" ]] || broken 'kill without --all reached a second process'
    ctr tasks kill --all --signal USR2 "$id"
    eventually gone_process "$child"
    is RUNNING
}

Kill_all_ends_processes_without_a_process_namespace_of_their_own() {
    container --detach --null-io --with-ns "pid:/proc/$$/ns/pid" -- sh -c 'sleep 5000 & sleep 5001 & wait'
    eventually pgrep --full --exact 'sleep 5001'
    ctr tasks kill --all --signal KILL "$id"
    eventually is STOPPED
    eventually sh -c "! pgrep --full --exact 'sleep 500[01]'"
}

A_signal_to_a_container_that_has_ended_is_refused() {
    container --detach --null-io -- true
    eventually is STOPPED
    refuses 'process already finished' ctr tasks kill "$id"
}

Delete_without_force_refuses_a_running_container() {
    detached -- sleep 1000
    refuses 'must be stopped' ctr tasks delete "$id"
    is RUNNING
}

Delete_passes_the_exit_status_on_and_leaves_nothing() {
    container --detach --null-io -- sh -c 'exit 9'
    eventually is STOPPED
    mentions 'exit code 9' ctr tasks delete "$id"
    eventually nothing_is_left
}

What_the_container_started_ends_with_it() {
    container --detach --null-io -- sh -c 'setsid sleep 6000 & sleep 0.3'
    eventually is STOPPED
    eventually sh -c "! pgrep --full --exact 'sleep 6000'"
    ctr tasks delete "$id"
    nothing_is_left
}

Attach_shows_what_the_container_writes() {
    container --detach -- sh -c 'while true; do echo tick; sleep 0.1; done'
    eventually is RUNNING
    ctr tasks attach "$id" >/tmp/attached 2>&1 &
    local attached=$!
    eventually holds tick cat /tmp/attached
    kill "$attached"
}

Events_tell_a_container_from_begin_to_end() {
    ctr events >/tmp/events &
    local listener=$! topic
    eventually holds /containers/create bash -c "ctr containers create docker.io/library/$image:latest $id-other >/dev/null 2>&1; ctr containers delete $id-other; cat /tmp/events"
    ends 3 container --rm -- sh -c 'exit 3'
    eventually holds '/tasks/delete' cat /tmp/events
    kill "$listener"
    for topic in create start exit delete; do
        grep "/tasks/$topic" /tmp/events | grep -q "$id" || broken "no event /tasks/$topic" "$(cat /tmp/events)"
    done
    mentions '"exit_status":3' grep /tasks/exit /tmp/events
}

# With CRIU this would be done; without it, or where CRIU does not know the kernel, it has to be said.
Checkpoint_is_done_or_refused_with_a_word() {
    detached -- sleep 1000
    local said status=0
    said="$(ctr tasks checkpoint --image-path /tmp/checkpoint "$id" 2>&1)" || status=$?
    if [[ $status -eq 0 ]]; then
        [[ -n "$(ls /tmp/checkpoint)" ]]
    else
        grep -qiE 'checkpoint|criu' <<<"$said" || broken "refused with: $said"
        is RUNNING
        says fine inside echo fine
    fi
}

After_a_crash_of_the_shim_delete_by_force_leaves_nothing() {
    detached -- sh -c 'sleep 7000 & wait'
    local pid; pid="$(pid_of)"
    eventually pgrep --full --exact 'sleep 7000'
    kill -KILL "$(shim_of)"
    # containerd cleans up when it loses the shim; by hand whatever is left.
    eventually sh -c "! ctr tasks list | grep -q '^$id ' || ctr tasks delete --force $id"
    eventually gone_process "$pid"
    eventually sh -c "! pgrep --full --exact 'sleep 7000'"
    eventually nothing_is_left
}

A_restart_of_containerd_keeps_containers() {
    detached -- sleep 1000
    local pid; pid="$(pid_of)"
    kill -KILL "$(pgrep --exact containerd)"
    eventually sh -c '! pgrep --exact containerd'
    containerd --config /mnt/containerd.toml --log-level warn >>/mnt/results/engine.log 2>&1 &
    eventually ctr version
    eventually is RUNNING
    same "$pid" "$(pid_of)"
    says fine inside echo fine
    ctr tasks kill --signal KILL "$id"
    eventually is STOPPED
}
