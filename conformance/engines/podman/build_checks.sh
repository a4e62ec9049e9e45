# `podman build`: every RUN is a container that Buildah starts inside Podman.

# built TEXT OPTION…: builds an image named after the check from this Containerfile.
built() {
    mkdir -p /mnt/home/context
    printf '%s\n' "$1" >/mnt/home/context/Containerfile
    podman build --quiet --network none --tag "$id" "${@:2}" /mnt/home/context
}

image_says() { says "$1" podman run --rm --network none --name "$id" "$id" "${@:2}"; }

A_step_of_a_build_is_run() {
    built "FROM $image"$'\nRUN echo built >/root/file\nCMD cat /root/file'
    image_says built
}

Steps_have_their_user_directory_and_environment() {
    built "FROM $image"$'\nENV WORD=said\nWORKDIR /tmp\nUSER 1000:1000\nRUN echo $(id -u) $(id -g) $PWD $WORD >file'
    image_says '1000 1000 /tmp said' cat /tmp/file
}

A_failing_step_says_its_status() {
    refuses 'exit status 7' built "FROM $image"$'\nRUN exit 7'
    refuses '/nosuch' built "FROM $image"$'\nRUN ["/nosuch"]'
}

A_step_has_its_mounts_and_limits() {
    echo secret >/mnt/home/secret
    built "FROM $image"$'\nRUN --mount=type=tmpfs,target=/t --mount=type=secret,id=s stat -f -c %T /t >/root/file && cat /run/secrets/s >>/root/file' --secret id=s,src=/mnt/home/secret
    image_says $'tmpfs\nsecret' cat /root/file
    built "FROM $image"$'\nRUN ulimit -n >/root/file' --ulimit nofile=123:123 --no-cache
    image_says 123 cat /root/file
}

A_build_in_stages() {
    built "FROM $image AS first"$'\nRUN echo first >/made\n'"FROM $image"$'\nCOPY --from=first /made /root/made\nRUN cat /root/made >/root/file'
    image_says first cat /root/file
}

A_step_keeps_files_owners_and_programs() {
    built "FROM $image"$'\nRUN cp /bin/busybox /root/own && chmod 4755 /root/own && chown 1000:2000 /root/own && chmod u+s /root/own'
    image_says '4755 1000 2000' stat -c '%a %u %g' /root/own
}
