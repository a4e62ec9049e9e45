# Limits: what the kernel holds, and that it bites.

A_memory_limit_is_what_the_kernel_enforces() {
    detached --memory 64m --memory-reservation 32m -- sleep 1000
    same 67108864 "$(limit memory memory.limit_in_bytes memory.max)"
    same 33554432 "$(limit memory memory.soft_limit_in_bytes memory.low)"
}

Memory_and_swap_are_limited_together() {
    detached --memory 64m --memory-swap 96m -- sleep 1000
    unified || same 100663296 "$(limit memory memory.memsw.limit_in_bytes '')"
    ! unified || same 33554432 "$(limit memory '' memory.swap.max)"
}

A_container_out_of_memory_is_killed_and_docker_knows() {
    docker events --filter event=oom >/tmp/events &
    local listener=$!
    # The report and the end of a container take different ways to docker: here the end has to wait.
    detached --memory 16m -- sh -c 'tail /dev/zero; status=$?; while [ ! -e /tmp/end ]; do sleep 0.1; done; exit $status'
    eventually holds ' container oom ' cat /tmp/events
    kill "$listener"
    inside touch /tmp/end
    eventually is exited
    same 'true 137 exited' "$(of '.State.OOMKilled') $(of .State.ExitCode) $(of .State.Status)"
}

The_killer_can_be_switched_off() {
    ! unified || skip 'the killer cannot be switched off in cgroup version 2'
    detached --memory 64m --oom-kill-disable -- sleep 1000
    mentions 'oom_kill_disable 1' limit memory memory.oom_control ''
}

A_score_for_the_killer_is_what_is_asked_for() {
    says 500 container --oom-score-adj 500 -- cat /proc/self/oom_score_adj
}

Processor_time_is_limited() {
    detached --cpus 0.5 -- sleep 1000
    if unified; then
        same '50000 100000' "$(limit cpu '' cpu.max)"
    else
        same '50000 100000' "$(limit cpu cpu.cfs_quota_us '') $(limit cpu cpu.cfs_period_us '')"
    fi
}

Quota_and_period_are_what_is_asked_for() {
    detached --cpu-quota 20000 --cpu-period 50000 -- sleep 1000
    if unified; then
        same '20000 50000' "$(limit cpu '' cpu.max)"
    else
        same '20000 50000' "$(limit cpu cpu.cfs_quota_us '') $(limit cpu cpu.cfs_period_us '')"
    fi
}

Shares_and_processors_are_what_is_asked_for() {
    detached --cpu-shares 512 --cpuset-cpus 0 --cpuset-mems 0 -- sleep 1000
    unified || same 512 "$(limit cpu cpu.shares '')"
    same 0 "$(limit cpuset cpuset.cpus cpuset.cpus)"
    same 0 "$(status_of "$(pid_of)" Cpus_allowed_list)"
}

A_number_of_processes_is_what_the_kernel_enforces() {
    detached --pids-limit 6 -- sleep 1000
    same 6 "$(limit pids pids.max pids.max)"
    refuses "can't fork" inside sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
}

A_device_is_read_at_the_rate_that_is_asked_for() {
    [[ -b /dev/loop0 ]] || skip 'no /dev/loop0'
    detached --device-read-bps /dev/loop0:1mb --device-write-iops /dev/loop0:100 -- sleep 1000
    if unified; then
        mentions 'rbps=1048576' limit blkio '' io.max
    else
        same '7:0 1048576' "$(limit blkio blkio.throttle.read_bps_device '')"
        same '7:0 100' "$(limit blkio blkio.throttle.write_iops_device '')"
    fi
}

The_kernels_eagerness_to_swap_is_what_is_asked_for() {
    ! unified || skip 'cgroup version 2 has no swappiness'
    detached --memory 64m --memory-swappiness 10 -- sleep 1000
    same 10 "$(limit memory memory.swappiness '')"
}

Limits_of_processes_are_what_is_asked_for() {
    says '100 200' container --ulimit nofile=100:200 -- sh -c 'echo $(ulimit -Sn) $(ulimit -Hn)'
    says '0' container --ulimit core=0 -- sh -c 'ulimit -c'
}

A_parameter_of_the_kernel_is_set_for_the_container_alone() {
    local before; before="$(cat /proc/sys/kernel/msgmax)"
    says '4242 1' container --sysctl kernel.msgmax=4242 --sysctl net.ipv4.conf.lo.forwarding=1 -- \
        sh -c 'echo $(cat /proc/sys/kernel/msgmax /proc/sys/net/ipv4/conf/lo/forwarding)'
    same "$before" "$(cat /proc/sys/kernel/msgmax)"
}

The_cgroup_is_where_it_is_asked_for() {
    detached --cgroup-parent /parent-of-its-own -- sleep 1000
    mentions ":/parent-of-its-own/$(of .Id)" grep pids "/proc/$(pid_of)/cgroup"
    docker rm --force "$id"
    # Docker made the parent by asking for it, and nobody removes it.
    find /sys/fs/cgroup -depth -type d -name parent-of-its-own -exec rmdir {} +
}

Update_changes_what_the_kernel_holds() {
    detached --memory 64m --cpus 0.5 --pids-limit 50 -- sleep 1000
    docker update --memory 96m --memory-swap 128m --memory-reservation 16m --cpus 1.5 --cpu-shares 256 --pids-limit 20 --cpuset-cpus 0 "$id"
    same 100663296 "$(limit memory memory.limit_in_bytes memory.max)"
    same 20 "$(limit pids pids.max pids.max)"
    same 0 "$(limit cpuset cpuset.cpus cpuset.cpus)"
    if unified; then
        same '150000 100000' "$(limit cpu '' cpu.max)"
    else
        same 134217728 "$(limit memory memory.memsw.limit_in_bytes '')"
        same 16777216 "$(limit memory memory.soft_limit_in_bytes '')"
        same '150000 256' "$(limit cpu cpu.cfs_quota_us '') $(limit cpu cpu.shares '')"
    fi
}

Update_of_one_limit_leaves_the_others() {
    detached --memory 64m --cpu-shares 512 --pids-limit 50 --device /dev/null:/dev/zilch -- sleep 1000
    docker update --pids-limit 30 "$id"
    same '67108864 30' "$(limit memory memory.limit_in_bytes memory.max) $(limit pids pids.max pids.max)"
    unified || same 512 "$(limit cpu cpu.shares '')"
    says '' inside sh -c 'echo text >/dev/zilch && cat /dev/null'
    docker update --memory 48m --memory-swap 48m "$id"
    same '50331648 30' "$(limit memory memory.limit_in_bytes memory.max) $(limit pids pids.max pids.max)"
    refuses 'Operation not permitted' inside sh -c 'mknod /tmp/loop c 10 237 && exec 3<>/tmp/loop'
}

Limits_of_update_last_through_a_restart() {
    detached --memory 64m -- sleep 1000
    docker update --memory 80m --memory-swap 80m "$id"
    docker restart --time 0 "$id"
    same 83886080 "$(limit memory memory.limit_in_bytes memory.max)"
}

Stats_agree_with_the_kernel() {
    detached --memory 64m -- sh -c 'head -c 8000000 /dev/zero >/dev/shm/some; sleep 1234 & wait'
    eventually pgrep --full --exact 'sleep 1234'
    eventually plausible
}

# Eight million bytes are 7.63 MiB.
plausible() {
    docker stats --no-stream --format '{{.PIDs}} {{.MemUsage}}' "$id" >/tmp/stats
    grep -qE '^2 (7\.[6-9]|8|9|1[0-9])[.0-9]*MiB / 64MiB$' /tmp/stats || broken "$(cat /tmp/stats)"
}
