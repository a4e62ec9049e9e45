# Resources: what the kernel enforces, what a container sees, what an update changes.

A_memory_limit_is_what_the_kernel_enforces() {
    detached --memory 64m --memory-reservation 32m -- sleep 1000
    same 67108864 "$(in_group memory memory.limit_in_bytes memory.max)"
    same 33554432 "$(in_group memory memory.soft_limit_in_bytes memory.low)"
    mentions 67.11MB podman stats --no-stream --format '{{.MemUsage}}' "$id"
}

A_container_sees_its_own_limits() {
    [[ ! -e /sys/fs/cgroup/cgroup.controllers ]] || skip 'cgroup version 1 is not mounted'
    says 67108864 container --memory 64m -- cat /sys/fs/cgroup/memory/memory.limit_in_bytes
    refuses 'Read-only file system' container -- sh -c 'echo 1 >/sys/fs/cgroup/pids/pids.max'
}

A_program_beyond_its_memory_is_killed() {
    ends 137 container --memory 16m -- tail /dev/zero
}

The_out_of_memory_killer_is_turned_off() {
    [[ ! -e /sys/fs/cgroup/cgroup.controllers ]] || skip 'cgroup version 2 has no such switch'
    detached --memory 64m --oom-kill-disable -- sleep 1000
    mentions 'oom_kill_disable 1' in_group memory memory.oom_control ""
}

Shares_and_quota_of_the_processor() {
    detached --cpus 0.5 --cpu-shares 300 -- sleep 1000
    if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
        same '50000 100000' "$(in_group cpu "" cpu.max)"
    else
        same 50000 "$(in_group cpu cpu.cfs_quota_us "")"
        same 100000 "$(in_group cpu cpu.cfs_period_us "")"
        same 300 "$(in_group cpu cpu.shares "")"
    fi
}

A_container_is_kept_to_its_processors() {
    says 1 container --cpuset-cpus 0 -- nproc
    detached --cpuset-cpus 0 --cpuset-mems 0 -- sleep 1000
    same 0 "$(in_group cpuset cpuset.cpus cpuset.cpus)"
}

A_limit_of_processes_stops_a_fork() {
    refuses "can't fork" container --pids-limit 6 -- sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done'
    detached --pids-limit 6 -- sleep 1000
    same 6 "$(in_group pids pids.max pids.max)"
}

Every_container_has_a_limit_of_processes() {
    detached -- sleep 1000
    same 2048 "$(in_group pids pids.max pids.max)"
}

Limits_of_a_process() {
    says '111 222' container --ulimit nofile=111:222 --ulimit nproc=4096:4096 -- sh -c 'echo $(ulimit -Sn) $(ulimit -Hn)'
    says '444 555' container --ulimit nproc=444:555 --ulimit nofile=99:99 -- awk '/^Max processes/ { print $3, $4 }' /proc/self/limits
    says '0 0' container --ulimit core=0:0 --ulimit nofile=99:99 --ulimit nproc=4096:4096 -- awk '/^Max core/ { print $5, $6 }' /proc/self/limits
}

A_limit_that_may_not_be_raised_is_an_error() {
    # Without CAP_SYS_RESOURCE, which a root confined from outside lacks.
    (( (16#$(sed -n 's/^CapEff:\t//p' /proc/self/status) >> 24 & 1) == 0 )) || skip 'root may raise every limit here'
    ends 126 container --ulimit nofile=99999999:99999999 -- true
    grep -qi 'operation not permitted' /tmp/stderr || broken "$(</tmp/stderr)"
}

A_score_for_the_out_of_memory_killer() {
    says 500 container --oom-score-adj 500 -- cat /proc/self/oom_score_adj
}

A_device_is_there_with_its_permissions() {
    [[ -c /dev/fuse ]] || skip 'there is no /dev/fuse'
    says a,e5 container --device /dev/fuse:/dev/own:rw -- stat -c %t,%T /dev/own
    ends 0 container --device /dev/fuse:/dev/own:rw -- sh -c ': <>/dev/own'
    ends 0 container --device /dev/fuse:/dev/own:r -- sh -c ': </dev/own'
    refuses 'Operation not permitted' container --device /dev/fuse:/dev/own:r -- sh -c ': >/dev/own'
}

A_device_that_was_not_given_is_denied() {
    refuses 'Operation not permitted' container --cap-add MKNOD -- sh -c 'mknod /own c 10 229 && : </own'
    ends 0 container --cap-add MKNOD --device-cgroup-rule 'c 10:229 rwm' -- sh -c 'mknod /own c 10 229 && : </own'
}

The_usual_devices_work() {
    says 'zero 5' container -- sh -c 'head -c 5 /dev/zero | wc -c | sed "s/^/zero /"'
    ends 0 container -- sh -c ': >/dev/null && : </dev/urandom && : </dev/random'
    refuses 'No space left on device' container -- sh -c 'echo x >/dev/full'
    says '/proc/self/fd /proc/self/fd/0 pts/ptmx' container -- sh -c 'echo $(readlink /dev/fd) $(readlink /dev/stdin) $(readlink /dev/ptmx)'
}

A_privileged_container_opens_every_device() {
    [[ -c /dev/fuse ]] || skip 'there is no /dev/fuse'
    ends 0 container --privileged -- sh -c ': </dev/fuse'
}

A_limit_of_reading_from_a_disk() {
    local disk
    disk="$(lsblk --nodeps --noheadings --paths --output NAME,TYPE,SIZE | awk '$2 == "disk" && $3 != "0B" { print $1; exit }')"
    [[ -b "$disk" ]] || skip 'there is no disk'
    detached --device-read-bps "$disk:1048576" -- sleep 1000
    mentions "$(stat -c '%Hr:%Lr' "$disk") 1048576" in_group blkio blkio.throttle.read_bps_device io.max
}

An_update_changes_the_limits() {
    detached --memory 64m --pids-limit 50 -- sleep 1000
    podman update --memory 96m --cpus 0.25 "$id"
    same 100663296 "$(in_group memory memory.limit_in_bytes memory.max)"
    [[ -e /sys/fs/cgroup/cgroup.controllers ]] || same 25000 "$(in_group cpu cpu.cfs_quota_us "")"
    same 50 "$(in_group pids pids.max pids.max)"
}

An_update_leaves_the_devices() {
    detached --memory 64m -- sleep 1000
    podman update --memory 96m "$id"
    inside sh -c ': >/dev/null'
    refuses 'Operation not permitted' podman exec --privileged "$id" sh -c 'mknod /own c 10 229 && : </own'
}

Statistics_are_counted() {
    detached --memory 64m -- sh -c 'sleep 1000 & sleep 1000'
    local bytes
    eventually counts_processes 2
    bytes="$(podman stats --no-stream --format '{{.MemUsageBytes}}' "$id")"
    [[ "$bytes" == *'64MiB' && "$bytes" != 0B* ]] || broken "$bytes"
}
counts_processes() { [[ "$(podman stats --no-stream --format '{{.PIDs}}' "$id")" == "$1" ]]; }

A_cgroup_of_the_callers_choice() {
    detached --cgroup-parent /chosen -- sleep 1000
    [[ "$(cat "/proc/$(inspected .State.Pid)/cgroup")" == *":memory:/chosen/"* ]] || [[ -e /sys/fs/cgroup/chosen ]] || broken "not below /chosen"
}

A_cgroup_namespace_hides_the_path() {
    says / container --cgroupns private -- sh -c 'sed -n "s/.*:pids:\|^0:://p" /proc/self/cgroup | sort -u'
    mentions libpod container --cgroupns host -- cat /proc/self/cgroup
}
