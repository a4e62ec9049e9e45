using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What the reader of an error can do about it, where that can be said.</summary>
internal static class Hints
{
    /// <summary>For a step of the container process.</summary>
    public static string? For(Operation operation, Report report) => (operation, report.Stage, report.Errno) switch
    {
        (MountFilesystem { Type: var type }, Stage.OpenFilesystem, Errno.ENODEV) => $"the kernel knows no file system {type}: see /proc/filesystems, or load its module",
        (MountFilesystem, Stage.CreateFilesystem, Errno.EPERM) =>
            "a user namespace may mount this only with the namespaces that belong to it, and only where nothing of the host's is masked",
        (_, Stage.NotOrdinaryDirectory, Errno.ELOOP) => "a symbolic link in the image leads there: the kernel's own file systems are only mounted on real directories",
        (MountFilesystem or BindMount, Stage.OpenDestination, Errno.ELOOP) => "symbolic links in the image lead in a circle",
        (BindMount, Stage.OpenSource, Errno.ENOENT or Errno.ENOTDIR) => "the source must exist on the host",
        (BindMount, Stage.SetAttributes, Errno.EPERM) => "the kernel has locked these flags of the host's mount: do not ask to clear them",
        (BindMount, _, Errno.ENOTDIR) => "are you trying to mount a directory onto a file, or a file onto a directory?",
        (_, Stage.MapOwners, Errno.EINVAL) => "the file system cannot map owners (FS_ALLOW_IDMAP: most can since Linux 5.12 to 6.7), or is mapped already",
        (_, Stage.MapOwners, Errno.EPERM) => "mapping owners needs CAP_SYS_ADMIN where the file system was mounted",
        (BindMount, Stage.OpenSource, Errno.EINVAL) => "in a user namespace, what has mounts below can only be shown with them: use rbind",
        (_, Stage.LeadsIntoProc, _) => "what is mounted there could hide what is masked: remove the link, or choose another destination",
        (MountFilesystem, Stage.CreateFilesystem, Errno.ENOTBLK) =>
            "the source is no block device: an image file needs a loop device (losetup), unless its own file system can serve it without one, as disks can for erofs since Linux 6.12",
        (MountFilesystem, Stage.CopyUp, Errno.ENOSPC) => "what the image has there is larger than the tmpfs: raise its size",
        (Remount, Stage.SetAttributes, Errno.EINVAL) => "only what an earlier mount has mounted can be remounted",
        (OpenRootfs, _, Errno.ENOENT or Errno.ENOTDIR) => "root.path must be a directory that exists",
        (EnterRootfs { Change: RootChange.Pivot }, _, Errno.EINVAL) => "a root file system on a ramdisk cannot be pivoted: try --no-pivot",
        (EnterReadOnlyRoot, Stage.OpenSource, Errno.EPERM or Errno.EINVAL) => "add a mount namespace without a path to linux.namespaces, or leave root.readonly out",
        (SetUser, Stage.SetUser or Stage.SetGroup, Errno.EINVAL) => "the id has no mapping in the container's user namespace",
        (SetUser, Stage.SetGroups, Errno.EPERM) => "cannot set any additional groups in a rootless container",
        (SetResourceLimit, _, Errno.EPERM) => "raising a hard limit needs CAP_SYS_RESOURCE",
        (SetHostName or SetDomainName, _, Errno.EPERM) => "the uts namespace belongs to another user namespace",
        (MakeDevice, _, Errno.EPERM or Errno.EACCES) => "making device nodes needs CAP_MKNOD outside of a user namespace, and a cgroup whose device rules allow it",
        (MakeDevice or BindDevice, Stage.OpenSource, Errno.ENOENT or Errno.ENOTDIR) =>
            "we may make no device node here (CAP_MKNOD, user namespaces, device rules), and the host has none at that path to show instead",
        (MakeDevice or BindDevice, Stage.NotVerified, _) =>
            "we may make no device node here (CAP_MKNOD, user namespaces, device rules), and what the host has at that path has another type or number",
        (OpenConsole, Stage.OpenTerminal or Stage.TerminalNotVerified, _) => "a terminal needs a mount of the type devpts on /dev/pts",
        (OpenConsole, Stage.OpenDestination or Stage.MakeDestination, Errno.ELOOP) => "/dev/console must not be a symbolic link",
        (LoadSeccompFilter, _, Errno.EACCES) => "loading a filter needs process.noNewPrivileges or CAP_SYS_ADMIN",
        (LoadSeccompFilter, _, Errno.EINVAL or Errno.ENOSYS) => "this kernel was built without filters of system calls, or does not know one of linux.seccomp.flags",
        (LoadSeccompFilter { HasListener: true }, _, Errno.EBUSY) => "this process is itself under a filter with a listener, and the kernel allows one",
        (SetSysctl, Stage.OpenDestination, Errno.ENOENT) => "this kernel has no such parameter, or its namespace has none: is the module loaded, does the interface exist?",
        (SetSysctl, Stage.OpenDestination, Errno.EXDEV) => "something is mounted over a part of the host's /proc/sys",
        (SetSysctl, Stage.OpenDestination, Errno.EACCES or Errno.EPERM) => "the parameter belongs to a namespace of another user namespace",
        (SetSysctl { File: var file }, Stage.Whole, Errno.EINVAL) when file.ToString() == "sys/net/ipv4/ping_group_range" =>
            "both must be groups of the container: in a user namespace, groups that linux.gidMappings maps",
        (SetSysctl, Stage.Whole, Errno.EINVAL) => "the kernel does not take this value",
        (SetSecurityLabel, Stage.Whole, Errno.ENOENT) => "no profile of this name is loaded: see apparmor_parser(8)",
        (SetSecurityLabel, Stage.Whole, Errno.EINVAL) => "the loaded policy does not know this label",
        (SetMemoryPolicy, _, Errno.ENOSYS) => "this kernel was built without NUMA",
        (SetMemoryPolicy, _, Errno.EINVAL) => "the nodes must exist and be among those of the cgroup, and this kernel must know mode and flags",
        (FindExecutable, Stage.NoExecuteMount, _) =>
            $"{(report.Text.Length == 0 ? "its mount" : $"the mount on {CallerText.Printable(report.Text)}")} has the option noexec: nothing there can be run",
        (Execute, _, Errno.ENOEXEC) => "the file is neither a program for this machine nor a script with an interpreter",
        (Execute execute, _, Errno.E2BIG) => ForLength("process.args", execute.Arguments) ?? ForLength("process.env", execute.Environment) ?? string.Create(
            CultureInfo.InvariantCulture,
            $"process.args has {execute.Arguments.TotalLength} bytes and process.env {execute.Environment.TotalLength}: Linux takes a quarter of RLIMIT_STACK (see process.rlimits), at most 6 MiB"),
        (JoinSessionKeyring, _, Errno.EDQUOT or Errno.EPERM or Errno.EACCES) => ForKeyring(report.Errno),
        _ => ForShortage(report.Errno),
    };

    /// <summary>For a step of the host.</summary>
    public static string? For(HostAction action, Errno errno) => (action, errno) switch
    {
        (TakeSessionKeyring, Errno.EDQUOT or Errno.EPERM or Errno.EACCES) => ForKeyring(errno),
        (ConnectConsole, Errno.ENOENT or Errno.ECONNREFUSED or Errno.EPROTOTYPE) => "a program must listen there on a UNIX stream socket",
        (FindListener or ConnectListener, _) => SeccompAgent.HintFor(errno),
        (MakeCgroup or EnterCgroups or DelegateCgroup or AttachDeviceFilter or WriteCgroupFile, _) => CgroupHints.For(action, errno),
        (WriteIdMappings, Errno.EPERM) => "without privileges only one's own id can be mapped: install newuidmap and newgidmap (package uidmap), or map that id alone",
        (SetScheduler { Attributes.Policy: SchedulingPolicy.Deadline }, Errno.EPERM) =>
            "it needs CAP_SYS_NICE, and a process that may run on all processors: this process scheduler can't be used together with AllowedCPUs (resources.cpu.cpus)",
        (SetScheduler { Attributes.Policy: SchedulingPolicy.Deadline }, Errno.EBUSY) => "the processors have no more bandwidth to promise",
        (SetScheduler { Attributes.Policy: SchedulingPolicy.Deadline }, Errno.EINVAL) => "the kernel wants runtime <= deadline <= period, and more than a microsecond of runtime",
        (SetScheduler, Errno.EPERM) => "this policy or priority needs CAP_SYS_NICE, and with CONFIG_RT_GROUP_SCHED a cgroup with real-time bandwidth",
        (SetIoPriority, Errno.EPERM) => "the real-time class needs CAP_SYS_NICE",
        (MoveNetworkDevice, Errno.EINVAL or Errno.EOPNOTSUPP) => "interfaces like lo, tunnels of the kernel's own and bridges cannot change their network namespace",
        (MakeResctrlGroup, Errno.ENODEV) => "cache and bandwidth allocation needs a processor that has it, and mount -t resctrl resctrl /sys/fs/resctrl",
        (MakeResctrlGroup or MakeMonitoringGroup, Errno.ENOSPC) => "the processor has no more classes of service or monitoring ids",
        (SetOomScoreAdjustment, Errno.EACCES or Errno.EPERM) => "lowering it needs CAP_SYS_RESOURCE",
        _ => ForShortage(errno),
    };

    /// <summary>For a process that cannot be cloned.</summary>
    public static string? ForClone(Errno errno) => errno switch
    {
        Errno.EPERM => "making these namespaces needs CAP_SYS_ADMIN, or a new user namespace among them: hull spec --rootless writes such a configuration",
        Errno.ENOSPC => "a limit in /proc/sys/user/max_*_namespaces is reached",
        Errno.EINVAL => "this kernel lacks one of the namespaces",
        Errno.EAGAIN => "a limit of processes is reached: pids.max of a cgroup above, ulimit -u, or /proc/sys/kernel/threads-max",
        Errno.EBUSY or Errno.EOPNOTSUPP => "a cgroup that hands controllers down, or that is threaded, takes no processes",
        _ => ForShortage(errno),
    };

    /// <summary>MAX_ARG_STRLEN: no text may be longer, whatever the limits are. execve(2)</summary>
    private static string? ForLength(string property, CStringArray texts)
    {
        const int Longest = 128 * 1024;
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts.LengthOf(i) > Longest)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{property}[{i}] has {texts.LengthOf(i)} bytes: Linux takes {Longest} of one");
            }
        }

        return null;
    }

    private static string? ForShortage(Errno errno) => errno switch
    {
        Errno.EMFILE => "hull may open no more files: see ulimit -n",
        Errno.ENFILE => "the host has no more open files to give: see /proc/sys/fs/file-nr and file-max",
        Errno.ENOMEM => "the host, or the cgroup that hull runs in, has no more memory to give",
        _ => null,
    };

    private static string ForKeyring(Errno errno) => errno == Errno.EDQUOT
        ? "this user has as many keys as it may: see /proc/key-users, and /proc/sys/kernel/keys/maxkeys (root_maxkeys for root); --no-new-keyring leaves the caller's keyring in place"
        : "a filter of system calls that hull itself runs under, or a security module, forbids keyrings: try --no-new-keyring";
}
