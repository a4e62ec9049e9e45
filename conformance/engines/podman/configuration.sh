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
