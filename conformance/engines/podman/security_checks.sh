# What a container may do: capabilities, system calls, users, read-only paths, user namespaces.

# default_capabilities: the eleven of Podman's own configuration.
default_capabilities=00000000800405fb

A_container_has_few_capabilities() {
    local all; all="$(container -- grep ^Cap /proc/self/status | cut -f 2 | tr '\n' ' ')"
    same "0000000000000000 $default_capabilities $default_capabilities $default_capabilities 0000000000000000 " "$all"
}

Capabilities_are_dropped_and_added() {
    says $'CapEff:\t0000000000000000' container --cap-drop ALL -- grep CapEff /proc/self/status
    says $'CapEff:\t0000000000002000' container --cap-drop ALL --cap-add NET_RAW -- grep CapEff /proc/self/status
    refuses 'Operation not permitted' container --cap-drop CHOWN -- chown 1 /root
}

Another_user_has_no_capabilities_but_those_asked_for() {
    says $'CapEff:\t0000000000000000' container --user 1000 -- grep CapEff /proc/self/status
    says $'CapEff:\t0000000000000400' container --user 1000 --cap-add NET_BIND_SERVICE -- grep CapEff /proc/self/status
    says $'CapAmb:\t0000000000000400' container --user 1000 --cap-add NET_BIND_SERVICE -- grep CapAmb /proc/self/status
}

A_privileged_container_has_every_capability_of_its_caller() {
    local all; all="$(sed -n 's/^CapBnd:\t//p' /proc/self/status)"
    says $'CapEff:\t'"$all" container --privileged -- grep CapEff /proc/self/status
    says $'Seccomp:\t0' container --privileged -- grep Seccomp: /proc/self/status
    says 0 container --privileged -- sh -c 'mount -t tmpfs none /tmp && echo $?'
}

No_new_privileges_are_gained() {
    says $'NoNewPrivs:\t1' container --security-opt no-new-privileges -- grep NoNewPrivs /proc/self/status
    says $'NoNewPrivs:\t0' container -- grep NoNewPrivs /proc/self/status
}

System_calls_are_filtered() {
    says $'Seccomp:\t2' container -- grep Seccomp: /proc/self/status
    # Not for want of the capability: with it and without the filter the file is looked for.
    refuses 'Operation not permitted' container --cap-add SYS_ADMIN -- swapoff /nosuch
    refuses 'No such file' container --cap-add SYS_ADMIN --security-opt seccomp=unconfined -- swapoff /nosuch
}

System_calls_are_not_filtered_when_unconfined() {
    says $'Seccomp:\t0' container --security-opt seccomp=unconfined -- grep Seccomp: /proc/self/status
}

# profile ACTION: forbids making directories.
profile() {
    printf '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],%s}]}' "$1" >/mnt/home/profile.json
}

An_own_filter_answers_with_its_error() {
    profile '"action":"SCMP_ACT_ERRNO","errnoRet":28'
    refuses 'No space left on device' container --security-opt seccomp=/mnt/home/profile.json -- mkdir /x
    detached --security-opt seccomp=/mnt/home/profile.json -- sleep 1000
    refuses 'No space left on device' inside mkdir /y
}

An_own_filter_kills() {
    profile '"action":"SCMP_ACT_KILL_PROCESS"'
    ends 159 container --security-opt seccomp=/mnt/home/profile.json -- mkdir /x
}

The_root_is_read_only() {
    refuses 'Read-only file system' container --read-only -- touch /x
    ends 0 container --read-only -- touch /tmp/x /run/x /dev/shm/x
    refuses 'Read-only file system' container --read-only --read-only-tmpfs=false -- touch /tmp/x
}

Parts_of_proc_and_sys_are_hidden_or_read_only() {
    says '0 0 0' container -- sh -c 'echo $(wc -c </proc/keys) $(wc -c </proc/timer_list) $(ls /sys/firmware | wc -l)'
    refuses 'Read-only file system' container -- sh -c 'echo 1 >/proc/sys/vm/swappiness'
    refuses 'Read-only file system' container -- mkdir /sys/x
    says 0 container --security-opt mask=/etc -- sh -c 'ls /etc | wc -l'
    says '' container --security-opt mask=/etc/passwd -- cat /etc/passwd
    says same container --security-opt unmask=/proc/timer_list -- sh -c '[ $(wc -c </proc/timer_list) -gt 0 ] && echo same'
}

A_user_by_name_and_number() {
    says '1000 1000 1000 2000' container --user user -- sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says '1234 5678 5678' container --user 1234:5678 -- sh -c 'echo $(id -u) $(id -g) $(id -G)'
    says '1000 2000' container --user user:extra -- sh -c 'echo $(id -u) $(id -g)'
    says /home/user container --user user -- sh -c 'echo $HOME'
}

Groups_are_added() {
    says '0 1 2000' container --group-add 1 --group-add extra -- id -G
}

A_mask_for_new_files() {
    says 600 container --umask 0077 -- sh -c 'touch /x; stat -c %a /x'
    says 644 container -- sh -c 'touch /x; stat -c %a /x'
}

A_user_namespace_of_ones_own() {
    says '0 100000 5000' container --uidmap 0:100000:5000 -- sh -c 'echo $(cat /proc/self/uid_map)'
    detached --uidmap 0:100000:5000 --gidmap 0:200000:5000 -- sleep 1000
    same '100000 200000' "$(stat -c '%u %g' "/proc/$(inspected .State.Pid)")"
    says '0 0' inside stat -c '%u %g' /bin/busybox
    says '0 100000 5000' inside sh -c 'echo $(cat /proc/self/uid_map)'
    says 1000 podman exec --user user "$id" id -u
}

A_user_namespace_from_the_automatic_ranges() {
    detached --userns auto:size=500 -- sleep 1000
    says 500 inside awk '{ print $3 }' /proc/self/uid_map
    between 2000000 2999999 "$(stat -c %u "/proc/$(inspected .State.Pid)")"
    ends 0 inside touch /root/x
}

A_user_namespace_has_devices_and_limits() {
    detached --userns auto --memory 64m --volume /mnt/home:/data:ro -- sleep 1000
    same 67108864 "$(in_group memory memory.limit_in_bytes memory.max)"
    inside sh -c ': >/dev/null </dev/urandom'
    refuses 'Read-only file system' inside touch /data/x
    says /dev/pts/0 on_terminal podman exec -ti "$id" tty
}

A_user_namespace_is_shared_with_another_container() {
    detached --userns auto:size=300 -- sleep 1000
    says "$(inside readlink /proc/self/ns/user)" podman run --rm --network none --name "$id-other" --userns "container:$id" $image readlink /proc/self/ns/user
}
