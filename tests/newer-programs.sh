#!/usr/bin/env bash
# newer-programs.sh SUITE DIRECTORY PROGRAM...: the programs as a newer suite of Debian has them, each in a package of its own name. They come with
# their own loader and libraries into DIRECTORY; apt works on lists of its own, so nothing else of this machine changes. Without an archive it fails,
# and changes nothing at all.
set -euo pipefail

suite="$1" target="$2"
shift 2
[[ $EUID -eq 0 ]] && command -v apt-get >/dev/null || { echo "it takes root and apt-get" >&2; exit 1; }
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

archive="$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 '/debian/\?$')"
mkdir -p "$work"/{lists/partial,archives/partial,root,made/lib}
: >"$work/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $suite main" >"$work/sources.list"
cat >"$work/apt.conf" <<CONF
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "$work/lists";
Dir::State::Status "$work/status";
Dir::Cache "$work";
Dir::Cache::Archives "$work/archives";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONF
export APT_CONFIG="$work/apt.conf"
apt-get -qq update
# An empty list of installed packages: the libraries come with what needs them.
apt-get -qq -y --no-install-recommends -o Debug::NoLocking=1 --download-only install "$@" >/dev/null
for package in "$work"/archives/*.deb; do
    dpkg-deb --extract "$package" "$work/root"
done

find "$work/root" -path '*linux-gnu*' -name '*.so*' \( -type f -o -type l \) -exec cp --no-dereference --force {} "$work/made/lib/" \;
loader="$(find "$work/root" -name 'ld-linux-*.so.*' -type f | head -1)"
cp "$loader" "$work/made/lib/"
for program in "$@"; do
    cp "$(find "$work/root" -path '*bin/*' -name "$program" -type f | head -1)" "$work/made/$program"
    # A static program has no loader to be replaced.
    if patchelf --print-interpreter "$work/made/$program" >/dev/null 2>&1; then
        patchelf --set-interpreter "$target/lib/$(basename "$loader")" --force-rpath --set-rpath "$target/lib" "$work/made/$program"
    fi
done
rm -rf "$target"
mkdir -p "$(dirname "$target")"
mv "$work/made" "$target"
for program in "$@"; do
    "$target/$program" --version | head -1
done
