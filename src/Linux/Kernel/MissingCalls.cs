using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>Host side: the calls that this kernel lacks, for messages and for <c>features</c>.</summary>
public static class MissingCalls
{
    /// <summary>Those calls with the kernel that brought each, oldest first.</summary>
    internal static ImmutableArray<(SyscallNumber Call, string Since)> Table { get; } =
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
    /// Each call that this kernel lacks, or that a filter of system calls forbids, with the kernel that brought it: <c>mount_setattr (Linux
    /// 5.12)</c>.
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

        return $"{what}; this is Linux {Release()}, which lacks it or where a filter of system calls forbids it";
    }

    /// <summary><c>uname(names)</c>: the running kernel's release, the third of six texts of 65 bytes. uname(2)</summary>
    private static unsafe string Release()
    {
        const int length = 65, texts = 6, position = 2;
        byte* names = stackalloc byte[length * texts];
        Kernel.Call(SyscallNumber.uname, (nint)names);
        return System.Text.Encoding.ASCII.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(names + (position * length)));
    }
}
