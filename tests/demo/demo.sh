#!/usr/bin/env bash
# A container that shows its isolation: makes a bundle of Debian's busybox, runs it with hull, and what the program inside
# prints is what it sees. Started by `./build.sh run`.
set -euo pipefail

: "${HULL_BINARY:?start this by ./build.sh run}"
home="$(mktemp -d "${TMPDIR:-/tmp}/hull-demo-XXXXXX")"
id="hull-demo-$$"
memory_limit=$((64 * 1024 * 1024))

clean_up() {
    "$HULL_BINARY" --root "$home/state" delete --force "$id" >/dev/null 2>&1 || true
    # What is mounted below is not ours to delete through.
    if grep -q " $home/" /proc/self/mountinfo; then
        printf 'demo: something is still mounted below %s; it is left there\n' "$home" >&2
    else
        rm -rf --one-file-system "$home"
    fi
}

make_rootfs() {
    local root="$home/bundle/rootfs" applet
    mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp}
    cp "$(command -v busybox)" "$root/bin/busybox"
    for applet in $("$root/bin/busybox" --list); do
        [[ "$applet" == busybox ]] || ln -s busybox "$root/bin/$applet"
    done
    printf 'root:x:0:0:root:/:/bin/sh\n' >"$root/etc/passwd"
    cp "$(dirname "${BASH_SOURCE[0]}")/inside.sh" "$root/inside.sh"
}

# The configuration of `hull spec`, with three changes: no terminal, our program, a memory limit in a cgroup of our own.
make_config() {
    (cd "$home/bundle" && "$HULL_BINARY" spec)
    sed -i -e 's/"terminal": *true/"terminal": false/' \
        -e 's/"hostname": *"[^"]*"/"hostname": "inside-hull"/' \
        -e "s#\"linux\": *{#\"linux\": { \"cgroupsPath\": \"/$id\",#" \
        -e "s#\"resources\": *{#\"resources\": { \"memory\": { \"limit\": $memory_limit },#" \
        -e 's#^\([[:space:]]*\)"sh"#\1"/bin/sh", "/inside.sh"#' "$home/bundle/config.json"
}

main() {
    trap clean_up EXIT
    make_rootfs
    make_config
    printf '== on the host\n'
    printf 'host name:  %s\n' "$(hostname)"
    printf 'processes:  %s\n' "$(find /proc -maxdepth 1 -name '[0-9]*' | wc -l)"
    printf 'mounts:     %s\n' "$(wc -l </proc/self/mountinfo)"
    printf '\n== hull run --bundle %s %s\n\n' "$home/bundle" "$id"
    local status=0
    "$HULL_BINARY" --root "$home/state" run --bundle "$home/bundle" "$id" </dev/null || status=$?
    printf '\n== back on the host\nexit status: %s (the program ended with 7: hull passes it on)\n' "$status"
    printf 'containers left:  %s\n' "$("$HULL_BINARY" --root "$home/state" list --quiet | wc -l)"
    printf 'cgroups left:     %s\n' "$(find /sys/fs/cgroup -maxdepth 2 -name "$id" 2>/dev/null | wc -l)"
    [[ "$status" -eq 7 ]]
}

main
