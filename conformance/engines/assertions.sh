# The assertions that checks are written with. Each fails with the expectation and what was seen instead.

skip() { echo "$*"; exit 77; }
broken() { printf '%s\n' "$@"; return 1; }

# asked TEXT COMMAND…: fills the caller's `said` and `status`. Where a client may lose the whole of what a program wrote (see `tries`), a command
# that should have written something and wrote nothing is run again.
asked() {
    local text="$1" left="$tries"; shift
    while status=0; said="$("$@")" || status=$?; [[ -z "$said" && -n "$text" && $((left -= 1)) -gt 0 ]]; do :; done
}

both_streams() { "$@" 2>&1; }

# says TEXT COMMAND…: the command succeeds and writes exactly this (without the last line's end).
says() {
    local text="$1" said status; shift
    asked "$text" "$@" 2>/tmp/stderr
    [[ $status -eq 0 && "$said" == "$text" ]] || broken "$*" "  expected: $text" "  wrote:    $said" "  status:   $status" "$(cat /tmp/stderr)"
}

# mentions TEXT COMMAND…: the command succeeds and writes this somewhere.
mentions() {
    local text="$1" said status; shift
    asked "$text" both_streams "$@"
    [[ $status -eq 0 && "$said" == *"$text"* ]] || broken "$*" "  expected to find: $text" "  wrote:  $said" "  status: $status"
}

# ends STATUS COMMAND…: the command ends with this exit status.
ends() {
    local wanted="$1" status=0; shift
    "$@" >/tmp/stdout 2>/tmp/stderr || status=$?
    [[ $status -eq $wanted ]] || broken "$*" "  expected status: $wanted" "  was:             $status" "$(cat /tmp/stdout /tmp/stderr)"
}

# refuses TEXT COMMAND…: the command fails and says this on either stream, where an engine may have quoted the runtime's quotes.
refuses() {
    local text="$1" said status; shift
    asked "$text" both_streams "$@"
    said="${said//\\\"/\"}"
    [[ $status -ne 0 && "$said" == *"$text"* ]] || broken "$*" "  expected to fail with: $text" "  wrote:  $said" "  status: $status"
}

# eventually COMMAND…: it succeeds within two minutes, which only what never comes uses up, on a loaded machine too.
eventually() {
    local said end=$((SECONDS + 120))
    while [[ $SECONDS -le $end ]]; do
        said="$("$@" 2>&1)" && return
        sleep 0.2
    done
    broken "$*" "  did not succeed within 120 s; it wrote at last: $said"
}

# between LOW HIGH VALUE: whole numbers.
between() { [[ "$3" -ge "$1" && "$3" -le "$2" ]] || broken "expected $1 to $2, was: $3"; }

same() { [[ "$1" == "$2" ]] || broken "expected: $1" "was:      $2"; }

# holds TEXT COMMAND…: the command writes this somewhere, whatever its status; for what is waited for.
holds() { [[ "$("${@:2}" 2>&1 || true)" == *"$1"* ]]; }

# cgroup_of PID CONTROLLER: the directory of the process's cgroup in that hierarchy, or in the only one.
cgroup_of() {
    if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
        sed -n 's|^0::|/sys/fs/cgroup|p' "/proc/$1/cgroup"
    else
        awk -F : -v controller="$2" '$2 == controller { print "/sys/fs/cgroup/" controller $3 }' "/proc/$1/cgroup"
    fi
}

# kernel_has PID CONTROLLER FILE1 FILE2: what the kernel holds for the process's cgroup, version 1's file or version 2's.
kernel_has() {
    local file="$3"
    [[ ! -e /sys/fs/cgroup/cgroup.controllers ]] || file="$4"
    cat "$(cgroup_of "$1" "$2")/$file"
}

# no_cgroup NAME: no hierarchy has a group whose name contains this.
no_cgroup() {
    local left; left="$(find /sys/fs/cgroup -type d -name "*$1*" 2>/dev/null)"
    [[ -z "$left" ]] || broken "cgroups left:" "$left"
}

gone_process() { [[ ! -e "/proc/$1" ]] || [[ "$(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null)" == Z ]]; }

# status_of PID FIELD: a line of /proc/PID/status, without its name.
status_of() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

# fed TEXT COMMAND…: the command reads this text, which then ends.
fed() { printf '%s' "$1" | "${@:2}"; }

# on_terminal COMMAND…: the command (a verb or a program) on a terminal of its own where nothing is typed; ends of lines become ordinary ones.
on_terminal() {
    local status=0 typed=/tmp/typed.$BASHPID
    # A pipe that stays open: at an end of its input `script` types an end of file.
    mkfifo "$typed"
    terminal "$@" <>"$typed" >/tmp/terminal || status=$?
    rm "$typed"
    tr -d '\r' </tmp/terminal | engine_terminal_output
    return "$status"
}

# terminal COMMAND…: on a terminal where what this reads is typed. `script` starts a shell, which has to know the verbs.
terminal() {
    SHELL=$BASH script --quiet --return --command "id=$(printf %q "$id") exec bash $here/check.sh $engine $check $(printf '%q ' "$@")" /dev/null
}

# runc_before VERSION: the runtime is a runc older than this, the control that lacks something.
runc_before() {
    local version
    version="$("$RUNTIME" --version | sed -n 's/^runc version \([0-9.]*\).*/\1/p')"
    [[ -n "$version" && "$version" != "$1" && "$(printf '%s\n' "$version" "$1" | sort --version-sort | head -n 1)" == "$version" ]]
}
