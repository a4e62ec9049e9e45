using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What the reader of an error can do when the kernel refuses a step of the host's with cgroups.</summary>
internal static class CgroupHints
{
    /// <summary>Null where that cannot be said.</summary>
    public static string? For(HostAction action, Errno errno) => (action, errno) switch
    {
        (MakeCgroup, Errno.EACCES or Errno.EPERM or Errno.EROFS) => "this cgroup hierarchy is not ours to write: use --systemd-cgroup, delegate a cgroup to this user, or ask for no limits",
        (EnterCgroups, Errno.EACCES or Errno.EPERM) =>
            "moving a process needs a cgroup of ours above both its old and its new one: start hull in a delegated cgroup (systemd-run --user --scope -p Delegate=yes), or use --systemd-cgroup",
        (DelegateCgroup, Errno.EPERM) => "giving a cgroup away needs CAP_CHOWN: mount it read-only, or share the cgroup namespace",
        (AttachDeviceFilter, Errno.EPERM) =>
            "device rules on cgroup v2 need CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN, and no program above that insists on being alone",
        (AttachDeviceFilter, Errno.ENOSYS or Errno.EINVAL) => "the kernel needs CONFIG_CGROUP_BPF, and version 4.15 or later",
        (WriteCgroupFile write, _) => CgroupWriter.HintFor(write.File, errno),
        _ => null,
    };
}
