# Last of all: what is left when every container is gone.

Nothing_is_left_of_all_these_containers() {
    same '' "$(ctr containers list --quiet)"
    same '' "$(ls -A $runtime_states 2>/dev/null || true)"
    same '' "$(ls -A /run/containerd/io.containerd.runtime.v2.task/default 2>/dev/null || true)"
    eventually sh -c '! pgrep --full --list-full "^[^ ]*containerd-shim"'
    no_cgroup c-
    same '' "$(findmnt --noheadings --raw --output TARGET | grep /run/containerd/io || true)"
}
