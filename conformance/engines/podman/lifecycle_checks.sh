# From creation to removal: stopping, signals, pausing, restarting, crashes.

A_stopped_container_is_asked_first() {
    detached -- sh -c 'trap "echo asked; exit 4" TERM; while :; do sleep 0.1; done'
    podman stop --time 10 "$id"
    same 'exited 4' "$(inspected .State.Status) $(inspected .State.ExitCode)"
    says asked podman logs "$id"
}

A_container_that_will_not_stop_is_killed() {
    detached -- sh -c 'trap "" TERM; echo ready; while :; do sleep 0.1; done'
    eventually logs_hold ready
    podman stop --time 1 "$id"
    same 'exited 137' "$(inspected .State.Status) $(inspected .State.ExitCode)"
}

A_container_may_name_its_stop_signal() {
    detached --stop-signal INT -- sh -c 'trap "exit 8" INT; trap "exit 9" TERM; while :; do sleep 0.1; done'
    podman stop --time 10 "$id"
    same 8 "$(inspected .State.ExitCode)"
}

Signals_arrive_by_name_and_number() {
    detached -- sh -c 'trap "echo first" USR1; trap "echo second" USR2; echo ready; while :; do sleep 0.1; done'
    eventually logs_hold ready
    podman kill --signal USR1 "$id"
    eventually logs_hold first
    podman kill --signal 12 "$id"
    eventually logs_hold second
    running
}

A_killed_container_has_status_137() {
    detached -- sleep 1000
    podman kill "$id"
    says 137 podman wait "$id"
}

A_stopped_container_cannot_be_killed() {
    detached -- true
    podman wait "$id"
    refuses 'can only kill running containers' podman kill "$id"
}

# Podman then signals every process of the container's cgroups.
Without_a_pid_namespace_every_process_is_killed() {
    detached --pid host -- sh -c 'sleep 76543 & sleep 76542'
    eventually processes_of 'sleep 76543'
    podman kill --signal KILL "$id"
    podman wait "$id"
    eventually gone 'sleep 76543'
    eventually gone 'sleep 76542'
}

Removal_by_force_without_a_pid_namespace_leaves_no_process() {
    detached --pid host -- sh -c 'sleep 76541 & sleep 1'
    podman wait "$id"
    podman rm --force --time 0 "$id"
    eventually gone 'sleep 76541'
}

A_paused_container_does_nothing_until_it_is_unpaused() {
    detached -- sh -c 'while :; do echo x; sleep 0.05; done'
    eventually logs_hold x
    podman pause "$id"
    same paused "$(inspected .State.Status)"
    local before after
    before="$(logged | wc -l)"; sleep 0.5; after="$(logged | wc -l)"
    between "$before" "$((before + 1))" "$after"
    podman unpause "$id"
    more_lines() { [[ "$(logged | wc -l)" -gt $((after + 3)) ]]; }
    eventually more_lines
}

A_paused_container_is_removed_by_force() {
    detached -- sleep 54321
    podman pause "$id"
    podman rm --force --time 0 "$id"
    eventually gone 'sleep 54321'
}

A_running_container_is_removed_only_by_force() {
    detached -- sleep 54322
    local full; full="$(inspected .Id)"
    refuses 'cannot remove container' podman rm "$id"
    podman rm --force --time 0 "$id"
    eventually gone 'sleep 54322'
    [[ ! -e "/run/$RUNTIME_NAME/$full" ]] || broken "the runtime's state remains"
    same "" "$(find /sys/fs/cgroup -name "*$full*")"
}

Its_state_is_told_at_every_step() {
    podman create --name "$id" --network none $image sh -c 'sleep 1; exit 3'
    same created "$(inspected .State.Status)"
    podman start "$id"
    same 'running true' "$(inspected .State.Status) $(inspected .State.Running)"
    [[ -d "/proc/$(inspected .State.Pid)" ]] || broken "no such process"
    podman wait "$id"
    same 'exited 3 0' "$(inspected .State.Status) $(inspected .State.ExitCode) $(inspected .State.Pid)"
}

A_restarted_container_runs_anew() {
    detached -- sh -c 'echo x >>/root/runs; trap "exit 0" TERM; while :; do sleep 0.1; done'
    local first; first="$(inspected .State.Pid)"
    eventually inside test -s /root/runs
    podman restart "$id"
    eventually inside grep -c x /root/runs
    [[ "$(inspected .State.Pid)" != "$first" ]] || broken "it is the same process"
    says 2 inside grep -c x /root/runs
}

A_stopped_container_starts_again_with_its_files() {
    detached -- sh -c 'cat /root/kept 2>/dev/null; echo kept >/root/kept'
    podman wait "$id"
    podman start --attach "$id" >/tmp/again
    same kept "$(</tmp/again)"
}

A_failing_container_is_restarted_by_its_policy() {
    detached --restart on-failure:2 -- sh -c 'echo run; exit 5'
    thrice() { [[ "$(podman logs "$id")" == $'run\nrun\nrun' && "$(inspected .State.Status)" == exited ]]; }
    eventually thrice
    same '2 5' "$(inspected .RestartCount) $(inspected .State.ExitCode)"
}

A_container_restarted_by_its_policy_has_no_signal_blocked() {
    # Podman's cleanup process, which restarts it, has SIGUSR1 blocked.
    ! runc_before 1.2 || skip 'this runc hands a blocked SIGUSR1 on'
    detached --restart on-failure:1 -- sh -c 'grep SigBlk /proc/self/status; exit 5'
    local line=$'SigBlk:\t0000000000000000'
    twice() { [[ "$(podman logs "$id")" == "$line"$'\n'"$line" ]]; }
    eventually twice
}

A_container_killed_from_outside_has_ended() {
    detached -- sleep 1000
    kill -KILL "$(inspected .State.Pid)"
    says 137 podman wait "$id"
    eventually running exited
}

A_container_whose_monitor_was_killed_is_removed() {
    detached -- sleep 65432
    local full; full="$(inspected .Id)"
    kill -KILL "$(inspected .State.ConmonPid)"
    podman rm --force --time 0 "$id"
    eventually gone 'sleep 65432'
    # Podman 4.3 asks for no deletion then; what is recorded must be true, and go when somebody asks.
    same stopped "$("$RUNTIME" state "$full" | jq --raw-output .status)"
    "$RUNTIME" delete "$full"
    [[ ! -e "/run/$RUNTIME_NAME/$full" ]] || broken "the runtime's state remains"
    same "" "$(find /sys/fs/cgroup -name "*$full*")"
}

Six_containers_at_a_time() {
    local n jobs=()
    for n in 1 2 3 4 5 6; do podman run --rm --network none --name "$id-$n" $image sh -c "exit $n" & jobs+=("$!"); done
    for n in 1 2 3 4 5 6; do ends "$n" wait "${jobs[n - 1]}"; done
}

Its_processes_are_listed() {
    detached -- sh -c 'sleep 777 & sleep 778'
    eventually processes_of 'sleep 777'
    mentions 'sleep 777' podman top "$id" pid args
    same "$(inspected .State.Pid)" "$(podman top "$id" hpid pid | awk '$2 == 1 { print $1 }')"
}

A_checkpoint_is_refused_with_a_clear_word() {
    command -v criu >/dev/null || skip 'CRIU is not installed'
    detached -- sleep 1000
    if [[ "$RUNTIME_NAME" == runc ]]; then
        ! criu check >/dev/null 2>&1 || skip 'runc can make checkpoints here'
        refuses 'checkpoint' podman container checkpoint "$id"
    else
        refuses 'does not support checkpoint' podman container checkpoint "$id"
    fi
    running
    says alive inside echo alive
}

Hooks_are_called_in_the_order_of_their_stages() {
    mkdir -p /mnt/hooks.d
    printf '#!/bin/sh\necho "$1 $(sed -n '"'"'s/.*"status": *"\\([a-z]*\\)".*/\\1/p'"'"')" >>/mnt/home/stages\n' >/mnt/stage
    chmod +x /mnt/stage
    rm -f /mnt/home/stages
    local stage
    for stage in prestart createRuntime poststart poststop; do
        printf '{"version":"1.0.0","hook":{"path":"/mnt/stage","args":["stage","%s"]},"when":{"always":true},"stages":["%s"]}' $stage $stage >/mnt/hooks.d/$stage.json
    done
    podman --hooks-dir /mnt/hooks.d run --rm --name "$id" --network none $image true
    eventually grep -q poststop /mnt/home/stages
    same 'prestart createRuntime poststart poststop' "$(cut -d ' ' -f 1 /mnt/home/stages | tr '\n' ' ' | sed 's/ $//')"
    grep -qx 'poststop stopped' /mnt/home/stages
    # runc says "creating" or "created" here.
    [[ "$RUNTIME_NAME" == runc ]] || grep -qx 'poststart running' /mnt/home/stages
}
