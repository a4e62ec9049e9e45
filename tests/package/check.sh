#!/usr/bin/env bash
# check.sh OUT: proves the release in OUT/package. The same commit built again, elsewhere and later, has the same bytes; arm64's hull says what
# this processor's says; in roots of two Debian releases the package is installed, runs a container, is upgraded over a living one and removed,
# and so is the archive. It ends in "N passed, N failed, N skipped".
set -uo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
top="$(cd "$here/../.." && pwd)"
out="$(cd "$1" && pwd)"
release="$out/package"
passed=0 failed=0 skipped=0
work="$(mktemp -d)"
# Whatever is mounted below is in a mount namespace that ends with its process.
trap 'rm -rf --one-file-system "$work"' EXIT

# law TEXT COMMAND...: counts whether it holds.
law() {
    local text="$1" log="$work/log" status=0
    shift
    ("$@") >"$log" 2>&1 || status=$?
    case "$status" in
        0) passed=$((passed + 1)); echo "passed: $text" ;;
        77) skipped=$((skipped + 1)); echo "skipped: $text: $(tail -1 "$log")" ;;
        *) failed=$((failed + 1)); echo "failed $text (exit status $status)"; sed 's/^/    /' "$log" | tail -30 ;;
    esac
}

skip() { echo "$1"; exit 77; }

# ---- the bytes -------------------------------------------------------------------------------------------------------

same_bytes() {
    set -e
    git clone --quiet --no-hardlinks "$top" "$work/a folder of another name"
    cd "$work/a folder of another name"
    # What is not committed yet is proved, too.
    git -C "$top" ls-files -z --cached --others --exclude-standard | (cd "$top" && xargs -0 ls -d 2>/dev/null) | tar -C "$top" -cf - -T - | tar xf -
    env -u HULL_RELEASE_KEY ./build.sh package
    sed -n 's/^\([0-9a-f]*\)  \(.*\)/\2 \1/p' out/package/SHA256SUMS >"$work/there"
    sed -n 's/^\([0-9a-f]*\)  \(.*\)/\2 \1/p' "$release/SHA256SUMS" >"$work/here"
    diff "$work/here" "$work/there"
    [[ "$(wc -l <"$work/here")" -eq 8 ]]
}

sums_are_true() { cd "$release" && sha256sum --check --strict SHA256SUMS; }

# A key that is thrown away stands for the one that a release is signed with.
signature_is_checked() {
    set -e
    ssh-keygen -q -t ed25519 -N '' -f "$work/key"
    HULL_RELEASE_KEY="$work/key" "$top/src/Package/package.sh" "$work/signed" "x64=$out/hull" "arm64=$out/hull-arm64"
    printf 'release %s\n' "$(<"$work/key.pub")" >"$work/allowed"
    cmp "$work/signed/SHA256SUMS" "$release/SHA256SUMS"
    ssh-keygen -Y verify -f "$work/allowed" -I release -n hull-release -s "$work/signed/SHA256SUMS.sig" <"$work/signed/SHA256SUMS"
    echo spoiled >>"$work/signed/SHA256SUMS"
    ! ssh-keygen -Y verify -f "$work/allowed" -I release -n hull-release -s "$work/signed/SHA256SUMS.sig" <"$work/signed/SHA256SUMS"
}

debian_finds_nothing() {
    command -v lintian >/dev/null || skip "there is no lintian"
    # Both hold for what the policy asks of Debian's own packages: bug numbers, machine-readable copyright.
    lintian --fail-on error,warning --suppress-tags bad-distribution-in-changes-file "$release"/*.deb
}

materials_are_json_and_name_what_is_linked_in() {
    local file name
    for file in "$release"/*.cdx.json; do
        python3 -m json.tool "$file" >/dev/null || return
        for name in CommandLineParser System.IO.Hashing Microsoft.DotNet.ILCompiler glibc; do
            grep -q "\"name\": \"$name\", \"version\": \"[0-9]" "$file" || { echo "$file does not name $name"; return 1; }
        done
    done
}

image_has_hull_alone() {
    set -e
    mkdir "$work/image"
    tar -C "$work/image" -xf "$release"/hull-x64-*.oci.tar
    cd "$work/image"
    local blob manifest layer
    for blob in blobs/sha256/*; do
        [[ "$(sha256sum "$blob" | cut -d' ' -f1)" == "$(basename "$blob")" ]]
    done
    manifest="$(sed 's/.*"manifests":\[{[^}]*"digest": "sha256:\([0-9a-f]*\)".*/\1/' index.json)"
    layer="$(sed 's/.*"layers":\[{[^}]*"digest": "sha256:\([0-9a-f]*\)".*/\1/' "blobs/sha256/$manifest")"
    [[ "$(tar -tzf "blobs/sha256/$layer")" == hull ]]
    tar -xOzf "blobs/sha256/$layer" hull | cmp - "$out/hull"
}

# ---- the other processor ---------------------------------------------------------------------------------------------

# What both print, without what a processor changes: its name, its system calls, and what qemu's kernel lacks.
arm64_says_the_same() {
    local emulator=qemu-aarch64-static bundle="$work/bundle" x64 arm64 words
    command -v "$emulator" >/dev/null || skip "there is no $emulator"
    mkdir -p "$bundle/rootfs"
    (cd "$bundle" && "$out/hull" spec) || return
    while read -r words; do
        # shellcheck disable=SC2086
        x64="$(cd "$bundle" && "$out/hull" $words 2>&1; echo "$?")"
        # shellcheck disable=SC2086
        arm64="$(cd "$bundle" && "$emulator" "$out/hull-arm64" $words 2>&1; echo "$?")"
        if [[ "$(unlike <<<"$x64")" != "$(unlike <<<"$arm64")" ]]; then
            echo "hull $words says something else:"
            diff <(unlike <<<"$x64") <(unlike <<<"$arm64")
            return 1
        fi
    done <<'WORDS'
--version
features
spec --bundle /nonexistent
validate
validate --format json
plan
plan --format json
plan --summary
plan --risk
seccomp explain mount
completion bash
completion zsh
completion fish
help
help --man run
help MNT-15
no-such-command
WORDS
}

unlike() { grep -v -e run.hull.kernel.lacks -e checkpoint.enabled | sed 's/,$//'; }

# ---- in a root of its own ----------------------------------------------------------------------------------------------

# make_root SUITE: once; its release file may be past its date.
make_root() {
    local site
    root="$out/package-root-$1"
    [[ -e "$root/.made" ]] && return
    rm -rf --one-file-system "$root"
    site="$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 '/debian/\?$')"
    unshare --mount --propagation private mmdebstrap --quiet --mode=root --variant=minbase --include=busybox-static,man-db \
        --aptopt='Acquire::Check-Valid-Until "false"' "$1" "$root" "deb $site $1 main" && touch "$root/.made"
}

# in_root SCRIPT: runs it in the root, with mounts and processes of its own. What it needs of the release lies in /release.
in_root() {
    [[ -e "$root/.made" ]] || skip "there is no root: $(tail -1 "$work/root.log")"
    mkdir -p "$root/release"
    cp "$release"/*.deb "$release"/*.tar.gz "$root/release/"
    unshare --mount --pid --fork --kill-child --propagation private bash -c '
        set -eu
        mount --bind "$1" "$1"
        mount -t proc proc "$1/proc"
        mount --rbind /sys "$1/sys"
        mount --rbind /dev "$1/dev"
        mount -t tmpfs tmpfs "$1/run"
        exec chroot "$1" /bin/bash -euc "$2"' bash "$root" "$1"
}

# A bundle of busybox, as the page of first containers makes one, in $bundle.
bundle='
    bundle=/run/bundle
    mkdir -p $bundle/rootfs/bin
    cp /bin/busybox $bundle/rootfs/bin/
    ln -s busybox $bundle/rootfs/bin/sh
    ln -s busybox $bundle/rootfs/bin/sleep
    cd $bundle
    hull spec
    sed -i "s/\"terminal\": true/\"terminal\": false/; s:\"cgroupsPath\".*::" config.json
'
files='find / -xdev -path /release -prune -o -path /proc -prune -o -path /run -prune -o -path /tmp -prune -o -path /var -prune -o -path /etc/ld.so.cache -prune -o -print | sort'

the_package_runs_a_container_and_leaves_nothing() {
    in_root "
        $files >/run/before
        dpkg -i /release/*_amd64.deb
        $bundle
        sed -i 's:\"sh\":\"sh\", \"-c\", \"echo from inside; exit 7\":' config.json
        status=0; hull run packaged >/run/said || status=\$?
        [ \$status = 7 ]; grep -q 'from inside' /run/said
        man --where hull-run
        bash -n /usr/share/bash-completion/completions/hull
        dpkg --purge hull
        $files >/run/after
        diff /run/before /run/after"
}

an_upgrade_leaves_containers_alive() {
    in_root "
        dpkg -i /release/*_amd64.deb
        $bundle
        sed -i 's:\"sh\":\"sleep\", \"1000\":' config.json
        hull run --detach living >/run/said 2>&1 </dev/null || { cat /run/said; exit 1; }
        pid=\$(hull state living | sed -n 's/.*\"pid\": *\([0-9]*\).*/\1/p')
        dpkg -i /release/*_amd64.deb
        [ \$(hull state living | sed -n 's/.*\"pid\": *\([0-9]*\).*/\1/p') = \$pid ]
        [ \"\$(hull exec living /bin/sh -c 'echo again')\" = again ]
        hull kill living KILL
        hull delete --force living
        [ -z \"\$(hull list --quiet)\" ]
        dpkg --purge hull"
}

the_archive_installs_and_removes_what_it_installed() {
    in_root "
        rm -rf /run/unpacked; mkdir /run/unpacked; cd /run/unpacked
        tar xzf /release/hull-*-linux-x64.tar.gz
        mkdir -p /usr/local/share/doc/other; echo mine >/usr/local/share/doc/other/file
        $files >/run/before
        ./hull-*/install.sh
        hull --version
        ./hull-*/install.sh
        ./hull-*/install.sh --remove
        $files >/run/after
        diff /run/before /run/after
        ! ./hull-*/install.sh --remove
        rm -r /usr/local/share/doc/other"
}

law "every file has the digest that SHA256SUMS says" sums_are_true
law "a signature is made and checked, and does not hold for other sums" signature_is_checked
law "lintian finds nothing that is not explained" debian_finds_nothing
law "the bills of materials name what is linked in" materials_are_json_and_name_what_is_linked_in
law "the image has hull and nothing else" image_has_hull_alone
law "hull for arm64 says what hull for x64 says" arm64_says_the_same
for suite in bookworm trixie; do
    make_root "$suite" >"$work/root.log" 2>&1
    law "$suite: the package runs a container, and nothing is left when it is removed" the_package_runs_a_container_and_leaves_nothing
    law "$suite: an upgrade leaves containers alive and usable" an_upgrade_leaves_containers_alive
    law "$suite: the archive installs, and removes what it installed" the_archive_installs_and_removes_what_it_installed
done
law "the same commit has the same bytes elsewhere" same_bytes
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]
