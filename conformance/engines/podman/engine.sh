# Podman of root: no service; every command works on the files below /var/lib/containers and /run.

# What Podman is told about this machine: no systemd, and a root that may not raise hard limits, which Podman would.
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

engine_start() {
    write_configuration
    write_image /mnt/image.tar
    podman load --input /mnt/image.tar
}

engine_clean() {
    podman pod rm --force --ignore --time 0 "$1-pod"
    podman rm --force --ignore --time 0 --volumes "$1" "$1-other"
    ! podman volume exists "$1" || podman volume rm --force "$1"
    ! podman image exists "$1" || podman image rm --force "$1"
}

# container OPTION… -- [PROGRAM…]: podman run in the foreground, under the check's own id.
container() { podman_run --rm "$@"; }

# detached OPTION… -- [PROGRAM…]: podman run in the background.
detached() { podman_run --detach "$@" >/dev/null; }

podman_run() {
    local options=()
    while [[ "$1" != -- ]]; do options+=("$1"); shift; done
    shift
    podman run --name "$id" --network none "${options[@]}" $image "$@"
}

inside() { podman exec "$id" "$@"; }

# inspected FIELD [NAME]: what podman knows of a container, as a Go template's field.
inspected() { podman inspect --format "{{$1}}" "${2:-$id}"; }

running() { [[ "$(inspected .State.Status)" == "${1:-running}" ]]; }

logged() { podman logs "$id" 2>&1; }
logs_hold() { [[ "$(logged)" == *"$1"* ]]; }

# in_group CONTROLLER FILE1 FILE2 [PATH]: what the kernel holds for the container's cgroup, version 1's file or version 2's.
in_group() {
    local path="${4:-$(inspected .State.CgroupPath)}"
    if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then cat "/sys/fs/cgroup$path/$3"; else cat "/sys/fs/cgroup/$1$path/$2"; fi
}

processes_of() { pgrep --full --exact "$1" >/dev/null; }
gone() { ! processes_of "$1"; }
