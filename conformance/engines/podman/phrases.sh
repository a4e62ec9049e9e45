# What checks of Podman, of root and of a user, are written with; and what is left of theirs.

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

processes_of() { pgrep --full --exact "$1" >/dev/null; }
gone() { ! processes_of "$1"; }

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
