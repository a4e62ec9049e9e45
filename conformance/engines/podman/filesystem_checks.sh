# Mounts, volumes, copying, committing.

A_tmpfs_has_its_size_and_mode() {
    mentions ' 1024 ' container --tmpfs /t:size=1m,mode=1700 -- df -k /t
    says 1700 container --tmpfs /t:size=1m,mode=1700 -- stat -c %a /t
    refuses 'No space left on device' container --tmpfs /t:size=1m -- dd if=/dev/zero of=/t/x bs=1M count=2
}

A_tmpfs_takes_over_what_it_covers() {
    says user container --tmpfs /etc -- sh -c 'grep -o "^user" /etc/passwd'
    says 0 container --tmpfs /etc:notmpcopyup -- sh -c 'ls /etc | grep -c passwd || true'
    says tmpfs container --tmpfs /etc -- sh -c 'stat -f -c %T /etc'
}

A_bind_mount_shows_the_callers_files() {
    mkdir -p /mnt/home/bound; echo here >/mnt/home/bound/file
    says here container --volume /mnt/home/bound:/data -- cat /data/file
    ends 0 container --volume /mnt/home/bound:/data -- sh -c 'echo there >/data/written'
    same there "$(</mnt/home/bound/written)"
    says here container --volume /mnt/home/bound/file:/etc/one-file -- cat /etc/one-file
}

A_read_only_bind_mount_is_not_written() {
    mkdir -p /mnt/home/bound
    refuses 'Read-only file system' container --volume /mnt/home/bound:/data:ro -- touch /data/x
    refuses 'Read-only file system' container --mount type=bind,source=/mnt/home/bound,target=/data,readonly -- touch /data/x
}

A_bind_mounts_flags_are_set() {
    mkdir -p /mnt/home/bound; install -m 755 /bin/busybox /mnt/home/bound/program
    ends 126 container --volume /mnt/home/bound:/data:noexec -- /data/program true
    mentions 'nosuid,nodev,noexec' container --volume /mnt/home/bound:/data:nosuid,nodev,noexec -- grep ' /data ' /proc/mounts
}

A_missing_source_is_named() {
    refuses /mnt/home/nosuch container --mount type=bind,source=/mnt/home/nosuch,target=/data -- true
    refuses /mnt/home/nosuch container --volume /mnt/home/nosuch:/data -- true
}

A_volume_keeps_what_was_written() {
    podman volume create "$id"
    container --volume "$id:/data" -- sh -c 'echo kept >/data/file'
    says kept container --volume "$id:/data:ro" -- cat /data/file
}

A_new_volume_takes_over_the_images_files() {
    says user container --volume "$id:/etc" -- grep -o '^user' /etc/passwd
}

Volumes_of_another_container() {
    detached --volume "$id:/data" -- sleep 1000
    inside sh -c 'echo shared >/data/file'
    says shared podman run --rm --network none --name "$id-other" --volumes-from "$id" $image cat /data/file
}

An_overlay_volume_leaves_its_source() {
    mkdir -p /mnt/home/lower; echo below >/mnt/home/lower/file
    says 'below above' container --volume /mnt/home/lower:/data:O -- sh -c 'echo above >/data/new; echo $(cat /data/file /data/new)'
    [[ ! -e /mnt/home/lower/new ]] || broken "it was written to the source"
}

A_volume_given_to_the_containers_user() {
    mkdir -p /mnt/home/given
    container --user 1234:1234 --volume /mnt/home/given:/data:U -- touch /data/x
    same '1234 1234' "$(stat -c '%u %g' /mnt/home/given)"
}

Mounts_inside_mounts() {
    mkdir -p /mnt/home/outer /mnt/home/inner; echo inner >/mnt/home/inner/file
    says inner container --volume /mnt/home/inner:/a/b/c --volume /mnt/home/outer:/a --tmpfs /a/b -- cat /a/b/c/file
}

A_mount_onto_a_link_stays_inside() {
    podman run --name "$id" --network none $image ln -s /root /link
    podman commit --quiet "$id" "$id"
    mkdir -p /mnt/home/bound; echo here >/mnt/home/bound/file
    says here podman run --rm --network none --volume /mnt/home/bound:/link "$id" cat /root/file
}

A_mount_of_the_callers_arrives_when_it_is_shared() {
    local shared=/mnt/home/shared
    mkdir -p $shared/below $shared/other
    mount --bind $shared $shared
    mount --make-shared $shared
    detached --volume $shared:/slave:rslave --volume $shared:/shared:rshared --volume $shared:/private:rprivate --privileged -- sleep 1000
    mount -t tmpfs here $shared/below
    says 'here' inside sh -c 'grep " /slave/below " /proc/mounts | cut -d " " -f 1'
    says '' inside sh -c 'grep " /private/below " /proc/mounts | cut -d " " -f 1'
    inside mount -t tmpfs there /shared/other
    same there "$(findmnt --noheadings --output SOURCE $shared/other)"
    umount -R $shared
}

A_containers_mounts_stay_its_own() {
    ends 0 container --privileged --volume /mnt/home:/data -- mount -t tmpfs own /data
    same "" "$(grep '^own ' /proc/mounts || true)"
}

Shared_memory_has_its_size() {
    mentions " 2048 " container --shm-size 2m -- df -k /dev/shm
    says "1777 tmpfs" container -- sh -c "echo \$(stat -c %a /dev/shm) \$(stat -f -c %T /dev/shm)"
}

Every_filesystem_of_the_specification_is_mounted() {
    says 'proc tmpfs devpts tmpfs mqueue sysfs' container -- sh -c \
        'for m in /proc /dev /dev/pts /dev/shm /dev/mqueue /sys; do awk -v m=$m "\$2 == m { print \$3 }" /proc/mounts; done | tr "\n" " " | sed "s/ $//"'
}

Files_are_copied_in_and_out() {
    detached -- sh -c 'echo inside >/root/file; sleep 1000'
    eventually inside test -s /root/file
    podman cp "$id:/root/file" /mnt/home/copied
    same inside "$(</mnt/home/copied)"
    echo outside >/mnt/home/file
    podman cp /mnt/home/file "$id:/tmp/file"
    says outside inside cat /tmp/file
    podman pause "$id"
    podman cp "$id:/tmp/file" /mnt/home/copied
    same outside "$(</mnt/home/copied)"
}

Files_are_copied_to_a_mount_of_a_running_container() {
    detached --tmpfs /t --volume "$id:/data" -- sleep 1000
    echo outside >/mnt/home/file
    podman cp /mnt/home/file "$id:/t/file"
    podman cp /mnt/home/file "$id:/data/file"
    says $'outside\noutside' inside cat /t/file /data/file
}

A_container_becomes_an_image() {
    podman run --name "$id" --network none $image sh -c 'echo changed >/root/file'
    podman commit --quiet --change 'CMD ["cat","/root/file"]' "$id" "$id"
    podman rm "$id"
    says changed podman run --rm --network none --name "$id" "$id"
}

A_running_container_is_paused_while_it_becomes_an_image() {
    detached -- sh -c 'echo changed >/root/file; while :; do echo x; sleep 0.1; done'
    eventually logs_hold x
    podman commit --quiet --pause "$id" "$id"
    running
    says changed podman run --rm --network none --name "$id-other" "$id" cat /root/file
}

A_directory_serves_as_the_root() {
    mkdir -p /mnt/home/rootfs
    cp -a /mnt/image/rootfs/. /mnt/home/rootfs
    says own podman run --rm --network none --name "$id" --rootfs /mnt/home/rootfs sh -c 'echo own >/own; cat /own'
    same own "$(</mnt/home/rootfs/own)"
}
