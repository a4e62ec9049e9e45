# What Podman and Buildah are told about this machine: no systemd, and a root that may not raise hard limits, which they would.
write_configuration() {
    mkdir -p /etc/containers
    cat >/etc/containers/containers.conf <<TOML
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
log_driver = "k8s-file"
[network]
network_backend = "netavark"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "$RUNTIME_NAME"
runtime_supports_json = ["$RUNTIME_NAME"]
[engine.runtimes]
$RUNTIME_NAME = ["$RUNTIME"]
TOML
    printf '[storage]\ndriver = "overlay"\nrunroot = "/run/containers/storage"\ngraphroot = "/var/lib/containers/storage"\n' >/etc/containers/storage.conf
    printf '{"default":[{"type":"insecureAcceptAnything"}]}\n' >/etc/containers/policy.json
    # User namespaces are cut out of the ranges of this name.
    printf 'containers:2000000:1000000\n' >>/etc/subuid
    printf 'containers:2000000:1000000\n' >>/etc/subgid
    rm -f /etc/containers/registries.conf.d/* /etc/containers/libpod.conf
}

# Podman 4.3 sometimes removes a container that has just ended without asking the runtime to: such a record must be true, and go when asked.
# What else stays is written, with what the runtime says of it. The engine says who asks (`asked`), and which records there are (`states`).
states_that_stay() {
    local one said
    for one in $(states); do
        said="$(asked state "$one" 2>&1 || true)"
        if [[ "$said" == *'"status": "stopped"'* ]]; then asked delete "$one"; else printf '%s: %s\n' "$one" "${said//$'\n'/}"; fi
    done
}

# Podman refuses to remove a pod while a container of it is just ending, and what lends its namespaces to another.
remove_containers() {
    local status=0
    podman pod rm --force --ignore --time 0 "$1-pod" || status=1
    podman rm --force --ignore --time 0 "$1-other" || status=1
    podman rm --force --ignore --time 0 --volumes "$1" || status=1
    return $status
}

# What Podman still has when every check has cleaned up is removed by it; what cannot be is written.
pods_and_containers_that_stay() {
    podman pod rm --all --force --time 0 >/dev/null 2>&1 || true
    podman rm --all --force --time 0 >/dev/null 2>&1 || true
    podman ps --all --format '{{.Names}}: {{.Status}}'
    podman pod ps --format '{{.Name}}: {{.Status}}'
}
