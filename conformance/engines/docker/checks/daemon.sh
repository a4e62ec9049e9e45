# What outlives the daemon or the shim, and daemons of another kind beside it.

# second_start OPTION…: a second daemon with everything of its own below /run/second and /mnt/second, which mapped users can reach.
second=unix:///run/second/docker.sock

second_start() {
    mkdir -p /run/second
    # Without a bridge of its own, it would remove the other daemon's.
    ip link show second0 >/dev/null 2>&1 || ip link add second0 type bridge
    ip address replace 198.51.100.1/24 dev second0
    echo '{ "runtimes": { "tested": { "path": "'"$RUNTIME"'" } }, "default-runtime": "tested", "storage-driver": "overlay2" }' >/run/second/daemon.json
    dockerd --config-file /run/second/daemon.json --host $second --data-root /mnt/second --exec-root /run/second/exec \
        --pidfile /run/second/pid --bridge second0 --iptables=false --log-level warn "$@" >>/mnt/results/second.log 2>&1 &
    eventually docker --host $second version
}

second_stop() {
    local pid; pid="$(cat /run/second/pid)"
    kill -s "${1:-TERM}" "$pid"
    eventually gone_process "$pid"
}

second() { docker --host $second "$@"; }

Containers_outlive_the_daemon_when_told() {
    second_start --live-restore
    second load --quiet --input /mnt/image.tar
    second run --detach --name "$id" --network none $image sh -c 'while true; do i=$((i + 1)); echo $i; sleep 0.1; done' >/dev/null
    local pid; pid="$(second inspect --format '{{.State.Pid}}' "$id")"
    second_stop
    [[ -e "/proc/$pid" ]] || broken 'the container has ended with the daemon'
    second_start --live-restore
    same "running $pid" "$(second inspect --format '{{.State.Status}} {{.State.Pid}}' "$id")"
    says fine second exec "$id" echo fine
    # It is killed by a daemon that did not start it, and its end is seen.
    second_stop KILL
    second_start --live-restore
    says fine second exec "$id" echo fine
    second kill "$id"
    eventually says exited second inspect --format '{{.State.Status}}' "$id"
    eventually gone_process "$pid"
    second rm "$id"
    second_stop
}

Containers_end_with_the_daemon_when_not_told() {
    second_start
    second load --quiet --input /mnt/image.tar
    second run --detach --name "$id" --network none --stop-timeout 1 $image sleep 1000 >/dev/null
    local pid; pid="$(second inspect --format '{{.State.Pid}}' "$id")"
    second_stop
    gone_process "$pid"
    second_start
    same 'exited 137' "$(second inspect --format '{{.State.Status}} {{.State.ExitCode}}' "$id")"
    second rm "$id"
    second_stop
}

Users_are_mapped_by_the_daemon() {
    echo 'mapped:x:990:990::/:/bin/false' >>/etc/passwd
    echo 'mapped:x:990:' >>/etc/group
    echo mapped:300000:65536 | tee -a /etc/subuid >>/etc/subgid
    second_start --userns-remap mapped
    second load --quiet --input /mnt/image.tar
    second run --detach --name "$id" --network none --volume /data $image sh -c 'touch /data/file; sleep 1000' >/dev/null
    local pid; pid="$(second inspect --format '{{.State.Pid}}' "$id")"
    same '300000 300000 300000 300000' "$(xargs <<<"$(status_of "$pid" Uid)")"
    same '0 300000 65536' "$(xargs <"/proc/$pid/uid_map")"
    says '0 1000' second exec "$id" sh -c 'chown 1000 /data/file; echo $(id -u) $(stat -c %u /data/file)'
    same 301000 "$(stat -c %u "/proc/$pid/root/data/file")"
    says '1000' second exec --user user "$id" id -u
    mentions /dev/pts/0 on_terminal docker --host $second exec --interactive --tty "$id" tty
    says "$(readlink /proc/self/ns/user)" second run --rm --network none --userns host $image readlink /proc/self/ns/user
    second rm --force --volumes "$id"
    eventually gone_process "$pid"
    second_stop
}

After_a_crash_of_the_shim_a_container_has_ended_and_starts_again() {
    detached -- sh -c 'sleep 4567 & wait'
    local pid one; pid="$(pid_of)" one="$(engine_runtime_id "$id")"
    eventually processes_of 'sleep 4567'
    kill -KILL "$(engine_monitor "$id")"
    eventually is exited
    eventually gone_process "$pid"
    eventually gone 'sleep 4567'
    eventually nothing_is_left "$one"
    docker start "$id"
    says fine inside echo fine
}
