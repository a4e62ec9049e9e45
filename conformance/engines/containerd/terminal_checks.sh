# Containers on a terminal.

A_container_on_a_terminal_has_one() {
    # ctr may also say that it came too late to resize the terminal.
    mentions /dev/pts/0 on_terminal ctr run --rm --tty --runc-binary "$RUNTIME" docker.io/library/$image:latest "$id" tty
    says 'not a tty' container --rm -- sh -c 'tty || true'
}

The_exit_status_comes_through_a_terminal() {
    ends 6 on_terminal ctr run --rm --tty --runc-binary "$RUNTIME" docker.io/library/$image:latest "$id" sh -c 'exit 6'
}

The_size_of_the_terminal_is_the_callers() {
    # The shell waits until ctr has told the size, right after the start.
    mentions '33 99' on_terminal sh -c "stty rows 33 columns 99; ctr run --rm --tty --runc-binary $RUNTIME docker.io/library/$image:latest $id \
        sh -c 'for i in 1 2 3 4 5 6 7 8 9; do stty size | grep -q \"33 99\" && break; sleep 0.2; done; stty size'"
}

The_terminal_belongs_to_the_container() {
    mentions 'same 0' on_terminal ctr run --rm --tty --runc-binary "$RUNTIME" docker.io/library/$image:latest "$id" \
        sh -c '[ "$(stat -c %t:%T /dev/console)" = "$(stat -L -c %t:%T /proc/self/fd/0)" ] && echo same $(stat -c %u /dev/console)'
}

