# Podman of root: no service; every command works on the files below /var/lib/containers and /run.
# shellcheck source=/dev/null
source "${here:?}/docker_client.sh"
# shellcheck source=/dev/null
source "$here/podman/configuration.sh"

podman_abilities=(annotations build-limits pidfile descriptors ambient pods)
abilities=("${client_abilities[@]}" "${root_abilities[@]}" "${podman_abilities[@]}" rootfs user-namespace network-by-path)
folders=(podman)
program_of_client=podman field_of_memory=MemUsageBytes bridge=podman
states_of_runtime="/run/$RUNTIME_NAME"
texts=([runtime]="$RUNTIME_NAME" [field_of_runtime]=.OCIRuntime [init]=podman-init [capabilities]=00000000800405fb [cgroup_of_host]=libpod
    [exec_of_missing]=127 [exec_in_missing]=127 [exec_of_ended]='can only create exec sessions on running containers'
    [exec_of_paused]='can only create exec sessions on running containers' [kill_of_ended]='can only kill running containers'
    [delete_of_running]='cannot remove container' [status_of_step]='exit status' [health_interval]=disable
    [publish]=18080:80 [published_at]=10.88.0.1 [checkpoint]='')

engine_setup() {
    write_configuration
    write_image /mnt/image.tar
    podman load --input /mnt/image.tar
}

engine_clean() {
    eventually remove_containers "$1"
    ! podman volume exists "$1" || podman volume rm --force "$1"
    ! podman image exists "$1" || podman image rm --force "$1"
    ! podman network exists "$1" || podman network rm --force "$1"
}

# Podman refuses to remove a pod while a container of it is just ending, and what lends its namespaces to another.
remove_containers() {
    local status=0
    podman pod rm --force --ignore --time 0 "$1-pod" || status=1
    podman rm --force --ignore --time 0 "$1-other" || status=1
    podman rm --force --ignore --time 0 --volumes "$1" || status=1
    return $status
}

# What is still there when every check has cleaned up after itself.
engine_remains() {
    pods_and_containers_that_stay
    states_that_stay
    find /sys/fs/cgroup -name 'libpod-*' -o -name 'buildah-*'
    local name
    for name in "$RUNTIME_NAME" conmon catatonit; do pgrep --exact --list-full "$name" || true; done
}

# What Podman still has when every check has cleaned up is removed by it; what cannot be is written.
pods_and_containers_that_stay() {
    podman pod rm --all --force --time 0 >/dev/null 2>&1 || true
    podman rm --all --force --time 0 >/dev/null 2>&1 || true
    podman ps --all --format '{{.Names}}: {{.Status}}'
    podman pod ps --format '{{.Name}}: {{.Status}}'
}

# Podman 4.3 sometimes removes a container that has just ended without asking the runtime to: such a record must be true, and go when asked.
# What else stays is written, with what the runtime says of it.
states_that_stay() {
    local one said
    for one in $(states); do
        said="$(as_owner "$RUNTIME" state "$one" 2>&1 || true)"
        if [[ "$said" == *'"status": "stopped"'* ]]; then as_owner "$RUNTIME" delete "$one"; else printf '%s: %s\n' "$one" "${said//$'\n'/}"; fi
    done
}

engine_monitor() { inspected .State.ConmonPid "$1" | grep "[1-9]"; }
engine_processes() { podman top "$1" hpid | sed 1d; }
engine_remove() { podman rm --force --time 0 "$1"; }

# engine_forget ID: Podman 4.3 asks for no deletion after its monitor was killed; what is recorded must be true, and go when it is asked for.
engine_forget() {
    same stopped "$(as_owner "$RUNTIME" state "$1" | jq --raw-output .status)"
    as_owner "$RUNTIME" delete "$1"
}

# The command is run when it is asked for; its status and what is known afterwards agree.
engine_health() {
    local status=0 known
    podman healthcheck run "$1" >/dev/null 2>&1 || status=$?
    known="$(inspected .State.Healthcheck.Status "$1")"
    [[ "$status $known" != '0 healthy' && "$status $known" != '1 unhealthy' ]] || echo "$known"
}

# It is the job that is killed in the end.
engine_listen() { exec podman events --format '{{.Status}} {{.Name}} {{.ContainerExitCode}}'; }
engine_events() {
    awk -v name="$id" '$2 != name { next } $1 == "died" { print "exit", $3 } $1 == "remove" { print "delete" } $1 == "create" || $1 == "start" { print $1 }' "$1"
}

engine_checkpoint() { podman container checkpoint "$1"; }
engine_save() { podman container checkpoint "$1" >/dev/null; }
engine_save_running() { podman container checkpoint --leave-running "$1" >/dev/null; }
engine_go_on() { podman container restore "$1" >/dev/null; }

engine_build() { podman build --network none --tag "$id" "$@"; }
