# Further processes in a running container.

Exec_writes_and_ends_with_the_status() {
    detached -- sleep 1000
    says inside inside echo inside
    ends 5 inside sh -c 'exit 5'
    # 143 after a TERM.
    ends 143 inside sh -c 'kill $$'
}

Exec_enters_the_cgroups_and_namespaces_of_the_container() {
    detached --memory 64m -- sleep 1000
    docker exec --detach "$id" sleep 2000
    eventually pgrep --full --exact 'sleep 2000'
    local first second name
    first="$(pid_of)"
    second="$(pgrep --full --exact 'sleep 2000')"
    same "$(cat "/proc/$first/cgroup")" "$(cat "/proc/$second/cgroup")"
    for name in mnt pid net ipc uts; do
        same "$(readlink "/proc/$first/ns/$name")" "$(readlink "/proc/$second/ns/$name")"
    done
}

Exec_has_what_is_asked_for() {
    detached --env COLOUR=red -- sleep 1000
    says 'uid=1000(user) gid=1000(user) groups=1000(user),2000(extra)' docker exec --user user "$id" id
    says '1000 2000' docker exec --user 1000:2000 "$id" sh -c 'echo $(id -u) $(id -g)'
    says /var docker exec --workdir /var "$id" pwd
    says 'red blue' docker exec --env OTHER=blue "$id" sh -c 'echo $COLOUR $OTHER'
}

Exec_has_the_privileges_of_the_container() {
    detached --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges -- sleep 1000
    local name
    for name in CapEff CapBnd NoNewPrivs Seccomp; do
        says "$(status_of "$(pid_of)" $name)" inside awk "/^$name:/ { print \$2 }" /proc/self/status
    done
    # 1 is the bit of chown.
    same 0000000000000001 "$(status_of "$(pid_of)" CapEff)"
}

Exec_can_be_privileged() {
    detached -- sleep 1000
    skip_what_runc_refuses
    has_everything inside_privileged
}

inside_privileged() { docker exec --privileged "$id" "$@"; }

Exec_reads_its_standard_input() {
    detached -- sleep 1000
    says text fed text docker exec --interactive "$id" cat
}

Exec_on_a_terminal_has_one() {
    detached -- sleep 1000
    mentions /dev/pts/0 on_terminal docker exec --interactive --tty "$id" tty
    says 'not a tty' inside sh -c 'tty || true'
    ends 9 on_terminal docker exec --tty "$id" sh -c 'exit 9'
}

Exec_in_the_background_runs_on() {
    detached -- sleep 1000
    docker exec --detach "$id" sh -c 'sleep 0.2; echo done >/tmp/file; sleep 2001'
    eventually holds done docker exec "$id" cat /tmp/file
    eventually pgrep --full --exact 'sleep 2001'
    docker kill "$id"
    eventually sh -c "! pgrep --full --exact 'sleep 2001'"
}

A_missing_program_of_exec_is_refused_and_the_container_stays() {
    detached -- sleep 1000
    ends 126 inside no-such-program
    mentions 'executable file not found in $PATH' cat /tmp/stdout /tmp/stderr
    ends 126 inside /etc/passwd
    mentions 'permission denied' cat /tmp/stdout /tmp/stderr
    ends 126 docker exec --workdir /no/such "$id" true
    is running
    says fine inside echo fine
}

Exec_in_a_container_that_is_paused_or_has_ended_is_refused() {
    detached -- sleep 1000
    docker pause "$id"
    refuses 'is paused' inside true
    docker unpause "$id"
    docker kill "$id"
    refuses 'is not running' inside true
}

Many_execs_run_side_by_side() {
    detached -- sleep 1000
    local number jobs=()
    for number in {1..8}; do
        (says "$number" inside sh -c "sleep 0.3; echo $number") &
        jobs+=($!)
    done
    for number in "${jobs[@]}"; do wait "$number"; done
}
