# containerd with its client ctr: every container gets the runtime by path.

engine_start() {
    mkdir -p /mnt/containerd-log
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
    ctr tasks kill --all --signal KILL "$1" || true
    ctr tasks delete --force "$1" || true
    ctr containers delete "$1" || true
}

# container OPTION… -- [PROGRAM…]: ctr run under the check's own id.
container() {
    local options=()
    while [[ "$1" != -- ]]; do options+=("$1"); shift; done
    shift
    ctr run --runc-binary "$RUNTIME" "${options[@]}" docker.io/library/$image:latest "$id" "$@"
}
