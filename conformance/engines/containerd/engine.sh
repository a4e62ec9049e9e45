# containerd with its client ctr: every container gets the runtime by path.

engine_start() {
    cat >/mnt/containerd.toml <<'TOML'
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]
TOML
    containerd --config /mnt/containerd.toml --log-level warn &
    eventually ctr version
    write_image /mnt/image.tar
    ctr images import /mnt/image.tar
}

engine_clean() {
    local name
    for name in "$1" "$1-other"; do
        ctr tasks kill --all --signal KILL "$name" || true
        ctr tasks delete --force "$name" || true
        ctr containers delete "$name" || true
    done
}

# container OPTION… -- [PROGRAM…]: ctr run under the check's own id.
container() { named "$id" "$@"; }

# named ID OPTION… -- [PROGRAM…]
named() {
    local name="$1" options=()
    shift
    while [[ "$1" != -- ]]; do options+=("$1"); shift; done
    shift
    # ctr forgets the runtime's path with these two options: `runc` on the PATH is the runtime under test.
    [[ " ${options[*]} " == *" --no-pivot "* || " ${options[*]} " == *" --uidmap "* ]] || options=(--runc-binary "$RUNTIME" "${options[@]}")
    ctr run "${options[@]}" docker.io/library/$image:latest "$name" "$@"
}

# detached OPTION… -- PROGRAM…: in the background, with nothing to read and nowhere to write.
detached() {
    container --detach --null-io "$@"
    eventually is RUNNING
}

# is STATUS [ID]: what containerd says of the task.
is() { ctr tasks list | awk -v id="${2:-$id}" -v status="$1" '$1 == id && $3 == status { found = 1 } END { exit !found }'; }

pid_of() { ctr tasks list | awk -v id="${1:-$id}" '$1 == id { print $2 }'; }

# inside [OPTION… --] PROGRAM…: ctr tasks exec; every one needs a name of its own.
inside() {
    local options=()
    while [[ " $* " == *" -- "* && "$1" != -- ]]; do options+=("$1"); shift; done
    [[ "$1" != -- ]] || shift
    ctr tasks exec --exec-id "e$BASHPID-$RANDOM" "${options[@]}" "$id" "$@"
}

# What the runtime itself keeps for the containers of ctr's namespace.
runtime_states=/run/containerd/runc/default

# The processes named containerd-shim that serve the container.
shim_of() { pgrep --full -- "containerd-shim-runc-v2 .*-id ${1:-$id} "; }

# nothing_is_left [ID]: no state of the runtime, no bundle, no cgroup.
nothing_is_left() {
    local name="${1:-$id}"
    [[ ! -e "$runtime_states/$name" ]] || broken "the runtime's state is left: $(ls -A "$runtime_states/$name")"
    [[ ! -e "/run/containerd/io.containerd.runtime.v2.task/default/$name" ]] || broken "the bundle is left"
    no_cgroup "$name"
}
