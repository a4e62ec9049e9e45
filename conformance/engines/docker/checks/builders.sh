# Docker's two builders: the classic one, and what BuildKit does besides the checks of every engine. BuildKit runs `runc` from the PATH in the
# runtime's default place.

classic() { DOCKER_BUILDKIT=0 docker build --network none --tag "$id" "$@" "$files/$id"; }

The_classic_builder_builds() {
    containerfile 'RUN mkdir /made && echo "$(id -u) $(pwd)" >/made/who' 'COPY context /made/' 'ENV COLOUR=red' 'WORKDIR /made' 'USER 1000' \
        'RUN echo "$(id -u) $COLOUR $(pwd)" >/tmp/later'
    classic >/tmp/build.log 2>&1 || broken "$(cat /tmp/build.log)"
    image_says $'0 /\ntext\n1000 red /made' cat /made/who /made/context /tmp/later
}

A_failing_step_of_the_classic_builder_is_told_with_its_status() {
    containerfile 'RUN exit 3'
    refuses 'returned a non-zero code: 3' classic --force-rm
    same '' "$(docker images --quiet "$id")"
}

A_step_of_the_classic_builder_is_limited() {
    containerfile 'RUN cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max >/limit 2>/dev/null || true'
    classic --memory 64m >/tmp/build.log 2>&1 || broken "$(cat /tmp/build.log)"
    image_says 67108864 cat /limit
}

A_failing_step_of_BuildKit_leaves_no_image() {
    containerfile 'RUN exit 3'
    refuses 'exit code: 3' engine_build "$files/$id"
    same '' "$(docker images --quiet "$id")"
}

Steps_of_BuildKit_run_side_by_side() {
    containerfile 'RUN sleep 0.5; echo one >/file' "FROM $image AS second" 'RUN sleep 0.5; echo two >/file' \
        "FROM $image" 'COPY --from=0 /file /one' 'COPY --from=second /file /two'
    builds
    image_says $'one\ntwo' cat /one /two
}

A_step_of_BuildKit_has_a_network() {
    containerfile 'RUN ls /sys/class/net | sort | xargs >/interfaces'
    builds --network default
    image_says 'eth0 lo' cat /interfaces
}

A_cancelled_build_of_BuildKit_leaves_no_process() {
    containerfile 'RUN sleep 2468'
    engine_build "$files/$id" >/tmp/build.log 2>&1 &
    eventually processes_of 'sleep 2468'
    # A program in the background ignores an interrupt.
    kill -TERM "$(pgrep --full -- "docker build .*--tag $id ")"
    eventually gone 'sleep 2468'
    no_build_is_left() { same '' "$(ls -A "/run/$RUNTIME_NAME" 2>/dev/null || true)"; }
    eventually no_build_is_left
}
