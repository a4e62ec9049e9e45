# `buildah run`: a program in a working container.

A_program_writes_and_ends() {
    from
    says hello ran "$id" -- echo hello
}

The_runtime_is_the_one_under_test() {
    from
    ran "$id" -- sleep 3 &
    local job=$!
    it_runs() { [[ "$("$RUNTIME" state "$(states)" | jq --raw-output .status)" == running ]]; }
    eventually it_runs
    wait "$job"
    same "" "$(states)"
}

The_exit_status_is_passed_on() {
    from
    ends 7 ran "$id" -- sh -c 'exit 7'
    ends 137 ran "$id" -- sh -c 'sh -c "kill -9 \$\$"; exit $?'
}

A_missing_program_is_named() {
    from
    refuses '"/nosuch\"' ran "$id" -- /nosuch
    refuses 'executable file not found in $PATH' ran "$id" -- nosuch
    refuses 'permission denied' ran "$id" -- /etc/passwd
    same "" "$(states)"
}

Only_the_program_writes_to_standard_error() {
    from
    says "" ran "$id" -- true
    same "" "$(</tmp/stderr)"
}

Standard_input_arrives() {
    from
    says 'a line' fed 'a line' ran "$id" -- cat
}

A_terminal_is_the_programs_own() {
    from
    says /dev/pts/0 on_terminal buildah run --runtime "$RUNTIME" --isolation oci --network none --terminal "$id" tty
}

A_program_has_its_user_directory_and_environment() {
    from
    says '1000 1000 /tmp said' ran --user 1000:1000 --workingdir /tmp --env WORD=said "$id" -- sh -c 'echo $(id -u) $(id -g) $PWD $WORD'
    says '1000 1000 1000 2000' ran --user user "$id" -- sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says named ran --hostname named "$id" -- hostname
}

What_is_configured_is_what_runs() {
    from
    buildah config --user 1000 --workingdir /var --env WORD=configured "$id"
    says '1000 /var configured' ran "$id" -- sh -c 'echo $(id -u) $PWD $WORD'
}

What_was_written_stays_in_the_container() {
    from
    ran "$id" -- sh -c 'echo kept >/root/file'
    says kept ran "$id" -- cat /root/file
}

Volumes_and_mounts() {
    from
    mkdir -p /mnt/home/bound; echo here >/mnt/home/bound/file
    says here ran --volume /mnt/home/bound:/data:ro "$id" -- cat /data/file
    refuses 'Read-only file system' ran --volume /mnt/home/bound:/data:ro "$id" -- touch /data/x
    says tmpfs ran --mount type=tmpfs,destination=/t "$id" -- stat -f -c %T /t
    says here ran --mount type=bind,source=/mnt/home/bound,destination=/data "$id" -- cat /data/file
}

Capabilities_are_dropped_and_added() {
    from
    says $'CapEff:\t00000000800405fb' ran "$id" -- grep CapEff /proc/self/status
    says $'CapEff:\t00000000800425fb' ran --cap-add CAP_NET_RAW "$id" -- grep CapEff /proc/self/status
    says $'CapEff:\t00000000800405fa' ran --cap-drop CAP_CHOWN "$id" -- grep CapEff /proc/self/status
    says $'CapEff:\t0000000000000000' ran --user 1000 "$id" -- grep CapEff /proc/self/status
}

System_calls_are_filtered() {
    from
    says $'Seccomp:\t2' ran "$id" -- grep Seccomp: /proc/self/status
}

Namespaces_are_shared_with_the_caller_when_asked() {
    from
    says "$(readlink /proc/self/ns/pid)" ran --pid host "$id" -- readlink /proc/self/ns/pid
    says "$(readlink /proc/self/ns/ipc)" ran --ipc host "$id" -- readlink /proc/self/ns/ipc
    says "$(readlink /proc/self/ns/net)" buildah run --runtime "$RUNTIME" --network host "$id" -- readlink /proc/self/ns/net
    [[ "$(ran "$id" -- readlink /proc/self/ns/net)" != "$(readlink /proc/self/ns/net)" ]] || broken 'it is on the same network'
}

On_a_bridge_a_program_has_an_address() {
    from
    mentions 'inet 10.88.' buildah run --runtime "$RUNTIME" --isolation oci "$id" -- ip address show dev eth0
}

# No cgroup is named in Buildah's configurations: the runtime chooses, and nothing may be left of it.
A_program_has_a_cgroup_of_its_own() {
    from
    mentions '/buildah-buildah' ran "$id" -- cat /proc/self/cgroup
    same "" "$(find /sys/fs/cgroup -name 'buildah-*')"
}

No_descriptor_of_buildahs_arrives() {
    from
    says '0 1 2 3' ran "$id" -- sh -c 'cd /proc/self/fd; set -- *; echo $*'
}

Isolation_by_chroot_is_the_reference() {
    from
    local isolation
    for isolation in oci chroot; do
        says "$isolation" buildah run --runtime "$RUNTIME" --isolation "$isolation" "$id" -- sh -c 'echo '"$isolation"
        ends 6 buildah run --runtime "$RUNTIME" --isolation "$isolation" "$id" -- sh -c 'exit 6'
    done
}

A_global_option_reaches_the_runtime() {
    from
    says hello ran --runtime-flag log=/mnt/home/own.log "$id" -- echo hello
    ends 1 ran --runtime-flag log=/mnt/home/own.log "$id" -- /nosuch
    grep -q nosuch /mnt/home/own.log
}

# Buildah then says only `delete`, and removes the bundle, its working directory, at the same time.
A_failing_network_leaves_no_process_behind() {
    from
    mkdir /mnt/failing
    printf '#!/bin/sh\nexit 1\n' >/mnt/failing/iptables
    chmod +x /mnt/failing/iptables
    local status=0
    PATH=/mnt/failing:$PATH buildah run --runtime "$RUNTIME" --isolation oci "$id" -- true || status=$?
    rm -r /mnt/failing
    [[ $status -ne 0 ]] || broken 'it ran without its network'
    nothing_waits() { [[ -z "$(states)" ]] && ! pgrep --exact "$RUNTIME_NAME"; }
    eventually nothing_waits
}

A_caller_in_a_deleted_directory_is_served() {
    from
    mkdir /mnt/home/gone; cd /mnt/home/gone; rmdir /mnt/home/gone
    says hello ran "$id" -- echo hello
}

A_program_killed_from_outside_is_told() {
    from
    (
        eventually pgrep --full --exact '/bin/sleep 65123'
        kill -KILL "$(pgrep --full --exact '/bin/sleep 65123')"
    ) &
    refuses 'container exited on killed' ran "$id" -- sleep 65123
    same "" "$(states)"
}
