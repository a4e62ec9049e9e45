# Limits: what the kernel holds, and that it bites.

A_memory_limit_is_what_the_kernel_enforces() {
    needs cgroups
    detached --memory 64m -- sleep 1000
    same 67108864 "$(limit memory memory.limit_in_bytes memory.max)"
}

Memory_reserved_and_with_swap_is_what_the_kernel_enforces() {
    needs cgroups client
    detached --memory 64m --memory-reservation 32m --memory-swap 96m -- sleep 1000
    same 67108864 "$(limit memory memory.limit_in_bytes memory.max)"
    same 33554432 "$(limit memory memory.soft_limit_in_bytes memory.low)"
    unified || same 100663296 "$(limit memory memory.memsw.limit_in_bytes '')"
    ! unified || same 33554432 "$(limit memory '' memory.swap.max)"
}

A_container_sees_its_own_limits() {
    needs cgroups client
    ! unified || skip 'cgroup version 1 is not mounted'
    says 67108864 container --memory 64m -- cat /sys/fs/cgroup/memory/memory.limit_in_bytes
    refuses 'Read-only file system' container -- sh -c 'echo 1 >/sys/fs/cgroup/pids/pids.max'
    refuses 'Read-only file system' container -- mkdir /sys/fs/cgroup/pids/made
}

A_container_out_of_memory_is_killed() {
    needs cgroups
    ends "${texts[killed]:-137}" container --memory 16m -- tail /dev/zero
}

A_container_out_of_memory_is_reported() {
    needs oom-events exec
    local listener
    listening
    # The report and the end of a container take different ways to the engine: here the end has to wait.
    detached --memory 16m -- sh -c 'tail /dev/zero; status=$?; while [ ! -e /tmp/end ]; do sleep 0.1; done; exit $status'
    eventually holds oom engine_events "/tmp/$id.events"
    kill "$listener"
    inside touch /tmp/end
    ended 137
    ! can client || same true "$(inspected .State.OOMKilled)"
}

The_killer_can_be_switched_off() {
    needs cgroups client
    ! unified || skip 'the killer cannot be switched off in cgroup version 2'
    detached --memory 64m --oom-kill-disable -- sleep 1000
    mentions 'oom_kill_disable 1' limit memory memory.oom_control ''
}

A_score_for_the_killer_is_what_is_asked_for() {
    needs oom-score
    says 500 container --oom-score-adj 500 -- cat /proc/self/oom_score_adj
}

Processor_time_is_limited() {
    needs cgroups cpus
    detached --cpus 0.5 -- sleep 1000
    has_quota 50000 100000
}

Quota_and_period_are_what_is_asked_for() {
    needs cgroups
    detached --cpu-quota 20000 --cpu-period 50000 -- sleep 1000
    has_quota 20000 50000
}

A_quota_slows_a_busy_program() {
    needs cgroups
    detached --cpu-quota 10000 --cpu-period 100000 -- sh -c 'while true; do :; done'
    throttled() { [[ "$(limit cpu cpu.stat cpu.stat | awk '$1 == "nr_throttled" { print $2 }')" -ge 3 ]]; }
    eventually throttled
}

Shares_are_what_is_asked_for() {
    needs cgroups
    detached --cpu-shares 512 -- sleep 1000
    between 1 512 "$(limit cpu cpu.shares cpu.weight)"
    unified || same 512 "$(limit cpu cpu.shares '')"
}

A_set_of_processors_is_what_the_kernel_enforces() {
    needs cgroups
    says 1 container --cpuset-cpus 0 -- nproc
    detached --cpuset-cpus 0 --cpuset-mems 0 -- sleep 1000
    same '0 0' "$(limit cpuset cpuset.cpus cpuset.cpus) $(limit cpuset cpuset.mems cpuset.mems)"
    same 0 "$(status_of "$(pid_of)" Cpus_allowed_list)"
}

A_number_of_processes_is_what_the_kernel_enforces() {
    needs cgroups pids exec
    detached --pids-limit 6 -- sleep 1000
    same 6 "$(limit pids pids.max pids.max)"
    refuses "can't fork" inside sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
    refuses "can't fork" container_other --pids-limit 6 -- sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done'
}

container_other() { engine_run "$id-other" "$@"; }

A_device_is_read_and_written_at_the_rate_that_is_asked_for() {
    needs cgroups client
    local disk numbers
    disk="$(lsblk --nodeps --noheadings --paths --output NAME,TYPE,SIZE | awk '$2 == "disk" && $3 != "0B" { print $1; exit }')"
    [[ -b "$disk" ]] || disk=/dev/loop0
    [[ -b "$disk" ]] || skip 'there is no disk'
    numbers="$(stat -c '%Hr:%Lr' "$disk")"
    detached --device-read-bps "$disk:1mb" --device-write-iops "$disk:100" -- sleep 1000
    if unified; then
        mentions 'rbps=1048576' limit blkio '' io.max
    else
        same "$numbers 1048576" "$(limit blkio blkio.throttle.read_bps_device '')"
        same "$numbers 100" "$(limit blkio blkio.throttle.write_iops_device '')"
    fi
}

The_kernels_eagerness_to_swap_is_what_is_asked_for() {
    needs cgroups client
    ! unified || skip 'cgroup version 2 has no swappiness'
    detached --memory 64m --memory-swappiness 10 -- sleep 1000
    same 10 "$(limit memory memory.swappiness '')"
}

Limits_of_processes_are_what_is_asked_for() {
    local open=(--ulimit nofile=111:222) processes=(--ulimit nproc=444:555)
    says '111 222' container "${open[@]}" "${processes[@]}" -- sh -c 'echo $(ulimit -Sn) $(ulimit -Hn)'
    says '444 555' container "${open[@]}" "${processes[@]}" -- awk '/^Max processes/ { print $3, $4 }' /proc/self/limits
    says '0 0' container --ulimit core=0:0 "${open[@]}" "${processes[@]}" -- awk '/^Max core/ { print $5, $6 }' /proc/self/limits
}

A_parameter_of_the_kernel_is_set_for_the_container_alone() {
    needs sysctl
    local before; before="$(cat /proc/sys/kernel/msgmax)"
    says '4242 1' container --sysctl kernel.msgmax=4242 --sysctl net.ipv4.ip_forward=1 -- \
        sh -c 'echo $(cat /proc/sys/kernel/msgmax /proc/sys/net/ipv4/ip_forward)'
    same "$before" "$(cat /proc/sys/kernel/msgmax)"
    says "$before" container -- cat /proc/sys/kernel/msgmax
}

The_cgroup_is_where_it_is_asked_for() {
    needs cgroups cgroup-parent
    detached --cgroup-parent /parent-of-its-own -- sleep 1000
    if unified; then mentions ':/parent-of-its-own/' cat "/proc/$(pid_of)/cgroup"; else mentions ':/parent-of-its-own/' grep memory "/proc/$(pid_of)/cgroup"; fi
    mentions "$(engine_runtime_id "$id")" cat "/proc/$(pid_of)/cgroup"
    engine_remove "$id"
    eventually no_cgroup "$(engine_runtime_id "$id" 2>/dev/null || echo "$id")"
    # The runtime made the parent because it was asked for, and does not remove it.
    remove_parent() { find /sys/fs/cgroup -depth -type d -path '*/parent-of-its-own*' -exec rmdir {} +; }
    eventually remove_parent
}

Update_changes_what_the_kernel_holds() {
    needs cgroups client
    detached --memory 64m --cpus 0.5 --pids-limit 50 -- sleep 1000
    client update --memory 96m --memory-swap 128m --memory-reservation 16m --cpus 1.5 --cpu-shares 256 --cpuset-cpus 0 "$id"
    same 100663296 "$(limit memory memory.limit_in_bytes memory.max)"
    same 50 "$(limit pids pids.max pids.max)"
    same 0 "$(limit cpuset cpuset.cpus cpuset.cpus)"
    has_quota 150000 100000
    if ! unified; then
        same 134217728 "$(limit memory memory.memsw.limit_in_bytes '')"
        same 16777216 "$(limit memory memory.soft_limit_in_bytes '')"
        same 256 "$(limit cpu cpu.shares '')"
    fi
}

Update_of_one_limit_leaves_the_others() {
    needs cgroups client
    detached --memory 64m --cpu-shares 512 --pids-limit 50 -- sleep 1000
    client update --cpus 0.25 "$id"
    has_quota 25000 100000
    same '67108864 50' "$(limit memory memory.limit_in_bytes memory.max) $(limit pids pids.max pids.max)"
    unified || same 512 "$(limit cpu cpu.shares '')"
    client update --memory 48m --memory-swap 48m "$id"
    same '50331648 50' "$(limit memory memory.limit_in_bytes memory.max) $(limit pids pids.max pids.max)"
}

Update_leaves_the_devices() {
    needs cgroups client
    detached --memory 64m --cap-add MKNOD --device /dev/null:/dev/zilch -- sleep 1000
    client update --memory 96m --memory-swap 96m "$id"
    says '' inside sh -c 'echo text >/dev/zilch && cat /dev/null'
    refuses 'Operation not permitted' inside sh -c 'mknod /tmp/loop c 10 237 && exec 3<>/tmp/loop'
    refuses 'Operation not permitted' inside sh -c 'mknod /tmp/fuse c 10 229 && exec 3</tmp/fuse'
}

Statistics_agree_with_the_kernel() {
    needs cgroups statistics
    detached --memory 64m -- sh -c 'head -c 8000000 /dev/zero >/dev/shm/some; sleep 1234 & wait'
    eventually processes_of 'sleep 1234'
    plausible() {
        local processes used allowed
        read -r processes used allowed <<<"$(engine_statistics "$id")"
        # Units are rounded to three digits.
        same '2 67108864' "$processes $allowed"
        between 7900000 30000000 "$used"
    }
    eventually plausible
}
