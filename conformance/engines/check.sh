#!/usr/bin/env bash
# check.sh ENGINE NAME - one check in a process of its own; status 77 says that the machine lacks what it needs.
# A command that fails ends the check: what is expected to fail is said with a phrase.
set -eEuo pipefail
shopt -s inherit_errexit
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
trap 'echo "line ${BASH_LINENO[0]}: $BASH_COMMAND: status $?"' ERR
# shellcheck source=/dev/null
source "$here/phrases.sh"
for file in "$here/$1"/*.sh; do
    # shellcheck source=/dev/null
    source "$file"
done
name="$2"
id="c-$(tr '[:upper:]_' '[:lower:]-' <<<"$name" | cut -c 1-40 | sed 's/-$//')"   # a container name of the check's own
trap 'status=$?; engine_clean "$id" >/dev/null 2>&1 || true; exit $status' EXIT
"$name"
