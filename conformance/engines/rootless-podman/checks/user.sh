# What an ordinary user's ids, power and network are.

Root_inside_is_the_user_outside() {
    detached -- sleep 1000
    says '0 0' inside sh -c 'echo $(id -u) $(id -g)'
    same $user_id "$(stat -c %u "/proc/$(pid_of)")"
    says "0 $user_id 1 1 300000 65536" inside sh -c 'echo $(cat /proc/self/uid_map)'
}

Other_users_inside_are_subordinate_ones_outside() {
    detached --user 1000 -- sleep 1000
    same 300999 "$(stat -c %u "/proc/$(pid_of)")"
}

A_user_keeps_the_own_id() {
    says "$user_id $user_id" container --userns keep-id -- sh -c 'echo $(id -u) $(id -g)'
    own_file mine own
    says "own $user_id" container --userns keep-id --volume "$files/mine:/mine" -- sh -c 'echo $(cat /mine) $(stat -c %u /mine)'
    detached --userns keep-id -- sleep 1000
    says $user_id inside id -u
    refuses 'Permission denied' inside touch /etc/x
}

A_user_namespace_of_the_container_alone() {
    detached --userns auto:size=200 -- sleep 1000
    says 200 inside awk '{ print $3 }' /proc/self/uid_map
    says '0 1000 500' engine_run "$id-other" --uidmap 0:1000:500 -- sh -c 'echo $(cat /proc/self/uid_map)'
}

Limits_are_left_out_with_a_warning() {
    ! unified || skip 'cgroup version 1 is not mounted'
    mentions 'Resource limits are not supported and ignored on cgroups V1 rootless systems' container --memory 64m -- echo run
    detached -- sleep 1000
    refuses 'cgroup V1' podman pause "$id"
    refuses 'cgroup' podman stats --no-stream "$id"
}

A_users_network_goes_through_slirp4netns() {
    [[ -r /dev/net/tun ]] || skip 'there is no /dev/net/tun'
    mentions 'inet 10.0.2.100' container --network slirp4netns -- ip address show dev tap0
    detached --network slirp4netns -- sleep 1000
    mentions 'inet 10.0.2.100' inside ip address show dev tap0
}

A_users_bridge_connects_containers() {
    [[ -r /dev/net/tun ]] || skip 'there is no /dev/net/tun'
    detached --network podman -- sh -c "$web_server"
    eventually says served engine_run "$id-other" --network podman -- wget -q -O - "http://$(address_of "$id")/"
}

A_privileged_container_of_a_user_has_the_users_power_only() {
    says 0 container --privileged -- sh -c 'mount -t tmpfs none /tmp; echo $?'
    refuses 'Operation not permitted' container --privileged -- sh -c 'mknod /x b 7 0'
}

A_users_parameters_of_the_network_are_set() {
    says 1 container --sysctl net.ipv4.ip_forward=1 -- cat /proc/sys/net/ipv4/ip_forward
}

Devices_are_the_callers() {
    ends 0 container -- sh -c ': >/dev/null && : </dev/urandom && : </dev/zero'
    says 'a,c8' container --device /dev/net/tun -- stat -c %t,%T /dev/net/tun
}

A_pod_keeps_the_users_id() {
    pod --userns keep-id
    member --name "$id" -- sleep 1000
    member --name "$id-other" -- sleep 1000
    says $user_id inside id -u
    same "$(namespaces_of "$id" user)" "$(namespaces_of "$id-other" user)"
}

What_is_killed_or_refused_leaves_no_record() {
    ends 127 container -- /nosuch
    ends 126 container -- /etc/passwd
    same "" "$(states)"
    detached -- sleep 1000
    podman kill "$id"
    says 137 podman wait "$id"
    same "" "$(states)"
}
