# containerd with its client ctr: every container gets the runtime by path.

abilities=(made-directory detach exec kill create pause attach events oom-events checkpoint restore monitor root join env-file pidfile rootfs annotations
    cgroups cpus pids oom-score sysctl cgroup-parent statistics devices host-processes host-namespaces user-namespace
    new-privileges seccomp privileged read-only terminal-size no-network host-network network-by-path)
folders=(containerd)
states_of_runtime=/run/containerd/runc/default

default_filter=(--seccomp) forbid_new_privileges=() allow_new_privileges=(--allow-new-privs)
texts=([exec_of_ended]=stopped [exec_of_paused]=paused [kill_of_ended]='process already finished' [delete_of_running]='must be stopped'
    [capabilities]=00000000a80425fb [cgroup_of_host]=/default [missing_source]='no such file or directory'
    [mount_over_file]='not a directory' [checkpoint]='')

engine_setup() {
    cat >/mnt/containerd.toml <<'TOML'
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]
TOML
    containerd --config /mnt/containerd.toml --log-level warn &
    # A check kills it; the shell need not say so.
    disown
    eventually ctr version
    write_image /mnt/image.tar
    ctr images import /mnt/image.tar
    # ctr loses what a container wrote that has ended before ctr opens its pipes: programs are read from the disk now rather than in a check.
    engine_run first -- true
}

engine_clean() {
    local name
    for name in "$1" "$1-other"; do
        ctr tasks kill --all --signal KILL "$name" || true
        ctr tasks delete --force "$name" || true
        ctr containers delete "$name" || true
        ctr images rm "saved/$name:first" || true
    done
}

engine_remains() {
    ctr containers list --quiet
    states
    ls -A /run/containerd/io.containerd.runtime.v2.task/default 2>/dev/null || true
    pgrep --full --list-full '^[^ ]*containerd-shim' || true
    find /sys/fs/cgroup -type d -name '*c-*'
    findmnt --noheadings --raw --output TARGET | grep /run/containerd/io || true
}

# ctr forgets about an end of the input that it reads before the shim has the program's: it comes when the program has written what it read.
fed() {
    local text="$1"; shift
    echoed() { [[ "$(cat /tmp/echoed)" == "${text%$'\n'}" ]]; }
    : >/tmp/echoed
    { printf '%s' "$text"; eventually echoed >&2; } | "$@" | tee /tmp/echoed
}

# ctr gives up a program's output when the task has ended before its reader was scheduled, which opens the pipe: on a loaded
# machine that was one output in eight runs of all these checks.
tries=3

# ctr may say that it came too late to resize the terminal.
engine_terminal_output() { sed '/^time=.* msg="resize pty"/d; /resize/d'; }

# ---- options -----------------------------------------------------------------------------------------------------------

# bytes SIZE: of 64m, for example.
bytes() { numfmt --from=iec "$(tr '[:lower:]' '[:upper:]' <<<"$1")"; }

# shared_namespace TYPE VALUE: host, container:NAME or ns:PATH as a path.
shared_namespace() {
    local file="$1"
    [[ "$1" != network ]] || file=net
    case "$2" in
        host) given+=(--with-ns "$1:/proc/$$/ns/$file") ;;
        container:*) given+=(--with-ns "$1:/proc/$(engine_pid "${2#*:}")/ns/$file") ;;
        ns:*) given+=(--with-ns "$1:${2#*:}") ;;
    esac
}

# mount_of TYPE=…,SRC=…,DST=…[,readonly]: docker's keys as ctr has them.
mount_of() {
    local key type=bind src=tmpfs dst='' mode=rw
    for key in ${1//,/ }; do
        case "$key" in
            type=*) type="${key#*=}" ;;
            src=* | source=*) src="${key#*=}" ;;
            dst=* | target=*) dst="${key#*=}" ;;
            readonly) mode=ro ;;
        esac
    done
    given+=(--mount "type=$type,src=$src,dst=$dst,options=rbind:$mode")
}

# ctr_options OPTION…: docker's options as ctr has them, to the array `given`; what ctr has no option for as a jq program, to `change`;
# what is not an option of the same name to `rootfs`.
ctr_options() {
    local option value
    while [[ $# -gt 0 ]]; do
        option="$1"; shift
        case "$option" in
            --interactive) ;;
            --attachable) streams=() ;;
            --rm | --tty | --read-only | --privileged | --seccomp | --allow-new-privs | --no-pivot | --net-host) given+=("$option") ;;
            *)
                value="$1"; shift
                ctr_option "$option" "$value"
                ;;
        esac
    done
}

ctr_option() {
    case "$1" in
        --workdir) given+=(--cwd "$2") ;;
        --pidfile) given+=(--pid-file "$2") ;;
        --memory) given+=(--memory-limit "$(bytes "$2")") ;;
        --cap-add | --cap-drop) given+=("$1" "CAP_$2") ;;
        --cgroup-parent) given+=(--cgroup "$2/$name") ;;
        --rootfs) rootfs="$2" ;;
        --network) if [[ "$2" == host ]]; then given+=(--net-host); else shared_namespace network "$2"; fi ;;
        --pid | --ipc | --uts) shared_namespace "${1#--}" "$2" ;;
        --volume) mount_of "type=bind,src=${2%%:*},dst=$(cut -d : -f 2 <<<"$2")$(sed -n 's/.*:ro$/,readonly/p' <<<"$2")" ;;
        --mount) mount_of "$2" ;;
        --tmpfs) given+=(--mount "type=tmpfs,src=tmpfs,dst=${2%%:*},options=$(cut -d : -f 2 <<<"$2" | tr , :)") ;;
        --security-opt) [[ "$2" != seccomp=/* ]] || given+=(--seccomp --seccomp-profile "${2#*=}") ;;
        --pids-limit) change+=" | .linux.resources.pids = { limit: $2 }" ;;
        --cpuset-cpus) change+=" | .linux.resources.cpu.cpus = \"$2\"" ;;
        --cpuset-mems) change+=" | .linux.resources.cpu.mems = \"$2\"" ;;
        --hostname) change+=" | .hostname = \"$2\"" ;;
        --oom-score-adj) change+=" | .process.oomScoreAdj = $2" ;;
        --sysctl) change+=" | .linux.sysctl[\"${2%%=*}\"] = \"${2#*=}\"" ;;
        --user) change+=" | .process.user = { uid: ${2%%:*}, gid: ${2##*:} }" ;;
        --ulimit) change+=" | .process.rlimits = ([.process.rlimits[] | select(.type != \"$(ulimit_name "$2")\")] + [$(ulimit_of "$2")])" ;;
        *) given+=("$1" "$2") ;;
    esac
}

ulimit_name() { echo "RLIMIT_$(tr '[:lower:]' '[:upper:]' <<<"${1%%=*}")"; }

ulimit_of() {
    local values="${1#*=}"
    echo "{ type: \"$(ulimit_name "$1")\", soft: ${values%%:*}, hard: ${values##*:} }"
}

# ---- containers --------------------------------------------------------------------------------------------------------

# ctr_make VERB… -- NAME OPTION… -- PROGRAM…: a container of the image, of a directory, or of containerd's own configuration with changes.
ctr_make() {
    local verb=() name options program given=() change='' rootfs='' streams=(--null-io)
    while [[ "$1" != -- ]]; do verb+=("$1"); shift; done
    name="$2"
    split "${@:3}"
    [[ " ${verb[*]} " == *" --detach "* ]] || streams=()
    ctr_options "${options[@]}"
    # ctr forgets the runtime's path with these options, and never knew it for what is started later: `runc` on the PATH is the runtime under test.
    [[ " ${verb[*]} ${given[*]} " =~ \ (containers|--no-pivot|--uidmap)\  ]] || streams+=(--runc-binary "$RUNTIME")
    if [[ -n "$change" ]]; then
        change="$change | .root.path = \"/mnt/image/rootfs\" | .root.readonly = true | .process.args = \$program | .process.terminal = false
            | .process.env = [\"PATH=/bin\"] | .linux.cgroupsPath = \"/default/$name\""
        ctr oci spec | jq --argjson program "$(printf '%s\x1f' "${program[@]}" | jq --raw-input --slurp 'split("\u001f")[:-1]')" ".$change" >"/tmp/$name.json"
        ctr "${verb[@]}" "${given[@]}" "${streams[@]}" --config "/tmp/$name.json" "$name"
    elif [[ -n "$rootfs" ]]; then
        ctr "${verb[@]}" "${given[@]}" "${streams[@]}" --env PATH=/bin --rootfs "$rootfs" "$name" "${program[@]}"
    else
        ctr "${verb[@]}" "${given[@]}" "${streams[@]}" "docker.io/library/$image:latest" "$name" "${program[@]}"
    fi
}

engine_run() { ctr_make run --rm -- "$@"; }
engine_keep() { ctr_make run -- "$@"; }
engine_detach() { ctr_make run --detach -- "$@"; }
engine_create() { ctr_make containers create -- "$@"; }

# Every further process needs a name of its own.
engine_exec() {
    local name="$1" options=() program=("${@:2}") option given=()
    [[ "$2" != -* ]] || split "${@:2}"
    for option in "${options[@]}"; do
        case "$option" in
            --interactive) ;;
            --workdir) given+=(--cwd) ;;
            *) given+=("$option") ;;
        esac
    done
    ctr tasks exec --exec-id "e$BASHPID-$RANDOM" "${given[@]}" "$name" "${program[@]}"
}

task() { ctr tasks list | awk -v id="$1" -v field="$2" '$1 == id { print $field }'; }

engine_status() {
    local status; status="$(task "$1" 3 | tr '[:upper:]' '[:lower:]')"
    status="${status/stopped/exited}"
    echo "${status:-created}"
}

engine_pid() { task "$1" 2; }
engine_runtime_id() { echo "$1"; }
# Deleting a task tells how it ended.
engine_exit_code() { ctr tasks delete "$1" 2>&1 | sed -n 's/.*exit code \([0-9]*\).*/\1/p'; }
engine_processes() { ctr tasks ps "$1" | awk 'NR > 1 { print $1 }'; }
engine_bundle() { echo "/run/containerd/io.containerd.runtime.v2.task/default/$1"; }
engine_monitor() { pgrep --full -- "containerd-shim-runc-v2 .*-id $1 "; }

engine_start() { ctr tasks start --detach "$1"; }
engine_kill() { ctr tasks kill --signal "${2:-KILL}" "$1"; }
engine_pause() { ctr tasks pause "$1"; }
engine_resume() { ctr tasks resume "$1"; }
engine_delete() { ctr tasks delete "$1"; }
engine_remove() { ctr tasks delete --force "$1" || true; }
engine_attach() { ctr tasks attach "$1"; }
engine_forget() { :; }

# It is the job that is killed in the end.
engine_listen() { exec ctr events; }
# events FILE: what was told of the check's container.
engine_events() {
    grep "\"$id\"" "$1" | sed -nE 's|.* /tasks/exit .*"exit_status":([0-9]+).*|exit \1|p; s|.* /tasks/exit .*|exit 0|p; s|.* /tasks/(create\|start\|delete\|oom) .*|\1|p'
}

engine_statistics() {
    ctr tasks metrics --format json "$1" | jq --raw-output '"\(.pids.current) \(.memory.usage.usage // .memory.usage) \(.memory.usage.limit // .memory.usage_limit)"'
}

# ctr keeps a saved container as an image; without --exit the task goes on.
engine_save_running() { ctr containers checkpoint --image --rw --task "$1" "saved/$1:first"; }
engine_save() {
    engine_save_running "$1"
    engine_kill "$1" KILL
    eventually is exited "$1"
    ctr tasks delete "$1" >/dev/null 2>&1 || true
    ctr containers delete "$1"
}
engine_go_on() { ctr containers restore --rw --live "$1" "saved/$1:first"; }
engine_checkpoint() { ctr tasks checkpoint --image-path "/tmp/$1" "$1" && [[ -n "$(ls "/tmp/$1")" ]]; }
