# Networks: docker's hook of the container gives it one.

Without_a_network_there_is_the_loopback_alone() {
    says 'lo' container --network none -- ls /sys/class/net
    mentions '127.0.0.1' container --network none -- ifconfig lo
}

The_network_of_the_host_is_shared_when_asked() {
    says "$(readlink /proc/self/ns/net)" container --network host -- readlink /proc/self/ns/net
}

A_bridge_gives_an_address() {
    detached --network bridge -- sleep 1000
    local address; address="$(of .NetworkSettings.IPAddress)"
    says "$address" inside sh -c "ifconfig eth0 | sed -n 's/.*inet addr:\([0-9.]*\).*/\1/p'"
    says 'eth0 lo' inside sh -c 'ls /sys/class/net | sort | xargs'
    busybox ping -c 1 -W 5 "$address"
}

Containers_reach_each_other_by_address() {
    named "$id-other" --detach --network bridge -- sleep 1000 >/dev/null
    mentions '1 packets received' container --network bridge -- ping -c 1 -W 5 "$(of .NetworkSettings.IPAddress "$id-other")"
}

Containers_reach_each_other_by_name_in_a_network_of_their_own() {
    docker network create "$id"
    named "$id-other" --detach --network "$id" --network-alias alias -- sleep 1000 >/dev/null
    mentions '1 packets received' container --network "$id" -- ping -c 1 -W 5 "$id-other"
    mentions '1 packets received' container --network "$id" -- ping -c 1 -W 5 alias
}

A_network_is_joined_and_left_while_running() {
    docker network create "$id"
    detached --network bridge -- sleep 1000
    docker network connect "$id" "$id"
    says 'eth0 eth1 lo' inside sh -c 'ls /sys/class/net | sort | xargs'
    docker network disconnect "$id" "$id"
    says 'eth0 lo' inside sh -c 'ls /sys/class/net | sort | xargs'
    docker rm --force "$id"
}

The_network_of_another_container_is_shared_when_asked() {
    named "$id-other" --detach --network bridge -- nc -ll -p 8000 -e echo served >/dev/null
    says "$(readlink "/proc/$(pid_of "$id-other")/ns/net")" container --network "container:$id-other" -- readlink /proc/self/ns/net
    eventually holds served named "$id" --rm --network "container:$id-other" -- nc -w 2 127.0.0.1 8000
}

A_published_port_is_reached() {
    detached --publish 127.0.0.1:18080:80 -- nc -ll -p 80 -e echo served
    same 127.0.0.1:18080 "$(docker port "$id" 80)"
    eventually holds served busybox nc -w 2 127.0.0.1 18080 </dev/null
    # Directly, too.
    mentions served busybox nc -w 2 "$(of .NetworkSettings.IPAddress)" 80
}

Names_and_servers_are_what_is_asked_for() {
    detached --network bridge --dns 192.0.2.53 --dns-search example.org --add-host there:192.0.2.7 --hostname here -- sleep 1000
    mentions 'nameserver 192.0.2.53' inside cat /etc/resolv.conf
    mentions 'search example.org' inside cat /etc/resolv.conf
    mentions $'192.0.2.7\tthere' inside cat /etc/hosts
    mentions "$(of .NetworkSettings.IPAddress)"$'\there' inside cat /etc/hosts
    says here inside cat /etc/hostname
}

An_address_of_the_hardware_is_what_is_asked_for() {
    says 02:42:ac:11:00:99 container --network bridge --mac-address 02:42:ac:11:00:99 -- cat /sys/class/net/eth0/address
}

Nothing_of_the_network_is_left() {
    local before; before="$(ls /sys/class/net | grep -c veth || true)"
    says '' container --network bridge -- true
    ends 127 container --network bridge -- no-such-program
    eventually sh -c "[ \$(ls /sys/class/net | grep -c veth) = $before ]"
}
