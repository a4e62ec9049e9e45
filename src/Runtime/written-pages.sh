#!/usr/bin/env bash
# written-pages.sh BINARY SYMBOLS: writes into the section hull_written of BINARY (seal.c) where static fields and the cells of interface calls lie.
set -euo pipefail

# The longest run of pages that are dense with them: a few lie elsewhere, each of which costs a page fault.
range="$(nm "$2" | awk '$3 ~ /^__(NONGCSTATICS|GCSTATICS|InterfaceDispatchCell)/ { print substr($1, 1, length($1) - 3) }' | sort | uniq -c |
    while read -r count page; do
        [[ $count -lt 16 ]] || echo $((16#$page))
    done |
    awk '{ if ($1 != last + 1) first = $1; last = $1; if (last - first >= size) { size = last - first; from = first; to = last } } END { print from, to }')"
read -r first last <<<"$range"
[[ -n "${last:-}" && $last -gt $first && $((last - first)) -le 64 ]] ||
    { echo "written-pages.sh: no run of static fields in $2 ($range): the compiler names or places them otherwise now" >&2; exit 1; }

offset="$(readelf --section-headers --wide "$1" | awk '{ sub(/^ *\[ *[0-9]+\]/, "") } $1 == "hull_written" { print $4 }')"
bytes=""
for address in $((first << 12)) $(((last + 1) << 12)); do
    for shift in 0 8 16 24 32 40 48 56; do
        bytes+="$(printf '\\x%02x' $(((address >> shift) & 255)))"
    done
done
printf '%b' "$bytes" | dd of="$1" bs=1 seek=$((16#$offset)) conv=notrunc status=none
