using System.Text;

namespace Hull.Linux;

/// <summary>The kinds of namespaces. namespaces(7), linux/sched.h</summary>
[Flags]
public enum NamespaceKinds : uint
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>CLONE_NEWTIME</c>: offsets of the boot and monotonic clocks. Kernel 5.6.</summary>
    Time = 0x80,
    /// <summary><c>CLONE_NEWNS</c>: mounts.</summary>
    Mount = 0x20000,
    /// <summary><c>CLONE_NEWCGROUP</c>: the root of the cgroup tree.</summary>
    Cgroup = 0x2000000,
    /// <summary><c>CLONE_NEWUTS</c>: host and domain name.</summary>
    Uts = 0x4000000,
    /// <summary><c>CLONE_NEWIPC</c>: System V IPC and POSIX message queues.</summary>
    Ipc = 0x8000000,
    /// <summary><c>CLONE_NEWUSER</c>: users, groups, capabilities.</summary>
    User = 0x10000000,
    /// <summary><c>CLONE_NEWPID</c>: process numbers.</summary>
    Pid = 0x20000000,
    /// <summary><c>CLONE_NEWNET</c>: the network.</summary>
    Network = 0x40000000,
}

/// <summary>Host side: the names of the kinds of namespaces.</summary>
public static class NamespaceNames
{
    /// <summary>As the specification writes them, separated by commas.</summary>
    public static string Describe(NamespaceKinds kinds)
    {
        var text = new StringBuilder();
        foreach (NamespaceKinds kind in All)
        {
            if ((kinds & kind) != 0)
            {
                text.Append(text.Length == 0 ? "" : ", ").Append(NameOf(kind));
            }
        }

        return text.ToString();
    }

    /// <summary>Every kind that there is.</summary>
    public const NamespaceKinds Every = NamespaceKinds.User | NamespaceKinds.Pid | NamespaceKinds.Network | NamespaceKinds.Mount
        | NamespaceKinds.Ipc | NamespaceKinds.Uts | NamespaceKinds.Cgroup | NamespaceKinds.Time;

    /// <summary>The file of one kind in <c>/proc/PID/ns</c>.</summary>
    public static string FileOf(NamespaceKinds kind) => Encoding.UTF8.GetString(BytesOfFile(kind));

    /// <summary>
    /// The same for code that allocates nothing. A switch without its last arm would throw, which the container's process must not: whether every
    /// kind has its file is a test's.
    /// </summary>
    internal static ReadOnlySpan<byte> BytesOfFile(NamespaceKinds kind) => kind switch
    {
        NamespaceKinds.User => "user"u8,
        NamespaceKinds.Pid => "pid"u8,
        NamespaceKinds.Network => "net"u8,
        NamespaceKinds.Mount => "mnt"u8,
        NamespaceKinds.Ipc => "ipc"u8,
        NamespaceKinds.Uts => "uts"u8,
        NamespaceKinds.Cgroup => "cgroup"u8,
        NamespaceKinds.Time => "time"u8,
        _ => ""u8,
    };

    /// <summary>Each of them.</summary>
    public static ReadOnlySpan<NamespaceKinds> All =>
    [
        NamespaceKinds.User, NamespaceKinds.Pid, NamespaceKinds.Network, NamespaceKinds.Mount,
        NamespaceKinds.Ipc, NamespaceKinds.Uts, NamespaceKinds.Cgroup, NamespaceKinds.Time,
    ];

    private static string NameOf(NamespaceKinds kind) => kind switch
    {
        NamespaceKinds.User => "user",
        NamespaceKinds.Pid => "pid",
        NamespaceKinds.Network => "network",
        NamespaceKinds.Mount => "mount",
        NamespaceKinds.Ipc => "ipc",
        NamespaceKinds.Uts => "uts",
        NamespaceKinds.Cgroup => "cgroup",
        NamespaceKinds.Time => "time",
        NamespaceKinds.None => "",
    };
}

/// <summary>Questions to a namespace file. ioctl_ns(2), linux/nsfs.h</summary>
internal enum NamespaceRequest : uint
{
    /// <summary><c>NS_GET_USERNS</c></summary>
    GetUserNamespace = 0xb701,
    /// <summary><c>NS_GET_PARENT</c></summary>
    GetParent = 0xb702,
    /// <summary><c>NS_GET_NSTYPE</c></summary>
    GetKind = 0xb703,
    /// <summary><c>NS_GET_OWNER_UID</c></summary>
    GetOwner = 0xb704,
}

/// <summary>Namespaces: leaving, joining, asking.</summary>
public static unsafe class Namespaces
{
    /// <summary>
    /// <c>unshare(kinds)</c>: leave for new namespaces, the calling thread alone. Pid and time apply to the next child only. User is EINVAL
    /// in a process with several threads, as a managed one is: only a container process calls this for it. unshare(2)
    /// </summary>
    public static SyscallResult Unshare(NamespaceKinds kinds) => Kernel.Call(SyscallNumber.unshare, (nint)(uint)kinds);

    /// <summary>
    /// <c>setns(namespaceOrPidfd, kinds)</c>: join a namespace, or (kernel 5.8) several of a process at once. With a namespace file,
    /// <paramref name="kinds"/> is what it must be, or none for any. User and mount are EINVAL in a process with several threads. setns(2)
    /// </summary>
    public static SyscallResult Enter(Fd namespaceOrPidfd, NamespaceKinds kinds) =>
        Kernel.Call(SyscallNumber.setns, namespaceOrPidfd.Number, (nint)(uint)kinds);

    /// <summary>
    /// <c>setns(process, kinds)</c>: join several namespaces of a process at once. Kernel 5.8; before that one after the other, by their files in
    /// procfs. setns(2)
    /// </summary>
    public static SyscallResult EnterThoseOf(Fd process, NamespaceKinds kinds)
    {
        SyscallResult entered = Enter(process, kinds);
        return entered.Errno == Errno.EINVAL ? ProcessDescriptors.EnterNamespaces(process, kinds) : entered;
    }

    /// <summary>
    /// <c>ioctl(namespaceFile, NS_GET_NSTYPE)</c>: the value is a <see cref="NamespaceKinds"/>. ENOTTY when it is no namespace. Kernel
    /// 4.11. ioctl_ns(2)
    /// </summary>
    public static SyscallResult KindOf(Fd namespaceFile) => Descriptors.Control(namespaceFile, (uint)NamespaceRequest.GetKind, 0);
}

/// <summary>The names of the machine, which belong to a UTS namespace.</summary>
public static class HostName
{
    /// <summary><c>sethostname(name, length)</c>: at most 64 bytes. sethostname(2)</summary>
    public static SyscallResult SetHostName(CString name) => Kernel.Call(SyscallNumber.sethostname, name.Address, name.Length);

    /// <summary><c>setdomainname(name, length)</c>: the NIS domain, at most 64 bytes. setdomainname(2)</summary>
    public static SyscallResult SetDomainName(CString name) => Kernel.Call(SyscallNumber.setdomainname, name.Address, name.Length);
}

/// <summary>Whether this process is in a user namespace of its own. user_namespaces(7)</summary>
public static class UserNamespaces
{
    /// <summary>We are in a user namespace other than the host's first one.</summary>
    public static bool IsInsideOne() => !IsIdentity(HostFiles.ReadAllOrNull(Fd.CurrentDirectory, "/proc/self/uid_map"));

    /// <summary>Every id is itself, as only the first user namespace has it: <c>0 0 4294967295</c>.</summary>
    public static bool IsIdentity(ReadOnlySpan<byte> map)
    {
        // A kernel without user namespaces has no such file.
        if (map.IsEmpty)
        {
            return true;
        }

        int field = 0;
        foreach (Range range in map.SplitAny(" \n"u8))
        {
            ReadOnlySpan<byte> word = map[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (field > 2 || !word.SequenceEqual(field == 2 ? "4294967295"u8 : "0"u8))
            {
                return false;
            }

            field++;
        }

        return field == 3;
    }
}
