# Limits: what the kernel holds, and that it bites.

A_memory_limit_is_what_the_kernel_enforces() {
    detached --memory-limit 33554432 -- sleep 1000
    same 33554432 "$(kernel_has "$(pid_of)" memory memory.limit_in_bytes memory.max)"
}

A_container_out_of_memory_is_killed_and_it_is_reported() {
    ctr events >/tmp/events &
    local listener=$!
    ends 137 container --rm --memory-limit 16777216 -- sh -c 'exec tail /dev/zero'
    eventually holds "/tasks/oom" cat /tmp/events
    kill "$listener"
    grep /tasks/oom /tmp/events | grep -q "$id"
}

Processor_time_is_limited() {
    detached --cpus 0.5 -- sleep 1000
    local pid; pid="$(pid_of)"
    if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
        same '50000 100000' "$(kernel_has "$pid" cpu '' cpu.max)"
    else
        same 50000 "$(kernel_has "$pid" cpu cpu.cfs_quota_us '')"
        same 100000 "$(kernel_has "$pid" cpu cpu.cfs_period_us '')"
    fi
}

Quota_and_period_are_what_is_asked_for() {
    detached --cpu-quota 20000 --cpu-period 50000 -- sleep 1000
    local pid; pid="$(pid_of)"
    if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
        same '20000 50000' "$(kernel_has "$pid" cpu '' cpu.max)"
    else
        same 20000 "$(kernel_has "$pid" cpu cpu.cfs_quota_us '')"
        same 50000 "$(kernel_has "$pid" cpu cpu.cfs_period_us '')"
    fi
}

A_quota_slows_a_busy_program() {
    container --detach --null-io --cpu-quota 10000 --cpu-period 100000 -- sh -c 'while true; do :; done'
    eventually is RUNNING
    local pid before after
    pid="$(pid_of)"
    before="$(awk '{ print $14 + $15 }' "/proc/$pid/stat")"
    sleep 1.5
    after="$(awk '{ print $14 + $15 }' "/proc/$pid/stat")"
    # 15 ticks of 10 ms are a tenth of the time.
    between 1 40 $((after - before))
}

Shares_are_what_is_asked_for() {
    detached --cpu-shares 512 -- sleep 1000
    between 1 512 "$(kernel_has "$(pid_of)" cpu cpu.shares cpu.weight)"
    [[ -e /sys/fs/cgroup/cgroup.controllers ]] || same 512 "$(kernel_has "$(pid_of)" cpu cpu.shares '')"
}

# configured JQ PROGRAM…: runs a configuration of containerd's own with a change, in the background.
configured() {
    local change="$1"; shift
    ctr oci spec | jq --args "$change"' | .root.path = "/mnt/image/rootfs" | .root.readonly = true | .process.args = $ARGS.positional
        | .process.terminal = false | .process.env = ["PATH=/bin"] | .linux.cgroupsPath = "/default/'"$id"'"' "$@" >/tmp/config.json
    ctr run --detach --null-io --runc-binary "$RUNTIME" --config /tmp/config.json "$id"
}

A_number_of_processes_is_what_the_kernel_enforces() {
    configured '.linux.resources.pids = { limit: 6 }' sleep 1000
    eventually is RUNNING
    same 6 "$(kernel_has "$(pid_of)" pids pids.max pids.max)"
    refuses "can't fork" inside sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
}

A_set_of_processors_is_what_the_kernel_enforces() {
    configured '.linux.resources.cpu = { cpus: "0" }' sleep 1000
    eventually is RUNNING
    same 0 "$(kernel_has "$(pid_of)" cpuset cpuset.cpus cpuset.cpus)"
    same 0 "$(status_of "$(pid_of)" Cpus_allowed_list)"
}

Limits_of_processes_are_what_is_asked_for() {
    configured '.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 100, hard: 200 }, { type: "RLIMIT_CORE", soft: 0, hard: 0 }]' sleep 1000
    eventually is RUNNING
    same '100 200' "$(awk '/Max open files/ { print $4, $5 }' "/proc/$(pid_of)/limits")"
    same '0 0' "$(awk '/Max core file size/ { print $5, $6 }' "/proc/$(pid_of)/limits")"
}

Metrics_agree_with_the_kernel() {
    detached --memory-limit 67108864 -- sh -c 'head -c 8000000 /dev/zero >/dev/shm/some; sleep 1000 & wait'
    eventually pgrep --full --exact 'sleep 1000'
    ctr tasks metrics --format json "$id" >/tmp/metrics
    same 2 "$(jq .pids.current /tmp/metrics)"
    if [[ ! -e /sys/fs/cgroup/cgroup.controllers ]]; then
        same 67108864 "$(jq .memory.usage.limit /tmp/metrics)"
        between 8000000 30000000 "$(jq .memory.usage.usage /tmp/metrics)"
        between 1 60000000000 "$(jq .cpu.usage.total /tmp/metrics)"
    fi
}

A_device_is_denied_unless_it_is_asked_for() {
    [[ -c /dev/loop-control ]] || skip 'no /dev/loop-control'
    refuses 'Operation not permitted' container --rm -- sh -c 'mknod /tmp/loop c 10 237 && exec 3<>/tmp/loop'
    says open container --rm --device /dev/loop-control -- sh -c 'exec 3<>/dev/loop-control && echo open'
    says 8 container --rm -- sh -c 'mknod /tmp/zero c 1 5 && head -c 8 /tmp/zero | wc -c'
}

The_cgroup_is_where_it_is_asked_for() {
    detached --cgroup /of-its-own/place -- sleep 1000
    mentions ':/of-its-own/place' grep pids "/proc/$(pid_of)/cgroup"
    ctr tasks delete --force "$id" || true
    eventually no_cgroup place
}
