# Programs on a terminal.

A_container_on_a_terminal_has_one() {
    says /dev/pts/0 on_terminal container --interactive --tty -- tty
    says 'not a tty' container -- sh -c 'tty || true'
}

The_exit_status_comes_through_a_terminal() {
    ends 6 on_terminal container --interactive --tty -- sh -c 'exit 6'
}

# Engines tell the size right after the start: the program waits for it.
sized() {
    stty rows 33 columns 99
    container --interactive --tty -- sh -c 'i=0; until stty size | grep -q "33 99" || [ $i -eq 300 ]; do i=$((i + 1)); sleep 0.2; done; stty size'
}

The_size_of_the_terminal_is_the_callers() {
    needs terminal-size
    mentions '33 99' on_terminal sized
}

The_terminal_belongs_to_the_container() {
    says 'same 0' on_terminal container --interactive --tty -- \
        sh -c '[ "$(stat -c %t:%T /dev/console)" = "$(stat -L -c %t:%T /proc/self/fd/0)" ] && echo same $(stat -c %u /dev/console)'
}

A_shell_on_a_terminal_takes_what_is_typed() {
    needs client
    typed() { eventually is running; printf 'echo $((6*7))\nexit 5\n'; sleep 1; }
    local said status=0
    said="$(typed | terminal container --interactive --tty -- sh)" || status=$?
    same 5 "$status"
    [[ "$said" == *$'\n42'* ]] || broken "$said"
}

What_is_typed_reaches_an_attached_terminal() {
    needs client attach
    detached --interactive --tty -- sh -c 'read line; echo "got $line"'
    # The input stays open: `script` types an end of file when it ends.
    { printf 'text\r'; eventually is exited >&2; } | terminal client attach "$id" >/tmp/terminal 2>&1
    mentions 'got text' client logs "$id"
}

Control_C_on_a_terminal_interrupts() {
    needs client
    typed() { eventually logs_hold ready; printf '\003'; sleep 1; }
    local status=0
    typed | terminal kept --interactive --tty -- sh -c 'trap "exit 9" INT; echo ready; while :; do sleep 0.1; done' || status=$?
    same 9 "$status"
}

Exec_on_a_terminal_has_one() {
    needs exec
    detached -- sleep 1000
    says /dev/pts/0 on_terminal inside --interactive --tty -- tty
    says 'not a tty' inside sh -c 'tty || true'
    says 0 on_terminal inside --interactive --tty -- sh -c 'exec 3</dev/tty && echo $?'
}

The_exit_status_of_exec_comes_through_a_terminal() {
    needs exec
    detached -- sleep 1000
    ends 9 on_terminal inside --tty -- sh -c 'exit 9'
    ends 5 on_terminal inside --interactive --tty -- sh -c 'exit 5'
}
