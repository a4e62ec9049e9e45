# Networks, names and what belongs to the network namespace.

# On Podman's own bridge instead of without a network.
bridged() { podman run --network podman "$@"; }

Without_a_network_there_is_only_the_loopback() {
    says lo container -- ls /sys/class/net
    mentions 'inet 127.0.0.1' container -- ip address show dev lo
}

On_the_callers_network_a_container_sees_its_devices() {
    says "$(readlink /proc/self/ns/net)" podman run --rm --name "$id" --network host $image readlink /proc/self/ns/net
}

On_a_bridge_a_container_has_an_address() {
    says 'eth0 lo' bridged --rm --name "$id" $image sh -c 'echo $(ls /sys/class/net)'
    mentions 'inet 10.88.' bridged --rm --name "$id" $image ip address show dev eth0
    mentions 'default via 10.88.0.1' bridged --rm --name "$id" $image ip route
}

Two_containers_on_a_bridge_reach_each_other() {
    bridged --detach --name "$id" $image sh -c 'mkdir /www; echo served >/www/index.html; exec httpd -f -h /www'
    local address; address="$(inspected .NetworkSettings.IPAddress)"
    eventually bridged --rm --name "$id-other" $image wget -q -O - "http://$address/"
    says served bridged --rm --name "$id-other" $image wget -q -O - "http://$address/"
}

A_published_port_is_reached() {
    bridged --detach --name "$id" --publish 18080:80 $image sh -c 'mkdir /www; echo served >/www/index.html; exec httpd -f -h /www'
    eventually busybox wget -q -O - http://10.88.0.1:18080/
    says served busybox wget -q -O - http://10.88.0.1:18080/
}

A_network_of_ones_own_knows_names() {
    podman network create "$id" >/dev/null
    podman run --detach --name "$id" --network "$id" $image sleep 1000
    podman run --detach --name "$id-other" --network "$id" $image sleep 1000
    mentions "$(inspected '(index .NetworkSettings.Networks "'"$id"'").IPAddress' "$id-other")" inside nslookup "$id-other.dns.podman"
    podman rm --force --time 0 "$id" "$id-other"
    podman network rm "$id"
}

A_running_container_is_connected_to_another_network() {
    podman network create "$id" >/dev/null
    bridged --detach --name "$id" $image sleep 1000
    podman network connect "$id" "$id"
    says 'eth0 eth1 lo' inside sh -c 'echo $(ls /sys/class/net)'
    podman network disconnect "$id" "$id"
    says 'eth0 lo' inside sh -c 'echo $(ls /sys/class/net)'
    podman rm --force --time 0 "$id"
    podman network rm "$id"
}

A_network_is_shared_with_another_container() {
    detached -- sleep 1000
    says "$(inside readlink /proc/self/ns/net)" podman run --rm --name "$id-other" --network "container:$id" $image readlink /proc/self/ns/net
}

A_network_namespace_is_given_by_its_path() {
    ip netns add "$id"
    says "net:[$(stat -L -c %i "/run/netns/$id")]" podman run --rm --name "$id" --network "ns:/run/netns/$id" $image readlink /proc/self/ns/net
    ip netns delete "$id"
}

A_host_name_of_the_callers_choice() {
    says named container --hostname named -- hostname
    mentions named container --hostname named -- cat /etc/hosts
    says "$(hostname)" container --uts host -- hostname
}

Names_and_servers_are_written_down() {
    mentions '1.2.3.4' bridged --rm --name "$id" --add-host somewhere:1.2.3.4 $image grep somewhere /etc/hosts
    mentions 'nameserver 9.9.9.9' bridged --rm --name "$id" --dns 9.9.9.9 $image cat /etc/resolv.conf
}

Kernel_parameters_are_set() {
    says 1 container --sysctl net.ipv4.ip_forward=1 -- cat /proc/sys/net/ipv4/ip_forward
    says 4321 container --sysctl kernel.msgmax=4321 -- cat /proc/sys/kernel/msgmax
    says "$(cat /proc/sys/kernel/msgmax)" container -- cat /proc/sys/kernel/msgmax
}

Namespaces_are_shared_with_the_caller_when_asked() {
    says "$(readlink /proc/self/ns/ipc)" container --ipc host -- readlink /proc/self/ns/ipc
    says "$(readlink /proc/self/ns/uts)" container --uts host -- readlink /proc/self/ns/uts
    says "$(readlink /proc/self/ns/pid)" container --pid host -- readlink /proc/self/ns/pid
}

Namespaces_are_shared_with_another_container() {
    detached --ipc shareable -- sleep 1000
    local shared=(--ipc "container:$id" --pid "container:$id" --network "container:$id")
    says "$(inside sh -c 'echo $(cd /proc/self/ns; readlink ipc pid net)')" podman run --rm --name "$id-other" "${shared[@]}" $image \
        sh -c 'echo $(cd /proc/self/ns; readlink ipc pid net)'
    # In another's pid namespace every process is signalled by itself.
    podman run --detach --name "$id-other" "${shared[@]}" $image sh -c 'sleep 54331 & sleep 54332'
    eventually processes_of 'sleep 54331'
    podman kill "$id-other"
    eventually gone 'sleep 54331'
    eventually gone 'sleep 54332'
    running
}
