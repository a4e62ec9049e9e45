# The root, mounts, volumes, copies.

A_root_that_is_read_only_cannot_be_written() {
    needs read-only
    refuses 'Read-only file system' container --read-only -- touch /file
    says '' container -- touch /file
    says text container --read-only --tmpfs /tmp:size=1m -- sh -c 'echo text >/tmp/file; cat /tmp/file'
}

A_tmpfs_has_its_size() {
    says 1024 container --tmpfs /small:size=1m -- sh -c 'df -k /small | awk "NR == 2 { print \$2 }"'
    says tmpfs container --tmpfs /small:size=1m -- stat -f -c %T /small
    refuses 'No space left on device' container --tmpfs /small:size=1m -- dd if=/dev/zero of=/small/x bs=1M count=2
}

A_tmpfs_has_its_options() {
    needs client
    says '1024 1700' container --tmpfs /small:size=1m,mode=1700 -- sh -c 'echo $(df -k /small | awk "NR == 2 { print \$2 }") $(stat -c %a /small)'
    says '2048 755' container --mount type=tmpfs,dst=/small,tmpfs-size=2m,tmpfs-mode=755 -- \
        sh -c 'echo $(df -k /small | awk "NR == 2 { print \$2 }") $(stat -c %a /small)'
    mentions noexec container --tmpfs /small:noexec -- grep ' /small ' /proc/self/mountinfo
}

A_bind_is_written_and_a_read_only_one_is_not() {
    own_directory "$id"
    says '' container --volume "$files/$id:/shared" -- sh -c 'echo text >/shared/file'
    same "text $owner" "$(cat "$files/$id/file") $(stat -c %u "$files/$id/file")"
    says text container --volume "$files/$id:/shared:ro" -- cat /shared/file
    refuses 'Read-only file system' container --volume "$files/$id:/shared:ro" -- touch /shared/file
    says text container --mount "type=bind,src=$files/$id,dst=/shared" -- cat /shared/file
    refuses 'Read-only file system' container --mount "type=bind,src=$files/$id,dst=/shared,readonly" -- touch /shared/file
}

A_single_file_is_bound() {
    own_file single text
    says text container --volume "$files/single:/etc/one-file" -- cat /etc/one-file
    says text container --volume "$files/single:/etc/passwd:ro" -- cat /etc/passwd
    refuses 'Read-only file system' container --volume "$files/single:/single:ro" -- sh -c 'echo other >/single'
    says '' container --volume "$files/single:/single" -- sh -c 'echo other >/single'
    same other "$(cat "$files/single")"
}

A_directory_bound_over_a_file_is_refused_and_leaves_nothing() {
    local before; before="$(states)"
    refuses "${texts[mount_over_file]:-not a directory}" container --volume /tmp:/bin/busybox -- true
    eventually no_new_states "$before"
    eventually nothing_is_left
    ! can monitor || same '' "$(engine_monitor "$id" 2>/dev/null || true)"
}

A_bind_without_its_source_is_refused() {
    local before; before="$(states)"
    refuses "${texts[missing_source]:-/no/such}" container --mount type=bind,src=/no/such,dst=/shared -- true
    eventually no_new_states "$before"
    eventually nothing_is_left
}

Mounts_lie_inside_mounts() {
    own_directory outer
    own_directory inner
    own_file inner/file inner
    says inner container --volume "$files/outer:/a" --tmpfs /a/b:size=1m --volume "$files/inner:/a/b/c" -- cat /a/b/c/file
}

Mounts_inside_mounts_need_no_order() {
    needs client
    own_directory outer
    own_directory inner
    own_file inner/file inner
    says inner container --volume "$files/inner:/a/b/c" --volume "$files/outer:/a" --tmpfs /a/b -- cat /a/b/c/file
}

Shared_memory_has_its_size() {
    needs shm-size
    says 2048 container --shm-size 2m -- sh -c 'df -k /dev/shm | awk "NR == 2 { print \$2 }"'
    says '1777 tmpfs' container -- sh -c 'echo $(stat -c %a /dev/shm) $(stat -f -c %T /dev/shm)'
}

Every_filesystem_of_the_specification_is_mounted() {
    says 'proc tmpfs devpts tmpfs mqueue sysfs' container -- sh -c \
        'for m in /proc /dev /dev/pts /dev/shm /dev/mqueue /sys; do awk -v m=$m "\$2 == m { print \$3 }" /proc/mounts; done | xargs'
}

# shared_mount NAME: a shared mount of the machine's, at /tmp/NAME.
shared_mount() {
    mkdir -p "/tmp/$1"
    mount -t tmpfs "$1" "/tmp/$1"
    mount --make-shared "/tmp/$1"
    mkdir "/tmp/$1/inner"
}

may_mount=(--cap-add SYS_ADMIN --security-opt seccomp=unconfined)

Mounts_of_the_host_reach_a_slave_and_not_a_private_bind() {
    needs propagation
    shared_mount slave
    detached "${may_mount[@]}" --volume /tmp/slave:/slave:rslave --volume /tmp/slave:/private:rprivate -- sleep 1000
    mount -t tmpfs inner /tmp/slave/inner
    says /slave/inner inside sh -c 'grep -oE " /(slave|private)/inner " /proc/self/mountinfo | xargs'
    umount /tmp/slave/inner
    # Not the other way round.
    inside mount -t tmpfs inner /slave/inner
    refuses 'not a mountpoint' mountpoint /tmp/slave/inner
    engine_remove "$id"
    umount /tmp/slave
}

Mounts_of_the_container_reach_the_host_when_shared() {
    needs propagation
    shared_mount both
    detached "${may_mount[@]}" --volume /tmp/both:/both:rshared -- sh -c 'mount -t tmpfs there /both/inner; sleep 1000'
    eventually mountpoint /tmp/both/inner
    same there "$(findmnt --noheadings --output SOURCE /tmp/both/inner)"
    engine_remove "$id"
    umount --recursive /tmp/both
}

Mounts_of_the_container_stay_its_own() {
    needs propagation
    ends 0 container "${may_mount[@]}" --volume /mnt/home:/data -- mount -t tmpfs own /data
    same '' "$(grep '^own ' /proc/mounts || true)"
}

A_volume_keeps_what_is_written() {
    needs client
    client volume create "$id"
    says '' container --volume "$id:/data" -- sh -c 'echo text >/data/file'
    says text container --volume "$id:/data:ro" -- cat /data/file
    says text container --mount "type=volume,src=$id,dst=/data,ro" -- cat /data/file
    refuses 'Read-only file system' container --mount "type=volume,src=$id,dst=/data,ro" -- touch /data/other
}

A_volume_is_filled_from_the_image() {
    needs client
    says root container --volume /etc -- sh -c 'head -n 1 /etc/passwd | cut -d : -f 1'
    says user container --volume "$id:/etc" -- grep -o '^user' /etc/passwd
}

Volumes_of_another_container_are_seen_when_asked() {
    needs client
    engine_detach "$id-other" --volume "$id:/data" -- sh -c 'echo text >/data/file; sleep 1000'
    eventually engine_exec "$id-other" test -s /data/file
    says text container --volumes-from "$id-other" -- cat /data/file
    engine_remove "$id-other"
}

Files_are_copied_both_ways() {
    needs client
    detached -- sleep 1000
    own_file copied in
    client cp "$files/copied" "$id:/root/file"
    says in inside cat /root/file
    inside sh -c 'echo out >/root/file'
    client cp "$id:/root/file" "$files/returned"
    same out "$(cat "$files/returned")"
    if can pause; then
        engine_pause "$id"
        client cp "$id:/root/file" "$files/paused"
        same out "$(cat "$files/paused")"
    fi
}

Files_are_copied_to_a_volume_of_a_running_container() {
    needs client
    detached --volume "$id:/data" -- sleep 1000
    own_file copied text
    client cp "$files/copied" "$id:/data/file"
    says text inside cat /data/file
}

A_container_becomes_an_image() {
    needs client
    says '' kept -- sh -c 'echo changed >/root/file'
    client commit --change 'CMD ["cat","/root/file"]' "$id" "$id"
    client rm "$id"
    says changed container --image "$id" --
}

A_running_container_is_paused_while_it_becomes_an_image() {
    needs client pause
    detached -- sh -c 'echo changed >/root/file; while :; do echo x; sleep 0.1; done'
    eventually logs_hold x
    client commit --pause "$id" "$id"
    is running
    says changed engine_run "$id-other" --image "$id" -- cat /root/file
    engine_remove "$id"
}

A_mount_onto_a_link_stays_inside() {
    needs client
    says '' kept -- ln -s /root /link
    client commit "$id" "$id"
    client rm "$id"
    own_directory bound
    own_file bound/file here
    says here container --image "$id" --volume "$files/bound:/link" -- cat /root/file
}

Changes_are_shown() {
    needs client
    says '' kept -- sh -c 'echo text >/added; rm /etc/group'
    says $'A /added\nC /etc\nD /etc/group' sorted client diff "$id"
}

# sorted COMMAND…: without what Podman's mount points add.
sorted() { "$@" | LC_ALL=C sort | grep -vE '^[AC] /(run|var|dev|proc|sys|etc/(hosts|hostname|resolv.conf|mtab))' ; }

An_exported_container_is_an_image_again() {
    needs client
    says '' kept -- sh -c 'echo text >/added'
    client export --output "$files/$id.tar" "$id"
    client import "$files/$id.tar" "$id"
    client rm "$id"
    says text container --image "$id" -- /bin/cat /added
}
