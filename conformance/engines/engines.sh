#!/usr/bin/env bash
# engines.sh [--runtime PATH]… [--engine NAME]… [--filter WORDS] [--machines NUMBER] [--criu DIR] --results DIR
#
# Runs the checks of every engine (a folder with an adapter beside this file) with the first runtime and, as the control, with every other one.
# Each pair of engine and runtime has a machine of its own: namespaces of every kind but the user's, a /run, /tmp, /etc and cgroup root
# of its own. What an engine starts, mounts, routes or leaves is gone with them; the engines keep their default paths. So machines do not
# meet, and two run side by side; the longest come first.
# A check that fails for the first runtime fails the run; one that fails for a control is reported, for then the check is in doubt.
set -euo pipefail

here="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
check_limit=600   # seconds; only what hangs takes them
machines=2   # at a time
runtimes=() engines=() filter="" results="" criu=""

fail() { printf 'engines: %s\n' "$*" >&2; exit 1; }

read_options() {
    while [[ $# -gt 0 ]]; do
        [[ $# -ge 2 ]] || fail "$1 needs a value"
        case "$1" in
            --runtime) runtimes+=("$(readlink -f "$2")") ;;
            --engine) engines+=("$2") ;;
            --filter) filter="$2" ;;
            --machines) machines="$2" ;;
            --results) results="$2" ;;
            --criu) criu="$(readlink -f "$2")" ;;
            *) fail "unknown option: $1" ;;
        esac
        shift 2
    done
    [[ -n "$results" && ${#runtimes[@]} -gt 0 ]] || fail "--runtime and --results are needed"
    [[ ${#engines[@]} -gt 0 ]] || engines=(docker podman rootless-podman containerd buildah rootless-buildah)
    local name
    for name in "${engines[@]}"; do
        [[ -e "$here/$name/adapter.sh" ]] || fail "no such engine: $name"
    done
}

# ---- a machine of its own, from outside --------------------------------------------------------------------------------

work="" hidden="" cgroup=""

# Where this machine's cgroup hierarchies are mounted.
hierarchies() { findmnt --noheadings --raw --types cgroup,cgroup2 --output TARGET; }

# Beside hierarchies of version 1, containerd wants every controller in one that it can see. Others mount for themselves what a hybrid layout
# leaves to version 2 or to nobody; then it would move while engines run. So it is mounted here too, for this process and what it starts.
mount_other_hierarchies() {
    local name mounted
    mounted=" $(findmnt --noheadings --raw --types cgroup --output OPTIONS | tr ',\n' '  ') "
    [[ -n "${mounted// /}" ]] || return 0
    hidden="$(mktemp -d /var/tmp/hull-engines.XXXXXX)"
    for name in $(awk '!/^#/ && $4 == 1 { print $1 }' /proc/cgroups); do
        [[ "$mounted" != *" $name "* ]] || continue
        mkdir -p "$hidden/$name"
        mount -t cgroup -o "$name" cgroup "$hidden/$name" || rmdir "$hidden/$name"
    done
}

unmount_other_hierarchies() {
    [[ -n "$hidden" ]] || return 0
    find "$hidden" -mindepth 1 -maxdepth 1 -exec umount {} \; -exec rmdir {} \;
    rmdir "$hidden"
}

# Joined by a child that then becomes the machine's first process; only groups that were made here are written to.
enter_cgroups() {
    local directory file
    while read -r directory; do
        mkdir "$directory/$cgroup" 2>/dev/null || continue
        for file in cpuset.cpus cpuset.mems; do
            [[ ! -e "$directory/$cgroup/$file" ]] || cat "$directory/$file" >"$directory/$cgroup/$file" 2>/dev/null || true
        done
        echo "$1" >"$directory/$cgroup/cgroup.procs"
    done < <(hierarchies)
}

leave_nothing() {
    local directory
    while read -r directory; do
        # Killed processes need a moment until their groups are empty.
        for _ in {1..50}; do
            [[ ! -d "$directory/$cgroup" ]] && break
            find "$directory/$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
        done
    done < <(hierarchies)
    [[ -z "$work" ]] || rm -rf "$work"
}

# machine ENGINE RUNTIME: runs the engine's checks with the runtime; the results are files in $results/ENGINE/RUNTIME. In a process of its own.
machine() {
    local name begun=$SECONDS; name="$(basename "$2")"
    trap leave_nothing EXIT
    cgroup="hull-engines-$BASHPID"
    work="$(mktemp -d /var/tmp/hull-engines.XXXXXX)"
    chmod 755 "$work"
    mkdir -p "$work"/{path,tmp,var-tmp,containers,containerd,docker,etc,etc-work,home} "$results/$1/$name"
    chmod 1777 "$work"/{tmp,var-tmp}
    install -m 755 "$2" "$work/path/$name"
    # Some ways through engines take `runc` from the PATH whatever is configured.
    [[ "$name" == runc ]] || ln -s "$name" "$work/path/runc"
    rm -f "$results/$1/$name"/*
    # shellcheck disable=SC2016
    (enter_cgroups "$BASHPID"
        exec unshare --mount --propagation private --net --ipc --uts --pid --cgroup --fork --kill-child --mount-proc \
            env -i TERM="${TERM:-dumb}" bash "$here/machine.sh" "$1" "$name" "$work" "$results/$1/$name" "$filter" "$check_limit" "$criu") </dev/null \
        || printf 'engines: %s with %s ended with status %d\n' "$1" "$name" "$?" >&2
    # No check may have had the filter's words.
    touch "$results/$1/$name/results"
    [[ -s "$results/$1/$name/results" ]] || [[ -n "$filter" ]] || printf 'failed\t%s\tno check ran\n' The_engine_starts >"$results/$1/$name/results"
    printf '%s with %s: %d checks passed in %s minutes\n' "$1" "$name" "$(grep -c '^passed' "$results/$1/$name/results")" \
        "$(awk -v seconds=$((SECONDS - begun)) 'BEGIN { printf "%.1f", seconds / 60 }')"
}

# ---- the report --------------------------------------------------------------------------------------------------------

# How a check went: its word and reason, or nothing.
outcome() { awk -F '\t' -v check="$3" '$2 == check { print $1 (($3 == "") ? "" : ": " $3) }' "$results/$1/$2/results" 2>/dev/null; }

report() {
    local engine runtime check first word passed=0 failed=0 skipped=0 row names=()
    for runtime in "${runtimes[@]}"; do names+=("$(basename "$runtime")"); done
    first="${names[0]}"
    {
        printf '| engine | check |'; printf ' %s |' "${names[@]}"; printf '\n|---|---|'; printf -- '---|%.0s' "${names[@]}"; printf '\n'
        for engine in "${engines[@]}"; do
            while IFS=$'\t' read -r word check _; do
                row="| $engine | ${check//_/ } |"
                for runtime in "${names[@]}"; do row+=" $(outcome "$engine" "$runtime" "$check") |"; done
                printf '%s\n' "$row"
            done <"$results/$engine/$first/results"
        done
    } >"$results/table.md"
    for engine in "${engines[@]}"; do
        passed=$((passed + $(grep -c '^passed' "$results/$engine/$first/results" || true)))
        failed=$((failed + $(grep -c '^failed' "$results/$engine/$first/results" || true)))
        skipped=$((skipped + $(grep -c '^skipped' "$results/$engine/$first/results" || true)))
        for runtime in "${names[@]:1}"; do
            grep '^failed' "$results/$engine/$runtime/results" | cut -f 2 | sed "s/^/fails with the control $runtime too, or there alone: $engine: /" || true
        done
    done
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [[ $failed -eq 0 && $passed -gt 0 ]]
}

main() {
    read_options "$@"
    [[ $EUID -eq 0 ]] || fail "the engines need root"
    # Mounts of this process are nobody else's.
    [[ -n "${HULL_ENGINES_MOUNTS:-}" ]] || HULL_ENGINES_MOUNTS=own exec unshare --mount --propagation private bash "$here/engines.sh" "$@"
    trap unmount_other_hierarchies EXIT
    mount_other_hierarchies
    local engine runtime
    for engine in "${engines[@]}"; do
        for runtime in "${runtimes[@]}"; do
            [[ $(jobs -rp | wc -l) -lt $machines ]] || wait -n || true
            machine "$engine" "$runtime" &
        done
    done
    wait
    report
}

main "$@"
