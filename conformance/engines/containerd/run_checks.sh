# What people run by hand.

A_container_writes_and_ends() {
    says hello container --rm -- echo hello
}

The_exit_status_is_passed_on() {
    ends 7 container --rm -- sh -c 'exit 7'
}
