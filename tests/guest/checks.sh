#!/bin/bash
# checks.sh PLACE [OTHER] - runs inside the guest (see guest.sh): laws about hull on a machine with systemd and cgroup v2 alone.
#
# Every function whose name begins with a capital letter is a check; it fails by returning non-zero, after which its output is
# shown. tests/EndToEnd.Tests/Guest reads the names from this file and the results from its output:
#   RESULT ok|failed|skipped NAME REASON
# PLACE is box (this machine's kernel, no v2 controllers) or machine (a kernel of its own). With OTHER, a place where all of them have run
# already, only those are run that look at controllers or security modules.
place=$1 other=$2
hull=/usr/local/bin/hull
bundle=/var/tmp/bundle
base=/sys/fs/cgroup

prepare() {
    # The share of an emulated machine pages a binary in at a hundredth of a disk's speed: create takes seconds from there.
    cp /share/hull $hull
    mkdir -p $bundle/rootfs/{bin,proc,sys,dev,tmp,etc}
    cp /bin/busybox $bundle/rootfs/bin/
    local applet
    for applet in sh cat ls echo sleep dd mkdir id true head tail rm kill; do ln -sf busybox $bundle/rootfs/bin/$applet; done
    cd $bundle || exit 125
    rm -f config.json
    $hull spec && mv config.json base.json
    tester=/home/tester/bundle
    mkdir -p $tester && cp -a rootfs $tester/ && (cd $tester && rm -f config.json && setpriv --reuid=1000 --regid=1000 --clear-groups true && chown -R tester: /home/tester)
    jq '.linux.namespaces |= map(select(.type != "network")) + [{type: "user"}] | del(.linux.resources)
        | .linux.uidMappings = [{containerID: 0, hostID: 1000, size: 1}] | .linux.gidMappings = .linux.uidMappings
        | .mounts |= map(if .type == "sysfs" then {destination: "/sys", type: "none", source: "/sys", options: ["rbind", "nosuid", "noexec", "nodev", "ro"]}
            elif .type == "devpts" then .options -= ["gid=5"] else . end)' base.json >$tester/base.json
}

# configure EXPRESSION COMMAND: the default configuration, changed by jq, with a shell command to run.
configure() {
    jq --arg command "$2" ".process.terminal = false | .root.readonly = false | .process.args = [\"/bin/sh\", \"-c\", \$command] | $1" base.json >config.json
}

expect() { [[ "$1" == "$2" ]] || { echo "expected: $2"; echo "but was:  $1"; return 1; }; }
controllers() { grep -qw memory $base/cgroup.controllers; }
eventually() { local i; for i in {1..50}; do "$@" && return; sleep 0.1; done; return 1; }

# gone UNIT: neither systemd nor the kernel knows it any more.
gone() {
    [[ -z "$(systemctl list-units --all --no-legend "$1")" ]] || { systemctl status --no-pager "$1"; return 1; }
    [[ -z "$(find $base -type d -name "${1%.scope}*")" ]] || { echo "cgroups are left:"; find $base -type d -name "${1%.scope}*"; return 1; }
}

limits='.linux.resources += {memory: {limit: 67108864, swap: 100663296, reservation: 33554432}, pids: {limit: 33},
    cpu: {quota: 33333, period: 100000, shares: 2048, cpus: "0"}}'
show='cd /sys/fs/cgroup; cat memory.max memory.swap.max memory.low pids.max cpu.max cpu.weight cpuset.cpus; cat /proc/self/cgroup | tail -1'
values=$'67108864\n33554432\n33554432\n33\n33333 100000\n174\n0\n0::/'

# ---- the systemd driver ----------------------------------------------------------------------------------------------

A_scope_holds_the_container_and_ends_with_it() {
    configure '.linux.cgroupsPath = "machine.slice:law:one"' 'sleep 100'
    $hull --systemd-cgroup create one && $hull start one || return
    local pid; pid=$($hull state one | jq .pid)
    expect "$(systemctl is-active law-one.scope)" active || return
    expect "$(tail -n 1 /proc/$pid/cgroup)" 0::/machine.slice/law-one.scope || return
    expect "$(systemctl show -P Description law-one.scope)" 'hull container one' || return
    $hull kill one KILL && eventually eval '[[ $($hull state one | jq -r .status) == stopped ]]' && $hull delete one && gone law-one.scope
}

A_container_run_in_the_foreground_leaves_no_scope() {
    configure '.linux.cgroupsPath = "system.slice:law:two"' 'tail -n 1 /proc/self/cgroup; exit 7'
    local said status
    said=$($hull --systemd-cgroup run two); status=$?
    expect "$status $said" '7 0::/' && gone law-two.scope
}

Without_a_path_the_scope_is_in_the_systems_slice() {
    configure 'del(.linux.cgroupsPath)' 'sleep 100'
    $hull --systemd-cgroup run -d three || return
    expect "$(systemctl show -P ControlGroup hull-three.scope)" /system.slice/hull-three.scope && $hull delete -f three && gone hull-three.scope
}

Systemd_knows_the_limits() {
    configure "$limits | .linux.cgroupsPath = \"system.slice:law:four\" | .annotations = {\"org.systemd.property.TimeoutStopSec\": \"7\"}" 'sleep 100'
    controllers || configure '.linux.cgroupsPath = "system.slice:law:four" | .annotations = {"org.systemd.property.TimeoutStopSec": "7", "org.systemd.property.TasksMax": "uint64 33"}' 'sleep 100'
    $hull --systemd-cgroup run -d four || return
    local said; said=$(systemctl show law-four.scope -p TimeoutStopUSec -p TasksMax -p Delegate -p DevicePolicy | sort)
    expect "$said" $'Delegate=yes\nDevicePolicy=strict\nTasksMax=33\nTimeoutStopUSec=7s' || return
    ! controllers || expect "$(systemctl show law-four.scope -p MemoryMax -p MemorySwapMax -p CPUQuotaPerSecUSec -p CPUWeight -p AllowedCPUs | sort)" \
        $'AllowedCPUs=0\nCPUQuotaPerSecUSec=340ms\nCPUWeight=174\nMemoryMax=67108864\nMemorySwapMax=33554432' || return
    $hull delete -f four && gone law-four.scope
}

Limits_reach_the_kernel_and_stay_after_a_reload() {
    controllers || return 77
    configure "$limits | .linux.cgroupsPath = \"system.slice:law:five\"" "$show; sleep 100"
    $hull --systemd-cgroup run -d five >out || return
    eventually grep -q 0::/ out
    expect "$(cat out)" "$values" || return
    systemctl daemon-reload
    expect "$(cat $base/system.slice/law-five.scope/{memory.max,pids.max,cpu.weight})" $'67108864\n33\n174' && $hull delete -f five && gone law-five.scope
}

A_device_that_is_denied_stays_so_after_a_reload() {
    configure '.linux.cgroupsPath = "system.slice:law:six" | .linux.devices = [{path: "/dev/fuse", type: "c", major: 10, minor: 229}]
        | .linux.resources.devices = [{allow: true, access: "rwm"}, {allow: false, type: "c", major: 10, minor: 229, access: "rwm"}]' \
        'while :; do (: </dev/fuse) 2>/dev/null && echo open || echo denied; (: </dev/null) && echo null; sleep 0.1; done'
    $hull --systemd-cgroup run -d six >out || return
    eventually grep -q null out || return
    systemctl daemon-reload && systemctl set-property --runtime law-six.scope TasksMax=50 && systemctl daemon-reexec || return
    sleep 1
    $hull delete -f six
    ! grep -q open out && grep -q denied out && gone law-six.scope
}

A_scope_of_somebody_else_is_refused_and_left_alone() {
    systemd-run --quiet --scope -u law-seven.scope sleep 100 & local other=$!
    eventually systemctl -q is-active law-seven.scope || return
    configure '.linux.cgroupsPath = "system.slice:law:seven"' true
    ! $hull --systemd-cgroup run seven 2>said || return
    cat said
    local active; active=$(systemctl is-active law-seven.scope)
    $hull delete -f seven
    expect "$active $(systemctl is-active law-seven.scope)" 'active active'; local status=$?
    systemctl stop law-seven.scope; wait $other
    return $status
}

A_create_that_fails_leaves_nothing() {
    configure '.linux.cgroupsPath = "system.slice:law:eight" | .process.args = ["/nothing"]' true
    ! $hull --systemd-cgroup create eight 2>said || return
    grep -q 'no such file' said && [[ ! -e /run/hull/eight ]] && gone law-eight.scope || return
    configure '.linux.cgroupsPath = "system.slice:law:eight" | .annotations = {"org.systemd.property.NoSuchThing": "true"}' true
    ! $hull --systemd-cgroup create eight 2>said || return
    grep -q 'NoSuchThing' said && [[ ! -e /run/hull/eight ]] && gone law-eight.scope
}

A_hull_that_is_killed_anywhere_leaves_nothing_that_delete_cannot_remove() {
    local all call died=0
    configure '.linux.cgroupsPath = "system.slice:law:nine"' 'sleep 4711'
    # strace counts each kind of call for itself: a call is known by its name and its number among those.
    strace -qq -o calls $hull --systemd-cgroup create nine </dev/null >/dev/null 2>&1 && $hull delete --force nine || return
    mapfile -t all < <(sed -n 's/^\([a-z_0-9]*\)(.*/\1/p' calls | awk '{ print $1 ":" ++number[$1] }' | grep -v '^execve')
    for call in "${all[@]}"; do
        in_sample || continue
        { strace -qq -o /dev/null -e "inject=${call%:*}:signal=KILL:when=${call#*:}" $hull --systemd-cgroup create nine </dev/null >/dev/null || died=$((died + 1)); } 2>/dev/null
        $hull delete --force nine || { echo "$call"; return 1; }
        eventually gone law-nine.scope >/dev/null || { echo "$call"; gone law-nine.scope; return 1; }
        [[ ! -e /run/hull/nine ]] || { echo "$call: state is left"; return 1; }
        eventually eval '! pgrep -f "sleep 4711"' >/dev/null || { echo "$call: a process is left"; pgrep -af 'sleep 4711'; return 1; }
    done
    echo "$died died at one of ${#all[@]} calls"; [[ $died -gt 0 ]]
}

# in_sample: about forty turns of a few hundred, or all with HULL_FAULTS=all; on an emulated machine, where each takes a second, two.
turn=0
in_sample() {
    local size=2
    turn=$((turn + 1))
    [[ $place != box ]] || size=40
    [[ $place == box && $HULL_FAULTS == all ]] || ((turn % (${#all[@]} / size) == 0))
}

Cgroups_that_the_container_made_go_with_it() {
    configure '.linux.cgroupsPath = "system.slice:law:ten" | .mounts |= map(if .type == "cgroup" then .options -= ["ro"] else . end)
        | .linux.namespaces |= map(select(.type != "pid"))' \
        'mkdir -p /sys/fs/cgroup/a/b; sleep 1000 & echo $! >/sys/fs/cgroup/a/b/cgroup.procs; exec sleep 100'
    $hull --systemd-cgroup run -d ten || return
    eventually grep -q . $base/system.slice/law-ten.scope/a/b/cgroup.procs || return
    $hull delete -f ten && gone law-ten.scope
}

A_slice_can_be_the_containers_unit() {
    configure '.linux.cgroupsPath = "law.slice:x:law-eleven.slice"' 'sleep 100'
    $hull --systemd-cgroup run -d eleven || return
    local pid; pid=$($hull state eleven | jq .pid)
    expect "$(tail -n 1 /proc/$pid/cgroup)" 0::/law.slice/law-eleven.slice || return
    $hull delete -f eleven && expect "$(systemctl is-active law-eleven.slice)" inactive && [[ ! -d $base/law.slice/law-eleven.slice ]]
}

A_command_that_is_executed_is_in_the_scope() {
    configure '.linux.cgroupsPath = "system.slice:law:exec"' 'sleep 100'
    $hull --systemd-cgroup run -d exec || return
    expect "$($hull exec exec /bin/sh -c 'tail -n 1 /proc/self/cgroup')" 0::/ || return
    $hull exec --detach exec /bin/sleep 100 || return
    expect "$(wc -l <$base/system.slice/law-exec.scope/cgroup.procs)" 2 && $hull delete -f exec && gone law-exec.scope
}

A_container_in_a_scope_can_be_paused_and_goes_with_delete() {
    configure '.linux.cgroupsPath = "system.slice:law:pause"' 'sleep 100'
    $hull --systemd-cgroup run -d pause && $hull pause pause || return
    expect "$($hull state pause | jq -r .status)" paused && $hull resume pause && $hull pause pause && $hull delete -f pause && gone law-pause.scope
}

An_update_reaches_systemd_and_the_kernel_and_stays_after_a_reload() {
    controllers || return 77
    configure "$limits | .linux.cgroupsPath = \"system.slice:law:update\"" 'sleep 100'
    $hull --systemd-cgroup run -d update && $hull update --memory 50331648 --memory-swap 50331648 --pids-limit 44 --cpu-quota 20001 update || return
    local told='AllowedCPUs=0 CPUQuotaPerSecUSec=210ms CPUWeight=174 MemoryMax=50331648 MemorySwapMax=0 TasksMax=44 ' now='50331648 0 44 20001 100000 174 '
    expect "$(systemctl show law-update.scope -p MemoryMax -p MemorySwapMax -p CPUQuotaPerSecUSec -p CPUWeight -p AllowedCPUs -p TasksMax | sort | tr '\n' ' ')" "$told" || return
    expect "$(cd $base/system.slice/law-update.scope; cat memory.max memory.swap.max pids.max cpu.max cpu.weight | tr '\n' ' ')" "$now" || return
    systemctl daemon-reload
    expect "$(cd $base/system.slice/law-update.scope; cat memory.max memory.swap.max pids.max | tr '\n' ' ')" '50331648 0 44 ' && $hull delete -f update && gone law-update.scope
}

A_bus_is_as_good_as_systemds_own_socket() {
    configure '.linux.cgroupsPath = "system.slice:law:twelve"' 'sleep 100'
    DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket $hull --systemd-cgroup run -d twelve || return
    expect "$(systemctl is-active law-twelve.scope)" active && DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket $hull delete -f twelve && gone law-twelve.scope
}

Without_systemd_there_is_one_line_that_says_so() {
    configure '.linux.cgroupsPath = "system.slice:law:thirteen"' true
    ! DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nowhere $hull --systemd-cgroup run thirteen 2>said || return
    cat said
    [[ $(wc -l <said) == 1 ]] && grep -q 'systemd cannot be reached: connect to /nowhere' said && [[ ! -e /run/hull/thirteen ]]
}

# ---- cgroup v2 without systemd ---------------------------------------------------------------------------------------

On_cgroup_v2_limits_reach_the_kernel() {
    controllers || return 77
    configure "$limits | .linux.cgroupsPath = \"/law/fourteen\"" "$show"
    expect "$($hull run fourteen)" "$values" && [[ ! -e $base/law ]]
}

A_container_that_takes_too_much_memory_is_killed_and_that_is_known() {
    controllers || return 77
    configure '.linux.resources += {memory: {limit: 16777216, swap: 16777216}} | .linux.cgroupsPath = "system.slice:law:fifteen"' \
        'dd if=/dev/zero of=/dev/null bs=64M count=1; echo "dd ended with $?"; grep oom_kill /sys/fs/cgroup/memory.events || cat /sys/fs/cgroup/memory.events'
    local said; said=$($hull --systemd-cgroup run fifteen 2>&1); echo "$said"
    [[ $said == *'dd ended with 137'* && $said == *'oom_kill 1'* ]] && gone law-fifteen.scope
}

A_container_cannot_have_more_processes_than_it_may() {
    controllers || return 77
    configure '.linux.resources += {pids: {limit: 4}} | .linux.cgroupsPath = "system.slice:law:sixteen"' \
        'sleep 5 & sleep 5 & sleep 5 & sleep 5 & sleep 5 & wait'
    local said; said=$($hull --systemd-cgroup run sixteen 2>&1); echo "$said"
    [[ $said == *fork* ]]
}

A_container_gets_no_more_of_a_processor_than_it_may() {
    controllers || return 77
    configure '.linux.resources += {cpu: {quota: 10000, period: 100000}} | .linux.cgroupsPath = "system.slice:law:seventeen"' \
        'i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done; cat /sys/fs/cgroup/cpu.stat'
    local throttled; throttled=$($hull --systemd-cgroup run seventeen | awk '/nr_throttled/ {print $2}')
    echo "throttled $throttled times"; [[ $throttled -gt 0 ]]
}

Half_a_megabyte_is_enough_to_start() {
    controllers || return 77
    configure '.linux.resources += {memory: {limit: 524288}} | .linux.cgroupsPath = "/law/eighteen" | .process.args = ["/bin/true"]' true
    $hull run eighteen || return
    configure '.linux.resources += {memory: {limit: 524288}} | .linux.cgroupsPath = "system.slice:law:eighteen" | .process.args = ["/bin/true"]' true
    $hull --systemd-cgroup run eighteen && gone law-eighteen.scope
}

every='.linux.resources += {memory: {limit: 67108864, swap: 100663296, reservation: 33554432}, pids: {limit: 33},
    cpu: {quota: 33333, period: 50000, burst: 1000, shares: 512, cpus: "0", mems: "0"},
    blockIO: {weight: 500, throttleReadBpsDevice: [{major: 254, minor: 0, rate: 1048576}], throttleWriteBpsDevice: [{major: 254, minor: 0, rate: 2097152}],
        throttleReadIOPSDevice: [{major: 254, minor: 0, rate: 300}], throttleWriteIOPSDevice: [{major: 254, minor: 0, rate: 400}]},
    hugepageLimits: [{pageSize: "2MB", limit: 4194304}],
    unified: {"memory.high": "50331648", "pids.max": "44", "memory.oom.group": "1"}}'
every_file='memory.max memory.swap.max memory.low memory.high memory.oom.group pids.max cpu.max cpu.max.burst cpu.weight cpuset.cpus cpuset.mems io.max hugetlb.2MB.max hugetlb.2MB.rsvd.max'
limits_of() { local file; for file in $every_file; do cat "$base/$1/$file"; done; }
unit_limits() { systemctl show "$1" -p MemoryMax -p MemorySwapMax -p MemoryLow -p TasksMax -p CPUQuotaPerSecUSec -p CPUWeight -p AllowedCPUs | sort; cat $base/system.slice/"$1"/{memory.max,pids.max}; }
begin() { configure "$1 | .linux.cgroupsPath = \"/law/$2\"" 'sleep 100'; $hull run -d "$2"; }

Every_resource_of_cgroup_v2_is_set_by_create() {
    controllers || return 77
    begin "$every" all || return
    expect "$(limits_of law/all)" $'67108864\n33554432\n33554432\n50331648\n1\n44\n33333 50000\n1000\n59\n0\n0\n254:0 rbps=1048576 wbps=2097152 riops=300 wiops=400\n4194304\n4194304' || return
    # Without BFQ the weight is on another scale, with it on that of cgroup v1.
    grep -qx 'default 4950' $base/law/all/io.weight || grep -qx 'default 500' $base/law/all/io.bfq.weight || return
    modprobe bfq && $hull update all --blkio-weight 300 && grep -q 300 $base/law/all/io.bfq.weight
}

Every_option_of_update_changes_its_limit_on_cgroup_v2() {
    controllers || return 77
    begin "$every" opt || return
    $hull update opt --memory 40M --memory-swap 60M --memory-reservation 10M --cpu-period 100000 --cpu-share 1024 --cpu-burst 0 --pids-limit 55 --cpuset-cpus 0-1 --cpuset-mems 0 || return
    expect "$(limits_of law/opt | head -n 11)" $'41943040\n20971520\n10485760\n50331648\n1\n55\n33333 100000\n0\n100\n0-1\n0' || return
    $hull update opt --cpu-quota 20000 --memory 30M && expect "$(cd $base/law/opt; cat cpu.max memory.max memory.swap.max)" $'20000 100000\n31457280\n31457280' || return
    $hull update opt --cpu-quota=-1 --memory=-1 --pids-limit=-1 && expect "$(cd $base/law/opt; cat cpu.max memory.max memory.swap.max pids.max)" $'max 100000\nmax\nmax\nmax' || return
    $hull update opt --cpu-idle 1 && $hull update opt --cpu-share 2048 && expect "$(cat $base/law/opt/cpu.idle)" 1 || return
    $hull update opt --cpu-idle 0 && expect "$(cd $base/law/opt; cat cpu.idle cpu.weight)" $'0\n174'
}

A_document_changes_every_limit_of_cgroup_v2() {
    controllers || return 77
    begin "$every" doc || return
    echo '{"blockIO": {"throttleReadBpsDevice": [{"major": 254, "minor": 0, "rate": 0}], "throttleWriteIOPSDevice": [{"major": 254, "minor": 0, "rate": 7}]},
        "hugepageLimits": [{"pageSize": "2048KB", "limit": 2097152}], "unified": {"memory.high": "max", "cpu.weight": "77"}, "memory": {"limit": 0}}' | $hull update -r - doc || return
    expect "$(cd $base/law/doc; cat io.max hugetlb.2MB.max memory.high cpu.weight memory.max)" $'254:0 rbps=max wbps=2097152 riops=300 wiops=7\n2097152\nmax\n77\n67108864'
}

An_update_that_is_refused_leaves_cgroup_v2_as_it_was() {
    controllers || return 77
    begin "$every" ref || return
    local before; before=$(limits_of law/ref)
    ! $hull update ref --memory 30M --memory-swap 50M --cpu-quota 10000 --pids-limit 9 --cpuset-cpus 900 2>said || return
    cat said; grep -q 'cpuset.cpus' said && [[ $(wc -l <said) == 1 ]] && ! grep -q 'taken back' said && expect "$(limits_of law/ref)" "$before" || return
    ! echo '{"unified": {"memory.high": "5000000", "io.max": "254:0 rbps=9", "no.such": "1"}}' | $hull update -r - ref 2>said || return
    cat said; grep -q 'no.such' said && expect "$(limits_of law/ref)" "$before" || return
    ! echo '{"memory": {"limit": 4096, "checkBeforeUpdate": true}}' | $hull update -r - ref 2>said || return
    cat said; grep -q 'rejecting memory limit 4096 <= usage' said && expect "$(limits_of law/ref)" "$before" && expect "$($hull state ref | jq -r .status)" running
}

An_update_that_is_refused_leaves_systemd_as_it_was() {
    controllers || return 77
    configure "$limits | .linux.cgroupsPath = \"system.slice:law:refused\"" 'sleep 100'
    $hull --systemd-cgroup run -d refused || return
    local change told; told=$(unit_limits law-refused.scope)
    # Refused by the kernel after systemd has taken it; and by us, before systemd could have the container killed for it.
    for change in '{"memory": {"limit": 50331648}, "pids": {"limit": 44}, "cpu": {"mems": "0"}, "unified": {"memory.high": "nonsense"}}' \
        '{"memory": {"limit": 4096, "checkBeforeUpdate": true}}'; do
        ! $hull update -r - refused <<<"$change" 2>said || return
        cat said; [[ $(wc -l <said) == 1 ]] && ! grep -q 'taken back' said && expect "$(unit_limits law-refused.scope)" "$told" || return
        expect "$($hull state refused | jq -r .status)" running || return
    done
    systemctl daemon-reload
    expect "$(unit_limits law-refused.scope)" "$told" && $hull delete -f refused && gone law-refused.scope
}

A_hull_on_a_shared_directory_of_another_machine_is_as_good() {
    controllers || return 77
    configure '.linux.cgroupsPath = "/law/shared"' 'echo ran'
    expect "$(/share/hull run shared)" ran
}

What_only_cgroup_v1_has_is_refused_by_name() {
    local setting property
    for setting in 'memory: {swappiness: 5}' 'memory: {disableOOMKiller: true}' 'memory: {kernelTCP: 5}' 'memory: {useHierarchy: false}' 'cpu: {realtimeRuntime: 5}' \
        'cpu: {realtimePeriod: 5}' 'blockIO: {leafWeight: 50}' 'network: {classID: 5}' 'network: {priorities: [{name: "lo", priority: 5}]}'; do
        configure ".linux.cgroupsPath = \"/law/only\" | .linux.resources += {$setting}" true
        ! $hull run only 2>said || return
        property=${setting#*\{}
        grep -q "${setting%%:*}.${property%%:*}" said && grep -q UNI-05 said && [[ ! -e $base/law ]] || { echo "$setting"; cat said; return 1; }
    done
}

A_controller_that_is_missing_is_named_with_the_property() {
    configure '.linux.cgroupsPath = "/law/miss" | .linux.resources.unified = {"dmem.max": "x 1"}' true
    ! $hull run miss 2>said || return
    cat said; grep -q 'linux.resources.unified.*dmem.max.*no controller .*dmem' said && [[ ! -e $base/law ]]
}

New_device_rules_take_the_place_of_the_old_ones() {
    configure '.linux.cgroupsPath = "/law/dev" | .mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs"}]
        | .linux.devices = [{path: "/dev/fuse", type: "c", major: 10, minor: 229}]' \
        'until [ -e /tmp/stop ]; do true >/dev/null || echo refused; (: </dev/fuse) 2>/dev/null && echo open || echo closed; done; echo end'
    $hull run -d dev >out || return
    local i root; root=/proc/$($hull state dev | jq .pid)/root
    echo '{"devices": [{"allow": false, "access": "rwm"}, {"allow": true, "type": "c", "major": 10, "minor": 229, "access": "rw"}]}' | $hull update -r - dev || return
    eventually grep -q open out || { tail out; return 1; }
    for i in 1 2 3; do echo '{"devices": [{"allow": false, "access": "rwm"}]}' | $hull update -r - dev && $hull update dev --cpu-idle 0 || return; done
    sleep 0.3; touch $root/tmp/stop; eventually grep -q end out || return
    ! grep -q refused out && [[ $(tail -n 2 out | head -n 1) == closed ]]
}

A_container_that_may_write_to_its_own_cgroup_owns_it() {
    configure '.linux.cgroupsPath = "/law/own" | .linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}]
        | .linux.gidMappings = .linux.uidMappings | .mounts |= map(if .type == "cgroup" then .options -= ["ro"] else . end)' \
        'cd /sys/fs/cgroup && mkdir below && echo made && rmdir below; ls -ln cgroup.procs cgroup.max.depth | while read -r mode links user rest; do echo $user; done'
    chmod 755 $bundle; expect "$($hull run own 2>&1)" $'made\n65534\n0'
}

A_frozen_cgroup_takes_no_container() {
    mkdir -p $base/law-frozen/inside && echo 1 >$base/law-frozen/cgroup.freeze || return
    local path status=0
    for path in /law-frozen /law-frozen/inside /law-frozen/new; do
        configure ".linux.cgroupsPath = \"$path\"" true
        ! timeout 20 $hull run ice 2>said && grep -q 'unexpectedly frozen' said || { cat said; status=1; }
    done
    echo 0 >$base/law-frozen/cgroup.freeze; rmdir $base/law-frozen/inside $base/law-frozen
    return $status
}

# ---- a user without privileges ---------------------------------------------------------------------------------------

# as_tester COMMAND: in the user's session and bundle, with "hull" for the binary under test.
as_tester() { as-user bash -c "cd $tester; hull=$hull; $1"; }
configure_tester() { (cd $tester && configure "$@") && chown tester: $tester/config.json; }

A_user_runs_a_container_in_a_scope_of_his_own_systemd() {
    configure_tester . 'id -u; sleep 100'
    as_tester '$hull --systemd-cgroup create u1 >out 2>&1 && $hull start u1 && systemctl --user is-active hull-u1.scope && tail -n 1 /proc/$($hull state u1 | jq .pid)/cgroup
        ls $XDG_RUNTIME_DIR/hull; $hull kill u1 KILL; sleep 0.5; $hull delete u1; systemctl --user list-units --all --no-legend hull-u1.scope; ls $XDG_RUNTIME_DIR/hull' >said 2>&1
    expect "$(cat said)" $'active\n0::/user.slice/user-1000.slice/user@1000.service/user.slice/hull-u1.scope\nu1' && gone hull-u1.scope && expect "$(cat $tester/out)" 0
}

A_user_executes_in_his_container() {
    configure_tester . 'sleep 100'
    as_tester '$hull --systemd-cgroup run -d u7 && $hull exec u7 /bin/sh -c "id -u; tail -n 1 /proc/self/cgroup"; $hull delete -f u7' >said 2>&1
    expect "$(cat said)" $'0\n0::/' && gone hull-u7.scope
}

A_user_outside_of_his_systemds_cgroups_executes_in_his_container_all_the_same() {
    configure_tester . 'sleep 100'
    as_tester true
    local outside="setpriv --reuid=1000 --regid=1000 --clear-groups env XDG_RUNTIME_DIR=/run/user/1000"
    (cd $tester && $outside $hull --systemd-cgroup run -d u8 </dev/null >/dev/null && $outside $hull exec u8 /bin/sh -c 'tail -n 1 /proc/self/cgroup'; $outside $hull delete -f u8) >said 2>&1
    expect "$(cat said)" 0::/ && gone hull-u8.scope
}

A_user_has_the_ids_that_the_administrator_gave_him() {
    configure_tester '.linux.uidMappings = [{containerID: 0, hostID: 1000, size: 1}, {containerID: 1, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings
        | .process.user = {uid: 1000, gid: 1000, additionalGids: [5]}' 'id; cat /proc/self/uid_map'
    local said; said=$(as_tester '$hull run u2' 2>&1); echo "$said"
    [[ $said == 'uid=1000 gid=1000 groups='*'5'*'100000      65536' ]]
}

A_user_with_too_many_ids_is_told_so() {
    configure_tester '.linux.uidMappings = [{containerID: 0, hostID: 1000, size: 1}, {containerID: 1, hostID: 200000, size: 65536}]' true
    ! as_tester '$hull run u3' >said 2>&1 || return
    cat said; grep -q 'newuidmap' said && grep -q 'subuid' said
}

A_users_limits_reach_the_kernel() {
    controllers || return 77
    configure_tester "$limits" "$show"
    expect "$(as_tester '$hull --systemd-cgroup run u4' 2>&1)" "$values" && gone hull-u4.scope
}

A_user_may_use_the_cgroup_that_was_delegated_to_him() {
    configure_tester . 'tail -n 1 /proc/self/cgroup'
    local said; said=$(as_tester '$hull run u5; tail -n 1 /proc/self/cgroup; ls -d /sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/u5' 2>&1); echo "$said"
    [[ $said == 0::/$'\n'0::/user.slice/* && $said == *'No such file'* ]]
}

A_user_who_asks_for_a_limit_that_he_cannot_have_is_told_so() {
    local refusal='linux.cgroupsPath: make cgroup /sys/fs/cgroup/law.*Hint: .*--systemd-cgroup'
    controllers || refusal='has no controller .*memory'
    configure_tester '.linux.resources = {memory: {limit: 67108864}} | .linux.cgroupsPath = "/law/u6"' true
    ! as_tester '$hull run u6' >said 2>&1 || return
    cat said; grep -q "$refusal" said || return
    configure_tester '.linux.cgroupsPath = "/law/u6"' 'echo without cgroups'
    expect "$(as_tester '$hull run u6' 2>&1)" 'without cgroups'
}

Running_out_of_memory_is_told_once_by_events() {
    controllers || return 77
    configure '.linux.resources = {memory: {limit: 33554432, swap: 33554432}} | .linux.cgroupsPath = "/law/oom"' \
        'until [ -e /tmp/go ]; do sleep 0.1; done; dd if=/dev/zero of=/dev/null bs=64M count=1; sleep 100'
    rm -f rootfs/tmp/go
    $hull run -d oom || return
    timeout 60 $hull events --interval 1h oom >told &
    sleep 2; touch rootfs/tmp/go
    eventually grep -q oom told
    sleep 1; $hull kill oom KILL; wait $!
    expect "$(grep -v '"type":"stats"' told)" '{"type":"oom","id":"oom"}'
}

A_program_is_confined_by_its_apparmor_profile() {
    [[ $place == machine && -d /sys/kernel/security/apparmor ]] && command -v apparmor_parser >said || return 77
    printf 'profile hull-law flags=(attach_disconnected) {\n  file,\n  signal,\n  deny /tmp/forbidden w,\n}\n' >profile
    apparmor_parser -r profile || return
    configure '.process.apparmorProfile = "hull-law"' 'cat /proc/self/attr/current; echo x >/tmp/allowed && echo wrote; echo x >/tmp/forbidden || echo denied'
    expect "$($hull run aa 2>told)" $'hull-law (enforce)\nwrote\ndenied' || { cat told; return 1; }
    configure '.process.apparmorProfile = "hull-nowhere"' true
    ! $hull run ab 2>told && grep -q 'process.apparmorProfile' told
}

# ---- all of them -----------------------------------------------------------------------------------------------------

prepare
for name in $(sed -n 's/^\([A-Z][A-Za-z0-9_]*\)() {$/\1/p' "$0"); do
    if [[ -n $other ]] && ! declare -f $name | grep -q 'controllers\|apparmor'; then
        echo "RESULT skipped $name it needs no controllers, and was tried in the $other"
        continue
    fi
    # To a file: a container that is left holds its output open, and a pipe would be waited for.
    (set -o pipefail; cd $bundle && $name) >/var/tmp/said 2>&1 </dev/null; status=$?
    said=$(head -c 1500 /var/tmp/said | tr '\n' '~')
    for id in $($hull list -q); do $hull delete -f "$id"; done
    case $status in
        0) echo "RESULT ok $name" ;;
        77) [[ $name == *_apparmor_* ]] && echo "RESULT skipped $name there is no AppArmor here" ||
            echo "RESULT skipped $name this kernel gives its cgroup v2 no controllers" ;;
        *) echo "RESULT failed $name $said" ;;
    esac
done
echo "systemd: $(systemctl is-system-running), failed units: $(systemctl --failed --plain --no-legend | wc -l)"
