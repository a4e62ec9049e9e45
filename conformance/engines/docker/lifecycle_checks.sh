# What happens to a running container.

# trapping TRAPS OPTION…: a container whose shell has set these traps.
trapping() {
    named "$id" --detach "${@:2}" -- sh -c "$1; touch /tmp/set; while true; do sleep 0.1; done" >/dev/null
    eventually inside test -e /tmp/set
}

Stop_sends_TERM_first() {
    trapping 'trap "exit 41" TERM'
    docker stop --time 10 "$id"
    same 'exited 41' "$(of .State.Status) $(of .State.ExitCode)"
}

Stop_kills_when_the_time_is_over() {
    trapping 'trap "" TERM'
    local begun; begun="$(date +%s%N)"
    docker stop --time 1 "$id"
    between 900 8000 $((($(date +%s%N) - begun) / 1000000))
    same 'exited 137' "$(of .State.Status) $(of .State.ExitCode)"
}

Stop_sends_the_signal_of_the_container() {
    trapping 'trap "exit 43" USR1' --stop-signal USR1
    docker stop --time 10 "$id"
    same 43 "$(of .State.ExitCode)"
}

Signals_arrive_by_name_and_by_number() {
    trapping 'trap "exit 44" USR2; trap "touch /tmp/hup" HUP'
    docker kill --signal HUP "$id"
    eventually inside test -e /tmp/hup
    is running
    docker kill --signal 12 "$id"
    eventually is exited
    same 44 "$(of .State.ExitCode)"
}

Signals_to_the_client_are_passed_on() {
    docker run --name "$id" --network none $image sh -c 'trap "exit 45" TERM; touch /tmp/set; while true; do sleep 0.1; done' &
    local client=$! status=0
    eventually inside test -e /tmp/set
    kill "$client"
    wait "$client" || status=$?
    same 45 "$status"
}

Kill_ends_a_container_that_ignores_everything() {
    trapping 'trap "" TERM INT HUP'
    local long; long="$(of .Id)"
    docker kill "$id"
    eventually is exited
    same 137 "$(of .State.ExitCode)"
    eventually nothing_is_left_of "$long"
}

Pause_freezes_and_unpause_thaws() {
    detached -- sh -c 'while true; do i=$((i + 1)); echo $i >/tmp/count; sleep 0.05; done'
    local count; count="/proc/$(pid_of)/root/tmp/count"
    eventually test -s "$count"
    docker pause "$id"
    same 'paused true' "$(of .State.Status) $(of .State.Paused)"
    unified || same FROZEN "$(limit freezer freezer.state '')"
    local before; before="$(cat "$count")"
    sleep 0.4
    same "$before" "$(cat "$count")"
    docker unpause "$id"
    is running
    sleep 0.4
    [[ "$(cat "$count")" -gt "$before" ]]
}

A_paused_container_is_killed_and_removed() {
    detached -- sleep 1000
    local pid; pid="$(pid_of)"
    docker pause "$id"
    docker rm --force "$id"
    eventually gone_process "$pid"
    no_cgroup "$id"
}

Top_lists_the_processes() {
    detached -- sh -c 'sleep 3000 & sleep 3001 & wait'
    eventually pgrep --full --exact 'sleep 3001'
    same "$({ pid_of; pgrep --full --exact 'sleep 300[01]'; } | sort -n)" "$(docker top "$id" -o pid | sed 1d | xargs -n 1 | sort -n)"
}

Logs_hold_what_was_written() {
    named "$id" -- sh -c 'echo one; echo two; sleep 0.3; echo three >&2' >/dev/null 2>&1
    says $'one\ntwo' docker logs "$id"
    same three "$(cat /tmp/stderr)"
    says two sh -c "docker logs --tail 2 $id 2>/dev/null"
}

Logs_are_followed() {
    detached -- sh -c 'for i in 1 2 3 4; do echo $i; sleep 0.2; done'
    says $'1\n2\n3\n4' docker logs --follow "$id"
}

Wait_tells_the_exit_status() {
    detached -- sh -c 'sleep 0.5; exit 46'
    says 46 docker wait "$id"
}

Inspect_tells_the_state() {
    detached -- sh -c 'sleep 1000'
    local pid; pid="$(pid_of)"
    same 'true running false 0' "$(of .State.Running) $(of .State.Status) $(of .State.OOMKilled) $(of .State.ExitCode)"
    same 1 "$(awk '{ print $NF }' <<<"$(status_of "$pid" NSpid)")"
    docker kill "$id"
    eventually is exited
    same 'false 0 137' "$(of .State.Running) $(of .State.Pid) $(of .State.ExitCode)"
}

A_container_is_renamed() {
    detached -- sleep 1000
    docker rename "$id" "$id-other"
    says fine docker exec "$id-other" echo fine
}

A_container_is_started_again() {
    named "$id" -- sh -c 'echo again >>/tmp/file; wc -l </tmp/file' >/dev/null
    says 2 docker start --attach "$id"
    docker restart "$id"
    eventually is exited
    same $'1\n2\n3' "$(docker logs "$id")"
}

A_created_container_does_not_run_before_it_is_started() {
    docker create --name "$id" --network none $image echo text
    is created
    same 0 "$(pid_of)"
    says text docker start --attach "$id"
}

Restart_on_failure_counts() {
    detached --restart on-failure:2 -- sh -c 'exit 3'
    eventually is exited
    same '2 3' "$(of .RestartCount) $(of .State.ExitCode)"
}

Restart_on_failure_leaves_success_alone() {
    detached --restart on-failure -- true
    eventually is exited
    sleep 0.5
    same '0 exited' "$(of .RestartCount) $(of .State.Status)"
}

Restart_always_heals_a_killed_container() {
    detached --restart always -- sleep 1000
    local pid; pid="$(pid_of)"
    kill -KILL "$pid"
    eventually says fine docker exec "$id" echo fine
    same 1 "$(of .RestartCount)"
    [[ "$(pid_of)" != "$pid" ]]
    # What docker was told to kill stays dead.
    docker kill "$id"
    sleep 0.5
    is exited
}

Health_is_watched() {
    detached --health-cmd 'test ! -e /tmp/ill' --health-interval 300ms --health-retries 2 -- sleep 1000
    eventually holds healthy of .State.Health.Status
    inside touch /tmp/ill
    eventually holds unhealthy of .State.Health.Status
}

Events_tell_a_container_from_begin_to_end() {
    docker events --filter "container=$id" --format '{{.Action}} {{.Actor.Attributes.exitCode}}' >/tmp/events &
    local listener=$!
    # The first ones may come before the listener.
    eventually holds create sh -c "docker create --name $id $image >/dev/null; docker rm $id >/dev/null; cat /tmp/events"
    ends 3 named "$id" -- sh -c 'exit 3'
    docker rm "$id" >/dev/null
    eventually sh -c 'tail -n 1 /tmp/events | grep -q destroy && grep -q die /tmp/events'
    kill "$listener"
    same 'create attach start die destroy' "$(tail -n 5 /tmp/events | cut -d ' ' -f 1 | xargs)"
    mentions 'die 3' cat /tmp/events
}

Attach_shows_what_the_container_writes() {
    detached -- sh -c 'while true; do echo tick; sleep 0.1; done'
    docker attach --sig-proxy=false "$id" >/tmp/attached 2>&1 &
    local attached=$!
    eventually holds tick cat /tmp/attached
    kill "$attached"
    is running
}

# With CRIU this would be done; without it, or where CRIU does not know the kernel, it has to be said. It is docker's experiment.
Checkpoint_is_done_or_refused_with_a_word() {
    detached -- sleep 1000
    local said status=0
    said="$(docker checkpoint create "$id" first 2>&1)" || status=$?
    [[ $status -eq 0 ]] || { grep -qiE 'checkpoint|criu|experimental' <<<"$said" && is running; } || broken "refused with: $said"
}
