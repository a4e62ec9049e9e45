# The verbs that checks are written with. An adapter (NAME/adapter.sh) gives them their meaning for its engine:
#
#   abilities=(…)  what its containers can be asked; a check needs some of them     texts[…]   what the engine itself says
#   folders=(…)    where checks of this engine alone are                            states_of_runtime   where the runtime keeps its states
#   engine_setup   starts the engine and loads the image        engine_clean NAME   removes what a check has made
#   engine_remains writes what is there when nothing should be  engine_terminal_output   a peculiarity of a client
#   engine_run NAME OPTION… -- PROGRAM…   in the foreground, removed afterwards (engine_keep: not removed; engine_detach: in the background;
#       engine_create: not started). Options are those of `docker run`, the language that most engines share; an adapter translates them.
#   engine_exec NAME [OPTION… --] PROGRAM…   engine_status NAME   created, running, paused or exited
#   engine_pid, engine_exit_code, engine_runtime_id, engine_processes, engine_bundle, engine_monitor NAME
#   engine_start, engine_kill NAME [SIGNAL], engine_pause, engine_resume, engine_delete, engine_remove (by force) NAME
#   engine_listen, engine_events   engine_statistics NAME   processes, bytes used, bytes allowed   engine_checkpoint NAME
#   engine_save, engine_go_on NAME   what was saved has ended, and goes on   engine_save_running NAME   it does not end
#   engine_build OPTION… DIRECTORY   an image from its Containerfile

abilities=() folders=()
declare -gA texts=()

# Every ability there is. One that a check or an adapter misspells is found by `checks`.
known_abilities=(
    root                # the engine is root's
    client              # its client has Docker's command line: stop, logs, wait, volumes, copies, images of containers
    detach exec create kill pause attach checkpoint restore monitor     # what a container can be asked (monitor: the process that waits for it)
    events oom-events   # it tells what happens to containers, and that one ran out of memory
    statistics          # it tells what a container uses
    statuses            # it ends with 125, 126 or 127 when the program was not run
    interactive         # without --interactive the program's input is empty
    much-input          # its client takes a megabyte of input whole
    terminal-size       # it hands the size of the caller's terminal on
    users               # users by name, with the groups and the home that the image gives them
    env-file pidfile rootfs annotations init descriptors sysctl oom-score read-only shm-size made-directory     # the option of that name
    drop-all ambient new-privileges seccomp privileged old-capabilities     # what of a program's privileges can be said
    user-namespace host-namespaces host-processes host-network no-network network-by-path join      # namespaces of its own, of the host, of others
    cgroups cpus pids cgroup-parent     # it limits a container; by these options
    devices renamed-devices propagation     # devices are given, under other names; mounts are shared
    bridge networks     # a network with addresses; networks of one's own
    build build-limits  # it builds images; with limits of processes
    pods                # several containers in one's namespaces
)

# Where checks put files that containers see, and who owns them.
files=/mnt/home owner=0

# How a container is told the two things whose default differs between engines.
default_filter=() forbid_new_privileges=(--security-opt no-new-privileges) allow_new_privileges=()

# The namespaces that a container can share with the host, besides the network's.
host_namespaces=(pid ipc uts)

# as_owner PROGRAM…: as the user who runs the engine.
as_owner() { "$@"; }

# How often a command is run that should have written something and wrote nothing.
tries=1

engine_terminal_output() { cat; }

# saving_works: the first line of a check that saves containers. Without a CRIU that works on this kernel there is nothing to be seen.
saving_works() {
    local said
    said="$(criu check 2>&1)" || skip "criu check: ${said//$'\n'/; }"
}

engine_bundle() { :; }

# needs ABILITY…: the first line of a check, read by `checks`, which leaves it out where the engine cannot do it.
needs() { can "$@" || broken "the engine $engine cannot: $*"; }

# can ABILITY…: all of them.
can() {
    local ability
    for ability in "$@"; do
        [[ " ${abilities[*]} " == *" $ability "* ]] || return 1
    done
}

# split OPTION… -- PROGRAM…: fills the caller's arrays `options` and `program`.
split() {
    options=()
    while [[ "$1" != -- ]]; do options+=("$1"); shift; done
    shift
    program=("$@")
}

# What a check does with the container of its own.
container() { engine_run "$id" "$@"; }
kept() { engine_keep "$id" "$@"; }
detached() { engine_detach "$id" "$@"; }
inside() { engine_exec "$id" "$@"; }

# is STATUS [NAME]
is() { [[ "$(engine_status "${2:-$id}")" == "$1" ]]; }
pid_of() { engine_pid "${1:-$id}"; }

# ended STATUS: the container ends, with this exit status.
ended() {
    eventually is exited
    same "$1" "$(engine_exit_code "$id")"
}

# The containers that the runtime has a record of.
states() { ls "$states_of_runtime" 2>/dev/null || true; }

# What the runtime says of a container, as JSON.
state() { as_owner "$RUNTIME" --root "$states_of_runtime" state "$(engine_runtime_id "${1:-$id}")"; }

# nothing_is_left [RUNTIME'S ID]: no state of the runtime, no bundle, no cgroup.
nothing_is_left() {
    local one="${1:-$id}" bundle
    [[ ! -e "$states_of_runtime/$one" ]] || broken "the runtime's state is left: $(ls -A "$states_of_runtime/$one")"
    bundle="$(engine_bundle "$one")"
    [[ -z "$bundle" || ! -e "$bundle" ]] || broken "the bundle is left: $bundle"
    no_cgroup "$one"
}

# no_new_states BEFORE: the runtime has a record of no container that it had none of.
no_new_states() { same "" "$(comm -13 <(echo "$1") <(states))"; }

# limit CONTROLLER FILE1 FILE2: what the kernel holds for the check's container, version 1's file or version 2's.
limit() { kernel_has "$(pid_of)" "$@"; }

# Whether version 2 of cgroups rules alone, where files and their values are others.
unified() { [[ -e /sys/fs/cgroup/cgroup.controllers ]]; }

# quota QUOTA PERIOD: of the processor, in microseconds.
has_quota() {
    if unified; then same "$1 $2" "$(limit cpu '' cpu.max)"; else same "$1 $2" "$(limit cpu cpu.cfs_quota_us '') $(limit cpu cpu.cfs_period_us '')"; fi
}

# processes_of COMMAND LINE: some run. gone COMMAND LINE: none does.
processes_of() { pgrep --full --exact -- "$1" >/dev/null; }
gone() { ! processes_of "$1"; }

# listening: the engine's events are written to /tmp/NAME.events from now on, by the job `listener`.
listening() {
    engine_listen >"/tmp/$id.events" &
    listener=$!
    listens() { engine_run "$id-first" -- true; [[ -s "/tmp/$id.events" ]]; }
    eventually listens
}

# own_file NAME TEXT, own_directory NAME: below $files, of the user who runs the engine.
own_file() { printf '%s\n' "$2" >"$files/$1"; chown "$owner:$owner" "$files/$1"; }
own_directory() { mkdir -p "$files/$1"; chown "$owner:$owner" "$files/$1"; }

# capable NUMBER MASK: 1 when the bit is set, 0 otherwise.
capable() { echo $((0x$2 >> $1 & 1)); }

# A line of /proc/self/status of a program in the container that these options make.
shown_by() {
    local field="$1" said status; shift
    asked "$field" container "$@" -- awk "/^$field:/ { print \$2 }" /proc/self/status
    echo "$said"
    return "$status"
}

# The last check of all.
Nothing_remains_after_all_checks() {
    # What ends in the background may still be ending.
    nothing_remains() { same '' "$(engine_remains)"; }
    eventually nothing_remains
}
