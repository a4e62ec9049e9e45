#!/usr/bin/env bash
# package.sh OUT PROCESSOR=BINARY...: makes the release of those binaries (x64, arm64) in OUT: for each a Debian package, a .tar.gz with its
# installer, an image of hull alone and a bill of materials; then SHA256SUMS and, where HULL_RELEASE_KEY names a key of ssh, its signature.
# The same binaries and the same commit give the same bytes: every time is the commit's (SOURCE_DATE_EPOCH), no name is the machine's.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
top="$(cd "$here/../.." && pwd)"
out="$1"
shift
version="$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$top/Directory.Build.props")"
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git -C "$top" log -1 --format=%ct)}" LC_ALL=C TZ=UTC
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
umask 022

fail() { printf 'package.sh: %s\n' "$*" >&2; exit 1; }

# An archive without the machine in it: sorted, of root, of the commit's time. archive DIRECTORY FILE [NAME...]
archive() {
    local directory="$1" file="$2"
    shift 2
    [[ $# -gt 0 ]] || set -- .
    tar --create --file "$file" --directory "$directory" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
        --mtime="@$SOURCE_DATE_EPOCH" "$@"
}

debian_name() {
    case "$1" in
        x64) echo amd64 ;;
        arm64) echo arm64 ;;
        *) fail "no processor is called $1" ;;
    esac
}

# ---- what is installed -----------------------------------------------------------------------------------------------

# The texts are the binary's own; whoever builds for another processor takes those of the one that can run here.
texts() {
    local into="$1" command
    mkdir -p "$into"/share/{man/man8,bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
    "$speaker" help --man >"$into/share/man/man8/hull.8"
    for command in $("$speaker" help | sed -n '/^COMMANDS:/,/^GLOBAL/s/^  \([a-z][a-z-]*\)  .*/\1/p'); do
        "$speaker" help --man "$command" >"$into/share/man/man8/hull-$command.8"
    done
    gzip --best --no-name "$into"/share/man/man8/*
    "$speaker" completion bash >"$into/share/bash-completion/completions/hull"
    "$speaker" completion zsh >"$into/share/zsh/vendor-completions/_hull"
    "$speaker" completion fish >"$into/share/fish/vendor_completions.d/hull.fish"
}

# tree PROCESSOR BINARY DIRECTORY: what lies below /usr, and the same below /usr/local for who has no package.
tree() {
    local processor="$1" binary="$2" into="$3" documents="$3/share/doc/hull"
    install -D -m 755 "$binary" "$into/bin/hull"
    texts "$into"
    mkdir -p "$documents"
    cp "$top"/{README.md,SECURITY.md} "$documents/"
    [[ ! -d "$top/docs" ]] || cp -r "$top/docs" "$documents/"
    notices "$processor" >"$documents/copyright"
    gzip --best --no-name <"$top/CHANGELOG.md" >"$documents/NEWS.gz"
    find "$into" -type d -exec chmod 755 {} +
    find "$into" -type f ! -path '*/bin/*' -exec chmod 644 {} +
    find "$into" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

# ---- licences --------------------------------------------------------------------------------------------------------

# The folder of a package in NuGet's cache: package NAME VERSION
package() {
    local folder="${NUGET_PACKAGES:-$HOME/.nuget/packages}/${1,,}/$2"
    [[ -d "$folder" ]] || fail "$1 $2 is not in NuGet's cache"
    printf '%s\n' "$folder"
}

# What is linked in, as NAME VERSION LICENCE DIGEST (of the package, base64 of SHA-512): from the list of locked packages of that processor. The
# compiler's package is that of the class library, too.
linked_in() {
    local lock="$top/src/Runtime/packages.lock.json"
    [[ "$1" == x64 ]] || lock="$top/src/Runtime/packages.$1.lock.json"
    awk '
        /^      "[A-Za-z]/ { name = $1; gsub(/[":]/, "", name); type = version = hash = "" }
        /"type":/ { type = $2; gsub(/[",]/, "", type) }
        /"resolved":/ { version = $2; gsub(/[",]/, "", version) }
        /"contentHash":/ { hash = $2; gsub(/[",]/, "", hash); if (type == "Direct") print name, version, "MIT", hash }
    ' "$lock" | grep -v '^Microsoft.NET.ILLink.Tasks ' | sort -u
}

version_of() { linked_in "$1" | awk -v name="$2" '$1 == name { print $2 }'; }

notices() {
    local runtime
    runtime="$(package "microsoft.netcore.app.runtime.nativeaot.linux-$1" "$(version_of "$1" Microsoft.DotNet.ILCompiler)")"
    cat "$here/copyright"
    printf '\n==== the .NET runtime and its class library (linked in) ====\n\n'
    cat "$runtime/LICENSE.TXT" "$runtime/THIRD-PARTY-NOTICES.TXT"
    printf '\n==== CommandLineParser (linked in) ====\n\n'
    cat "$(package commandlineparser "$(version_of "$1" CommandLineParser)")/License.md"
}

# A bill of materials, CycloneDX 1.5.
materials() {
    local processor="$1" binary="$2" name package_version licence hash separator=""
    cat <<JSON
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "version": 1,
  "metadata": {
    "timestamp": "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)",
    "component": {
      "type": "application", "name": "hull", "version": "$version", "bom-ref": "hull", "licenses": [{ "license": { "id": "Apache-2.0" } }],
      "hashes": [{ "alg": "SHA-256", "content": "$(sha256sum "$binary" | cut -d' ' -f1)" }],
      "properties": [{ "name": "processor", "value": "$processor" }]
    }
  },
  "components": [
JSON
    while read -r name package_version licence hash; do
        printf '%s    { "type": "library", "name": "%s", "version": "%s", "purl": "pkg:nuget/%s@%s", "licenses": [{ "license": { "id": "%s" } }], "hashes": [{ "alg": "SHA-512", "content": "%s" }] }' \
            "$separator" "$name" "$package_version" "$name" "$package_version" "$licence" "$(base64 -d <<<"$hash" | od -An -v -tx1 | tr -d ' \n')"
        separator=$',\n'
    done < <(linked_in "$processor")
    printf '%s    { "type": "library", "name": "glibc", "version": "%s", "licenses": [{ "license": { "id": "LGPL-2.1-or-later" } }] }\n  ]\n}\n' \
        "$separator" "$(glibc_version "$processor")"
}

# The C library is linked in as its version of Debian has it.
glibc_version() {
    local package=libc6-dev
    [[ "$1" == "$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')" ]] || package="libc6-dev-$(debian_name "$1")-cross"
    dpkg-query --show --showformat '${Version}' "$package" 2>/dev/null || echo unknown
}

# ---- the artifacts ---------------------------------------------------------------------------------------------------

debian_package() {
    local processor="$1" binary="$2" root="$work/deb-$1" architecture documents
    architecture="$(debian_name "$processor")"
    documents="$root/usr/share/doc/hull"
    tree "$processor" "$binary" "$root/usr"
    {
        printf 'hull (%s) stable; urgency=medium\n\n  * See NEWS.gz.\n\n' "$version"
        printf ' -- the hull maintainers <maintainers@hull.invalid>  %s\n' "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
    } | gzip --best --no-name >"$documents/changelog.gz"
    install -D -m 644 "$here/lintian-overrides" "$root/usr/share/lintian/overrides/hull"
    mkdir "$root/DEBIAN"
    sed -e "s/@version@/$version/" -e "s/@architecture@/$architecture/" \
        -e "s/@size@/$(du --apparent-size -s -k "$root/usr" | cut -f1)/" "$here/control" >"$root/DEBIAN/control"
    (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
    find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group -Zxz --build "$root" "$out/hull_${version}_$architecture.deb" >/dev/null
}

archive_with_installer() {
    local processor="$1" binary="$2" name="hull-$version-linux-$1"
    tree "$processor" "$binary" "$work/tar/$name/files"
    install -m 755 "$here/install.sh" "$work/tar/$name/install.sh"
    cp "$top"/{LICENSE,README.md} "$work/tar/$name/"
    archive "$work/tar" "$work/$name.tar" "$name"
    gzip --best --no-name <"$work/$name.tar" >"$out/$name.tar.gz"
}

# put FILE TYPE: takes a file into the image as a blob, and prints its descriptor's members.
put() {
    local digest
    digest="$(sha256sum "$1" | cut -d' ' -f1)"
    cp "$1" "$image/blobs/sha256/$digest"
    printf '"mediaType": "application/vnd.oci.image.%s", "digest": "sha256:%s", "size": %s' "$2" "$digest" "$(stat -c %s "$1")"
}

# An image that holds /hull and nothing else, as an OCI layout in a tar archive: for who copies hull out of an image (COPY --from).
image_of() {
    local processor="$1" binary="$2" layer config manifest name="hull-$1-$version.oci.tar" created
    image="$work/image-$processor"
    created="$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)"
    mkdir -p "$image/blobs/sha256" "$work/layer-$processor"
    install -m 755 "$binary" "$work/layer-$processor/hull"
    archive "$work/layer-$processor" "$work/layer.tar" hull
    gzip --best --no-name <"$work/layer.tar" >"$work/layer.tar.gz"
    layer="$(put "$work/layer.tar.gz" layer.v1.tar+gzip)"
    printf '{"created":"%s","architecture":"%s","os":"linux","config":{"Entrypoint":["/hull"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$created" "$(debian_name "$processor")" "$(sha256sum "$work/layer.tar" | cut -d' ' -f1)" >"$work/config"
    config="$(put "$work/config" config.v1+json)"
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{%s},"layers":[{%s}]}' "$config" "$layer" >"$work/manifest"
    manifest="$(put "$work/manifest" manifest.v1+json)"
    printf '{"schemaVersion":2,"manifests":[{%s,"annotations":{"org.opencontainers.image.ref.name":"%s"}}]}' "$manifest" "$version" >"$image/index.json"
    printf '{"imageLayoutVersion":"1.0.0"}' >"$image/oci-layout"
    archive "$image" "$out/$name" blobs index.json oci-layout
}

# ---- all of it -------------------------------------------------------------------------------------------------------

rm -rf "$out"
mkdir -p "$out"
speaker=""
for pair in "$@"; do
    [[ "${pair%%=*}" == "$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')" ]] && speaker="$(readlink -f "${pair#*=}")"
done
[[ -n "$speaker" ]] || fail "one of the binaries must be this machine's: it prints its manual pages"
for pair in "$@"; do
    processor="${pair%%=*}" binary="$(readlink -f "${pair#*=}")"
    debian_package "$processor" "$binary"
    archive_with_installer "$processor" "$binary"
    image_of "$processor" "$binary"
    materials "$processor" "$binary" >"$out/hull-$version-linux-$processor.cdx.json"
done
(cd "$out" && sha256sum -- *) >"$work/sums"
mv "$work/sums" "$out/SHA256SUMS"
if [[ -n "${HULL_RELEASE_KEY:-}" ]]; then
    ssh-keygen -q -Y sign -f "$HULL_RELEASE_KEY" -n hull-release "$out/SHA256SUMS"
else
    echo "unsigned: HULL_RELEASE_KEY names no key" >&2
fi
