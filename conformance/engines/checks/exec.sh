# Further processes in a running container.

Exec_writes_and_ends_with_the_status() {
    needs exec
    detached -- sleep 1000
    says inside inside echo inside
    ends 5 inside sh -c 'exit 5'
    ends 143 inside sh -c 'kill $$'
    ends 137 inside sh -c 'kill -9 $$'
    is running
}

Exec_enters_the_cgroups_and_namespaces_of_the_container() {
    needs exec
    detached -- sleep 1000
    inside --detach -- sleep 2000
    eventually processes_of 'sleep 2000'
    local first second name
    first="$(pid_of)"
    second="$(pgrep --full --exact 'sleep 2000')"
    same "$(cat "/proc/$first/cgroup")" "$(cat "/proc/$second/cgroup")"
    for name in cgroup ipc mnt net pid user uts; do
        same "$(readlink "/proc/$first/ns/$name")" "$(readlink "/proc/$second/ns/$name")"
    done
    same "$(inside cat /proc/1/cgroup)" "$(inside cat /proc/self/cgroup)"
}

Exec_has_the_user_that_is_asked_for() {
    needs exec
    detached -- sleep 1000
    says '1000 1000' inside --user 1000:1000 -- sh -c 'echo $(id -u) $(id -g)'
    says 1000 inside --user user -- id -u
    says 0 inside id -u
}

Exec_has_the_groups_of_its_user() {
    needs exec users
    detached --user 7 -- sleep 1000
    says '7 0' inside sh -c 'echo $(id -u) $(id -g)'
    says '1000 1000 1000 2000' inside --user user -- sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says '1234 5678 5678' inside --user 1234:5678 -- sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says '1000 2000' inside --user 1000:2000 -- sh -c 'echo $(id -u) $(id -g)'
    says 0 inside --user root -- id -u
}

Exec_has_the_working_directory_that_is_asked_for() {
    needs exec
    detached -- sleep 1000
    says /var inside --workdir /var -- pwd
    refuses 'no such file or directory' inside --workdir /no/such -- pwd
}

Exec_has_the_directory_and_environment_of_the_container() {
    needs exec
    detached --env COLOUR=red --workdir /var -- sleep 1000
    says red inside sh -c 'echo $COLOUR'
    says /var inside pwd
    ! can client || says 'red blue' inside --env OTHER=blue -- sh -c 'echo $COLOUR $OTHER'
}

Exec_has_the_privileges_of_the_container() {
    needs exec
    detached --cap-drop CHOWN "${forbid_new_privileges[@]}" -- sleep 1000
    local name
    for name in CapInh CapPrm CapEff CapBnd NoNewPrivs Seccomp; do
        says "$(status_of "$(pid_of)" $name)" inside awk "/^$name:/ { print \$2 }" /proc/self/status
    done
    same 1 "$(status_of "$(pid_of)" NoNewPrivs)"
    same 0 "$(capable 0 "$(status_of "$(pid_of)" CapEff)")"
}

Exec_has_no_capability_but_the_containers() {
    needs exec drop-all
    detached --cap-drop ALL --cap-add CHOWN -- sleep 1000
    says 0000000000000001 inside awk '/^CapEff:/ { print $2 }' /proc/self/status
    says 0000000000000001 inside awk '/^CapBnd:/ { print $2 }' /proc/self/status
    says 0000000000000000 inside --user 1000 -- awk '/^CapEff:/ { print $2 }' /proc/self/status
}

Exec_can_be_privileged() {
    needs exec client
    detached -- sleep 1000
    skip_what_runc_refuses
    local mask; mask="$(inside --privileged -- awk '/^CapEff:/ { print $2 }' /proc/self/status)"
    same 1 "$(capable 21 "$mask")"
    ! can privileged || has_everything "$mask"
    says "${texts[capabilities]}" inside awk '/^CapEff:/ { print $2 }' /proc/self/status
}

Exec_reads_its_standard_input() {
    needs exec
    detached -- sleep 1000
    says text fed text inside --interactive -- cat
}

Exec_passes_a_megabyte_unchanged_and_nothing_unless_interactive() {
    needs exec interactive
    detached -- sleep 1000
    says 0 fed ignored inside sh -c 'wc -c'
    head -c 1000000 /dev/urandom >/mnt/home/bytes
    inside --interactive -- cat </mnt/home/bytes >/mnt/home/echoed
    cmp /mnt/home/bytes /mnt/home/echoed
}

Exec_in_the_background_runs_on_until_the_container_ends() {
    needs exec kill
    detached -- sleep 1000
    inside --detach -- sh -c 'sleep 0.2; echo done >/tmp/file; exec sleep 2001'
    eventually holds done inside cat /tmp/file
    eventually processes_of 'sleep 2001'
    engine_kill "$id"
    eventually gone 'sleep 2001'
    eventually is exited
}

A_missing_program_of_exec_is_refused_and_the_container_stays() {
    needs exec
    detached -- sleep 1000
    refuses 'executable file not found in $PATH' inside no-such-program
    refuses '"/no/such/program"' inside /no/such/program
    refuses 'no such file or directory' inside /no/such/program
    is running
    says fine inside echo fine
}

A_program_that_exec_may_not_run_is_refused_and_the_container_stays() {
    needs exec
    detached -- sleep 1000
    refuses 'permission denied' inside /etc/passwd
    is running
    says fine inside echo fine
}

A_missing_program_of_exec_has_a_status_of_its_own() {
    needs exec statuses
    detached -- sleep 1000
    ends "${texts[exec_of_missing]}" inside no-such-program
    ends "${texts[exec_of_missing]}" inside /no/such/program
    ends 126 inside /etc/passwd
    ends 126 inside /etc
    ends "${texts[exec_in_missing]}" inside --workdir /no/such -- true
}

Exec_in_a_container_that_has_ended_is_refused() {
    needs exec
    detached -- true
    eventually is exited
    refuses "${texts[exec_of_ended]}" inside true
}

Exec_in_a_container_that_is_paused_is_refused() {
    needs exec pause
    detached -- sleep 1000
    engine_pause "$id"
    refuses "${texts[exec_of_paused]}" inside true
    engine_resume "$id"
    says fine inside echo fine
}

Many_execs_run_side_by_side() {
    needs exec
    detached -- sleep 1000
    local number jobs=()
    for number in {1..8}; do
        (says "$number" inside sh -c "sleep 0.3; echo $number") &
        jobs+=($!)
    done
    for number in "${jobs[@]}"; do wait "$number"; done
    jobs=()
    for number in 1 2 3 4 5; do inside sh -c "exit $number" & jobs+=($!); done
    for number in 1 2 3 4 5; do ends "$number" wait "${jobs[number - 1]}"; done
    # All of them have been reaped.
    same "$(pid_of)" "$(engine_processes "$id")"
}

Exec_leaves_its_children_behind() {
    needs exec
    detached -- sleep 1000
    ends 0 inside sh -c 'sleep 3000 >/dev/null 2>&1 </dev/null & exit 0'
    processes_of 'sleep 3000'
}

Limits_of_exec_are_the_containers() {
    needs exec
    detached --ulimit nofile=111:111 --ulimit nproc=444:555 -- sleep 1000
    says '111 111' inside sh -c 'echo $(ulimit -Sn) $(ulimit -Hn)'
    says '444 555' inside awk '/^Max processes/ { print $3, $4 }' /proc/self/limits
}

The_soft_limit_of_files_of_exec_is_the_containers() {
    needs exec
    ! runc_before 1.1.13 || skip "this runc's own soft limit is raised by Go to the hard one"
    detached --ulimit nofile=99:111 --ulimit nproc=4096:4096 -- sleep 1000
    says '99 111' inside sh -c 'echo $(ulimit -Sn) $(ulimit -Hn)'
}
