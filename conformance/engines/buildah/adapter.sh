# Buildah of root: no service and no monitor; it calls the runtime itself and shows what that writes.
# shellcheck source=/dev/null
source "${here:?}/podman/configuration.sh"

buildah_abilities=(made-directory build build-limits users much-input drop-all)
abilities=("${buildah_abilities[@]}" root detach cgroups shm-size seccomp no-network host-network network-by-path host-namespaces)
folders=(buildah)
states_of_runtime="/run/$RUNTIME_NAME"
# Buildah itself ends with 1 when the program was killed.
texts=([capabilities]=00000000800405fb [status_of_step]='exit status' [killed]=1)

# How a program is run in the working container.
isolation=(--isolation oci) no_network=(--network none)

engine_setup() {
    write_configuration
    write_image /mnt/image.tar
    buildah pull docker-archive:/mnt/image.tar
}

engine_clean() {
    ! engine_pid "$1" || kill -KILL "$(engine_pid "$1")"
    ! buildah inspect --type container "$1" || buildah rm "$1"
    ! buildah inspect --type image "$1" || buildah rmi --force "$1"
}

engine_remains() {
    buildah containers --quiet
    states
    find /sys/fs/cgroup -name 'buildah-*'
    pgrep --exact --list-full "$RUNTIME_NAME" || true
}

# from [OPTION… IMAGE]: a working container of the image, under the check's own id.
from() { buildah from --name "$id" --pull-never "${@:-$image}" >/dev/null; }

# ran OPTION… -- PROGRAM…: the program in the working container, with the runtime under test and without a network.
ran() { buildah run --runtime "$RUNTIME" "${isolation[@]}" "${no_network[@]}" "$@"; }

# buildah_options OPTION…: Docker's options as Buildah has them: some for the making of the working container (`making`), some for a run of a
# program (`running`).
buildah_options() {
    while [[ $# -gt 0 ]]; do
        case "$1" in
            --interactive) shift; continue ;;
            --tty) running+=(--terminal); shift; continue ;;
            --image) source="$2" ;;
            --workdir) running+=(--workingdir "$2") ;;
            --network) network=(--network "$2") ;;
            --tmpfs) running+=(--mount "type=tmpfs,destination=${2%%:*},$(sed 's/size=/tmpfs-size=/' <<<"${2#*:}")") ;;
            --cap-add | --cap-drop) making+=("$1" "$(capability "$2")") ;;
            --env | --user | --hostname | --volume | --mount | --pid | --ipc | --uts) running+=("$1" "$2") ;;
            *) making+=("$1" "$2") ;;
        esac
        shift 2
    done
}

capability() { if [[ "$1" == ALL ]]; then echo all; else echo "CAP_$1"; fi; }

# in_working_container NAME OPTION… -- PROGRAM…: made if it is not there.
in_working_container() {
    local name="$1" options program making=() running=() network=("${no_network[@]}") source="$image"
    split "${@:2}"
    buildah_options "${options[@]}"
    buildah inspect --type container "$name" >/dev/null 2>&1 || buildah from --name "$name" --pull-never "${making[@]}" "$source" >/dev/null
    buildah run --runtime "$RUNTIME" "${isolation[@]}" "${network[@]}" "${running[@]}" "$name" -- "${program[@]}"
}

engine_keep() { in_working_container "$@"; }

engine_run() {
    local status=0
    in_working_container "$@" || status=$?
    buildah rm "$1" >/dev/null
    return $status
}

# Buildah stays until the program ends: it is put in the background. The runtime's record is the only one then.
engine_detach() {
    in_working_container "$@" </dev/null >/dev/null 2>&1 &
    eventually is running "$1"
}

engine_runtime_id() { states; }
engine_status() { local said; said="$(state "$1" 2>/dev/null | jq --raw-output .status)"; echo "${said:-exited}"; }
engine_pid() { state "$1" 2>/dev/null | jq .pid | grep '[1-9]'; }
engine_remove() { ! engine_pid "$1" >/dev/null || kill -KILL "$(engine_pid "$1")"; }

engine_build() { buildah bud --runtime "$RUNTIME" "${isolation[@]}" "${no_network[@]}" --tag "$id" "$@"; }
