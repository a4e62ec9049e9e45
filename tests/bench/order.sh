#!/usr/bin/env bash
# order.sh BUNDLE >src/Runtime/start-order.txt: the functions of the runtime and the C library that every start of out/hull calls, in the order of
# their first call. A name that no longer exists does no harm; the list is made anew when .NET or the C library changes. Needs root and minutes.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
bundle="$1"
work="$(mktemp -d)"
hull="$here/out/hull"
trap '"$hull" --root "$work/state" delete --force order; rm -rf "$work"' EXIT
gcc -O2 -Wall -Werror -o "$work/step" "$here/tests/bench/step.c"

"$hull" --root "$work/state" create --bundle "$bundle" order </dev/null >/dev/null 2>&1
"$hull" --root "$work/state" start order
for command in --version "state order" "exec order true"; do
    # shellcheck disable=SC2086
    "$work/step" "$hull" --root "$work/state" $command
done >"$work/addresses"
"$work/step" "$hull" --root "$work/state" run --bundle "$bundle" order-run >>"$work/addresses"

# Managed code comes after all that is native, in an order of the compiler's.
{
    nm -n "$hull.dbg" | awk '$2 ~ /^[tTwWi]$/ { print $1, 0, $3 } $3 == "__start___managedcode" { exit }'
    awk '{ print substr("0000000000000000", 1, 16 - length($1)) $1, ++number }' "$work/addresses"
} | LC_ALL=C sort -s -k1,1 | awk '
    NF == 3 { name = $3; next }
    !(name in first) || $2 < first[name] { first[name] = $2 }
    END { for (name in first) print first[name], name }' | sort -n | cut -d' ' -f2- | grep -vE '^(hull_order_end|__start_.*|__preinit.*|)$'
echo hull_order_end
