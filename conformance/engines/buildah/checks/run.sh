# `buildah run`: what it does that no other engine does.

A_record_of_the_runtimes_is_there_while_a_program_runs() {
    from
    ran "$id" -- sleep 3 &
    local job=$!
    it_runs() { [[ "$("$RUNTIME" state "$(states)" | jq --raw-output .status)" == running ]]; }
    eventually it_runs
    wait "$job"
    same "" "$(states)"
}

What_is_configured_is_what_runs() {
    from
    buildah config --user 1000 --workingdir /var --env WORD=configured "$id"
    says '1000 /var configured' ran "$id" -- sh -c 'echo $(id -u) $PWD $WORD'
    says '1000 1000 /tmp said' ran --user 1000:1000 --workingdir /tmp --env WORD=said "$id" -- sh -c 'echo $(id -u) $(id -g) $PWD $WORD'
}

What_was_written_stays_in_the_container() {
    from
    ran "$id" -- sh -c 'echo kept >/root/file'
    says kept ran "$id" -- cat /root/file
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

A_mount_of_a_single_program_is_gone_with_it() {
    from
    mkdir -p /mnt/home/bound; echo here >/mnt/home/bound/file
    says here ran --mount type=bind,source=/mnt/home/bound,destination=/data "$id" -- cat /data/file
    says '' ran "$id" -- ls /data
}

Isolation_by_chroot_is_the_reference() {
    from
    local isolation
    for isolation in oci chroot; do
        says "$isolation" buildah run --runtime "$RUNTIME" --isolation "$isolation" "$id" -- sh -c 'echo '"$isolation"
        ends 6 buildah run --runtime "$RUNTIME" --isolation "$isolation" "$id" -- sh -c 'exit 6'
    done
}

The_network_of_the_host_is_there_when_asked() {
    from
    says "$(readlink /proc/self/ns/net)" buildah run --runtime "$RUNTIME" --network host "$id" -- readlink /proc/self/ns/net
    [[ "$(ran "$id" -- readlink /proc/self/ns/net)" != "$(readlink /proc/self/ns/net)" ]] || broken 'it is on the same network'
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
