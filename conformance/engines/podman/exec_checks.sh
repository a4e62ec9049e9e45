# What `podman exec` starts beside a running container's own program.

kept_running() { detached "$@" -- sleep 1000; }

A_second_program_writes_and_ends() {
    kept_running
    says hello inside echo hello
    ends 3 inside sh -c 'exit 3'
    running
}

A_missing_second_program_is_127() {
    kept_running
    ends 127 inside /nosuch
    grep -q '"/nosuch"' /tmp/stderr || broken "$(</tmp/stderr)"
    ends 127 inside nosuch
    running
}

A_second_program_without_permission_is_126() {
    kept_running
    ends 126 inside /etc/passwd
    ends 126 inside /etc
}

A_second_program_killed_by_a_signal_is_128_and_its_number() {
    kept_running
    ends 137 inside sh -c 'kill -9 $$'
}

A_second_program_has_its_own_user() {
    kept_running --user 7
    says '7 0' inside sh -c 'echo $(id -u) $(id -g)'
    says '1000 1000 1000 2000' podman exec --user user "$id" sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says '1234 5678 5678' podman exec --user 1234:5678 "$id" sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says '0' podman exec --user root "$id" id -u
}

A_second_program_has_its_own_directory_and_environment() {
    kept_running --env FIRST=1 --workdir /var
    says /var inside pwd
    says '1 2' podman exec --env SECOND=2 "$id" sh -c 'echo $FIRST $SECOND'
    says /tmp podman exec --workdir /tmp "$id" pwd
    # 127 is what Podman makes of "no such file or directory".
    refuses 'no such file or directory' podman exec --workdir /nosuch "$id" pwd
}

A_second_program_reads_and_writes() {
    kept_running
    says 'a line' fed 'a line' podman exec --interactive "$id" cat
    says 0 fed ignored podman exec "$id" sh -c 'wc -c'
    head -c 1000000 /dev/urandom >/mnt/home/bytes
    podman exec --interactive "$id" cat </mnt/home/bytes >/mnt/home/echoed
    cmp /mnt/home/bytes /mnt/home/echoed
}

A_second_program_has_a_terminal() {
    kept_running
    says /dev/pts/0 on_terminal podman exec --tty --interactive "$id" tty
    says 'not a tty' podman exec "$id" sh -c 'tty || true'
    says 0 on_terminal podman exec -ti "$id" sh -c 'exec 3</dev/tty && echo $?'
}

A_second_program_with_a_terminal_passes_its_status_on() {
    kept_running
    ends 5 on_terminal podman exec -ti "$id" sh -c 'exit 5'
}

A_second_program_joins_every_namespace() {
    kept_running
    local own first
    own="$(inside sh -c 'cd /proc/self/ns; for n in cgroup ipc mnt net pid user uts; do readlink $n; done')"
    first="$(inside sh -c 'cd /proc/1/ns; for n in cgroup ipc mnt net pid user uts; do readlink $n; done')"
    same "$first" "$own"
    same "$(readlink "/proc/$(inspected .State.Pid)/ns/pid")" "$(inside readlink /proc/self/ns/pid)"
}

A_second_program_is_in_the_containers_cgroups() {
    kept_running
    same "$(inside cat /proc/1/cgroup)" "$(inside cat /proc/self/cgroup)"
}

A_second_program_has_the_containers_security() {
    kept_running --cap-drop ALL --cap-add NET_RAW --security-opt no-new-privileges
    local what='^(Cap(Inh|Prm|Eff|Bnd)|NoNewPrivs|Seccomp):'
    same "$(inside grep -E "$what" /proc/1/status)" "$(inside grep -E "$what" /proc/self/status)"
    says $'CapEff:\t0000000000000000' podman exec --user 1000 "$id" grep CapEff /proc/self/status
}

A_privileged_second_program_has_more_capabilities() {
    kept_running
    local more
    more="$(podman exec --privileged "$id" sed -n 's/^CapEff:\t//p' /proc/self/status)"
    [[ $((16#$more & (1 << 21))) -ne 0 ]] || broken "CAP_SYS_ADMIN is not among $more"
    same $'CapEff:\t00000000800405fb' "$(inside grep CapEff /proc/self/status)"
}

A_detached_second_program_runs_on() {
    kept_running
    podman exec --detach "$id" sh -c 'echo done >/tmp/done; exec sleep 2000'
    eventually inside test -s /tmp/done
    eventually processes_of 'sleep 2000'
}

The_second_programs_limits_are_the_containers() {
    kept_running --ulimit nofile=111:111 --ulimit nproc=444:555
    says '111 111' inside sh -c 'echo $(ulimit -Sn) $(ulimit -Hn)'
    says '444 555' inside awk '/^Max processes/ { print $3, $4 }' /proc/self/limits
}

A_second_programs_soft_limit_of_files_is_the_containers() {
    ! runc_before 1.1.13 || skip "this runc's own soft limit is raised by Go to the hard one"
    kept_running --ulimit nofile=99:111 --ulimit nproc=4096:4096
    says '99 111' inside sh -c 'echo $(ulimit -Sn) $(ulimit -Hn)'
}

Descriptors_are_handed_to_a_second_program() {
    kept_running
    echo through >/mnt/home/handed
    says through podman exec --preserve-fds 1 "$id" sh -c 'cat <&3' 3</mnt/home/handed
}

Second_programs_end_with_the_container() {
    kept_running
    podman exec --detach "$id" sleep 98765
    eventually processes_of 'sleep 98765'
    podman kill "$id"
    podman wait "$id"
    eventually gone 'sleep 98765'
}

Five_second_programs_at_a_time() {
    kept_running
    local n jobs=()
    for n in 1 2 3 4 5; do podman exec "$id" sh -c "exit $n" & jobs+=("$!"); done
    for n in 1 2 3 4 5; do ends "$n" wait "${jobs[n - 1]}"; done
}

No_second_program_in_a_stopped_or_paused_container() {
    kept_running
    podman pause "$id"
    refuses 'can only create exec sessions on running containers' inside true
    podman unpause "$id"
    podman kill "$id"
    podman wait "$id"
    refuses 'can only create exec sessions on running containers' inside true
}

A_second_program_leaves_its_children_behind() {
    kept_running
    ends 0 inside sh -c 'sleep 3000 >/dev/null 2>&1 </dev/null & exit 0'
    processes_of 'sleep 3000'
}
