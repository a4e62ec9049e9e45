# Namespaces, privileges, devices.

# capable NUMBER MASK: whether the bit is set.
capable() { echo $((0x$2 >> $1 & 1)); }

mask_of() { container "$@" -- awk '/^CapEff/ { print $2 }' /proc/self/status; }

Capabilities_are_added_and_dropped() {
    local mask
    mask="$(mask_of)"
    same '1 0' "$(capable 0 "$mask") $(capable 21 "$mask")"
    mask="$(mask_of --cap-drop CHOWN --cap-add SYS_ADMIN)"
    same '0 1' "$(capable 0 "$mask") $(capable 21 "$mask")"
    same 0000000000000000 "$(mask_of --cap-drop ALL)"
    refuses 'Operation not permitted' container --cap-drop CHOWN -- chown 1 /tmp
}

A_user_who_is_not_root_has_no_capability() {
    same 0000000000000000 "$(mask_of --user 1000)"
    refuses 'Permission denied' container --user 1000 -- touch /file
}

The_default_seccomp_profile_forbids_and_allows() {
    says 2 container -- awk '/^Seccomp:/ { print $2 }' /proc/self/status
    refuses 'Operation not permitted' container -- unshare -m true
    says fine container -- sh -c 'mkdir /made && chmod 700 /made && echo fine'
}

An_unconfined_container_has_no_filter() {
    says 0 container --security-opt seccomp=unconfined -- awk '/^Seccomp:/ { print $2 }' /proc/self/status
    says '' container --security-opt seccomp=unconfined --cap-add SYS_ADMIN -- unshare -m true
}

A_seccomp_profile_of_ones_own_is_obeyed() {
    cat >/tmp/profile.json <<'JSON'
{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"],
 "syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":122}]}
JSON
    refuses 'Disk quota exceeded' container --security-opt seccomp=/tmp/profile.json -- mkdir /made
    detached --security-opt seccomp=/tmp/profile.json -- sleep 1000
    refuses 'Disk quota exceeded' inside mkdir /made
}

New_privileges_are_forbidden_when_asked() {
    says 0 container -- awk '/NoNewPrivs/ { print $2 }' /proc/self/status
    says 1 container --security-opt no-new-privileges -- awk '/NoNewPrivs/ { print $2 }' /proc/self/status
}

A_privileged_container_has_everything() {
    skip_what_runc_refuses
    has_everything container --privileged --
    says '' container --privileged -- sh -c 'mknod /tmp/loop c 10 237 && exec 3<>/tmp/loop'
    says rw container --privileged -- sh -c 'grep " /sys " /proc/self/mountinfo | cut -d " " -f 6 | cut -d , -f 1'
    says 0 container --privileged -- awk '/^Seccomp:/ { print $2 }' /proc/self/status
}

# has_everything COMMAND…: a program in the container has what root has here. Docker does not know the newest three capabilities.
has_everything() {
    local root all
    root="$(awk '/^CapEff/ { print $2 }' /proc/self/status)"
    all="$("$@" awk '/^CapEff/ { print $2 }' /proc/self/status)"
    same "$((0x$root))" "$(((0x$all | 7 << 38) & 0x$root))"
}

# Docker asks for every capability. runc 1.1 refuses those that root itself lacks; hull gives what root has.
skip_what_runc_refuses() {
    [[ "$(capable 24 "$(awk '/^CapEff/ { print $2 }' /proc/self/status)")" == 1 ]] || ! runc_before 1.2 \
        || skip 'root has no CAP_SYS_RESOURCE here, and runc refuses without it'
}

A_device_is_denied_unless_it_is_asked_for() {
    [[ -c /dev/loop-control ]] || skip 'no /dev/loop-control'
    refuses 'Operation not permitted' container -- sh -c 'mknod /tmp/loop c 10 237 && exec 3<>/tmp/loop'
    says open container --device /dev/loop-control:/dev/renamed -- sh -c 'exec 3<>/dev/renamed && echo open'
    refuses 'Operation not permitted' container --device /dev/loop-control:/dev/renamed:r -- sh -c 'exec 3<>/dev/renamed'
    says open container --device-cgroup-rule 'c 10:237 rwm' -- sh -c 'mknod /tmp/loop c 10 237 && exec 3<>/tmp/loop && echo open'
}

The_usual_devices_are_there() {
    says 'c1:3 c1:5 c1:7 c1:8 c1:9 c5:0' container -- \
        sh -c 'for name in null zero full random urandom tty; do test -c /dev/$name && stat -c "c%t:%T" /dev/$name; done | xargs'
    says fd container -- sh -c 'readlink /dev/fd | sed s,.*/,,'
}

Each_container_has_namespaces_of_its_own() {
    detached -- sleep 1000
    local pid name; pid="$(pid_of)"
    for name in mnt pid net ipc uts; do
        [[ "$(readlink "/proc/$pid/ns/$name")" != "$(readlink "/proc/self/ns/$name")" ]] || broken "the namespace $name is the machine's"
    done
}

Namespaces_of_the_host_are_shared_when_asked() {
    says "$(readlink /proc/self/ns/pid)" container --pid host -- readlink /proc/self/ns/pid
    says "$(readlink /proc/self/ns/ipc)" container --ipc host -- readlink /proc/self/ns/ipc
    says "$(readlink /proc/self/ns/uts)" container --uts host -- readlink /proc/self/ns/uts
}

A_namespace_of_cgroups_hides_the_path() {
    says / container --cgroupns private -- sh -c 'cut -d : -f 3 /proc/self/cgroup | sort -u'
    detached --cgroupns host -- sleep 1000
    mentions "/docker/$(of .Id)" inside cat /proc/self/cgroup
}

What_a_container_with_the_hosts_processes_started_ends_with_it() {
    detached --pid host -- sh -c 'setsid sleep 2345 & sleep 1000'
    eventually pgrep --full --exact 'sleep 2345'
    docker kill "$id"
    eventually sh -c "! pgrep --full --exact 'sleep 2345'"
}

Processes_and_memory_of_another_container_are_shared_when_asked() {
    named "$id-other" --detach --ipc shareable -- sh -c 'echo text >/dev/shm/file; sleep 2346' >/dev/null
    eventually docker exec "$id-other" test -e /dev/shm/file
    says "$(readlink "/proc/$(pid_of "$id-other")/ns/ipc") text" container --ipc "container:$id-other" -- \
        sh -c 'echo $(readlink /proc/self/ns/ipc) $(cat /dev/shm/file)'
    says 1 container --pid "container:$id-other" -- sh -c 'ps | grep -c "[s]leep 2346$"'
    same running "$(of .State.Status "$id-other")"
}

Paths_of_the_kernel_are_masked_or_read_only() {
    says 0 container -- sh -c 'cat /proc/kcore /proc/keys /proc/timer_list 2>/dev/null | wc -c'
    refuses 'Read-only file system' container -- sh -c 'echo 1 >/proc/sys/kernel/ctrl-alt-del'
    refuses 'Read-only file system' container -- mkdir /sys/fs/made
}

The_cgroup_file_system_is_read_only() {
    refuses 'Read-only file system' container -- sh -c 'cd /sys/fs/cgroup; [ ! -d pids ] || cd pids; mkdir made'
}

No_descriptor_of_the_engine_reaches_the_program() {
    says '0 1 2 3' container -- sh -c 'ls /proc/self/fd | xargs'
}
