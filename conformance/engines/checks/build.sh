# Images that are built: every step is a program in a container.

# containerfile LINE…: in a directory of the check's own, from the usual image unless a line says otherwise.
containerfile() {
    own_directory "$id"
    own_file "$id/Dockerfile" "FROM $image"$'\n'"$(printf '%s\n' "$@")"
    own_file "$id/context" text
}

# builds OPTION…: the image, named after the check.
builds() { engine_build "$@" "$files/$id" >/tmp/build.log 2>&1 || broken "$(cat /tmp/build.log)"; }

# image_says TEXT PROGRAM…: of the image that was built.
image_says() { says "$1" container --image "$id" -- "${@:2}"; }

Every_kind_of_step_leaves_what_it_says() {
    needs build
    containerfile 'RUN mkdir /made && echo "$(id -u) $(pwd)" >/made/who && chmod 777 /made' 'COPY context /made/' 'ARG GIVEN' 'ENV COLOUR=red' \
        'WORKDIR /made' 'USER 1000:1000' 'RUN echo "$(id -u) $(id -g) $COLOUR $PWD $GIVEN" >/made/later'
    builds --build-arg GIVEN=given
    image_says $'0 /\ntext\n1000 1000 red /made given' cat /made/who /made/context /made/later
}

A_failing_step_is_told_with_its_status() {
    needs build
    containerfile 'RUN exit 7'
    refuses "${texts[status_of_step]} 7" engine_build "$files/$id"
    refuses "$id" container --image "$id" -- true
}

A_missing_program_fails_a_step() {
    needs build
    containerfile 'RUN ["/no/such/program"]'
    refuses '/no/such/program' engine_build "$files/$id"
    containerfile 'RUN no-such-program'
    refuses "${texts[status_of_step]} 127" engine_build "$files/$id"
}

A_step_shows_what_it_writes() {
    needs build
    containerfile 'RUN echo written; echo wrong >&2'
    engine_build --no-cache "$files/$id" >/tmp/build.log 2>&1
    mentions written cat /tmp/build.log
    mentions wrong cat /tmp/build.log
}

Steps_run_in_stages() {
    needs build
    containerfile 'RUN echo one >/file' "FROM $image AS second" 'RUN echo two >/file' "FROM $image" 'COPY --from=0 /file /one' \
        'COPY --from=second /file /two' 'RUN cat /one /two >/both'
    builds
    image_says $'one\ntwo' cat /both
}

A_step_has_its_mounts() {
    needs build
    own_file secret secret
    containerfile 'RUN --mount=type=tmpfs,target=/t --mount=type=secret,id=s stat -f -c %T /t >/file && cat /run/secrets/s >>/file'
    builds --secret "id=s,src=$files/secret"
    image_says $'tmpfs\nsecret' cat /file
}

A_cache_is_kept_between_builds() {
    needs build
    containerfile 'RUN --mount=type=cache,target=/cache echo one >/cache/file'
    builds
    containerfile 'RUN --mount=type=cache,target=/cache echo two >>/cache/file; cat /cache/file >/kept'
    builds
    image_says $'one\ntwo' cat /kept
}

Steps_keep_files_owners_and_modes() {
    needs build
    containerfile 'RUN cp /bin/busybox /own && chown 1000:2000 /own && chmod 4750 /own'
    builds
    image_says '4750 1000 2000' stat -c '%a %u %g' /own
}

Steps_have_the_builds_limits_of_processes() {
    needs build-limits
    containerfile 'RUN echo $(ulimit -Sn) $(ulimit -Hn) >/limit'
    builds --no-cache --ulimit nofile=123:123
    image_says '123 123' cat /limit
}
