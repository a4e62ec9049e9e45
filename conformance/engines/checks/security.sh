# Namespaces, privileges, system calls, devices.

Each_container_has_namespaces_of_its_own() {
    needs detach
    detached -- sleep 1000
    local pid name; pid="$(pid_of)"
    for name in mnt pid net ipc uts; do
        [[ "$(readlink "/proc/$pid/ns/$name")" != "$(readlink "/proc/self/ns/$name")" ]] || broken "the namespace $name is the machine's"
    done
}

Namespaces_of_the_host_are_shared_when_asked() {
    needs host-namespaces
    local name
    for name in "${host_namespaces[@]}"; do
        says "$(readlink "/proc/self/ns/$name")" container --$name host -- readlink /proc/self/ns/$name
    done
}

The_processes_of_another_container_are_seen_when_asked() {
    needs join
    engine_detach "$id-other" -- sleep 2346
    eventually processes_of 'sleep 2346'
    says "$(readlink "/proc/$(pid_of "$id-other")/ns/pid")" container --pid "container:$id-other" -- readlink /proc/self/ns/pid
    says 1 container --pid "container:$id-other" -- sh -c 'ps | grep -c "[s]leep 2346$"'
    is running "$id-other"
}

Processes_in_the_namespace_of_another_container_end_with_their_own() {
    needs join client cgroups
    engine_detach "$id-other" -- sleep 2347
    # In another's namespace every process is signalled by itself.
    detached --pid "container:$id-other" -- sh -c 'sleep 54331 & sleep 54332'
    eventually processes_of 'sleep 54331'
    engine_kill "$id"
    eventually gone 'sleep 54331'
    eventually gone 'sleep 54332'
    is running "$id-other"
}

Memory_of_another_container_is_shared_when_asked() {
    needs join client
    engine_detach "$id-other" --ipc shareable -- sh -c 'echo text >/dev/shm/file; sleep 2348'
    eventually engine_exec "$id-other" test -e /dev/shm/file
    says "$(readlink "/proc/$(pid_of "$id-other")/ns/ipc") text" container --ipc "container:$id-other" -- \
        sh -c 'echo $(readlink /proc/self/ns/ipc) $(cat /dev/shm/file)'
    is running "$id-other"
}

A_namespace_of_cgroups_hides_the_path() {
    needs client
    says / container --cgroupns private -- sh -c 'sed -n "s/.*:pids:\|.*:memory:\|^0:://p" /proc/self/cgroup | sort -u'
    ! can cgroups || mentions "${texts[cgroup_of_host]}" container --cgroupns host -- cat /proc/self/cgroup
}

A_container_has_the_capabilities_of_the_engines_list() {
    local mask="${texts[capabilities]}"
    own_capabilities() { container -- grep ^Cap /proc/self/status | cut -f 2 | xargs; }
    says "0000000000000000 $mask $mask $mask 0000000000000000" own_capabilities
}

Capabilities_are_added_and_dropped() {
    # chown is bit 0, sys_admin bit 21, of a hexadecimal number.
    local mask
    mask="$(shown_by CapEff --cap-drop CHOWN --cap-add SYS_ADMIN)"
    same "$(printf '%016x' $((0x${texts[capabilities]} & ~1 | 1 << 21)))" "$mask"
    refuses 'Operation not permitted' container --cap-drop CHOWN -- chown 1 /tmp
}

Every_capability_is_dropped_but_those_added() {
    needs drop-all
    same 0000000000000000 "$(shown_by CapEff --cap-drop ALL)"
    same 0000000000002000 "$(shown_by CapEff --cap-drop ALL --cap-add NET_RAW)"
}

A_user_who_is_not_root_has_no_capability() {
    needs users
    same 0000000000000000 "$(shown_by CapEff --user 1000)"
    refuses 'Permission denied' container --user 1000 -- touch /file
}

A_user_who_is_not_root_has_the_capability_that_is_added() {
    needs ambient
    same 0000000000000400 "$(shown_by CapEff --user 1000 --cap-add NET_BIND_SERVICE)"
    same 0000000000000400 "$(shown_by CapAmb --user 1000 --cap-add NET_BIND_SERVICE)"
}

New_privileges_are_forbidden_or_allowed() {
    needs new-privileges
    same 1 "$(shown_by NoNewPrivs "${forbid_new_privileges[@]}")"
    same 0 "$(shown_by NoNewPrivs "${allow_new_privileges[@]}")"
}

The_default_seccomp_profile_forbids_and_allows() {
    same 2 "$(shown_by Seccomp "${default_filter[@]}")"
    refuses 'Operation not permitted' container "${default_filter[@]}" -- unshare -m true
    says fine container "${default_filter[@]}" -- sh -c 'mkdir /made && chmod 700 /made && echo fine'
    # Not for want of the capability: with it and without the filter the file is looked for.
    refuses 'Operation not permitted' container "${default_filter[@]}" --cap-add SYS_ADMIN -- swapoff /nosuch
}

An_unconfined_container_has_no_filter() {
    needs seccomp
    same 0 "$(shown_by Seccomp --security-opt seccomp=unconfined)"
    says '' container --security-opt seccomp=unconfined --cap-add SYS_ADMIN -- unshare -m true
    ! can root || refuses 'No such file' container --security-opt seccomp=unconfined --cap-add SYS_ADMIN -- swapoff /nosuch
}

# profile ACTION: a seccomp profile that forbids making directories.
profile() {
    own_file profile.json '{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["mkdir","mkdirat"],'"$1"'}]}'
}

A_seccomp_profile_of_ones_own_is_obeyed() {
    needs seccomp
    profile '"action":"SCMP_ACT_ERRNO","errnoRet":122'
    refuses 'Disk quota exceeded' container --security-opt "seccomp=$files/profile.json" -- mkdir /made
    if can exec; then
        detached --security-opt "seccomp=$files/profile.json" -- sleep 1000
        refuses 'Disk quota exceeded' inside mkdir /made
    fi
}

A_seccomp_profile_of_ones_own_kills() {
    needs seccomp
    profile '"action":"SCMP_ACT_KILL_PROCESS"'
    ends "${texts[killed]:-159}" container --security-opt "seccomp=$files/profile.json" -- mkdir /made
}

A_privileged_container_has_what_the_caller_has() {
    needs privileged
    skip_what_runc_refuses
    has_everything "$(shown_by CapEff --privileged)"
    says rw container --privileged -- sh -c 'grep " /sys " /proc/self/mountinfo | cut -d " " -f 6 | cut -d , -f 1'
    same 0 "$(shown_by Seccomp --privileged)"
    says 0 container --privileged -- sh -c 'mount -t tmpfs none /tmp; echo $?'
}

A_privileged_container_opens_every_device() {
    needs privileged client
    skip_what_runc_refuses
    local kernels_name; kernels_name="$(device)"
    [[ -n "$kernels_name" ]] || skip 'neither /dev/loop-control nor /dev/fuse'
    says open container --privileged -- sh -c "mknod /own c $(numbers_of "$kernels_name") && exec 3<>/own && echo open"
    says open container --privileged -- sh -c "exec 3<$kernels_name && echo open"
}

# has_everything MASK: what root has here. Docker does not know the newest three capabilities.
has_everything() {
    local root; root="$(awk '/^CapEff/ { print $2 }' /proc/self/status)"
    if can old-capabilities; then same "$((0x$root))" "$(((0x$1 | 7 << 38) & 0x$root))"; else same "$root" "$1"; fi
}

# Docker asks for every capability. runc 1.1 refuses those that root itself lacks; hull gives what root has.
skip_what_runc_refuses() {
    ! can old-capabilities || [[ "$(capable 24 "$(awk '/^CapEff/ { print $2 }' /proc/self/status)")" == 1 ]] || ! runc_before 1.2 \
        || skip 'root has no CAP_SYS_RESOURCE here, and runc refuses without it'
}

# A device that no engine gives unasked, and its numbers.
device() {
    local one
    for one in /dev/loop-control /dev/fuse; do [[ ! -c $one ]] || { echo $one; return; }; done
}
numbers_of() { stat -c '%Hr %Lr' "$1"; }

A_device_is_denied_unless_it_is_asked_for() {
    needs devices
    local kernels_name; kernels_name="$(device)"
    [[ -n "$kernels_name" ]] || skip 'neither /dev/loop-control nor /dev/fuse'
    refuses 'Operation not permitted' container --cap-add MKNOD -- sh -c "mknod /tmp/own c $(numbers_of "$kernels_name") && exec 3<>/tmp/own"
    says open container --device "$kernels_name" -- sh -c "exec 3<>$kernels_name && echo open"
    says 8 container --cap-add MKNOD -- sh -c 'mknod /tmp/zero c 1 5 && head -c 8 /tmp/zero | wc -c'
}

A_device_has_the_name_and_permissions_that_are_asked_for() {
    needs devices renamed-devices
    local kernels_name; kernels_name="$(device)"
    [[ -n "$kernels_name" ]] || skip 'neither /dev/loop-control nor /dev/fuse'
    says "$(stat -c %t,%T "$kernels_name") open" container --device "$kernels_name:/dev/renamed:rw" -- \
        sh -c 'exec 3<>/dev/renamed && echo $(stat -c %t,%T /dev/renamed) open'
    ends 0 container --device "$kernels_name:/dev/renamed:r" -- sh -c ': </dev/renamed'
    refuses 'Operation not permitted' container --device "$kernels_name:/dev/renamed:r" -- sh -c ': >/dev/renamed'
    refuses 'Operation not permitted' container --device "$kernels_name:/dev/renamed:r" -- sh -c 'exec 3<>/dev/renamed'
}

Rules_for_devices_are_obeyed() {
    needs devices client
    local kernels_name numbers; kernels_name="$(device)"
    [[ -n "$kernels_name" ]] || skip 'neither /dev/loop-control nor /dev/fuse'
    numbers="$(numbers_of "$kernels_name")"
    says open container --cap-add MKNOD --device-cgroup-rule "c ${numbers/ /:} rwm" -- sh -c "mknod /tmp/own c $numbers && exec 3<>/tmp/own && echo open"
}

The_usual_devices_are_there_and_work() {
    says 'c1:3 c1:5 c1:7 c1:8 c1:9 c5:0' container -- \
        sh -c 'for name in null zero full random urandom tty; do test -c /dev/$name && stat -c "c%t:%T" /dev/$name; done | xargs'
    says 'zero 5' container -- sh -c 'head -c 5 /dev/zero | wc -c | sed "s/^/zero /"'
    ends 0 container -- sh -c ': >/dev/null && : </dev/urandom && : </dev/random'
    refuses 'No space left on device' container -- sh -c 'echo x >/dev/full'
    says '/proc/self/fd /proc/self/fd/0 pts/ptmx' container -- sh -c 'echo $(readlink /dev/fd) $(readlink /dev/stdin) $(readlink /dev/ptmx)'
}

Paths_of_the_kernel_are_masked_or_read_only() {
    says 0 container -- sh -c 'cat /proc/kcore /proc/keys /proc/timer_list 2>/dev/null | wc -c'
    says 0 container -- sh -c 'ls /sys/firmware | wc -l'
    refuses 'Read-only file system' container -- sh -c 'echo 1 >/proc/sys/vm/swappiness'
    refuses 'Read-only file system' container -- sh -c 'echo 1 >/proc/sys/kernel/ctrl-alt-del'
    refuses 'Read-only file system' container -- mkdir /sys/fs/made
}

Users_are_mapped_when_asked() {
    needs user-namespace exec
    detached --uidmap 0:100000:65536 --gidmap 0:200000:65536 -- sleep 1000
    local pid; pid="$(pid_of)"
    same '100000 100000 100000 100000' "$(xargs <<<"$(status_of "$pid" Uid)")"
    same '200000 200000 200000 200000' "$(xargs <<<"$(status_of "$pid" Gid)")"
    same '100000 200000' "$(stat -c '%u %g' "/proc/$pid")"
    same '0 100000 65536' "$(xargs <"/proc/$pid/uid_map")"
    says '0 100000 65536' inside sh -c 'echo $(cat /proc/self/uid_map)'
    says '0 0' inside stat -c '%u %g' /bin/busybox
    # Root inside may give away what is the mapped root's, and only within the map.
    says '1000 0' inside sh -c 'touch /tmp/file && chown 1000 /tmp/file && echo $(stat -c %u /tmp/file) $(id -u)'
    same 101000 "$(stat -c %u "/proc/$pid/root/tmp/file")"
    refuses 'Operation not permitted' inside mknod /tmp/zero c 1 5
    state >/dev/null
    # To look the name up, ctr mounts what is mounted already; nothing can be written afterwards.
    says 1000 inside --user user -- id -u
}

Users_are_mapped_for_a_single_program() {
    needs client user-namespace
    says '0 100000 5000' container --uidmap 0:100000:5000 -- sh -c 'echo $(cat /proc/self/uid_map)'
}
