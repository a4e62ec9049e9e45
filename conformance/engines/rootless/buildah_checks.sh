# Buildah of an ordinary user.

from() { buildah from --name "$id" --pull-never "${@:-$image}" >/dev/null; }
ran() { buildah run --runtime "$RUNTIME" --isolation rootless "$@"; }

# built TEXT: builds an image named after the check from this Containerfile.
built() {
    mkdir -p $home/context
    users_file context/Containerfile "$1"
    buildah bud --quiet --runtime "$RUNTIME" --isolation rootless --tag "$id" $home/context
}

A_program_of_a_user_writes_and_ends() {
    from
    says hello ran "$id" -- echo hello
    ends 4 ran "$id" -- sh -c 'exit 4'
    refuses 'exec: \"/nosuch\"' ran "$id" -- /nosuch
    same "" "$(states)"
}

A_program_has_its_user_directory_and_environment() {
    from
    says '1000 /tmp said' ran --user 1000 --workingdir /tmp --env WORD=said "$id" -- sh -c 'echo $(id -u) $PWD $WORD'
}

A_program_reads_and_sees_the_users_files() {
    from
    users_file bound here
    says 'a line' fed 'a line' ran "$id" -- cat
    says here ran --volume $home/bound:/data:ro "$id" -- cat /data
}

A_program_is_root_of_a_user_namespace() {
    from
    says '0 4321 1 1 300000 65536' ran "$id" -- sh -c 'echo $(cat /proc/self/uid_map)'
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

Steps_of_a_users_build_are_run() {
    built "FROM $image"$'\nWORKDIR /tmp\nRUN echo built $(id -u) >file\nUSER 1000\nRUN echo $(id -u) >/tmp/other'
    from "$id"
    says $'built 0\n1000' ran "$id" -- cat /tmp/file /tmp/other
}

A_failing_step_of_a_users_build_says_its_status() {
    refuses 'exit status 7' built "FROM $image"$'\nRUN exit 7'
}

An_image_of_a_user_from_scratch() {
    from scratch
    buildah copy "$id" /mnt/image/rootfs/bin/busybox /bin/busybox
    buildah config --env PATH=/bin "$id"
    says made ran "$id" -- busybox echo made
}
