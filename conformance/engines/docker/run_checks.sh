# What people run by hand.

Docker_names_the_runtime_and_the_storage_driver() {
    says tested docker info --format '{{.DefaultRuntime}}'
    says overlay2 docker info --format '{{.Driver}}'
    says cgroupfs docker info --format '{{.CgroupDriver}}'
    # What docker calls the commit comes from the runtime's --version.
    [[ "$(docker info --format '{{.RuncCommit.ID}}')" != N/A ]]
}

A_container_writes_and_ends() {
    says hello container -- echo hello
}

The_two_streams_stay_apart() {
    says out container -- sh -c 'echo out; echo err >&2'
    same err "$(cat /tmp/stderr)"
}

The_exit_status_is_passed_on() {
    ends 7 container -- sh -c 'exit 7'
}

A_program_killed_by_a_signal_ends_with_128_and_its_number() {
    ends 143 named "$id" --init -- sh -c 'kill $$'
    same 143 "$(of .State.ExitCode)"
}

The_runtime_under_test_has_made_the_container() {
    detached -- sleep 1000
    local state; state="$("$RUNTIME" --root $runtime_states state "$(of .Id)")"
    same "$(pid_of)" "$(jq .pid <<<"$state")"
    same running "$(jq -r .status <<<"$state")"
    same tested "$(of .HostConfig.Runtime)"
    # BuildKit takes runc from the PATH: what is found there is the same program.
    cmp "$RUNTIME" "$(readlink -f "$(command -v runc)")"
}

Docker_passes_a_runtimes_options_on() {
    named "$id" --detach --runtime talkative -- sleep 1000 >/dev/null
    mentions '"level":"debug"' cat "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/$(of .Id)/log.json"
    says fine inside echo fine
}

Standard_input_reaches_the_program() {
    says $'one\ntwo' fed $'one\ntwo\n' container --interactive -- cat
    # Without --interactive there is nothing to read.
    says '' fed text container -- cat
}

Much_output_arrives_whole() {
    says 3000000 sh -c "docker run --rm --network none --name $id $image head -c 3000000 /dev/zero | wc -c"
}

A_container_on_a_terminal_has_one() {
    says /dev/pts/0 on_terminal docker run --rm --network none --name "$id" --interactive --tty $image tty
    says 'not a tty' container -- sh -c 'tty || true'
}

The_exit_status_comes_through_a_terminal() {
    ends 6 on_terminal docker run --rm --network none --name "$id" --interactive --tty $image sh -c 'exit 6'
}

The_size_of_the_terminal_is_the_callers() {
    mentions '33 99' on_terminal sh -c "stty rows 33 columns 99; docker run --rm --network none --name $id --interactive --tty $image \
        sh -c 'for i in 1 2 3 4 5 6 7 8 9; do stty size | grep -q \"33 99\" && break; sleep 0.2; done; stty size'"
}

What_is_typed_reaches_the_terminal() {
    detached --interactive --tty -- sh -c 'read line; echo "got $line"'
    # The input stays open: script types an end of file when it ends.
    { printf 'text\r'; eventually is exited >&2; } | script --quiet --command "docker attach $id" /dev/null >/tmp/terminal 2>&1
    mentions 'got text' docker logs "$id"
}

A_missing_program_ends_with_127_and_one_that_may_not_run_with_126() {
    ends 127 container -- no-such-program
    mentions 'executable file not found in $PATH' cat /tmp/stderr
    ends 127 container -- /no/such/program
    mentions 'no such file or directory' cat /tmp/stderr
    ends 126 container -- /etc/passwd
    mentions 'permission denied' cat /tmp/stderr
    ends 126 container -- /etc
}

What_docker_itself_refuses_ends_with_125() {
    ends 125 container --memory 1 -- true
    ends 125 docker run --no-such-option $image true
}

A_failed_start_leaves_nothing() {
    ends 127 named "$id" -- no-such-program
    same created "$(of .State.Status)"
    same 127 "$(of .State.ExitCode)"
    eventually nothing_is_left_of "$(of .Id)"
    same "" "$(shim_of || true)"
}

A_container_removes_itself_when_told() {
    local long
    long="$(docker run --rm --detach --network none --name "$id" $image sleep 1000)"
    docker kill "$id"
    eventually sh -c "! docker inspect $id"
    eventually nothing_is_left_of "$long"
}

The_environment_is_what_is_asked_for() {
    printf 'SECOND=2\n' >/tmp/variables
    says 'a b 2 /bin /root' container --env 'FIRST=a b' --env-file /tmp/variables -- sh -c 'echo $FIRST $SECOND $PATH $HOME'
}

The_user_is_what_is_asked_for() {
    says 'uid=1000(user) gid=2000(extra) groups=2000(extra)' container --user 1000:2000 -- id
    # A name brings the groups that the image's files give it.
    says 'uid=1000(user) gid=1000(user) groups=1000(user),2000(extra)' container --user user -- id
    says '5555 0' container --user 5555 -- sh -c 'echo $(id -u) $(id -g)'
    says /home/user container --user user -- sh -c 'echo $HOME'
}

Groups_are_added() {
    says '0 2000 3000' container --user 0:0 --group-add extra --group-add 3000 -- sh -c 'echo $(id -G | tr " " "\n" | sort -nu)'
}

The_working_directory_is_what_is_asked_for() {
    says /made/here container --workdir /made/here -- pwd
}

The_host_name_is_what_is_asked_for() {
    says 'name.example' container --hostname name.example -- hostname
    mentions 'name.example' named "$id-other" --rm --network bridge --hostname name.example -- cat /etc/hosts
    says 'domain' container --domainname domain -- cat /proc/sys/kernel/domainname
}

An_init_process_reaps_orphans() {
    detached --init -- sh -c '(sleep 0.2 &) ; sleep 1000'
    mentions docker-init inside cat /proc/1/cmdline
    sleep 0.5
    says 0 inside sh -c 'grep -l "^State:.Z" /proc/[0-9]*/status | wc -l'
}

Several_containers_start_and_end_side_by_side() {
    local number jobs=()
    for number in 1 2 3 4 5 6; do
        (says "$number" named "$id-$number" --rm -- sh -c "sleep 0.5; echo $number") &
        jobs+=($!)
    done
    for number in "${jobs[@]}"; do wait "$number"; done
}
