# Podman of an ordinary user.

A_container_of_a_user_writes_and_ends() {
    says hello container -- echo hello
    ends 7 container -- sh -c 'exit 7'
}

The_runtime_is_the_one_under_test() {
    detached -- sleep 1000
    same "$RUNTIME_NAME" "$(inspected .OCIRuntime)"
    [[ -d "/run/user/$user_id/$RUNTIME_NAME/$(inspected .Id)" ]] || broken "the runtime's state directory is empty"
}

Root_inside_is_the_user_outside() {
    detached -- sleep 1000
    says '0 0' inside sh -c 'echo $(id -u) $(id -g)'
    same $user_id "$(stat -c %u "/proc/$(inspected .State.Pid)")"
    says '0 4321 1 1 300000 65536' inside sh -c 'echo $(cat /proc/self/uid_map)'
}

Other_users_inside_are_subordinate_ones_outside() {
    detached --user 1000 -- sleep 1000
    same 300999 "$(stat -c %u "/proc/$(inspected .State.Pid)")"
}

A_missing_program_is_127_and_a_forbidden_one_126() {
    ends 127 container -- /nosuch
    ends 126 container -- /etc/passwd
    same "" "$(states)"
}

A_user_keeps_the_own_id() {
    says "$user_id $user_id" container --userns keep-id -- sh -c 'echo $(id -u) $(id -g)'
    users_file mine own
    says "own $user_id" container --userns keep-id --volume $home/mine:/mine -- sh -c 'echo $(cat /mine) $(stat -c %u /mine)'
    detached --userns keep-id -- sleep 1000
    says $user_id inside id -u
    refuses 'Permission denied' inside touch /etc/x
}

A_user_namespace_of_the_container_alone() {
    detached --userns auto:size=200 -- sleep 1000
    says 200 inside awk '{ print $3 }' /proc/self/uid_map
    podman rm --force --time 0 "$id"
    says '0 1000 500' container --uidmap 0:1000:500 -- sh -c 'echo $(cat /proc/self/uid_map)'
}

A_second_program_is_run() {
    detached -- sleep 1000
    says hello inside echo hello
    ends 3 inside sh -c 'exit 3'
    ends 127 inside /nosuch
    says '1000 /tmp said' podman exec --user 1000 --workdir /tmp --env WORD=said "$id" sh -c 'echo $(id -u) $PWD $WORD'
    says "$(inside readlink /proc/1/ns/pid)" inside readlink /proc/self/ns/pid
    says 'a line' fed 'a line' podman exec --interactive "$id" cat
}

A_detached_second_program_runs_on() {
    detached -- sleep 1000
    podman exec --detach "$id" sleep 65401
    eventually processes_of 'sleep 65401'
    podman kill "$id"
    eventually gone 'sleep 65401'
}

# on_users_terminal COMMAND: like on_terminal, but the terminal is the user's too.
on_users_terminal() {
    local typed=/tmp/typed.$BASHPID
    mkfifo "$typed"
    as_user script --quiet --return --command "$1" /dev/null <>"$typed" >/tmp/terminal
    rm "$typed"
    tr -d '\r' </tmp/terminal
}

A_terminal_is_the_containers_own() {
    says /dev/pts/0 on_users_terminal "podman run --rm -ti --name $id --network none $image tty"
    detached -- sleep 1000
    says /dev/pts/0 on_users_terminal "podman exec -ti $id tty"
}

A_stopped_container_is_asked_first() {
    detached -- sh -c 'trap "echo asked; exit 4" TERM; while :; do sleep 0.1; done'
    podman stop --time 10 "$id"
    same 'exited 4' "$(inspected .State.Status) $(inspected .State.ExitCode)"
    says asked podman logs "$id"
}

A_killed_container_has_status_137() {
    detached -- sleep 1000
    podman kill "$id"
    says 137 podman wait "$id"
    same "" "$(states)"
}

Signals_arrive() {
    detached -- sh -c 'trap "echo first" USR1; echo ready; while :; do sleep 0.1; done'
    eventually logs_hold ready
    podman kill --signal USR1 "$id"
    eventually logs_hold first
}

Removal_by_force_leaves_nothing() {
    detached -- sleep 65402
    podman rm --force --time 0 "$id"
    eventually gone 'sleep 65402'
    same "" "$(states)"
}

A_restarted_container_runs_anew() {
    detached -- sh -c 'echo x >>/root/runs; trap "exit 0" TERM; while :; do sleep 0.1; done'
    eventually inside test -s /root/runs
    podman restart "$id"
    twice() { [[ "$(inside grep -c x /root/runs)" == 2 ]]; }
    eventually twice
}

Limits_are_left_out_with_a_word() {
    [[ ! -e /sys/fs/cgroup/cgroup.controllers ]] || skip 'cgroup version 1 is not mounted'
    mentions 'Resource limits are not supported and ignored on cgroups V1 rootless systems' container --memory 64m -- echo run
    detached -- sleep 1000
    refuses 'cgroup V1' podman pause "$id"
    refuses 'cgroup' podman stats --no-stream "$id"
}

Limits_of_a_process_are_set() {
    says '111 222' container --ulimit nofile=111:222 --ulimit nproc=4096:4096 -- sh -c 'echo $(ulimit -Sn) $(ulimit -Hn)'
}

Without_a_network_there_is_only_the_loopback() {
    says lo container -- ls /sys/class/net
}

A_users_network_goes_through_slirp4netns() {
    [[ -r /dev/net/tun ]] || skip 'there is no /dev/net/tun'
    mentions 'inet 10.0.2.100' podman run --rm --name "$id" --network slirp4netns $image ip address show dev tap0
    podman run --detach --name "$id" --network slirp4netns $image sleep 1000
    mentions 'inet 10.0.2.100' inside ip address show dev tap0
}

A_container_is_on_the_callers_network() {
    says "$(readlink /proc/self/ns/net)" podman run --rm --name "$id" --network host $image readlink /proc/self/ns/net
}

A_users_bridge_connects_containers() {
    [[ -r /dev/net/tun ]] || skip 'there is no /dev/net/tun'
    podman run --detach --name "$id" --network podman $image sh -c 'mkdir /www; echo served >/www/index.html; exec httpd -f -h /www'
    local address; address="$(inspected .NetworkSettings.Networks.podman.IPAddress)"
    eventually podman run --rm --network podman $image wget -q -O - "http://$address/"
    says served podman run --rm --network podman $image wget -q -O - "http://$address/"
}

A_network_is_shared_with_another_container() {
    detached -- sleep 1000
    says "$(inside readlink /proc/self/ns/net)" podman run --rm --name "$id-other" --network "container:$id" $image readlink /proc/self/ns/net
}

Volumes_and_binds() {
    container --volume "$id:/data" -- sh -c 'echo kept >/data/file'
    says kept container --volume "$id:/data:ro" -- cat /data/file
    users_file bound here
    says here container --volume $home/bound:/data:ro -- cat /data
    refuses 'Read-only file system' container --volume $home:/data:ro -- touch /data/x
    container --volume $home:/data -- touch /data/written
    same $user_id "$(stat -c %u $home/written)"
}

A_root_is_read_only_and_a_tmpfs_is_not() {
    refuses 'Read-only file system' container --read-only -- touch /x
    says tmpfs container --read-only --tmpfs /t -- sh -c 'touch /t/x; stat -f -c %T /t'
    mentions ' 1024 ' container --tmpfs /t:size=1m -- df -k /t
}

Capabilities_and_filter_are_the_usual_ones() {
    says $'CapEff:\t00000000800405fb' container -- grep CapEff /proc/self/status
    says $'CapEff:\t0000000000000000' container --cap-drop ALL -- grep CapEff /proc/self/status
    says $'Seccomp:\t2' container -- grep Seccomp: /proc/self/status
    says $'NoNewPrivs:\t1' container --security-opt no-new-privileges -- grep NoNewPrivs /proc/self/status
}

A_privileged_container_of_a_user_has_the_users_power_only() {
    says 0 container --privileged -- sh -c 'mount -t tmpfs none /tmp; echo $?'
    refuses 'Operation not permitted' container --privileged -- sh -c 'mknod /x b 7 0'
}

Host_name_and_kernel_parameters() {
    says named container --hostname named -- hostname
    says 1 container --sysctl net.ipv4.ip_forward=1 -- cat /proc/sys/net/ipv4/ip_forward
}

Devices_are_the_callers() {
    ends 0 container -- sh -c ': >/dev/null && : </dev/urandom && : </dev/zero'
    says 'a,c8' container --device /dev/net/tun -- stat -c %t,%T /dev/net/tun
}

Files_are_copied_in_and_out() {
    detached -- sleep 1000
    users_file outgoing outside
    podman cp $home/outgoing "$id:/root/file"
    says outside inside cat /root/file
    podman cp "$id:/root/file" $home/incoming
    same outside "$(<$home/incoming)"
}

A_container_becomes_an_image() {
    podman run --name "$id" --network none $image sh -c 'echo changed >/root/file'
    podman commit --quiet "$id" "$id"
    podman rm "$id"
    says changed podman run --rm --network none --name "$id" "$id" cat /root/file
}

Members_of_a_pod_share_namespaces() {
    podman pod create --name "$id-pod" --network none --share net,ipc,uts,pid
    podman run --detach --pod "$id-pod" --name "$id" $image sleep 44471
    podman run --detach --pod "$id-pod" --name "$id-other" $image sleep 44472
    same "$(inside sh -c 'cd /proc/self/ns; readlink net ipc uts pid')" "$(podman exec "$id-other" sh -c 'cd /proc/self/ns; readlink net ipc uts pid')"
    mentions 'sleep 44472' inside ps
    podman pod stop --time 1 "$id-pod"
    eventually gone 'sleep 44472'
    podman pod start "$id-pod"
    eventually processes_of 'sleep 44471'
    podman pod rm --force --time 0 "$id-pod"
    eventually gone 'sleep 44471'
    same "" "$(states)"
}

A_pod_keeps_the_users_id() {
    podman pod create --name "$id-pod" --network none --userns keep-id
    podman run --detach --pod "$id-pod" --name "$id" $image sleep 1000
    podman run --detach --pod "$id-pod" --name "$id-other" $image sleep 1000
    says $user_id inside id -u
    same "$(inside readlink /proc/self/ns/user)" "$(podman exec "$id-other" readlink /proc/self/ns/user)"
}

A_kubernetes_document_is_played() {
    users_file pod.yaml "$(cat <<YAML
apiVersion: v1
kind: Pod
metadata: {name: $id-pod}
spec:
  containers:
  - {name: main, image: $image, command: [sleep, "1000"], env: [{name: WORD, value: said}], securityContext: {runAsUser: 1000}}
YAML
)"
    podman play kube --network none $home/pod.yaml
    says '1000 said' podman exec "$id-pod-main" sh -c 'echo $(id -u) $WORD'
    podman play kube --down $home/pod.yaml
    same "" "$(states)"
}

A_build_runs_its_steps() {
    mkdir -p $home/context
    users_file context/Containerfile "FROM $image"$'\nRUN echo built $(id -u) >/root/file'
    podman build --quiet --network none --tag "$id" $home/context
    says 'built 0' podman run --rm --network none --name "$id" "$id" cat /root/file
    users_file context/Containerfile "FROM $image"$'\nRUN exit 7'
    refuses 'exit status 7' podman build --network none $home/context
}

A_healthy_container_is_known_as_such() {
    detached --health-cmd 'test -e /tmp/well' --health-interval disable --health-retries 1 -- sleep 1000
    ends 1 podman healthcheck run "$id"
    inside touch /tmp/well
    ends 0 podman healthcheck run "$id"
}

A_container_whose_monitor_was_killed_is_removed() {
    detached -- sleep 65403
    kill -KILL "$(inspected .State.ConmonPid)"
    podman rm --force --time 0 "$id"
    eventually gone 'sleep 65403'
    as_user "$RUNTIME" delete --force "$(states)"
    same "" "$(states)"
}
