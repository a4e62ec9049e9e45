# Podman of an ordinary user.
# shellcheck source=/dev/null
source "${here:?}/podman/adapter.sh"
# shellcheck source=/dev/null
source "$here/rootless/user.sh"

# On cgroup version 1 a user's container has no cgroup of its own: nothing is limited, counted or paused.
abilities=("${client_abilities[@]}" "${podman_abilities[@]}")
folders=(podman rootless-podman)
states_of_runtime="$states_of_user"
# Podman binds /dev/mqueue for a user's share of the host's IPC, which need not be there.
host_namespaces=(pid uts)

podman() { as_owner podman "$@"; }

engine_setup() {
    prepare_user
    podman load --input /mnt/image.tar
}

engine_remains() {
    pods_and_containers_that_stay
    states_that_stay
    local name
    for name in "$RUNTIME_NAME" conmon slirp4netns; do pgrep --exact --list-full "$name" || true; done
}

engine_forget() { as_owner "$RUNTIME" delete --force "$1"; }
