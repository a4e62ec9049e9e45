# File systems, namespaces and privileges.

A_root_that_is_read_only_cannot_be_written() {
    refuses 'Read-only file system' container --rm --read-only -- touch /file
    says '' container --rm -- touch /file
}

A_bind_mount_is_written_and_a_read_only_one_is_not() {
    mkdir -p /tmp/shared
    says '' container --rm --mount type=bind,src=/tmp/shared,dst=/shared,options=rbind:rw -- sh -c 'echo text >/shared/file'
    same text "$(cat /tmp/shared/file)"
    says text container --rm --mount type=bind,src=/tmp/shared,dst=/shared,options=rbind:ro -- cat /shared/file
    refuses 'Read-only file system' container --rm --mount type=bind,src=/tmp/shared,dst=/shared,options=rbind:ro -- touch /shared/file
}

A_tmpfs_has_its_size() {
    says 1024 container --rm --mount type=tmpfs,src=tmpfs,dst=/small,options=size=1m -- sh -c 'df -k /small | awk "NR == 2 { print \$2 }"'
}

A_mount_whose_source_is_missing_is_refused() {
    refuses 'no such file or directory' container --mount type=bind,src=/no/such,dst=/shared,options=rbind -- true
    eventually nothing_is_left
}

The_propagation_of_the_root_is_what_is_asked_for() {
    # runc 1.1 makes the parent's mount shared and leaves the root itself private.
    runc_before 1.2 || mentions shared: container --rm --rootfs-propagation shared -- grep ' / / ' /proc/self/mountinfo
    says '' container --rm -- sh -c 'grep " / / " /proc/self/mountinfo | grep shared: || true'
}

Each_container_has_namespaces_of_its_own() {
    detached -- sleep 1000
    local pid name; pid="$(pid_of)"
    for name in mnt pid net ipc uts; do
        [[ "$(readlink "/proc/$pid/ns/$name")" != "$(readlink "/proc/self/ns/$name")" ]] || broken "the namespace $name is the machine's"
    done
    says lo inside ls /sys/class/net
}

The_network_of_the_host_is_shared_when_asked() {
    says "$(readlink /proc/self/ns/net)" container --rm --net-host -- readlink /proc/self/ns/net
}

A_namespace_is_joined_by_its_path() {
    ip netns add "$id"
    local inode; inode="$(stat -L -c %i "/run/netns/$id")"
    says "net:[$inode]" container --rm --with-ns "network:/run/netns/$id" -- readlink /proc/self/ns/net
    ip netns delete "$id"
}

The_processes_of_another_container_are_seen_when_asked() {
    named "$id-other" --detach --null-io -- sleep 8000
    eventually is RUNNING "$id-other"
    says 1 container --rm --with-ns "pid:/proc/$(pid_of "$id-other")/ns/pid" -- sh -c 'ps | grep -c "[s]leep 8000"'
    is RUNNING "$id-other"
}

Capabilities_are_added_and_dropped() {
    # chown is bit 0, sys_admin bit 21, of a hexadecimal number.
    local mask
    mask="$(container --rm -- awk '/CapEff/ { print $2 }' /proc/self/status)"
    same '1 0' "$((0x$mask & 1)) $((0x$mask >> 21 & 1))"
    mask="$(container --rm --cap-drop CAP_CHOWN --cap-add CAP_SYS_ADMIN -- awk '/CapEff/ { print $2 }' /proc/self/status)"
    same '0 1' "$((0x$mask & 1)) $((0x$mask >> 21 & 1))"
    refuses 'Operation not permitted' container --rm --cap-drop CAP_CHOWN -- chown 1 /tmp
}

New_privileges_are_forbidden_unless_allowed() {
    says 1 container --rm -- awk '/NoNewPrivs/ { print $2 }' /proc/self/status
    says 0 container --rm --allow-new-privs -- awk '/NoNewPrivs/ { print $2 }' /proc/self/status
}

A_privileged_container_has_what_the_caller_has() {
    says "$(awk '/CapEff/ { print $2 }' /proc/self/status)" container --rm --privileged -- awk '/CapEff/ { print $2 }' /proc/self/status
    says rw container --rm --privileged -- sh -c 'grep " /sys " /proc/self/mountinfo | cut -d " " -f 6 | cut -d , -f 1'
}

The_default_seccomp_profile_forbids_and_allows() {
    says 2 container --rm --seccomp -- awk '/^Seccomp:/ { print $2 }' /proc/self/status
    says 0 container --rm -- awk '/^Seccomp:/ { print $2 }' /proc/self/status
    refuses 'Operation not permitted' container --rm --seccomp -- unshare -m true
    says fine container --rm --seccomp -- sh -c 'mkdir /made && chmod 700 /made && echo fine'
}

A_seccomp_profile_of_ones_own_is_obeyed() {
    cat >/tmp/profile.json <<'JSON'
{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"],
 "syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":122}]}
JSON
    refuses 'Disk quota exceeded' container --rm --seccomp --seccomp-profile /tmp/profile.json -- mkdir /made
}

Users_are_mapped_when_asked() {
    container --detach --null-io --uidmap 0:100000:65536 --gidmap 0:200000:65536 -- sleep 1000
    eventually is RUNNING
    local pid; pid="$(pid_of)"
    same '100000 100000 100000 100000' "$(xargs <<<"$(status_of "$pid" Uid)")"
    same '200000 200000 200000 200000' "$(xargs <<<"$(status_of "$pid" Gid)")"
    same '0 100000 65536' "$(xargs <"/proc/$pid/uid_map")"
    # Root inside may give away what is the mapped root's, and only within the map.
    says '1000 0' inside sh -c 'touch /tmp/file && chown 1000 /tmp/file && echo $(stat -c %u /tmp/file) $(id -u)'
    same 101000 "$(stat -c %u "/proc/$pid/root/tmp/file")"
    refuses 'Operation not permitted' inside mknod /tmp/zero c 1 5
    # The runtime's path is forgotten by ctr; the link on the PATH stands in.
    "$RUNTIME" --root $runtime_states state "$id" >/dev/null
}

Without_pivot_root_the_root_is_the_images() {
    container --detach --null-io --no-pivot -- sleep 1000
    eventually is RUNNING
    says user inside awk -F : '$1 == "user" { print $1 }' /etc/passwd
    refuses 'o such file' inside ls /mnt/checks
    "$RUNTIME" --root $runtime_states state "$id" >/dev/null
}

Paths_of_the_kernel_are_masked_or_read_only() {
    says 0 container --rm -- sh -c 'cat /proc/kcore /proc/keys /proc/timer_list 2>/dev/null | wc -c'
    refuses 'Read-only file system' container --rm -- sh -c 'echo 1 >/proc/sys/kernel/ctrl-alt-del'
    refuses 'Read-only file system' container --rm -- mkdir /sys/fs/made
}

No_descriptor_of_the_engine_reaches_the_program() {
    says '0 1 2' container --rm -- sh -c 'cd /proc/self/fd; ls -1 | head -3 | xargs; exec 3</proc; for fd in /proc/$$/fd/*; do readlink $fd; done | grep -vE "^(/proc|pipe:|/bin/sh|/run/containerd/fifo)" || true'
}
