# Volumes, binds, temporary file systems, copies.

A_root_that_is_read_only_cannot_be_written() {
    refuses 'Read-only file system' container --read-only -- touch /file
    says text container --read-only --tmpfs /tmp -- sh -c 'echo text >/tmp/file; cat /tmp/file'
}

A_tmpfs_has_its_options() {
    says '1024 700' container --tmpfs /small:size=1m,mode=700 -- sh -c 'echo $(df -k /small | awk "NR == 2 { print \$2 }") $(stat -c %a /small)'
    says '2048 755' container --mount type=tmpfs,dst=/small,tmpfs-size=2m,tmpfs-mode=755 -- \
        sh -c 'echo $(df -k /small | awk "NR == 2 { print \$2 }") $(stat -c %a /small)'
    mentions noexec container --tmpfs /small:noexec -- grep ' /small ' /proc/self/mountinfo
}

Shared_memory_has_its_size() {
    says 2048 container --shm-size 2m -- sh -c 'df -k /dev/shm | awk "NR == 2 { print \$2 }"'
}

A_bind_is_written_and_a_read_only_one_is_not() {
    mkdir -p "/tmp/$id"
    says '' container --volume "/tmp/$id:/shared" -- sh -c 'echo text >/shared/file'
    same text "$(cat "/tmp/$id/file")"
    says text container --volume "/tmp/$id:/shared:ro" -- cat /shared/file
    refuses 'Read-only file system' container --volume "/tmp/$id:/shared:ro" -- touch /shared/file
    refuses 'Read-only file system' container --mount "type=bind,src=/tmp/$id,dst=/shared,readonly" -- touch /shared/file
}

A_single_file_is_bound() {
    echo text >/tmp/single
    says text container --volume /tmp/single:/etc/passwd:ro --user 0 -- cat /etc/passwd
    refuses 'Read-only file system' container --volume /tmp/single:/single:ro -- sh -c 'echo other >/single'
    says '' container --volume /tmp/single:/single -- sh -c 'echo other >/single'
    same other "$(cat /tmp/single)"
}

A_directory_bound_over_a_file_is_explained() {
    refuses 'Are you trying to mount a directory onto a file' container --volume /tmp:/etc/passwd -- true
}

A_bind_without_its_source_is_refused() {
    refuses 'bind source path does not exist' container --mount type=bind,src=/no/such,dst=/shared -- true
}

A_volume_keeps_what_is_written() {
    docker volume create "$id"
    says '' container --volume "$id:/data" -- sh -c 'echo text >/data/file'
    says text container --mount "type=volume,src=$id,dst=/data,readonly" -- cat /data/file
    refuses 'Read-only file system' container --mount "type=volume,src=$id,dst=/data,readonly" -- touch /data/other
}

A_volume_is_filled_from_the_image() {
    says root container --volume /etc -- sh -c 'head -n 1 /etc/passwd | cut -d : -f 1'
    named "$id-other" --detach --volume /data -- sh -c 'echo text >/data/file; sleep 1000' >/dev/null
    eventually docker exec "$id-other" test -e /data/file
    says text container --volumes-from "$id-other" -- cat /data/file
}

# A shared mount of the machine's, at /tmp/NAME.
shared_mount() {
    mkdir -p "/tmp/$1"
    mount -t tmpfs "$1" "/tmp/$1"
    mount --make-shared "/tmp/$1"
}

Mounts_of_the_host_reach_a_slave_and_not_a_private_bind() {
    shared_mount slave
    named "$id" --detach --cap-add SYS_ADMIN --security-opt seccomp=unconfined --volume /tmp/slave:/slave:rslave --volume /tmp/slave:/private:rprivate -- sleep 1000 >/dev/null
    mkdir /tmp/slave/inner
    mount -t tmpfs inner /tmp/slave/inner
    says '/slave/inner' inside sh -c 'grep -oE " /(slave|private)/inner " /proc/self/mountinfo | xargs'
    umount /tmp/slave/inner
    # Not the other way round.
    inside mount -t tmpfs inner /slave/inner
    refuses 'not a mountpoint' mountpoint /tmp/slave/inner
    docker rm --force "$id"
    umount /tmp/slave
}

Mounts_of_the_container_reach_the_host_when_shared() {
    shared_mount both
    named "$id" --detach --cap-add SYS_ADMIN --security-opt seccomp=unconfined --volume /tmp/both:/both:rshared -- \
        sh -c 'mkdir /both/inner; mount -t tmpfs inner /both/inner; sleep 1000' >/dev/null
    eventually mountpoint /tmp/both/inner
    docker rm --force "$id"
    umount --recursive /tmp/both
}

Files_are_copied_both_ways() {
    detached -- sleep 1000
    echo in >/tmp/copied
    docker cp /tmp/copied "$id:/root/file"
    says in inside cat /root/file
    inside sh -c 'echo out >/root/file'
    docker cp "$id:/root/file" /tmp/returned
    same out "$(cat /tmp/returned)"
}

Files_are_copied_into_a_volume_of_a_running_container() {
    docker volume create "$id"
    detached --volume "$id:/data" -- sleep 1000
    echo text >/tmp/copied
    docker cp /tmp/copied "$id:/data/file"
    says text inside cat /data/file
}

Changes_are_shown_and_committed() {
    says '' named "$id" -- sh -c 'echo text >/added; rm /etc/group'
    says $'A /added\nC /etc\nD /etc/group' sh -c "docker diff $id | LC_ALL=C sort"
    docker commit "$id" "$id"
    docker rm "$id"
    says text docker run --rm --network none --name "$id" "$id" cat /added
}

An_exported_container_is_an_image_again() {
    says '' named "$id" -- sh -c 'echo text >/added'
    docker export "$id" | docker import - "$id"
    docker rm "$id"
    says text docker run --rm --network none --name "$id" "$id" /bin/cat /added
}
