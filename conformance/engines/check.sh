#!/usr/bin/env bash
# check.sh ENGINE NAME [COMMAND…] - one check in a process of its own; status 77 says that the machine lacks what it needs.
# A command that fails ends the check: what is expected to fail is said with an assertion. With a command, that is run in the check's place:
# a verb where a shell of its own is needed, as on a terminal.
set -eEuo pipefail
shopt -s inherit_errexit
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
engine="$1" check="$2"
# shellcheck source=/dev/null
source "$here/load.sh"
load "$engine"
if [[ $# -gt 2 ]]; then "${@:3}"; exit; fi
trap 'echo "line ${BASH_LINENO[0]}: $BASH_COMMAND: status $?"' ERR
# A container name of the check's own.
id="${check//_/-}" id="c-${id:0:40}" id="${id,,}" id="${id%-}"
trap 'status=$?; engine_clean "$id" >/dev/null 2>&1 || true; exit $status' EXIT
"$check"
