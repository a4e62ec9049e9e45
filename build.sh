#!/usr/bin/env bash
# The one door to building, trying and testing hull. `./build.sh help` lists what it does.
set -euo pipefail

here="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
out="$here/out"
locked_sdk=10.0.401

usage() {
    cat <<'TEXT'
usage: ./build.sh [command]
  build    (default) publish the static binary to out/hull
  run      build, then run a demo container that shows its isolation
  test     build, then run every test; ends in "N passed, N failed, N skipped"
  conformance
           build, then run the conformance suite (options go to it: --runtime PATH, --filter RULE, --runtime-tools DIR, --list ...)
  engines  build, then run containerd, Docker, Podman and Buildah on hull, and on runc as the control (options go to
           conformance/engines/engines.sh: --engine NAME, --filter WORDS, --machines NUMBER; --without-control, first, leaves runc out)
  night    build, then run a chosen part of the conformance suite on kernels of other Debian releases, each a whole emulated machine: 5.10, 6.1
           and today's (--suite NAME for one of them, --filter RULE for other cases; half an hour each without hardware virtualisation)
  criu     fetch the CRIU that the tests of checkpoints use to out/criu
  bench    build, then compare hull with crun and runc, those of this Debian and of its newest suite, and the floor (options go to the
           benchmark: --rounds 30, --only PART, --beside HULL for another binary of hull in the same rounds)
  package  build hull for x64 and arm64 and make the release of them in out/package (Debian packages, archives, images, bills of materials,
           SHA256SUMS; HULL_RELEASE_KEY=FILE signs); --check then proves it: built twice, installed, used, upgraded and removed
  clean    remove everything that was built
  help     this text
What a command needs from Debian it installs itself when started by root; otherwise it says what to install.
TEXT
}

say() { printf '== %s\n' "$*"; }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# ---- what a command needs ------------------------------------------------------------------------------------------

# Whether a Debian package's content is there. Asked by content, not by dpkg: a machine may have it from elsewhere.
is_there() {
    case "$1" in
        lld) command -v ld.lld ;;
        binutils) command -v objdump && command -v objcopy ;;
        libc6-dev) [[ -e /usr/include/stdio.h ]] ;;
        libseccomp2) compgen -G '/usr/lib/*/libseccomp.so.2' || compgen -G '/lib/*/libseccomp.so.2' ;;
        busybox-static) command -v busybox && ! ldd "$(command -v busybox)" ;;
        containerd) command -v containerd && command -v ctr ;;
        iproute2) command -v ip ;;
        docker.io) command -v dockerd && [[ -x /usr/bin/docker ]] ;;
        podman) command -v podman && command -v conmon ;;
        uidmap) command -v newuidmap && command -v newgidmap ;;
        netavark | aardvark-dns) [[ -x /usr/lib/podman/$1 || -x /usr/libexec/podman/$1 ]] ;;
        catatonit) [[ -x /usr/libexec/podman/catatonit ]] || command -v catatonit ;;
        util-linux) command -v setpriv && command -v findmnt && command -v unshare ;;
        procps) command -v pgrep ;;
        bsdutils) command -v script ;;
        dpkg-dev) command -v dpkg-deb ;;
        openssh-client) command -v ssh-keygen ;;
        gcc-aarch64-linux-gnu) command -v aarch64-linux-gnu-gcc ;;
        libc6-dev-arm64-cross) [[ -e /usr/aarch64-linux-gnu/lib/libc.a ]] ;;
        qemu-user-static) command -v qemu-aarch64-static ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

need() {
    local package missing=()
    for package in "$@"; do
        is_there "$package" || missing+=("$package")
    done
    [[ ${#missing[@]} -eq 0 ]] && return
    if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
        install_packages "${missing[@]}"
    else
        fail "hull needs: ${missing[*]}; install them with: apt-get install ${missing[*]}"
    fi
    for package in "${missing[@]}"; do
        is_there "$package" || fail "apt-get installed $package, but it is still not found on the PATH ($PATH)"
    done
}

install_packages() {
    say "installing $*"
    # Lists may be absent, or name versions that the archive no longer has: then they are fetched once.
    if compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null && apt_install "$@"; then
        return
    fi
    apt-get -q update </dev/null || fail "apt-get update failed; hull needs: $*"
    apt_install "$@" || fail "apt-get could not install: $*"
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@" </dev/null
}

need_dotnet() {
    command -v dotnet >/dev/null || fail "hull needs the .NET SDK, version 10 (dotnet on the PATH)"
    local version
    version="$(cd "$here" && dotnet --version)" || fail "dotnet --version failed: hull needs the .NET SDK, version 10"
    [[ "${version%%.*}" -ge 10 ]] || fail "hull needs the .NET SDK, version 10 or later; this is $version"
    # Each SDK brings its own compiler's packages; the lists of locked packages are those of this one.
    if [[ "${CI:-}" == true && "$version" == "$locked_sdk" ]]; then
        export RestoreLockedMode=true
    fi
}

prepare_environment() {
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
    # Compile servers outlive the build; in CI nothing may.
    if [[ "${CI:-}" == true ]]; then
        export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
    fi
    if ! { mkdir -p "$out" && touch "$out/.writable"; } 2>/dev/null; then
        fail "cannot write to $out: remove it, or give it to $(id -un)"
    fi
    # Without a home of one's own (a CI job, a container), the SDK keeps its files beside the build's.
    if [[ ! -w "${HOME:-/nonexistent}" ]]; then
        export DOTNET_CLI_HOME="$out/.home" NUGET_PACKAGES="${NUGET_PACKAGES:-$out/.home/packages}"
    fi
}

# ---- CRIU ----------------------------------------------------------------------------------------------------------

# out/criu/criu: CRIU of a newer Debian suite, with the libraries of that suite beside it: the one of the stable suite does not know
# today's kernels (it gives up at their vDSO). Where it cannot be had, out/criu/missing says why, and the tests of checkpoints skip with that.
criu_suite=forky

fetch_criu() {
    local place="$out/criu" log="$out/.criu.log"
    [[ -x "$place/criu" ]] && return
    rm -rf "$place"
    say "fetching CRIU of $criu_suite"
    # In a shell of its own: a failure there must not end the tests that need no CRIU.
    if ! (need patchelf && "$here/tests/newer-programs.sh" "$criu_suite" "$place" criu) >"$log" 2>&1; then
        mkdir -p "$place"
        printf 'CRIU of %s could not be had: %s\n' "$criu_suite" "$(grep -v '^$' "$log" | tail -1)" >"$place/missing"
        say "$(<"$place/missing")"
    fi
}

# ---- build ---------------------------------------------------------------------------------------------------------

# A fingerprint of what a binary is made from: names, sizes and times of the sources, and the SDK.
fingerprint() {
    (cd "$here" && dotnet --version && find "$@" Directory.Build.props \( -name bin -o -name obj \) -prune \
        -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort -u) | sha256sum
}

# publish NAME PROJECT INPUT…: a static executable to out/NAME, its symbols to out/NAME.dbg; nothing if no input changed. NAME-arm64 is NAME for arm64.
publish() {
    local name="$1" project="$2" file="${1%-arm64}" made="$out/.made-$1" stamp="$out/.$1.inputs" now
    now="$(fingerprint "${@:3}")"
    if [[ -x "$out/$name" && -e "$out/$name.dbg" && -f "$stamp" && "$(<"$stamp")" == "$now" ]]; then
        return
    fi
    say "publishing $name"
    # A stale binary after a failed build would be taken for the new one.
    rm -rf "$stamp" "${out:?}/$name" "$out/$name.dbg" "$made"
    dotnet publish "$here/$project" -c Release -o "$made" --nologo -v quiet \
        -consoleLoggerParameters:NoSummary </dev/null >"$out/.$name.log" 2>&1 \
        || { grep -vE 'collect2|ld.lld -plugin' "$out/.$name.log" >&2; fail "$project did not build"; }
    mv "$made/$file" "$out/$name"
    mv "$made/$file.dbg" "$out/$name.dbg"
    rm -rf "$made"
    printf '%s\n' "$now" >"$stamp"
    say "out/$name: $(stat -c %s "$out/$name") bytes"
}

build() {
    prepare_environment
    need_dotnet
    need gcc libc6-dev binutils lld
    publish hull src/Runtime src
}

# ---- run -----------------------------------------------------------------------------------------------------------

demo() {
    [[ $EUID -eq 0 ]] || fail "the demo container has cgroup limits: run it as root"
    need busybox-static
    build
    HULL_BINARY="$out/hull" "$here/tests/demo/demo.sh"
}

# ---- test ----------------------------------------------------------------------------------------------------------

passed=0 failed=0 skipped=0 troubled=()

# The value of one attribute of a TRX file's <Counters …/>.
counter() { sed -n 's/.*<Counters[^>]* '"$2"'="\([0-9]*\)".*/\1/p' "$1" | head -1; }

# Every skipped test of a TRX file with its reason.
print_skips() {
    awk '
        /<UnitTestResult / { name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name); skip = /outcome="NotExecuted"/ }
        skip && /<Message>/ { text = $0; sub(/.*<Message>/, "", text); sub(/<\/Message>.*/, "", text); print "skipped: " name ": " text; skip = 0 }
    ' "$1" | sed "s/&lt;/</g; s/&gt;/>/g; s/&quot;/\"/g; s/&apos;/'/g; s/&amp;/\&/g"
}

test_project() {
    local project="$1" name results status=0 total begun=$SECONDS
    name="$(basename "$project" .csproj)"
    results="$out/test-results/$name.trx"
    say "testing $name"
    dotnet test "$project" -c Release --no-build --nologo --results-directory "$out/test-results" \
        --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' </dev/null || status=$?
    say "$name: $(awk -v seconds=$((SECONDS - begun)) 'BEGIN { printf "%.1f", seconds / 60 }') minutes"
    total=0
    if [[ -f "$results" ]]; then
        count "$results"
        total="$(counter "$results" total)"
        print_skips "$results"
    fi
    if [[ "${total:-0}" -eq 0 ]]; then
        troubled+=("$name ran no test")
    elif [[ $status -ne 0 && "$(counter "$results" failed)" -eq 0 ]]; then
        troubled+=("$name: the test run itself failed (exit status $status)")
    fi
}

count() {
    local executed here_passed here_failed
    executed="$(counter "$1" executed)" here_passed="$(counter "$1" passed)" here_failed="$(counter "$1" failed)"
    passed=$((passed + here_passed))
    failed=$((failed + executed - here_passed))
    skipped=$((skipped + $(counter "$1" total) - executed))
    [[ $((executed - here_passed)) -eq $here_failed ]] || troubled+=("$(basename "$1" .trx): tests that neither passed nor failed")
}

test_all() {
    prepare_environment
    need_dotnet
    need gcc libc6-dev binutils lld busybox-static containerd runc crun strace libseccomp2
    build
    fetch_criu
    publish observer tests/Observer tests/Observer src/Runtime/NativeAot.props
    publish soak tests/Soak tests/Soak src/Linux src/Runtime/NativeAot.props
    say "compiling the solution"
    dotnet build "$here/Runtime.sln" -c Release --nologo -v quiet -consoleLoggerParameters:NoSummary </dev/null || fail "the solution did not build"
    rm -rf "$out/test-results"
    export HULL_BINARY="${HULL_BINARY:-$out/hull}" HULL_OBSERVER="$out/observer" HULL_SOAK="$out/soak" HULL_SYMBOLS="$out/hull.dbg" HULL_CRIU="$out/criu"
    local project
    for project in "$here"/tests/*.Tests/*.csproj; do
        test_project "$project"
    done
    close_tests
}

# The closing line has a fixed form: CI reads it.
close_tests() {
    local text
    for text in "${troubled[@]}"; do
        say "error: $text"
    done
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [[ $failed -eq 0 && ${#troubled[@]} -eq 0 && $passed -gt 0 ]]
}

# ---- conformance -----------------------------------------------------------------------------------------------------

conformance() {
    prepare_environment
    need_dotnet
    need gcc libc6-dev binutils lld busybox-static
    local options=()
    # Without --runtime it is hull that is meant.
    if [[ ! " $* " =~ " --runtime"[\ =] ]]; then
        build
        options+=(--runtime "$out/hull")
    fi
    publish observer tests/Observer tests/Observer src/Runtime/NativeAot.props
    dotnet build "$here/conformance" -c Release --nologo -v quiet -consoleLoggerParameters:NoSummary </dev/null || fail "conformance did not build"
    export HULL_OBSERVER="$out/observer"
    in_mounts_of_its_own dotnet "$here/conformance/bin/Release/$(framework)/Hull.Conformance.dll" \
        --results "$out/conformance" --checklist "$here/../shared/spec-checklist.md" "${options[@]}" "$@" </dev/null
}

framework() {
    sed -n 's:.*<TargetFramework>\(.*\)</TargetFramework>.*:\1:p' "$here/Directory.Build.props"
}

# What a wrong runtime mounts or propagates stays in here and is gone afterwards.
in_mounts_of_its_own() {
    if [[ $EUID -ne 0 ]]; then
        "$@"
        return
    fi
    in_cgroups_for_crun unshare --mount --propagation private "$@"
}

# ---- night -----------------------------------------------------------------------------------------------------------

# What is run at night: a third of the cases, those in which a kernel's age shows (conformance/night.txt).
night() {
    [[ $EUID -eq 0 ]] || fail "the guests are made by root"
    local suites=() words=()
    while [[ $# -gt 0 ]]; do
        case "$1" in
            --suite) suites+=("${2?night: --suite needs a name}"); shift 2 ;;
            --filter) words+=("${2?night: --filter needs a rule}"); shift 2 ;;
            *) fail "night knows --suite NAME and --filter RULE" ;;
        esac
    done
    [[ ${#suites[@]} -gt 0 ]] || suites=(bullseye bookworm trixie)
    build
    need busybox-static
    publish observer tests/Observer tests/Observer src/Runtime/NativeAot.props
    publish_conformance
    local suite troubled=()
    for suite in "${suites[@]}"; do
        night_on "$suite" "${words[@]}" || troubled+=("$suite")
    done
    [[ ${#troubled[@]} -eq 0 ]] || fail "not as on this kernel: ${troubled[*]}; see out/night"
}

# The suite with the .NET runtime in it: a guest has none.
publish_conformance() {
    say "publishing the conformance suite"
    dotnet publish "$here/conformance" -c Release -r "linux-$(dotnet_processor)" --self-contained -o "$out/.night" --nologo -v quiet \
        -p:InvariantGlobalization=true -consoleLoggerParameters:NoSummary </dev/null || fail "conformance did not build"
}

dotnet_processor() {
    case "$(uname -m)" in
        aarch64) echo arm64 ;;
        *) echo x64 ;;
    esac
}

# night_on SUITE: makes the guest of that release and runs the cases there.
night_on() {
    local suite="$1" share="$out/night/$1"
    export GUEST_CACHE="${GUEST_CACHE:-$out/guest}"
    GUEST_SUITE="$suite" "$here/tests/guest/guest.sh" build || return
    rm -rf "$share"
    mkdir -p "$share"
    cp -r "$out/hull" "$out/observer" "$out/.night" "$share/"
    cp "$(command -v busybox)" "$share/"
    say "$suite: booting"
    "$here/tests/guest/night.sh" "$suite" "$share" "$out/night/$suite.log" "${@:2}"
}

# ---- engines ----------------------------------------------------------------------------------------------------------

engines() {
    [[ $EUID -eq 0 ]] || fail "the engines need root"
    build
    need busybox-static runc jq iproute2 iptables procps util-linux bsdutils
    need containerd docker.io docker-registry
    # Podman and Buildah, of root and of a user: a user's network is slirp4netns's, a refused checkpoint needs a CRIU that asks.
    need podman buildah netavark aardvark-dns catatonit uidmap slirp4netns criu
    local control=(--runtime "$(command -v runc)")
    if [[ "${1:-}" == --without-control ]]; then
        control=()
        shift
    fi
    fetch_criu
    local criu=()
    [[ ! -x "$out/criu/criu" ]] || criu=(--criu "$out/criu")
    "$here/conformance/engines/engines.sh" --results "$out/engines" --runtime "$out/hull" "${control[@]}" "${criu[@]}" "$@"
}

# ---- bench and clean -----------------------------------------------------------------------------------------------

bench() {
    [[ $EUID -eq 0 ]] || fail "the benchmark makes containers with cgroups: run it as root"
    prepare_environment
    need_dotnet
    need gcc libc6-dev binutils lld busybox-static runc crun libseccomp2 strace patchelf
    newest_peers
    [[ -n "${HULL_BINARY:-}" ]] || build
    local source
    mkdir -p "$out/bench"
    fetch_criu
    export PATH="$out/criu:$PATH"
    for source in floor spawn syscalls nothing memory; do
        gcc -O2 -static -Wall -Werror -o "$out/bench/$source" "$here/tests/bench/$source.c"
    done
    dotnet build "$here/tests/bench" -c Release --nologo -v quiet -consoleLoggerParameters:NoSummary </dev/null || fail "tests/bench did not build"
    export HULL_BINARY="${HULL_BINARY:-$out/hull}" HULL_BENCH_PROGRAMS="$out/bench" HULL_BENCH_PEERS="$out/peers"
    in_cgroups_for_crun dotnet run --project "$here/tests/bench" -c Release --no-build -- "$@" </dev/null
}

# Fetched once; `clean` removes them. Without an archive the comparison is with this Debian's alone.
newest_peers() {
    if [[ ! -x "$out/peers/crun" || ! -x "$out/peers/runc" ]]; then
        say "fetching crun and runc of Debian's newest suite"
        "$here/tests/newer-programs.sh" sid "$out/peers" crun runc || say "they cannot be had: the comparison goes without them"
    fi
}

# crun refuses a hybrid layout whose version 2 hierarchy still has controllers (here: hugetlb). In a mount namespace of the
# benchmark's own that controller is mounted as version 1; the mount, and with it the change, ends with the benchmark.
in_cgroups_for_crun() {
    local controllers=/sys/fs/cgroup/unified/cgroup.controllers
    if [[ "$(cat "$controllers" 2>/dev/null || true)" != hugetlb ]]; then
        "$@"
        return
    fi
    mkdir -p "$out/bench/hugetlb"
    # shellcheck disable=SC2016
    unshare --mount --propagation private bash -c 'mount -t cgroup -o hugetlb hugetlb "$1" || exit; shift; "$@"' \
        bash "$out/bench/hugetlb" "$@"
}

# ---- package ---------------------------------------------------------------------------------------------------------

package() {
    [[ $# -eq 0 || "$*" == --check ]] || fail "package knows --check"
    build
    build_for_arm64
    need dpkg-dev openssh-client
    "$here/src/Package/package.sh" "$out/package" "x64=$out/hull" "arm64=$out/hull-arm64"
    ls -l "$out/package"
    [[ $# -eq 0 ]] || { need lintian mmdebstrap qemu-user-static python3; "$here/tests/package/check.sh" "$out"; }
}

# By Debian's cross compiler. Its collect2 looks for a linker with the processor's name; lld is one for every processor.
build_for_arm64() {
    need gcc-aarch64-linux-gnu libc6-dev-arm64-cross
    mkdir -p "$out/.cross"
    ln -sf "$(command -v ld.lld)" "$out/.cross/aarch64-linux-gnu-ld.lld"
    PATH="$out/.cross:$PATH" Architecture=arm64 CrossCompiler=aarch64-linux-gnu publish hull-arm64 src/Runtime src
}

# ---- clean -----------------------------------------------------------------------------------------------------------

clean() {
    rm -rf "$out"
    find "$here/src" "$here/tests" "$here/conformance" -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} + 2>/dev/null || true
}

main() {
    local command="${1:-build}"
    [[ $# -gt 0 ]] && shift
    case "$command" in
        build) build ;;
        run) demo ;;
        test) test_all ;;
        conformance) conformance "$@" ;;
        engines) engines "$@" ;;
        night) night "$@" ;;
        criu) prepare_environment; fetch_criu ;;
        bench) bench "$@" ;;
        package) package "$@" ;;
        clean) clean ;;
        help | -h | --help) usage ;;
        *) usage >&2; fail "unknown command: $command" ;;
    esac
}

main "$@"
