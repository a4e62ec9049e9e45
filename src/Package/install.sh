#!/bin/sh
# install.sh [--prefix DIR]: copies hull, its manual pages, completions and documents below DIR (/usr/local).
# install.sh --remove [--prefix DIR]: takes away what it installed, by the list that it kept, and nothing else.
# DESTDIR is put before DIR, for who makes a package of it.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
prefix=/usr/local
remove=false
while [ $# -gt 0 ]; do
    case "$1" in
        --prefix) prefix=${2:?--prefix needs a directory}; shift 2 ;;
        --remove) remove=true; shift ;;
        *) echo "usage: install.sh [--remove] [--prefix DIR]" >&2; exit 2 ;;
    esac
done
to="${DESTDIR:-}$prefix"
list="$to/share/doc/hull/installed"

if $remove; then
    [ -f "$list" ] || { echo "install.sh: nothing was installed below $to: $list is not there" >&2; exit 1; }
    kept=$(cat "$list")
    # Files first; then the directories, which go when they are empty.
    printf '%s\n' "$kept" | while IFS= read -r name; do
        [ -d "$to/$name" ] || rm -f "$to/$name"
    done
    rm -f "$list"
    printf '%s\n' "$kept" | sort -r | while IFS= read -r name; do
        [ ! -d "$to/$name" ] || rmdir "$to/$name" 2>/dev/null || true
    done
    exit 0
fi

# Directories that were there before are not ours to remove.
cd "$here/files"
made=$(find . -mindepth 1 -type d | sed 's:^\./::' | sort | while IFS= read -r name; do
    [ -d "$to/$name" ] || echo "$name"
done)
[ ! -f "$list" ] || made="$made
$(cat "$list")"
find . -mindepth 1 -type d | sed 's:^\./::' | sort | while IFS= read -r name; do
    mkdir -p "$to/$name"
done
find . -type f | sed 's:^\./::' | while IFS= read -r name; do
    # Renamed over the old one: a hull that is running keeps its own file.
    cp -p "$name" "$to/$name.new"
    mv -f "$to/$name.new" "$to/$name"
done
{ printf '%s\n' "$made"; find . -type f | sed 's:^\./::'; } | sed '/^$/d' | sort -u >"$list"
echo "hull is installed as $prefix/bin/hull; $here/install.sh --remove takes it away"
