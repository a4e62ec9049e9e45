#!/usr/bin/env bash
# machine.sh ENGINE RUNTIME WORK RESULTS FILTER LIMIT CRIU - the first process of a machine of its own (see engines.sh): furnishes it, starts the
# engine, runs its checks one after the other and writes a line for each: passed|failed|skipped <tab> NAME <tab> REASON.
#
# A check is a function whose name begins with a capital letter and is the law; it runs in a process of its own, with a time limit (check.sh).
set -euo pipefail
engine="$1" runtime="$2" work="$3" results="$4" filter="$5" limit="$6" criu="$7"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

# Directories that engines write to are the work directory's; what is hidden or changed here stays as it is outside.
furnish() {
    local hierarchy controllers
    mount --bind "$work" /mnt
    # Both may lie below a directory that is hidden next.
    mkdir -p /mnt/checks /mnt/results /mnt/criu
    mount --bind "$here" /mnt/checks
    mount --bind "$results" /mnt/results
    here=/mnt/checks results=/mnt/results
    [[ -z "$criu" ]] || mount --bind "$criu" /mnt/criu
    mount -t overlay -o "lowerdir=/etc,upperdir=$work/etc,workdir=$work/etc-work" overlay /etc
    mount -t tmpfs -o mode=755 run /run
    mkdir -p /run/lock /run/user /var/lib/containers /var/lib/containerd /var/lib/docker
    mount --bind /mnt/containers /var/lib/containers
    mount --bind /mnt/containerd /var/lib/containerd
    mount --bind /mnt/docker /var/lib/docker
    mount --bind /mnt/var-tmp /var/tmp
    mount --bind /mnt/tmp /tmp
    # It knows its libraries by the place where it was put.
    [[ -z "$criu" || -e "$criu/criu" ]] || { mkdir -p "$criu"; mount --bind /mnt/criu "$criu"; }
    # The hierarchies as this machine's cgroup namespace sees them: its own cgroup is their root.
    # One that is mounted nowhere outside has no group of this machine's own, and would be shared with others.
    mapfile -t controllers < <(awk -F : '$1 != 0 { print $2 }' /proc/self/cgroup | while read -r hierarchy; do
        [[ -z "$(findmnt --noheadings --types cgroup --options "$hierarchy")" ]] || echo "$hierarchy"
    done)
    mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
    for hierarchy in "${controllers[@]}"; do
        mkdir "/sys/fs/cgroup/${hierarchy#name=}"
        if [[ "$hierarchy" == name=* ]]; then
            mount -t cgroup -o "none,$hierarchy" cgroup "/sys/fs/cgroup/${hierarchy#name=}"
        else
            mount -t cgroup -o "$hierarchy" cgroup "/sys/fs/cgroup/$hierarchy"
        fi
    done
    mkdir -p /sys/fs/cgroup/unified
    mount -t cgroup2 cgroup2 "/sys/fs/cgroup$([[ ${#controllers[@]} -eq 0 ]] || echo /unified)"
    ip link set lo up
    export HOME=/mnt/home PATH=/mnt/path:/mnt/criu:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
    export RUNTIME="/mnt/path/$runtime" RUNTIME_NAME="$runtime"
    cd /mnt/home
}

run_check() {
    local log="$results/$1.log" status=0 reason=""
    timeout --kill-after 20 "$limit" bash "$here/check.sh" "$engine" "$1" >"$log" 2>&1 || status=$?
    case $status in
        0) record passed "$1" "" ;;
        77) record skipped "$1" "$(tail -n 1 "$log")" ;;
        *)
            [[ $status -ne 124 && $status -ne 137 ]] || reason="took more than $limit s"
            # In one piece, for another machine writes beside this one.
            printf '%s\n' "$(record failed "$1" "$reason"; sed 's/^/    /' "$log" | tail -n 15)"
            ;;
    esac
}

record() {
    printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$results/results"
    printf '%-7s %-10s %-6s %s%s\n' "$1" "$engine" "$runtime" "${2//_/ }" "${3:+ ($3)}"
}

furnish
# shellcheck source=/dev/null
source "$here/load.sh"
load "$engine"
engine_setup >"$results/engine.log" 2>&1 || { record failed The_engine_starts "$(tail -n 1 "$results/engine.log")"; exit 1; }
list="$(checks)" || { record failed Every_ability_is_known "see known_abilities in verbs.sh"; exit 1; }
for name in $list; do
    [[ ! "${name//_/ }" =~ $filter ]] || run_check "$name"
done
# Last of all, and of no use after a few checks only.
[[ -n "$filter" ]] || run_check Nothing_remains_after_all_checks
