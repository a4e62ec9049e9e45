# What Buildah of an ordinary user has of its own.

A_program_is_root_of_a_user_namespace() {
    says "0 $user_id 1 1 300000 65536" container -- sh -c 'echo $(cat /proc/self/uid_map)'
}

Isolation_by_chroot_is_the_reference_for_a_user() {
    from
    says hello buildah run --isolation chroot "$id" -- echo hello
    ends 4 buildah run --isolation chroot "$id" -- sh -c 'exit 4'
}

# The network cannot be made with this isolation; then Buildah says `delete` of what was never started.
A_user_without_a_network_leaves_no_process_behind() {
    from
    local status=0
    buildah run --runtime "$RUNTIME" --isolation oci "$id" -- true || status=$?
    [[ $status -ne 0 ]] || skip 'the network could be made'
    nothing_waits() { [[ -z "$(states)" ]] && ! pgrep --exact "$RUNTIME_NAME"; }
    eventually nothing_waits
}

An_image_of_a_user_from_scratch() {
    from scratch
    buildah copy "$id" /mnt/image/rootfs/bin/busybox /bin/busybox
    buildah config --env PATH=/bin "$id"
    says made ran "$id" -- busybox echo made
}
