# What Podman alone does or can be asked.

# A runtime given by its path is not on the list of those that write JSON: its error is read from plain text.
A_missing_program_is_127_without_JSON_too() {
    ends 127 podman --runtime "$RUNTIME" run --rm --name "$id" --network none $image /nosuch
    grep -q '"/nosuch"' /tmp/stderr || broken "$(</tmp/stderr)"
}

A_container_that_could_not_be_started_leaves_nothing() {
    local before; before="$(states)"
    engine_create "$id" -- /nosuch
    ends 125 podman start "$id"
    same "$before" "$(states)"
    same "" "$(find /sys/fs/cgroup -name "*$(engine_runtime_id "$id")*")"
}

A_readiness_socket_is_announced() {
    rm -f /tmp/ready.sock
    ready() { NOTIFY_SOCKET=/tmp/ready.sock container --sdnotify container -- sh -c 'test -S $NOTIFY_SOCKET && echo $NOTIFY_SOCKET'; }
    mentions /run/notify/notify.sock ready
    says unset container --sdnotify conmon -- sh -c 'echo ${NOTIFY_SOCKET-unset}'
}

A_personality_is_taken_on() {
    ! runc_before 1.2 || skip 'runc takes on a personality since 1.2'
    says i686 container --personality LINUX32 -- uname -m
}

A_container_restarted_by_its_policy_has_no_signal_blocked() {
    # Podman's cleanup process, which restarts it, has SIGUSR1 blocked.
    ! runc_before 1.2 || skip 'this runc hands a blocked SIGUSR1 on'
    detached --restart on-failure:1 -- sh -c 'grep SigBlk /proc/self/status; exit 5'
    local line=$'SigBlk:\t0000000000000000'
    twice() { [[ "$(podman logs "$id")" == "$line"$'\n'"$line" ]]; }
    eventually twice
}

Programs_of_a_container_are_listed_with_their_arguments() {
    detached -- sh -c 'sleep 777 & sleep 778'
    eventually processes_of 'sleep 777'
    mentions 'sleep 777' podman top "$id" pid args
    same "$(pid_of)" "$(podman top "$id" hpid pid | awk '$2 == 1 { print $1 }')"
}

Hooks_are_called_in_the_order_of_their_stages() {
    needs root
    mkdir -p /mnt/hooks.d
    printf '#!/bin/sh\necho "$1 $(sed -n '"'"'s/.*"status": *"\\([a-z]*\\)".*/\\1/p'"'"')" >>/mnt/home/stages\n' >/mnt/stage
    chmod +x /mnt/stage
    rm -f /mnt/home/stages
    local stage
    for stage in prestart createRuntime poststart poststop; do
        printf '{"version":"1.0.0","hook":{"path":"/mnt/stage","args":["stage","%s"]},"when":{"always":true},"stages":["%s"]}' $stage $stage >/mnt/hooks.d/$stage.json
    done
    podman --hooks-dir /mnt/hooks.d run --rm --name "$id" --network none $image true
    eventually grep -q poststop /mnt/home/stages
    same 'prestart createRuntime poststart poststop' "$(cut -d ' ' -f 1 /mnt/home/stages | tr '\n' ' ' | sed 's/ $//')"
    grep -qx 'poststop stopped' /mnt/home/stages
    # runc says "creating" or "created" here.
    [[ "$RUNTIME_NAME" == runc ]] || grep -qx 'poststart running' /mnt/home/stages
}

Every_container_has_a_limit_of_processes() {
    needs cgroups
    detached -- sleep 1000
    same 2048 "$(limit pids pids.max pids.max)"
}

A_limit_that_may_not_be_raised_is_an_error() {
    # Without CAP_SYS_RESOURCE, which a root confined from outside lacks.
    (( (16#$(sed -n 's/^CapEff:\t//p' /proc/self/status) >> 24 & 1) == 0 )) || ! can root || skip 'root may raise every limit here'
    ends 126 container --ulimit nofile=99999999:99999999 -- true
    grep -qi 'operation not permitted' /tmp/stderr || broken "$(</tmp/stderr)"
}

A_root_that_is_read_only_has_temporary_places_unless_told() {
    ends 0 container --read-only -- touch /tmp/x /run/x /dev/shm/x
    refuses 'Read-only file system' container --read-only --read-only-tmpfs=false -- touch /tmp/x
}

Paths_are_masked_and_unmasked_when_asked() {
    says 0 container --security-opt mask=/etc -- sh -c 'ls /etc | wc -l'
    says '' container --security-opt mask=/etc/passwd -- cat /etc/passwd
    ! can root || says same container --security-opt unmask=/proc/timer_list -- sh -c '[ $(wc -c </proc/timer_list) -gt 0 ] && echo same'
}

A_mask_for_new_files_is_what_is_asked_for() {
    says 600 container --umask 0077 -- sh -c 'touch /x; stat -c %a /x'
    says 644 container -- sh -c 'touch /x; stat -c %a /x'
}

A_user_namespace_is_cut_out_of_the_automatic_ranges() {
    detached --userns auto:size=500 -- sleep 1000
    says 500 inside awk '{ print $3 }' /proc/self/uid_map
    ! can root || between 2000000 2999999 "$(stat -c %u "/proc/$(pid_of)")"
    ends 0 inside touch /root/x
}

A_user_namespace_has_devices_and_limits() {
    needs user-namespace
    detached --userns auto --memory 64m --volume /mnt/home:/data:ro -- sleep 1000
    same 67108864 "$(limit memory memory.limit_in_bytes memory.max)"
    inside sh -c ': >/dev/null </dev/urandom'
    refuses 'Read-only file system' inside touch /data/x
    says /dev/pts/0 on_terminal inside --interactive --tty -- tty
}

A_user_namespace_is_shared_with_another_container() {
    detached --userns auto:size=300 -- sleep 1000
    says "$(inside readlink /proc/self/ns/user)" engine_run "$id-other" --userns "container:$id" -- readlink /proc/self/ns/user
}

A_tmpfs_takes_over_what_it_covers() {
    says user container --tmpfs /etc -- sh -c 'grep -o "^user" /etc/passwd'
    says 0 container --tmpfs /etc:notmpcopyup -- sh -c 'ls /etc | grep -c passwd || true'
    says tmpfs container --tmpfs /etc -- sh -c 'stat -f -c %T /etc'
}

The_flags_of_a_bind_are_set() {
    own_directory bound
    install -o "$owner" -m 755 "$(command -v busybox)" "$files/bound/program"
    ends 126 container --volume "$files/bound:/data:noexec" -- /data/program true
    mentions 'nosuid,nodev,noexec' container --volume "$files/bound:/data:nosuid,nodev,noexec" -- grep ' /data ' /proc/mounts
}

A_missing_source_of_a_volume_is_named() {
    refuses /mnt/home/nosuch container --volume /mnt/home/nosuch:/data -- true
}

An_overlay_volume_leaves_its_source() {
    own_directory lower
    own_file lower/file below
    says 'below above' container --volume "$files/lower:/data:O" -- sh -c 'echo above >/data/new; echo $(cat /data/file /data/new)'
    [[ ! -e "$files/lower/new" ]] || broken "it was written to the source"
}

A_volume_is_given_to_the_containers_user() {
    own_directory given
    container --user 1234:1234 --volume "$files/given:/data:U" -- touch /data/x
    ! can root || same '1234 1234' "$(stat -c '%u %g' "$files/given")"
    says 1234 container --volume "$files/given:/data" -- stat -c %u /data/x
}

Files_are_copied_to_a_tmpfs_of_a_running_container() {
    detached --tmpfs /t --volume "$id:/data" -- sleep 1000
    own_file file outside
    podman cp "$files/file" "$id:/t/file"
    podman cp "$files/file" "$id:/data/file"
    says $'outside\noutside' inside cat /t/file /data/file
}

The_host_name_of_the_host_is_seen_when_asked() {
    says "$(hostname)" container --uts host -- hostname
    mentions named container --hostname named -- cat /etc/hosts
}

A_network_of_ones_own_has_a_domain() {
    needs networks
    podman network create "$id" >/dev/null
    detached --network "$id" -- sleep 1000
    engine_detach "$id-other" --network "$id" -- sleep 1000
    mentions "$(address_of "$id-other" "$id")" inside nslookup "$id-other.dns.podman"
    engine_remove "$id"
    engine_remove "$id-other"
    podman network rm "$id"
}
