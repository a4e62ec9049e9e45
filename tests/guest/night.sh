#!/usr/bin/env bash
# night.sh SUITE FILES LOG [FILTER...]: runs cases, those of conformance/night.txt if no filter is given, on the kernel of a Debian release, in
# a guest that guest.sh has built.
# FILES has hull, observer, busybox and the published suite (.night); the results go there, and all that is said to LOG.
# It fails unless the suite ended by itself, said its closing line, passed something and failed nothing: a guest that crashed or that
# ran out of time (NIGHT_SECONDS) has said less.
set -euo pipefail

here="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
suite="$1" files="$2" log="$3"
guest="${NIGHT_GUEST:-$here/guest.sh}"
words=("${@:4}") filters=()
[[ ${#words[@]} -gt 0 ]] || mapfile -t words < <(grep -vE '^(#|$)' "$here/../../conformance/night.txt")
for word in "${words[@]}"; do
    filters+=(--filter "$word")
done

# The share is slow: the suite works in the guest's own memory. Emulated, all takes ten to thirty times as long.
# shellcheck disable=SC2016
inside='
    printf "== Linux %s\n" "$(uname -r)"
    cp -r /share /var/tmp/night && cd /var/tmp/night && export PATH="/var/tmp/night:$PATH"
    ./hull features | grep -o "run.hull.kernel.lacks.*" || true
    chmod 755 . .night && exec ./.night/Hull.Conformance --runtime /var/tmp/night/hull --jobs 2 --results /share/results "$@"'
status=0 begun=$SECONDS
GUEST_SUITE="$suite" "$guest" run --timeout "${NIGHT_SECONDS:-5400}" --mem 4096 --share "$files" --console "$log.console" \
    --env HULL_OBSERVER=/var/tmp/night/observer --env HULL_PATIENCE="${HULL_PATIENCE:-5}" -- bash -c "$inside" bash "${filters[@]}" \
    </dev/null 2>&1 | tee "$log" || status=${PIPESTATUS[0]}

closing="$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -1)" || closing=
minutes="$(awk -v seconds=$((SECONDS - begun)) 'BEGIN { printf "%.1f", seconds / 60 }')"
case $status in
    0) ;;
    124) echo "== $suite: ran out of time" ;;
    125) echo "== $suite: the guest could not be started, or crashed" ;;
    *) echo "== $suite: exit status $status" ;;
esac
echo "== $suite: ${closing:-no closing line} ($minutes minutes)"
[[ $status -eq 0 && "$closing" =~ ^[1-9][0-9]*\ passed,\ 0\ failed, ]]
