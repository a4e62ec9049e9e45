# Buildah of root: no service and no monitor; it calls the runtime itself and shows what that writes.
# shellcheck source=/dev/null
source "${here:?}/podman/configuration.sh"

engine_start() {
    write_configuration
    write_image /mnt/image.tar
    buildah pull docker-archive:/mnt/image.tar
}

engine_clean() {
    ! buildah inspect "$1" || buildah rm "$1"
    ! buildah inspect --type image "$1" || buildah rmi --force "$1"
}

engine_remains() {
    buildah containers --quiet
    states
    find /sys/fs/cgroup -name 'buildah-*'
    pgrep --exact --list-full "$RUNTIME_NAME" || true
}

# The containers that the runtime has a record of.
states() { ls "/run/$RUNTIME_NAME" 2>/dev/null || true; }

# from: a working container of the image, under the check's own id.
from() { buildah from --name "$id" --pull-never "${@:-$image}" >/dev/null; }

# ran OPTION… -- PROGRAM…: the program in the working container, with the runtime under test and without a network.
ran() { buildah run --runtime "$RUNTIME" --isolation oci --network none "$@"; }
