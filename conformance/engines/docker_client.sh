# What the adapters of Docker and Podman have in common: a client with Docker's command line, whose name is in `program_of_client`.

# What can be asked of every engine with this client, of an ordinary user too.
client_abilities=(client detach exec kill create attach monitor init interactive much-input users env-file statuses join oom-score sysctl
    terminal-size drop-all new-privileges seccomp read-only shm-size host-namespaces no-network host-network build)
# … and when root runs the engine.
root_abilities=(root host-processes pause events checkpoint restore cgroups cpus pids cgroup-parent statistics devices renamed-devices privileged propagation bridge networks)

client() { "$program_of_client" "$@"; }

# made VERB NAME OPTION… -- PROGRAM…: without a network unless one is asked for, which takes half of the time. Three options are the checks' own:
# --image NAME instead of the usual one, --rootfs DIRECTORY instead of an image, --attachable where something has to be done for that.
made() {
    local verb="$1" name="$2" options program given=() network=(--network none) source=("$image")
    split "${@:3}"
    set -- "${options[@]}"
    while [[ $# -gt 0 ]]; do
        case "$1" in
            --image) source=("$2"); shift ;;
            --rootfs) source=(--rootfs "$2"); shift ;;
            --attachable) ;;
            --network | --publish) network=(); given+=("$1") ;;
            *) given+=("$1") ;;
        esac
        shift
    done
    client "$verb" --name "$name" "${network[@]}" "${given[@]}" "${source[@]}" "${program[@]}"
}

engine_run() { made run "$1" --rm "${@:2}"; }
engine_keep() { made run "$@"; }
engine_detach() { made run "$1" --detach "${@:2}" >/dev/null; }
engine_create() { made create "$@" >/dev/null; }

engine_exec() {
    local name="$1" options=() program=("${@:2}")
    [[ "$2" != -* ]] || split "${@:2}"
    client exec "${options[@]}" "$name" "${program[@]}"
}

# inspected FIELD [NAME]: what the engine knows of a container, as a Go template's field.
inspected() { client inspect --format "{{$1}}" "${2:-$id}"; }

engine_status() { inspected .State.Status "$1"; }
engine_pid() { inspected .State.Pid "$1"; }
engine_exit_code() { inspected .State.ExitCode "$1"; }
engine_runtime_id() { inspected .Id "$1"; }

engine_start() { client start "$1" >/dev/null; }
engine_kill() { if [[ "${2:-KILL}" == KILL ]]; then client kill "$1"; else client kill --signal "$2" "$1"; fi; }
engine_pause() { client pause "$1"; }
engine_resume() { client unpause "$1"; }
engine_delete() { client rm "$1"; }
engine_attach() { client attach --sig-proxy=false "$1"; }

# Memory is printed in units, as in "7.7MiB / 64MiB".
engine_statistics() {
    local processes used allowed
    read -r processes used allowed < <(client stats --no-stream --format "{{.PIDs}} {{.$field_of_memory}}" "$1" | tr -d '/B')
    echo "$processes $(numfmt --from=auto "$used") $(numfmt --from=auto "$allowed")"
}

logged() { client logs "$id" 2>&1; }
logs_hold() { [[ "$(logged)" == *"$1"* ]]; }
