# Further processes in a running container.

Exec_writes_and_ends_with_the_status() {
    detached -- sleep 1000
    says inside inside echo inside
    ends 5 inside sh -c 'exit 5'
}

Exec_enters_the_cgroups_and_namespaces_of_the_container() {
    detached --memory-limit 67108864 -- sleep 1000
    inside --detach -- sleep 2000
    local first second name
    first="$(pid_of)"
    eventually pgrep --full --exact 'sleep 2000'
    second="$(pgrep --full --exact 'sleep 2000')"
    same "$(cat "/proc/$first/cgroup")" "$(cat "/proc/$second/cgroup")"
    for name in mnt pid net ipc uts; do
        same "$(readlink "/proc/$first/ns/$name")" "$(readlink "/proc/$second/ns/$name")"
    done
}

Exec_has_the_user_that_is_asked_for() {
    detached -- sleep 1000
    says '1000 1000' inside --user 1000:1000 -- sh -c 'echo $(id -u) $(id -g)'
    says 1000 inside --user user -- id -u
    says 0 inside id -u
}

Exec_has_the_working_directory_that_is_asked_for() {
    detached -- sleep 1000
    says /var inside --cwd /var -- pwd
}

Exec_has_the_environment_of_the_container() {
    detached --env COLOUR=red -- sleep 1000
    says red inside sh -c 'echo $COLOUR'
}

Exec_reads_its_standard_input() {
    detached -- sleep 1000
    says text fed text inside cat
}

Exec_on_a_terminal_has_one() {
    detached -- sleep 1000
    # ctr may also say that it came too late to resize the terminal.
    mentions /dev/pts/0 on_terminal ctr tasks exec --tty --exec-id terminal "$id" tty
}

Exec_with_the_same_privileges_as_the_container() {
    detached -- sleep 1000
    local first; first="$(pid_of)"
    says "$(status_of "$first" CapEff)" inside awk '/CapEff/ { print $2 }' /proc/self/status
    says "$(status_of "$first" NoNewPrivs)" inside awk '/NoNewPrivs/ { print $2 }' /proc/self/status
}

A_signal_ends_an_exec_alone() {
    detached -- sleep 1000
    ctr tasks exec --detach --exec-id victim "$id" sleep 3000
    eventually pgrep --full --exact 'sleep 3000'
    ctr tasks kill --signal KILL --exec-id victim "$id"
    eventually gone_process "$(pgrep --full --exact 'sleep 3000' || echo none)"
    is RUNNING
    says fine inside echo fine
}

A_missing_program_of_exec_is_refused_and_the_container_stays() {
    detached -- sleep 1000
    refuses 'executable file not found in $PATH' inside no-such-program
    refuses 'no such file or directory' inside /no/such/program
    is RUNNING
    says fine inside echo fine
}

Exec_in_a_container_that_has_ended_is_refused() {
    container --detach --null-io -- true
    eventually is STOPPED
    refuses 'not running' inside true || refuses 'stopped' inside true
}

Many_execs_run_side_by_side() {
    detached -- sleep 1000
    local number jobs=()
    for number in {1..8}; do
        (says "$number" inside sh -c "sleep 0.3; echo $number") &
        jobs+=($!)
    done
    for number in "${jobs[@]}"; do wait "$number"; done
    # All of them have been reaped.
    same "$(pid_of)" "$(awk 'NR > 1 { print $1 }' <(ctr tasks ps "$id"))"
}

The_processes_of_a_container_are_listed() {
    detached -- sh -c 'sleep 4000 & sleep 4001 & wait'
    eventually pgrep --full --exact 'sleep 4001'
    same "$({ pid_of; pgrep --full --exact 'sleep 400[01]'; } | sort -n)" "$(ctr tasks ps "$id" | awk 'NR > 1 { print $1 }' | sort -n)"
}
