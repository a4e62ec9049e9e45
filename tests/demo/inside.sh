# Run by the demo as the first process of its container (busybox sh).
section() { printf -- '-- %s\n' "$1"; }

section "processes: this one is number 1, and sees only its own"
printf 'my pid: %s\n' "$$"
ps -o pid,args

section "host name: its own"
hostname

section "network: only a loopback of its own"
# Some kernels add unused tunnel devices to every network namespace.
sed -n 's/^ *\([^ :]*\):.*/\1/p' /proc/net/dev

section "mounts: its own root and the standard file systems, nothing of the host's"
while read -r _ _ _ _ point options rest; do
    printf '%-24s %-12s %s\n' "$point" "$(printf '%s' "$rest" | sed 's/.*- \([^ ]*\).*/\1/')" "${options%%,*}"
done </proc/self/mountinfo

section "files: the root cannot be written"
touch /written 2>&1 && printf 'written!\n'

section "user and capabilities: root without the host's powers"
id
grep -E '^(CapEff|NoNewPrivs)' /proc/self/status

section "cgroup: a memory limit of 64 MiB"
for file in /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max; do
    [ -e "$file" ] && printf '%s: %s\n' "$file" "$(cat "$file")"
done
dd if=/dev/zero of=/dev/null bs=128M count=1 2>/dev/null || printf 'a program that takes 128 MiB: killed (status %s)\n' "$?"

exit 7
