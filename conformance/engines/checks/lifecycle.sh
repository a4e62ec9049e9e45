# What happens to a container from its creation to its removal.

# trapping TRAPS OPTION…: a container whose shell has set these traps.
trapping() {
    detached "${@:2}" -- sh -c "$1; touch /tmp/set; while true; do sleep 0.1; done"
    eventually test -e "/proc/$(pid_of)/root/tmp/set"
}

counting='while true; do i=$((i + 1)); echo $i >/tmp/count; sleep 0.05; done'

# counts PID: the count goes on.
counts() {
    local before; before="$(count "$1")"
    sleep 0.3
    [[ "$(count "$1")" -gt "$before" ]]
}

count() { cat "/proc/$1/root/tmp/count"; }

A_created_container_does_not_run_before_it_is_started() {
    needs create
    engine_create "$id" -- sleep 1000
    is created
    engine_start "$id"
    is running
    same 1 "$(awk '{ print $NF }' <<<"$(status_of "$(pid_of)" NSpid)")"
    engine_kill "$id"
    ended 137
}

The_state_is_told_at_every_step() {
    needs client create
    engine_create "$id" -- sh -c '[ ! -e /root/again ] || exec sleep 1000; touch /root/again; echo late; exit 4'
    same 'created false 0' "$(engine_status "$id") $(inspected .State.Running) $(pid_of)"
    ends 4 client start --attach "$id"
    same late "$(cat /tmp/stdout)"
    same 'exited false 0 4' "$(engine_status "$id") $(inspected .State.Running) $(pid_of) $(engine_exit_code "$id")"
    client start "$id"
    same 'true running false' "$(inspected .State.Running) $(engine_status "$id") $(inspected .State.OOMKilled)"
    [[ -d "/proc/$(pid_of)" ]] || broken 'no such process'
}

Pause_freezes_and_resume_thaws() {
    needs pause
    detached -- sh -c "$counting"
    local pid before; pid="$(pid_of)"
    eventually counts "$pid"
    engine_pause "$id"
    is paused
    unified || same FROZEN "$(limit freezer freezer.state '')"
    before="$(count "$pid")"
    sleep 0.4
    same "$before" "$(count "$pid")"
    engine_resume "$id"
    is running
    eventually counts "$pid"
}

A_paused_container_is_removed_by_force() {
    needs pause
    detached -- sleep 1000
    local pid one; pid="$(pid_of)" one="$(engine_runtime_id "$id")"
    engine_pause "$id"
    engine_remove "$id"
    eventually gone_process "$pid"
    eventually nothing_is_left "$one"
}

Signals_arrive_by_name_and_by_number() {
    needs kill
    trapping 'trap "exit 41" USR2; trap "touch /tmp/hup" HUP'
    engine_kill "$id" HUP
    eventually test -e "/proc/$(pid_of)/root/tmp/hup"
    is running
    engine_kill "$id" 12
    ended 41
}

Kill_ends_a_container_that_ignores_everything() {
    needs kill
    trapping 'trap "" TERM INT HUP'
    local one; one="$(engine_runtime_id "$id")"
    engine_kill "$id"
    ended 137
    eventually nothing_is_left "$one"
}

A_signal_to_a_container_that_has_ended_is_refused() {
    needs kill
    detached -- true
    eventually is exited
    refuses "${texts[kill_of_ended]}" engine_kill "$id"
}

Signals_to_the_client_are_passed_on() {
    needs client
    made run "$id" -- sh -c 'trap "exit 45" TERM; touch /tmp/set; while true; do sleep 0.1; done' &
    local job=$! status=0
    eventually inside test -e /tmp/set
    kill "$(pgrep --full -- "(^|/)$program_of_client run --name $id ")"
    wait "$job" || status=$?
    same 45 "$status"
}

Stop_sends_TERM_first() {
    needs client
    trapping 'trap "echo asked; exit 41" TERM'
    client stop --time 10 "$id"
    same 'exited 41' "$(engine_status "$id") $(engine_exit_code "$id")"
    says asked client logs "$id"
}

Stop_kills_when_the_time_is_over() {
    needs client
    trapping 'trap "" TERM'
    local begun; begun="$(date +%s%N)"
    client stop --time 1 "$id"
    between 900 15000 $((($(date +%s%N) - begun) / 1000000))
    same 'exited 137' "$(engine_status "$id") $(engine_exit_code "$id")"
}

Stop_sends_the_signal_of_the_container() {
    needs client
    trapping 'trap "exit 43" USR1; trap "exit 9" TERM' --stop-signal USR1
    client stop --time 10 "$id"
    same 43 "$(engine_exit_code "$id")"
}

A_running_container_is_removed_only_by_force() {
    needs kill
    detached -- sleep 4321
    local one; one="$(engine_runtime_id "$id")"
    refuses "${texts[delete_of_running]}" engine_delete "$id"
    is running
    engine_remove "$id"
    eventually gone 'sleep 4321'
    eventually nothing_is_left "$one"
}

A_container_that_has_ended_leaves_nothing_of_the_runtimes() {
    needs kill
    detached -- sh -c 'exit 9'
    local one; one="$(engine_runtime_id "$id")"
    ended 9
    eventually nothing_is_left "$one"
}

What_the_container_started_ends_with_it() {
    needs detach
    detached -- sh -c 'setsid sleep 6000 & while [ ! -e /tmp/end ]; do sleep 0.1; done'
    local one; one="$(engine_runtime_id "$id")"
    eventually processes_of 'sleep 6000'
    touch "/proc/$(pid_of)/root/tmp/end"
    eventually is exited
    eventually gone 'sleep 6000'
    engine_remove "$id"
    eventually nothing_is_left "$one"
}

What_a_container_with_the_hosts_processes_started_is_killed_with_it() {
    needs kill host-processes
    detached --pid host -- sh -c 'sleep 5000 & setsid sleep 5001 & wait'
    eventually processes_of 'sleep 5000'
    eventually processes_of 'sleep 5001'
    engine_kill "$id"
    eventually is exited
    eventually gone 'sleep 5000'
    eventually gone 'sleep 5001'
}

What_a_container_with_the_hosts_processes_started_is_removed_with_it() {
    needs kill host-processes
    detached --pid host -- sh -c 'sleep 5002 & sleep 1'
    eventually is exited
    engine_remove "$id"
    eventually gone 'sleep 5002'
}

A_first_process_that_is_killed_from_outside_ends_the_container() {
    needs kill
    detached -- sh -c 'sleep 4568 & wait'
    eventually processes_of 'sleep 4568'
    kill -KILL "$(pid_of)"
    ended 137
    eventually gone 'sleep 4568'
}

The_processes_of_a_container_are_listed() {
    needs exec
    detached -- sh -c 'sleep 4000 & sleep 4001 & wait'
    eventually processes_of 'sleep 4000'
    eventually processes_of 'sleep 4001'
    same "$({ pid_of; pgrep --full --exact 'sleep 400[01]'; } | sort -n)" "$(engine_processes "$id" | xargs -n 1 | sort -n)"
}

Attach_shows_what_the_container_writes() {
    needs attach
    detached --attachable -- sh -c 'while true; do echo tick; sleep 0.1; done'
    engine_attach "$id" >/tmp/attached 2>&1 </dev/null &
    local attached=$!
    eventually holds tick cat /tmp/attached
    kill "$attached"
    is running
}

Attach_ends_with_the_container() {
    needs client attach
    detached -- sh -c 'while [ ! -e /go ]; do echo tick; sleep 0.1; done; echo seen; exit 6'
    # Docker passes the status on, Podman does not.
    { client attach "$id" || true; } >/tmp/attached 2>/dev/null </dev/null &
    local attached=$!
    eventually holds tick cat /tmp/attached
    inside touch /go
    wait "$attached"
    mentions $'tick\nseen' cat /tmp/attached
    eventually is exited
    same 6 "$(engine_exit_code "$id")"
}

Logs_hold_both_streams() {
    needs client
    kept -- sh -c 'echo one; echo two; sleep 0.3; echo three >&2' >/dev/null 2>&1
    says $'one\ntwo' client logs "$id"
    same three "$(cat /tmp/stderr)"
    end_of_log() { client logs --tail 2 "$id" 2>/dev/null; }
    says two end_of_log
}

Logs_are_followed() {
    needs client
    detached -- sh -c 'for i in 1 2 3 4; do echo $i; sleep 0.2; done'
    says $'1\n2\n3\n4' client logs --follow "$id"
}

Wait_tells_the_exit_status() {
    needs client
    detached -- sh -c 'sleep 0.5; exit 46'
    says 46 client wait "$id"
    same 46 "$(engine_exit_code "$id")"
}

A_container_is_renamed() {
    needs client
    detached -- sleep 1000
    client rename "$id" "$id-other"
    says fine engine_exec "$id-other" echo fine
}

A_container_is_started_again() {
    needs create
    detached -- sleep 1000
    local first one; first="$(pid_of)" one="$(engine_runtime_id "$id")"
    engine_kill "$id"
    ended 137
    eventually nothing_is_left "$one"
    engine_start "$id"
    eventually is running
    [[ "$(pid_of)" != "$first" ]] || broken 'it is the same process'
    says fine inside echo fine
}

A_container_that_is_started_again_has_its_files() {
    needs client
    kept -- sh -c 'echo again >>/tmp/file; wc -l </tmp/file' >/dev/null
    says 2 client start --attach "$id"
    client restart "$id"
    eventually is exited
    same $'1\n2\n3' "$(client logs "$id")"
}

A_restarted_container_runs_anew() {
    needs client
    detached -- sh -c 'echo x >>/root/runs; trap "exit 0" TERM; while :; do sleep 0.1; done'
    local first; first="$(pid_of)"
    eventually inside test -s /root/runs
    client restart "$id"
    [[ "$(pid_of)" != "$first" ]] || broken 'it is the same process'
    eventually says 2 inside grep -c x /root/runs
}

Restart_on_failure_counts() {
    needs client
    detached --restart on-failure:2 -- sh -c 'echo run; exit 3'
    thrice() { [[ "$(client logs "$id")" == $'run\nrun\nrun' && "$(engine_status "$id")" == exited ]]; }
    eventually thrice
    same '2 3' "$(inspected .RestartCount) $(engine_exit_code "$id")"
}

Restart_on_failure_leaves_success_alone() {
    needs client
    detached --restart on-failure -- true
    eventually is exited
    sleep 0.5
    same '0 exited' "$(inspected .RestartCount) $(engine_status "$id")"
}

Restart_always_heals_a_killed_container() {
    needs client
    detached --restart always -- sleep 1000
    local pid; pid="$(pid_of)"
    kill -KILL "$pid"
    eventually says fine inside echo fine
    same 1 "$(inspected .RestartCount)"
    [[ "$(pid_of)" != "$pid" ]] || broken 'it is the same process'
    # What the engine was told to kill stays dead.
    engine_kill "$id"
    eventually is exited
    sleep 0.5
    is exited
}

Health_is_what_the_command_says() {
    needs client
    detached --health-cmd 'test ! -e /tmp/ill' --health-interval "${texts[health_interval]}" --health-retries 2 -- sleep 1000
    eventually says healthy engine_health "$id"
    inside touch /tmp/ill
    eventually says unhealthy engine_health "$id"
}

Events_tell_a_container_from_begin_to_end() {
    needs events
    local listener
    listening
    ends 3 container -- sh -c 'exit 3'
    told() { same 'create start exit 3 delete' "$(engine_events "/tmp/$id.events" | xargs)"; }
    eventually told
    kill "$listener"
}

# Where this could be done it has to be done; without CRIU, or where CRIU does not know the kernel, it has to be said.
Checkpoint_is_done_or_refused_with_a_reason() {
    needs checkpoint exec
    detached -- sleep 1000
    local said status=0
    said="$(engine_checkpoint "$id" 2>&1)" || status=$?
    [[ $status -ne 0 ]] || return 0
    grep -qiE 'checkpoint|criu|experimental' <<<"$said" || broken "refused with: $said"
    [[ "$said" == *"${texts[checkpoint]:-}"* ]] || broken "refused with: $said" "without: ${texts[checkpoint]:-}"
    is running
    says fine inside echo fine
}

After_a_crash_of_the_monitor_removal_leaves_nothing() {
    needs monitor
    detached -- sh -c 'sleep 7000 & wait'
    local pid one; pid="$(pid_of)" one="$(engine_runtime_id "$id")"
    eventually processes_of 'sleep 7000'
    kill -KILL "$(engine_monitor "$id")"
    eventually engine_remove "$id"
    eventually gone_process "$pid"
    eventually gone 'sleep 7000'
    engine_forget "$one"
    eventually nothing_is_left "$one"
}
