# Working containers and builds, as Buildah alone has them.

Steps_run_the_same_by_chroot() {
    containerfile 'RUN echo built >/root/file'
    isolation=(--isolation chroot) no_network=(--network host)
    builds
    isolation=(--isolation oci) no_network=(--network none)
    image_says built cat /root/file
}

A_failing_step_ends_the_build_with_its_status() {
    containerfile 'RUN exit 7'
    ends 7 engine_build "$files/$id"
}

Steps_have_the_builds_memory() {
    ! unified || skip 'cgroup version 1 is not mounted'
    containerfile 'RUN cat /sys/fs/cgroup/memory$(sed -n s/.*:memory://p /proc/self/cgroup)/memory.limit_in_bytes >/root/file'
    builds --memory 64m --no-cache --volume /sys/fs/cgroup:/sys/fs/cgroup:ro
    image_says 67108864 cat /root/file
}

Steps_in_layers_are_not_run_again() {
    local first
    containerfile 'RUN cat /proc/sys/kernel/random/uuid >/root/file' 'RUN true'
    builds --layers
    first="$(container --image "$id" -- cat /root/file)"
    builds --layers
    image_says "$first" cat /root/file
}

An_image_from_scratch() {
    from scratch
    buildah copy "$id" /mnt/image/rootfs/bin/busybox /bin/busybox
    buildah config --env PATH=/bin "$id"
    says made ran "$id" -- busybox echo made
    says '/bin' ran "$id" -- busybox ls -d /bin
}

A_working_container_becomes_an_image() {
    from
    ran "$id" -- sh -c 'echo changed >/root/file; chown 1000:2000 /root/file; chmod 4750 /root/file'
    buildah commit --quiet "$id" "$id"
    buildah rm "$id"
    image_says '1000 2000 4750' stat -c '%u %g %a' /root/file
}

A_copied_file_has_its_owner() {
    from
    echo copied >/mnt/home/file
    buildah copy --chown user:extra "$id" /mnt/home/file /root/file
    says '1000 2000' ran "$id" -- stat -c '%u %g' /root/file
}

A_user_namespace_for_every_step() {
    containerfile 'RUN echo $(cat /proc/self/uid_map) >/root/file'
    builds --userns-uid-map 0:100000:5000 --userns-gid-map 0:100000:5000
    image_says '0 100000 5000' cat /root/file
}
