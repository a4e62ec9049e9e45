# Podman of root: no service; every command works on the files below /var/lib/containers and /run.

# shellcheck source=/dev/null
source "${here:?}/podman/configuration.sh"
# shellcheck source=/dev/null
source "${here:?}/podman/phrases.sh"

engine_start() {
    write_configuration
    write_image /mnt/image.tar
    podman load --input /mnt/image.tar
}

engine_clean() {
    eventually remove_containers "$1"
    ! podman volume exists "$1" || podman volume rm --force "$1"
    ! podman image exists "$1" || podman image rm --force "$1"
}

# What is still there when every check has cleaned up after itself.
engine_remains() {
    pods_and_containers_that_stay
    states_that_stay
    find /sys/fs/cgroup -name 'libpod-*' -o -name 'buildah-*'
    local name
    for name in "$RUNTIME_NAME" conmon catatonit; do pgrep --exact --list-full "$name" || true; done
}

asked() { "$RUNTIME" "$@"; }

# The containers that the runtime has a record of.
states() { ls "/run/$RUNTIME_NAME" 2>/dev/null || true; }

# in_group CONTROLLER FILE1 FILE2 [PATH]: what the kernel holds for the container's cgroup, version 1's file or version 2's.
in_group() {
    local path="${4:-$(inspected .State.CgroupPath)}"
    if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then cat "/sys/fs/cgroup$path/$3"; else cat "/sys/fs/cgroup/$1$path/$2"; fi
}
