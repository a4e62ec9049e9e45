# What `podman run` shows of a container's life: streams, terminals, exit statuses.

A_container_writes_and_ends() {
    says hello container -- echo hello
}

The_runtime_is_the_one_under_test() {
    detached -- sleep 100
    same "$RUNTIME_NAME" "$(inspected .OCIRuntime)"
    [[ -d "/run/$RUNTIME_NAME/$(inspected .Id)" ]] || broken "the runtime's state directory is empty"
}

Standard_error_is_a_stream_of_its_own() {
    container -- sh -c 'echo out; echo err >&2' >/tmp/out 2>/tmp/err
    same out "$(</tmp/out)"
    same err "$(</tmp/err)"
}

The_exit_status_is_passed_on() {
    ends 7 container -- sh -c 'exit 7'
}

Death_by_a_signal_is_128_and_its_number() {
    ends 139 container --init -- sh -c 'kill -SEGV $$'
}

A_missing_program_is_127_and_named() {
    refuses '"/nosuch"' container -- /nosuch
    ends 127 container -- /nosuch
    refuses 'executable file not found in $PATH' container -- nosuch
}

A_file_that_is_no_program_is_126() {
    refuses 'permission denied' container -- /etc/passwd
    ends 126 container -- /etc/passwd
    ends 126 container -- /etc
}

# A runtime given by its path is not on the list of those that write JSON: its error is read from plain text.
A_missing_program_is_127_without_JSON_too() {
    ends 127 podman --runtime "$RUNTIME" run --rm --name "$id" --network none $image /nosuch
    grep -q '"/nosuch"' /tmp/stderr || broken "$(</tmp/stderr)"
}

A_container_that_was_not_made_leaves_nothing() {
    local before; before="$(states)"
    ends 127 container -- /nosuch
    podman create --name "$id" --network none $image /nosuch
    ends 125 podman start "$id"
    same "$before" "$(states)"
    same "" "$(find /sys/fs/cgroup -name "*$(inspected .Id)*")"
}

Podmans_own_errors_are_125() {
    ends 125 container --no-such-option -- true
}

Standard_input_arrives() {
    says 'a line' fed 'a line' container --interactive -- cat
}

A_megabyte_passes_through_unchanged() {
    head -c 1000000 /dev/urandom >/mnt/home/bytes
    container --interactive -- cat </mnt/home/bytes >/mnt/home/echoed
    cmp /mnt/home/bytes /mnt/home/echoed
}

Without_interactive_the_input_is_empty() {
    says 0 fed ignored container -- sh -c 'wc -c'
}

A_terminal_is_the_containers_own() {
    says /dev/pts/0 on_terminal podman run --rm --tty --interactive --name "$id" --network none $image tty
    says same on_terminal podman run --rm -ti --name "$id" --network none $image \
        sh -c '[ "$(stat -c %t:%T /dev/console)" = "$(stat -c %t:%T /dev/pts/0)" ] && echo same'
}

A_terminal_has_the_callers_size() {
    mentions '33 77' on_terminal sh -c "stty rows 33 cols 77; podman run --rm -ti --name $id --network none $image \
        sh -c 'for i in 1 2 3 4 5 6 7 8 9; do stty size | grep \"33 77\" && exit; sleep 0.2; done; stty size'"
}

A_shell_on_a_terminal_takes_what_is_typed() {
    typed() { eventually running; printf 'echo $((6*7))\nexit 5\n'; sleep 1; }
    local said status=0
    said="$(typed | script -qec "podman run --rm -ti --name $id --network none $image sh" /dev/null)" || status=$?
    same 5 "$status"
    [[ "$said" == *$'\n42'* ]] || broken "$said"
}

Control_C_on_a_terminal_interrupts() {
    typed() { eventually logs_hold ready; printf '\003'; sleep 1; }
    local status=0
    typed | script -qec "podman run -ti --name $id --network none $image sh -c 'trap \"exit 9\" INT; echo ready; while :; do sleep 0.1; done'" /dev/null || status=$?
    same 9 "$status"
}

A_detached_container_runs_on() {
    detached -- sleep 100
    same running "$(inspected .State.Status)"
    same sleep "$(cat "/proc/$(inspected .State.Pid)/comm")"
}

Attaching_shows_what_comes() {
    detached -- sh -c 'while [ ! -e /go ]; do sleep 0.1; done; echo seen; exit 6'
    (sleep 1; inside touch /go) &
    says seen podman attach "$id"
    same 6 "$(inspected .State.ExitCode)"
}

Logs_hold_both_streams() {
    detached -- sh -c 'echo one; echo two >&2'
    podman wait "$id"
    says one podman logs "$id"
    same two "$(podman logs "$id" 2>&1 >/dev/null)"
}

Wait_says_the_exit_status() {
    detached -- sh -c 'sleep 1; exit 9'
    says 9 podman wait "$id"
    same 9 "$(inspected .State.ExitCode)"
}

A_created_container_starts_later() {
    podman create --name "$id" --network none $image sh -c 'echo late; exit 4'
    same created "$(inspected .State.Status)"
    ends 4 podman start --attach "$id"
    same late "$(</tmp/stdout)"
}

Init_is_process_1_and_reaps() {
    says podman-init container --init -- cat /proc/1/comm
    detached --init -- sleep 100
    inside sh -c 'sh -c "sleep 0.1 &"; sleep 1'
    same "" "$(inside ps -o stat,comm | grep '^Z' || true)"
}

Descriptors_are_handed_through() {
    echo through >/mnt/home/handed
    says through container --preserve-fds 1 -- sh -c 'cat <&3' 3</mnt/home/handed
}

No_other_descriptor_arrives() {
    says '0 1 2 3' container -- sh -c 'cd /proc/self/fd; set -- *; echo $*' 7</mnt/home 9</etc/passwd
}

The_environment_is_the_one_asked_for() {
    says 'a b' container --env 'WORD=a b' -- sh -c 'echo "$WORD"'
    says /root container -- sh -c 'echo $HOME'
    says /tmp container --workdir /tmp -- pwd
    says named container --hostname named -- hostname
}

Signals_are_neither_blocked_nor_ignored() {
    says $'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000' container -- grep -E 'SigBlk|SigIgn' /proc/self/status
}

A_readiness_socket_is_announced() {
    rm -f /tmp/ready.sock
    mentions /run/notify/notify.sock env NOTIFY_SOCKET=/tmp/ready.sock podman run --rm --name "$id" --network none --sdnotify container $image \
        sh -c 'test -S $NOTIFY_SOCKET && echo $NOTIFY_SOCKET'
    says unset container --sdnotify conmon -- sh -c 'echo ${NOTIFY_SOCKET-unset}'
}

A_personality_is_taken_on() {
    ! runc_before 1.2 || skip 'runc takes on a personality since 1.2'
    says i686 container --personality LINUX32 -- uname -m
}
