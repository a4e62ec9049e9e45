# What people run by hand: a program, its streams, how it ends, what it is given.

A_container_writes_and_ends() {
    says hello container -- echo hello
    nothing_is_left
}

The_two_streams_stay_apart() {
    says out container -- sh -c 'echo out; echo err >&2'
    same err "$(cat /tmp/stderr)"
    # Only the program writes to them.
    says '' container -- true
    same '' "$(cat /tmp/stderr)"
}

The_exit_status_is_passed_on() {
    ends 7 container -- sh -c 'exit 7'
}

A_program_killed_by_a_signal_ends_with_128_and_its_number() {
    ends 137 container -- sh -c 'sh -c "kill -9 \$\$"; exit $?'
}

A_first_process_killed_by_a_signal_ends_with_128_and_its_number() {
    needs init
    ends 139 container --init -- sh -c 'kill -SEGV $$'
    ends 143 kept --init -- sh -c 'kill $$'
    same 143 "$(engine_exit_code "$id")"
}

The_runtime_under_test_has_made_the_container() {
    needs detach
    detached -- sleep 1000
    local said; said="$(state)"
    same "$(pid_of)" "$(jq .pid <<<"$said")"
    same running "$(jq -r .status <<<"$said")"
    ! can client || same "${texts[runtime]}" "$(inspected "${texts[field_of_runtime]}")"
    # Some ways through engines take runc from the PATH: what is found there is the same program.
    cmp "$RUNTIME" "$(readlink -f "$(command -v runc)")"
}

Standard_input_reaches_the_program() {
    says $'one\ntwo' fed $'one\ntwo\n' container --interactive -- cat
}

Without_interactive_there_is_nothing_to_read() {
    needs interactive
    says '' fed text container -- cat
    says 0 fed ignored container -- sh -c 'wc -c'
}

Much_output_arrives_whole() {
    counted() { "$@" | wc -c; }
    says 3000000 counted container -- head -c 3000000 /dev/zero
}

A_megabyte_passes_through_unchanged() {
    needs much-input
    head -c 1000000 /dev/urandom >/mnt/home/bytes
    container --interactive -- cat </mnt/home/bytes >/mnt/home/echoed
    cmp /mnt/home/bytes /mnt/home/echoed
}

The_environment_is_what_is_asked_for() {
    says 'a b' container --env 'GREETING=a b' -- sh -c 'echo "$GREETING"'
    says /bin container -- sh -c 'echo "$PATH"'
}

The_home_is_the_users() {
    needs users
    says /root container -- sh -c 'echo $HOME'
    says /home/user container --user user -- sh -c 'echo $HOME'
}

A_file_of_variables_is_read() {
    needs env-file
    own_file variables $'FIRST=1\nSECOND=two'
    says '1 two' container --env-file "$files/variables" -- sh -c 'echo $FIRST $SECOND'
}

The_working_directory_is_what_is_asked_for() {
    says /tmp container --workdir /tmp -- pwd
    ! can made-directory || says /made/here container --workdir /made/here -- pwd
}

The_user_is_what_is_asked_for() {
    needs users
    # A name brings the groups that the image's files give it.
    says '1000 1000 1000 2000' container --user user -- sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says '1234 5678 5678' container --user 1234:5678 -- sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says '1000 2000 2000' container --user 1000:2000 -- sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says '1000 2000' container --user user:extra -- sh -c 'echo $(id -u) $(id -g)'
    says '5555 0' container --user 5555 -- sh -c 'echo $(id -u) $(id -g)'
}

Groups_are_added() {
    needs client
    says '0 1 2000 3000' container --user 0:0 --group-add 1 --group-add extra --group-add 3000 -- sh -c 'echo $(id -G | tr " " "\n" | sort -nu)'
}

The_host_name_is_what_is_asked_for() {
    says name.example container --hostname name.example -- hostname
}

The_pid_file_names_the_first_process() {
    needs pidfile detach
    detached --pidfile "$files/pid" -- sleep 1000
    same "$(pid_of)" "$(cat "$files/pid")"
    same 1 "$(awk '{ print $NF }' <<<"$(status_of "$(cat "$files/pid")" NSpid)")"
}

A_missing_program_is_refused_and_leaves_nothing() {
    local before; before="$(states)"
    refuses 'executable file not found in $PATH' container -- no-such-program
    refuses '"/no/such/program"' container -- /no/such/program
    refuses 'no such file or directory' container -- /no/such/program
    eventually no_new_states "$before"
    eventually nothing_is_left
}

A_missing_program_ends_with_127_and_one_that_may_not_run_with_126() {
    needs statuses
    ends 127 container -- no-such-program
    mentions 'executable file not found in $PATH' cat /tmp/stderr
    ends 127 container -- /no/such/program
    mentions /no/such/program cat /tmp/stderr
    ends 126 container -- /etc/passwd
    mentions 'permission denied' cat /tmp/stderr
    ends 126 container -- /etc
}

What_the_engine_itself_refuses_ends_with_125() {
    needs statuses
    ends 125 container --no-such-option -- true
}

A_program_that_may_not_be_executed_is_refused() {
    local before; before="$(states)"
    refuses 'permission denied' container -- /etc/passwd
    eventually no_new_states "$before"
    eventually nothing_is_left
}

A_failed_start_leaves_nothing() {
    needs client
    ends 127 kept -- /no/such/program
    is created
    refuses '/no/such/program' client start "$id"
    eventually nothing_is_left "$(engine_runtime_id "$id")"
    same '' "$(engine_monitor "$id" || true)"
}

A_container_removes_itself_when_told() {
    needs client kill
    detached --rm -- sleep 1000
    local one; one="$(engine_runtime_id "$id")"
    engine_kill "$id"
    removed() { ! engine_status "$id"; }
    eventually removed
    eventually nothing_is_left "$one"
}

Several_containers_start_and_end_side_by_side() {
    local number jobs=() before; before="$(states)"
    for number in 1 2 3 4 5 6; do
        (says "$number" engine_run "$id-$number" -- sh -c "sleep 0.5; echo $number") &
        jobs+=($!)
    done
    for number in "${jobs[@]}"; do wait "$number"; done
    jobs=()
    for number in 1 2 3 4 5 6; do engine_run "$id-$number" -- sh -c "exit $number" & jobs+=($!); done
    for number in 1 2 3 4 5 6; do ends "$number" wait "${jobs[number - 1]}"; done
    no_cgroup "$id"
    eventually no_new_states "$before"
}

A_directory_serves_as_the_root() {
    needs rootfs
    mkdir -p /mnt/home/rootfs
    cp -a /mnt/image/rootfs/. /mnt/home/rootfs
    says own container --rootfs /mnt/home/rootfs -- sh -c 'echo own >/own; cat /own'
    same own "$(</mnt/home/rootfs/own)"
}

Annotations_reach_the_runtime() {
    needs annotations detach
    detached --annotation org.example.colour=red -- sleep 1000
    same red "$(jq -r '.annotations["org.example.colour"]' <<<"$(state)")"
}

An_init_process_reaps_orphans() {
    needs init exec
    says "${texts[init]}" container --init -- cat /proc/1/comm
    detached --init -- sleep 1000
    inside sh -c 'sh -c "sleep 0.13 &"'
    # What has ended and is not reaped has no command line any more.
    eventually gone 'sleep 0.13'
    eventually says 0 inside sh -c 'grep -l "^State:.Z" /proc/[0-9]*/status | wc -l'
}

Signals_are_neither_blocked_nor_ignored() {
    says $'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000' container -- grep -E 'SigBlk|SigIgn' /proc/self/status
}

No_descriptor_of_the_engine_reaches_the_program() {
    # 3 is the directory that the shell reads.
    says '0 1 2 3' container -- sh -c 'cd /proc/self/fd; set -- *; echo $*' 7</mnt/home 9</etc/passwd
}

Descriptors_are_handed_through() {
    needs descriptors exec
    echo through >/mnt/home/handed
    says through container --preserve-fds 1 -- sh -c 'cat <&3' 3</mnt/home/handed
    detached -- sleep 1000
    says through inside --preserve-fds 1 -- sh -c 'cat <&3' 3</mnt/home/handed
}
