# Last of all: what is left when every container is gone.

Nothing_is_left_of_all_these_containers() {
    same '' "$(docker ps --all --format '{{.Names}} {{.Status}}')"
    eventually no_state_is_left
    eventually sh -c '! pgrep --full --list-full "^[^ ]*containerd-shim"'
    same '' "$(ls -A /run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby 2>/dev/null || true)"
    # The groups that docker's are in stay, empty.
    same '' "$(find /sys/fs/cgroup -mindepth 2 -type d -path '*/docker/*' ! -name buildkit)"
    same '' "$(findmnt --noheadings --raw --output TARGET | grep /var/lib/docker/overlay2/ || true)"
    # BuildKit's containers are in the runtime's own place.
    same '' "$(ls -A "/run/$RUNTIME_NAME" 2>/dev/null || true)"
}

no_state_is_left() { [[ -z "$(ls -A $runtime_states)" ]]; }
