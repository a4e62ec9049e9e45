# Docker: dockerd with the runtime as its default one, and a containerd of its own.

# Docker keeps the name runc for itself. With options of the runtime's, docker writes a script that passes them on.
write_configuration() {
    mkdir -p /etc/docker
    cat >/etc/docker/daemon.json <<JSON
{ "runtimes": { "tested": { "path": "$RUNTIME" }, "talkative": { "path": "$RUNTIME", "runtimeArgs": ["--debug"] } },
  "default-runtime": "tested", "storage-driver": "overlay2", "experimental": true, "log-level": "warn" }
JSON
}

engine_start() {
    sysctl -qw net.ipv4.ip_forward=1
    write_configuration
    start_daemon
    write_image /mnt/image.tar
    docker load --input /mnt/image.tar
    docker tag docker.io/library/$image:latest $image:1
}

# start_daemon OPTION…: dockerd on its usual paths.
start_daemon() {
    dockerd "$@" >>/mnt/results/daemon.log 2>&1 &
    eventually docker version
}

engine_clean() {
    [[ ! -e /var/lib/docker/swarm/docker-state.json ]] || docker swarm leave --force
    [[ ! -e /run/second/pid ]] || kill "$(cat /run/second/pid)"
    docker rm --force --volumes "$1" "$1-other"
    docker image rm --force "$1"
    docker volume rm --force "$1"
    docker network rm "$1"
}

# container OPTION… -- [PROGRAM…]: docker run in the foreground, under the check's own id.
container() { named "$id" --rm "$@"; }

# detached OPTION… -- PROGRAM…: docker run in the background.
detached() { named "$id" --detach "$@" >/dev/null; }

# named NAME OPTION… -- [PROGRAM…]: without a network unless one is asked for: it takes half of the time.
named() {
    local options=(--name "$1") network=(--network none)
    shift
    while [[ "$1" != -- ]]; do
        [[ "$1" != --network && "$1" != --net* && "$1" != --publish ]] || network=()
        options+=("$1"); shift
    done
    shift
    docker run "${network[@]}" "${options[@]}" $image "$@"
}

inside() { docker exec "$id" "$@"; }

# of FIELD [NAME]: what docker knows of a container, as a Go template's field.
of() { docker inspect --format "{{$1}}" "${2:-$id}"; }

is() { [[ "$(of .State.Status)" == "$1" ]]; }

pid_of() { of .State.Pid "${1:-$id}"; }

# limit CONTROLLER FILE1 FILE2: what the kernel holds for the check's container.
limit() { kernel_has "$(pid_of)" "$@"; }

# What the runtime itself keeps for docker's containers.
runtime_states=/run/docker/runtime-runc/moby

shim_of() { pgrep --full -- "containerd-shim-runc-v2 .*-id $(of .Id "${1:-$id}") "; }

# nothing_is_left_of ID: docker's long one; no state of the runtime, no cgroup.
nothing_is_left_of() {
    [[ ! -e "$runtime_states/$1" ]] || broken "the runtime's state is left: $(ls -A "$runtime_states/$1")"
    [[ ! -e "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/$1" ]] || broken 'the bundle is left'
    no_cgroup "$1"
}

# Whether version 2 rules alone, where files and their values are others.
unified() { [[ -e /sys/fs/cgroup/cgroup.controllers ]]; }
