# `buildah bud`: images from a Containerfile, and images from scratch.

# built TEXT OPTION…: builds an image named after the check from this Containerfile.
built() {
    mkdir -p /mnt/home/context
    printf '%s\n' "$1" >/mnt/home/context/Containerfile
    buildah bud --quiet --runtime "$RUNTIME" --isolation "${isolation:-oci}" --network "${network:-none}" --tag "$id" "${@:2}" /mnt/home/context
}

# image_says TEXT PROGRAM…: of the image that was built.
image_says() {
    from "$id"
    says "$1" ran "$id" -- "${@:2}"
    buildah rm "$id"
}

A_step_of_a_build_is_run() {
    built "FROM $image"$'\nRUN echo built >/root/file'
    image_says built cat /root/file
}

Steps_run_the_same_by_chroot() {
    isolation=chroot network=host built "FROM $image"$'\nRUN echo built >/root/file'
    image_says built cat /root/file
}

A_failing_step_says_its_status() {
    refuses 'exit status 7' built "FROM $image"$'\nRUN exit 7'
    refuses '/nosuch' built "FROM $image"$'\nRUN ["/nosuch"]'
    ends 7 built "FROM $image"$'\nRUN exit 7'
}

Steps_have_their_user_directory_and_environment() {
    built "FROM $image"$'\nARG GIVEN\nENV WORD=said\nWORKDIR /tmp\nUSER 1000:1000\nRUN echo $(id -u) $(id -g) $PWD $WORD $GIVEN >file' --build-arg GIVEN=given
    image_says '1000 1000 /tmp said given' cat /tmp/file
}

A_step_has_its_mounts() {
    echo secret >/mnt/home/secret
    built "FROM $image"$'\nRUN --mount=type=tmpfs,target=/t --mount=type=secret,id=s stat -f -c %T /t >/root/file && cat /run/secrets/s >>/root/file' --secret id=s,src=/mnt/home/secret
    image_says $'tmpfs\nsecret' cat /root/file
}

A_cache_is_kept_between_builds() {
    built "FROM $image"$'\nRUN --mount=type=cache,target=/cache echo one >>/cache/file' --no-cache
    built "FROM $image"$'\nRUN --mount=type=cache,target=/cache echo two >>/cache/file; cat /cache/file >/root/file' --no-cache
    image_says $'one\ntwo' cat /root/file
}

Steps_have_the_builds_limits() {
    built "FROM $image"$'\nRUN ulimit -n >/root/file' --ulimit nofile=123:123 --no-cache
    image_says 123 cat /root/file
    [[ ! -e /sys/fs/cgroup/cgroup.controllers ]] || skip 'cgroup version 1 is not mounted'
    built "FROM $image"$'\nRUN cat /sys/fs/cgroup/memory$(sed -n s/.*:memory://p /proc/self/cgroup)/memory.limit_in_bytes >/root/file' \
        --memory 64m --no-cache --volume /sys/fs/cgroup:/sys/fs/cgroup:ro
    image_says 67108864 cat /root/file
}

A_build_in_stages() {
    built "FROM $image AS first"$'\nRUN echo first >/made\n'"FROM $image"$'\nCOPY --from=first /made /root/made\nRUN cat /root/made >/root/file'
    image_says first cat /root/file
}

Steps_in_layers_are_not_run_again() {
    local file="FROM $image"$'\nRUN cat /proc/sys/kernel/random/uuid >/root/file\nRUN true' first
    built "$file" --layers
    from "$id"; first="$(ran "$id" -- cat /root/file)"; buildah rm "$id"
    built "$file" --layers
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
    mkdir -p /mnt/home/context
    printf '%s\n' "FROM $image" 'RUN echo $(cat /proc/self/uid_map) >/root/file' >/mnt/home/context/Containerfile
    buildah bud --quiet --runtime "$RUNTIME" --isolation oci --network none --userns-uid-map 0:100000:5000 --userns-gid-map 0:100000:5000 --tag "$id" /mnt/home/context
    image_says '0 100000 5000' cat /root/file
}
