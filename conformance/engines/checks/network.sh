# Networks, and the names in them.

Without_a_network_there_is_the_loopback_alone() {
    needs no-network
    says lo container --network none -- ls /sys/class/net
    ! can client || mentions '127.0.0.1' container --network none -- ifconfig lo
}

The_network_of_the_host_is_shared_when_asked() {
    needs host-network
    says "$(readlink /proc/self/ns/net)" container --network host -- readlink /proc/self/ns/net
}

A_network_namespace_is_joined_by_its_path() {
    needs network-by-path
    ip netns add "$id"
    says "net:[$(stat -L -c %i "/run/netns/$id")]" container --network "ns:/run/netns/$id" -- readlink /proc/self/ns/net
    ip netns delete "$id"
}

The_network_of_another_container_is_shared_when_asked() {
    needs join
    engine_detach "$id-other" -- nc -ll -p 8000 -e echo served
    says "$(readlink "/proc/$(pid_of "$id-other")/ns/net")" container --network "container:$id-other" -- readlink /proc/self/ns/net
    ! can client || eventually holds served container --network "container:$id-other" -- nc -w 2 127.0.0.1 8000
}

# An address of the container on a bridge.
address_of() { inspected '(index .NetworkSettings.Networks "'"${2:-$bridge}"'").IPAddress' "$1"; }

web_server='mkdir /www; echo served >/www/index.html; exec httpd -f -h /www'

A_bridge_gives_an_address() {
    needs bridge
    detached --network "$bridge" -- sleep 1000
    local address; address="$(address_of "$id")"
    says "$address" inside sh -c "ifconfig eth0 | sed -n 's/.*inet addr:\([0-9.]*\).*/\1/p'"
    says 'eth0 lo' inside sh -c 'ls /sys/class/net | sort | xargs'
    mentions "default via ${address%.*}.1" inside ip route
    ! can root || busybox ping -c 1 -W 5 "$address"
}

Containers_on_a_bridge_reach_each_other_by_address() {
    needs bridge
    engine_detach "$id-other" --network "$bridge" -- sh -c "$web_server"
    eventually holds served container --network "$bridge" -- wget -q -O - "http://$(address_of "$id-other")/"
    mentions '1 packets received' container --network "$bridge" --cap-add NET_RAW -- ping -c 1 -W 5 "$(address_of "$id-other")"
}

Containers_reach_each_other_by_name_in_a_network_of_their_own() {
    needs networks
    client network create "$id"
    engine_detach "$id-other" --network "$id" --network-alias alias -- sleep 1000
    detached --network "$id" --cap-add NET_RAW -- sleep 1000
    mentions "$(address_of "$id-other" "$id")" inside nslookup "$id-other"
    mentions '1 packets received' inside ping -c 1 -W 5 "$id-other"
    mentions '1 packets received' inside ping -c 1 -W 5 alias
    engine_remove "$id"
    engine_remove "$id-other"
    client network rm "$id"
}

A_network_is_joined_and_left_while_running() {
    needs networks
    client network create "$id"
    detached --network "$bridge" -- sleep 1000
    client network connect "$id" "$id"
    says 'eth0 eth1 lo' inside sh -c 'ls /sys/class/net | sort | xargs'
    client network disconnect "$id" "$id"
    says 'eth0 lo' inside sh -c 'ls /sys/class/net | sort | xargs'
    engine_remove "$id"
    client network rm "$id"
}

A_published_port_is_reached() {
    needs networks
    detached --network "$bridge" --publish "${texts[publish]}" -- sh -c "$web_server"
    mentions :18080 client port "$id" 80
    # By way of the machine, and directly.
    eventually says served busybox wget -q -O - "http://${texts[published_at]}:18080/"
    says served busybox wget -q -O - "http://$(address_of "$id")/"
}

Names_and_servers_are_what_is_asked_for() {
    needs bridge
    detached --network "$bridge" --dns 192.0.2.53 --dns-search example.org --add-host there:192.0.2.7 --hostname here -- sleep 1000
    mentions 'nameserver 192.0.2.53' inside cat /etc/resolv.conf
    mentions 'search example.org' inside cat /etc/resolv.conf
    mentions $'192.0.2.7\tthere' inside cat /etc/hosts
    mentions "$(address_of "$id")"$'\there' inside cat /etc/hosts
    says here inside cat /etc/hostname
}

An_address_of_the_hardware_is_what_is_asked_for() {
    needs bridge
    says 92:d0:c6:0a:29:33 container --network "$bridge" --mac-address 92:d0:c6:0a:29:33 -- cat /sys/class/net/eth0/address
}

Nothing_of_the_network_is_left() {
    needs networks
    local before; before="$(ls /sys/class/net | grep -c veth || true)"
    says '' container --network "$bridge" -- true
    ends 127 container --network "$bridge" -- no-such-program
    no_new_devices() { same "$before" "$(ls /sys/class/net | grep -c veth || true)"; }
    eventually no_new_devices
}
