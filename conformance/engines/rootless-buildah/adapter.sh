# Buildah of an ordinary user.
# shellcheck source=/dev/null
source "${here:?}/buildah/adapter.sh"
# shellcheck source=/dev/null
source "$here/rootless/user.sh"

abilities=("${buildah_abilities[@]}")
folders=(rootless-buildah)
states_of_runtime="$states_of_user"

# The network cannot be made with Buildah's isolation `oci`; `rootless` has none to ask for.
isolation=(--isolation rootless) no_network=()

buildah() { as_owner buildah "$@"; }

engine_setup() {
    prepare_user
    buildah pull docker-archive:/mnt/image.tar
}

engine_remains() {
    buildah containers --quiet
    states
    pgrep --exact --list-full "$RUNTIME_NAME" || true
}
