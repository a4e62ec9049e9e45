using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>
/// The system calls that hull prefers and does without where it must: those that came after Linux 4.18, and that a filter of system calls which
/// hull itself runs under may not know. Nothing is asked before a call has failed, and what was found out is remembered for this process and those
/// that it forks.
/// </summary>
internal static unsafe class NewerCalls
{
    // Bit n: the call whose row in Table is the nth is missing, or was found to be there and allowed.
    private static uint _missing;
    private static uint _allowed;

    /// <summary>The number of the last call that the kernel answered ENOSYS to; 0 for none. What a message names.</summary>
    private static int _lastMissing;

    /// <summary>It is known to be missing: the call need not be tried.</summary>
    internal static bool IsMissing(SyscallNumber call) => (_missing & Bit(call)) != 0;

    /// <summary>
    /// The failure means that there is no such call: ENOSYS; or EPERM, where the same call is forbidden even with arguments that the kernel itself
    /// refuses otherwise. Any other EPERM is a denial of what was asked for, which no other call may be tried for.
    /// </summary>
    internal static bool Lacks(SyscallNumber call, SyscallResult result)
    {
        if (result.Errno is not (Errno.ENOSYS or Errno.EPERM) || (_allowed & Bit(call)) != 0)
        {
            return false;
        }

        if (!IsMissing(call))
        {
            // A driver's or a file server's own ENOSYS is told from the kernel's by the same question.
            bool missing = Ask(call).Errno == result.Errno && !(result.Errno == Errno.EPERM && MayNotMount(call));
            _missing |= missing ? Bit(call) : 0;
            _allowed |= missing ? 0 : Bit(call);
        }

        if (IsMissing(call))
        {
            _lastMissing = (int)call;
            return true;
        }

        return false;
    }

    /// <summary>Some call is known to be missing.</summary>
    internal static bool AnyIsMissing => _missing != 0;

    /// <summary>Another process has found out that a call is missing.</summary>
    internal static void Remember(SyscallNumber call) => _missing |= Bit(call);

    /// <summary>There is no way without this call: the failure, from which the message names it.</summary>
    internal static SyscallResult Refuse(SyscallNumber call)
    {
        _lastMissing = (int)call;
        return SyscallResult.Failure(Errno.ENOSYS);
    }

    /// <summary>Notes which call the kernel answered ENOSYS to.</summary>
    internal static void Note(SyscallNumber call) => _lastMissing = (int)call;

    /// <summary>The last call that was noted; 0 for none.</summary>
    internal static int LastMissing => _lastMissing;

    /// <summary>Asks the kernel with arguments that it refuses before it looks at anything: bad descriptors, flags and sizes.</summary>
    private static SyscallResult Ask(SyscallNumber call) => call switch
    {
        SyscallNumber.pidfd_send_signal or SyscallNumber.pidfd_getfd => Kernel.Call(call, -1, -1, 0, -1),
        SyscallNumber.pidfd_open => Kernel.Call(call, -1, -1),
        SyscallNumber.close_range => Kernel.Call(call, 1, 0, -1),
        _ => Kernel.Call(call, -1, 0, -1, 0, 0),
    };

    /// <summary>
    /// Some calls look for the right to mount before all else: their EPERM then is a denial, and umount2 with flags that exclude each other
    /// gets the same. umount(2)
    /// </summary>
    private static bool MayNotMount(SyscallNumber call)
    {
        if (call is not (SyscallNumber.fsopen or SyscallNumber.fspick or SyscallNumber.fsmount or SyscallNumber.move_mount))
        {
            return false;
        }

        ushort root = '/';
        return Kernel.Call(SyscallNumber.umount2, (nint)(&root), (nint)(UnmountFlags.Expire | UnmountFlags.Detach)).Errno == Errno.EPERM;
    }

    private static uint Bit(SyscallNumber call) => call switch
    {
        SyscallNumber.pidfd_send_signal => 1,
        SyscallNumber.pidfd_open => 1 << 1,
        SyscallNumber.clone3 => 1 << 2,
        SyscallNumber.close_range => 1 << 3,
        SyscallNumber.openat2 => 1 << 4,
        SyscallNumber.pidfd_getfd => 1 << 5,
        SyscallNumber.faccessat2 => 1 << 6,
        SyscallNumber.open_tree => 1 << 7,
        SyscallNumber.move_mount => 1 << 8,
        SyscallNumber.fsopen => 1 << 9,
        SyscallNumber.fsconfig => 1 << 10,
        SyscallNumber.fsmount => 1 << 11,
        SyscallNumber.fspick => 1 << 12,
        SyscallNumber.mount_setattr => 1 << 13,
        _ => 0,
    };

    /// <summary>Host side: asks for a call without anything having failed.</summary>
    internal static bool IsThere(SyscallNumber call) =>
        Ask(call).Errno is var errno && errno != Errno.ENOSYS && (errno != Errno.EPERM || MayNotMount(call));
}

/// <summary>Host side: the calls that this kernel lacks, for messages and for <c>features</c>.</summary>
public static class MissingCalls
{
    private const string Release = "/proc/sys/kernel/osrelease";

    /// <summary>Those calls with the kernel that brought each, oldest first.</summary>
    private static ImmutableArray<(SyscallNumber Call, string Since)> Table { get; } =
    [
        (SyscallNumber.pidfd_send_signal, "5.1"),
        (SyscallNumber.open_tree, "5.2"),
        (SyscallNumber.move_mount, "5.2"),
        (SyscallNumber.fsopen, "5.2"),
        (SyscallNumber.fsconfig, "5.2"),
        (SyscallNumber.fsmount, "5.2"),
        (SyscallNumber.fspick, "5.2"),
        (SyscallNumber.pidfd_open, "5.3"),
        (SyscallNumber.clone3, "5.3"),
        (SyscallNumber.openat2, "5.6"),
        (SyscallNumber.pidfd_getfd, "5.6"),
        (SyscallNumber.faccessat2, "5.8"),
        (SyscallNumber.close_range, "5.9"),
        (SyscallNumber.mount_setattr, "5.12"),
    ];

    /// <summary>
    /// Each call that this kernel lacks, or that a filter of system calls forbids, with the kernel that brought it: <c>mount_setattr (Linux 5.12)</c>.
    /// </summary>
    public static IReadOnlyList<string> OfThisKernel() =>
        [.. Table.Where(row => !NewerCalls.IsThere(row.Call)).Select(row => $"{row.Call} (Linux {row.Since})")];

    /// <summary>The call is one of those that came after Linux 4.18.</summary>
    /// <param name="call">The call's number, as a report has it; 0 for the last one of this process.</param>
    public static bool IsNewer(int call = 0) => Table.Any(row => (int)row.Call == (call == 0 ? NewerCalls.LastMissing : call));

    /// <summary>What ENOSYS means, for the call that was answered with it: <c>needs Linux 5.12 (mount_setattr); this is Linux 5.10.0</c>.</summary>
    /// <param name="call">The call's number, as a report has it; 0 for the last one of this process.</param>
    public static string Describe(int call = 0)
    {
        var number = (SyscallNumber)(call == 0 ? NewerCalls.LastMissing : call);
        string what = number == 0 ? "needs a newer kernel" : $"needs the system call {number}";
        foreach ((SyscallNumber newer, string since) in Table)
        {
            what = newer == number ? $"needs Linux {since} ({newer})" : what;
        }

        byte[]? release = HostFiles.ReadAllOrNull(Fd.CurrentDirectory, Release);
        string running = release is null ? "an unknown one" : $"Linux {System.Text.Encoding.ASCII.GetString(release).TrimEnd()}";
        return $"{what}; this is {running}, which lacks it or where a filter of system calls forbids it";
    }
}
