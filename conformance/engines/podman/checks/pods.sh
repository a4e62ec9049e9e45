# Pods and Kubernetes documents.

pod() { podman pod create --name "$id-pod" --network none "$@" >/dev/null; }

# member [OPTION…] -- PROGRAM…: a container of the pod in the background.
member() {
    local options=()
    while [[ "$1" != -- ]]; do options+=("$1"); shift; done
    shift
    podman run --detach --pod "$id-pod" "${options[@]}" $image "$@" >/dev/null
}

namespaces_of() { podman exec "$1" sh -c 'for n in '"${*:2}"'; do readlink /proc/self/ns/$n; done'; }

Members_of_a_pod_share_namespaces() {
    pod
    member --name "$id" -- sleep 1000
    member --name "$id-other" -- sleep 1000
    same "$(namespaces_of "$id" net ipc uts)" "$(namespaces_of "$id-other" net ipc uts)"
    [[ "$(namespaces_of "$id" pid)" != "$(namespaces_of "$id-other" pid)" ]] || broken 'they share the pid namespace too'
    [[ "$(namespaces_of "$id" mnt)" != "$(namespaces_of "$id-other" mnt)" ]] || broken 'they share the mount namespace'
}

Members_of_a_pod_share_their_processes() {
    pod --share net,ipc,uts,pid
    member --name "$id" -- sleep 44441
    member --name "$id-other" -- sleep 44442
    same "$(namespaces_of "$id" pid)" "$(namespaces_of "$id-other" pid)"
    mentions 'sleep 44442' podman exec "$id" ps
    # The container has no first process of its own namespace: every process of it is signalled.
    podman stop --time 1 "$id"
    eventually gone 'sleep 44441'
    processes_of 'sleep 44442'
}

Members_of_a_pod_talk_over_the_loopback() {
    pod
    member --name "$id" -- sh -c 'mkdir /www; echo served >/www/index.html; exec httpd -f -h /www'
    eventually podman run --rm --pod "$id-pod" $image wget -q -O - http://127.0.0.1/
    says served podman run --rm --pod "$id-pod" $image wget -q -O - http://127.0.0.1/
}

# in_group CONTROLLER FILE1 FILE2 PATH: what the kernel holds for the cgroup, version 1's file or version 2's.
in_group() { if unified; then cat "/sys/fs/cgroup$4/$3"; else cat "/sys/fs/cgroup/$1$4/$2"; fi; }

A_pods_cgroup_holds_its_members() {
    needs cgroups
    pod
    member --name "$id" --memory 64m -- sleep 1000
    local path parent
    path="$(inspected .State.CgroupPath)"
    parent="$(podman pod inspect --format '{{.CgroupPath}}' "$id-pod")"
    [[ "$path" == "$parent"/* ]] || broken "$path is not below $parent"
    same 67108864 "$(limit memory memory.limit_in_bytes memory.max)"
}

A_pods_limits_are_the_kernels() {
    needs cgroups
    pod --cpus 0.5 --memory 128m
    member --name "$id" -- sleep 1000
    local parent; parent="$(podman pod inspect --format '{{.CgroupPath}}' "$id-pod")"
    same 134217728 "$(in_group memory memory.limit_in_bytes memory.max "$parent")"
}

A_pod_is_paused_stopped_started_and_removed() {
    local before; before="$(states)"
    pod
    member --name "$id" -- sleep 44451
    member --name "$id-other" -- sleep 44452
    if can pause; then
        podman pod pause "$id-pod"
        same 'paused paused' "$(engine_status "$id") $(engine_status "$id-other")"
        podman pod unpause "$id-pod"
        is running
    fi
    podman pod stop --time 1 "$id-pod"
    eventually gone 'sleep 44452'
    is exited
    podman pod start "$id-pod"
    eventually processes_of 'sleep 44451'
    podman pod kill "$id-pod"
    eventually gone 'sleep 44451'
    podman pod rm --force --time 0 "$id-pod"
    same "$before" "$(states)"
}

A_pod_has_a_user_namespace() {
    needs user-namespace
    pod --userns auto:size=400
    member --name "$id" -- sleep 1000
    member --name "$id-other" -- sleep 1000
    same "$(namespaces_of "$id" user net)" "$(namespaces_of "$id-other" user net)"
    says 400 inside awk '{ print $3 }' /proc/self/uid_map
}

A_pods_statistics_and_processes_are_shown() {
    pod
    member --name "$id" -- sleep 44461
    ! can cgroups || mentions "$id" podman pod stats --no-stream "$id-pod"
    mentions 'sleep 44461' podman pod top "$id-pod" args
}

# document: a Kubernetes document with the check's name and much that ends in a runtime's configuration.
document() {
    local limits=''
    ! can cgroups || limits='limits: {memory: 64Mi, cpu: 500m}'
    cat <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: $id-pod
spec:
  hostname: named
  restartPolicy: Never
  initContainers:
  - {name: before, image: $image, command: [sh, -c, "echo prepared >/shared/file"], volumeMounts: [{name: shared, mountPath: /shared}]}
  volumes:
  - {name: shared, hostPath: {path: $files/kube, type: DirectoryOrCreate}}
  containers:
  - name: main
    image: $image
    command: [sh, -c, "cat /shared/file; sleep 1000"]
    workingDir: /tmp
    env: [{name: WORD, value: said}]
    resources: {$limits}
    securityContext: {runAsUser: 1000, runAsGroup: 2000, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
    volumeMounts: [{name: shared, mountPath: /shared}]
YAML
}

A_kubernetes_document_is_played() {
    own_directory kube
    own_file pod.yaml "$(document)"
    podman play kube --network none "$files/pod.yaml"
    local main="$id-pod-main"
    main_says() { says "$1" podman exec "$main" sh -c "$2"; }
    eventually main_says '1000 2000 /tmp said named' 'echo $(id -u) $(id -g) $PWD $WORD $(hostname)'
    says prepared podman logs "$main"
    main_says $'0000000000000000 1' 'echo $(sed -n "s/^CapEff:\t//p; s/^NoNewPrivs:\t//p" /proc/self/status)'
    refuses 'Read-only file system' podman exec --user 0 "$main" touch /x
    ! can cgroups || same 67108864 "$(in_group memory memory.limit_in_bytes memory.max "$(inspected .State.CgroupPath "$main")")"
    podman play kube --down "$files/pod.yaml"
    ends 1 podman container exists "$main"
}

What_runs_is_written_as_a_kubernetes_document_and_played_again() {
    pod
    member --name "$id" --env WORD=said --user 1000 -- sh -c 'echo $WORD; sleep 1000'
    own_file again.yaml "$(podman generate kube "$id-pod")"
    podman pod rm --force --time 0 "$id-pod"
    podman play kube --network none "$files/again.yaml"
    logs_of_it() { [[ "$(podman logs "$id-pod-$id")" == said ]]; }
    eventually logs_of_it
    says 1000 podman exec "$id-pod-$id" id -u
}
