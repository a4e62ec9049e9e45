# docker build, with the classic builder and with BuildKit, which runs `runc` from the PATH in the runtime's default place.

# dockerfile LINE…: in a directory of the check's own.
dockerfile() {
    mkdir -p "/tmp/$id"
    printf '%s\n' "FROM $image" "$@" >"/tmp/$id/Dockerfile"
    echo text >"/tmp/$id/context"
}

# build 0|1 OPTION…: by the classic builder or by BuildKit.
build() {
    DOCKER_BUILDKIT="$1" docker build --network none "${@:2}" --tag "$id" "/tmp/$id"
}

built() { docker run --rm --network none --name "$id" "$id" "$@"; }

steps=('RUN mkdir /made && echo "$(id -u) $(pwd)" >/made/who' 'COPY context /made/' 'ENV COLOUR=red' 'WORKDIR /made' 'USER 1000'
    'RUN echo "$(id -u) $COLOUR $(pwd)" >/tmp/later')

# builds 0|1: every kind of step has left what it says.
builds() {
    dockerfile "${steps[@]}"
    build "$1" >/tmp/build.log 2>&1 || broken "$(cat /tmp/build.log)"
    says $'0 /\ntext\n1000 red /made' built cat /made/who /made/context /tmp/later
}

The_classic_builder_builds() { builds 0; }

BuildKit_builds() { builds 1; }

A_failing_step_of_the_classic_builder_is_told_with_its_status() {
    dockerfile 'RUN exit 3'
    refuses 'returned a non-zero code: 3' build 0
    same '' "$(docker images --quiet "$id")"
}

A_failing_step_of_BuildKit_is_told_with_its_status() {
    dockerfile 'RUN exit 3'
    refuses 'exit code: 3' build 1
    same '' "$(docker images --quiet "$id")"
}

A_missing_program_fails_a_step() {
    dockerfile 'RUN ["/no/such/program"]'
    refuses 'no such file or directory' build 1
    dockerfile 'RUN no-such-program'
    refuses 'exit code: 127' build 1
}

A_step_shows_what_it_writes() {
    dockerfile 'RUN echo written; echo wrong >&2'
    build 1 --progress plain --no-cache >/tmp/build.log 2>&1
    mentions written cat /tmp/build.log
    mentions wrong cat /tmp/build.log
}

Steps_run_in_stages_side_by_side() {
    dockerfile 'RUN sleep 0.5; echo one >/file' "FROM $image AS second" 'RUN sleep 0.5; echo two >/file' \
        "FROM $image" 'COPY --from=0 /file /one' 'COPY --from=second /file /two'
    build 1 >/tmp/build.log 2>&1 || broken "$(cat /tmp/build.log)"
    says $'one\ntwo' built cat /one /two
}

A_step_is_limited() {
    dockerfile 'RUN cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max >/limit 2>/dev/null || true'
    build 0 --memory 64m >/tmp/build.log 2>&1 || broken "$(cat /tmp/build.log)"
    says 67108864 built cat /limit
}

A_step_has_a_network() {
    dockerfile 'RUN ls /sys/class/net | sort | xargs >/interfaces'
    DOCKER_BUILDKIT=1 docker build --tag "$id" "/tmp/$id" >/tmp/build.log 2>&1 || broken "$(cat /tmp/build.log)"
    says 'eth0 lo' built cat /interfaces
}

A_cancelled_build_leaves_no_process() {
    dockerfile 'RUN sleep 2468'
    DOCKER_BUILDKIT=1 docker build --network none --tag "$id" "/tmp/$id" >/tmp/build.log 2>&1 &
    local client=$!
    eventually pgrep --full --exact 'sleep 2468'
    kill -INT "$client" || true
    # A program in the background ignores an interrupt.
    kill -TERM "$client" || true
    eventually sh -c "! pgrep --full --exact 'sleep 2468'"
    eventually no_build_is_left
}

no_build_is_left() { same '' "$(ls -A "/run/$RUNTIME_NAME" 2>/dev/null || true)"; }
