# Docker: dockerd with the runtime as its default one, and a containerd of its own.
# shellcheck source=/dev/null
source "${here:?}/docker_client.sh"

abilities=("${client_abilities[@]}" "${root_abilities[@]}" made-directory oom-events old-capabilities)
folders=(docker)
program_of_client=docker field_of_memory=MemUsage bridge=bridge
states_of_runtime=/run/docker/runtime-runc/moby
texts=([runtime]=tested [field_of_runtime]=.HostConfig.Runtime [init]=docker-init [capabilities]=00000000a80425fb [cgroup_of_host]=/docker/
    [exec_of_missing]=126 [exec_in_missing]=126 [exec_of_ended]='is not running' [exec_of_paused]='is paused' [kill_of_ended]='is not running'
    [delete_of_running]='cannot remove a running container' [mount_over_file]='Are you trying to mount a directory onto a file'
    [missing_source]='bind source path does not exist' [status_of_step]='exit code:' [health_interval]=300ms
    [publish]=127.0.0.1:18080:80 [published_at]=127.0.0.1)

# Docker keeps the name runc for itself. With options of the runtime's, docker writes a script that passes them on.
write_configuration() {
    mkdir -p /etc/docker
    cat >/etc/docker/daemon.json <<JSON
{ "runtimes": { "tested": { "path": "$RUNTIME" }, "talkative": { "path": "$RUNTIME", "runtimeArgs": ["--debug"] } },
  "default-runtime": "tested", "storage-driver": "overlay2", "experimental": true, "log-level": "warn" }
JSON
}

engine_setup() {
    sysctl -qw net.ipv4.ip_forward=1
    write_configuration
    dockerd >>/mnt/results/daemon.log 2>&1 &
    eventually docker version
    write_image /mnt/image.tar
    docker load --input /mnt/image.tar
    docker tag docker.io/library/$image:latest $image:1
}

engine_clean() {
    [[ ! -e /var/lib/docker/swarm/docker-state.json ]] || docker swarm leave --force
    [[ ! -e /run/second/pid ]] || kill "$(cat /run/second/pid)"
    docker rm --force --volumes "$1" "$1-other"
    docker image rm --force "$1"
    docker volume rm --force "$1"
    docker network rm "$1"
}

engine_remains() {
    docker ps --all --format '{{.Names}} {{.Status}}'
    states
    pgrep --full --list-full '^[^ ]*containerd-shim' || true
    ls -A /run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby 2>/dev/null || true
    # The groups that docker's are in stay, empty.
    find /sys/fs/cgroup -mindepth 2 -type d -path '*/docker/*' ! -name buildkit
    findmnt --noheadings --raw --output TARGET | grep /var/lib/docker/overlay2/ || true
    # BuildKit's containers are in the runtime's own place.
    ls -A "/run/$RUNTIME_NAME" 2>/dev/null || true
}

engine_bundle() { echo "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/$1"; }
engine_monitor() { pgrep --full -- "containerd-shim-runc-v2 .*-id $(engine_runtime_id "$1") "; }
engine_processes() { docker top "$1" -o pid | sed 1d; }
engine_remove() { docker rm --force "$1"; }
engine_forget() { :; }
engine_health() { inspected .State.Health.Status "$1"; }

# It is the job that is killed in the end.
engine_listen() { exec docker events --format '{{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.exitCode}}'; }
engine_events() {
    awk -v name="$id" '$2 == name { sub("destroy", "delete", $1) } $2 != name { next } $1 == "die" { print "exit", $3 } $1 ~ /^(create|start|oom|delete)$/ { print $1 }' "$1"
}

engine_checkpoint() { docker checkpoint create "$1" first; }
engine_save() { docker checkpoint create "$1" first >/dev/null && eventually is exited "$1"; }
engine_save_running() { docker checkpoint create --leave-running "$1" first >/dev/null; }
engine_go_on() { docker start --checkpoint first "$1"; }

engine_build() { DOCKER_BUILDKIT=1 docker build --network none --progress plain --tag "$id" "$@"; }
