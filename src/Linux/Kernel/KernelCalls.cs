namespace Hull.Linux;

/// <summary>A system call that not every kernel or sandbox gives.</summary>
/// <param name="Name">The kernel's name of it.</param>
/// <param name="Since">The kernel that brought it.</param>
public sealed record KernelCall(string Name, string Since)
{
    internal SyscallNumber Number { get; init; }
}

/// <summary>Which of the newer system calls this kernel answers, found out without doing anything.</summary>
public static class KernelCalls
{
    /// <summary>Those that hull uses and that were not always there.</summary>
    public static IReadOnlyList<KernelCall> All { get; } =
    [
        .. MissingCalls.Table.Select(row => Of(row.Call, row.Since)),
        Of(SyscallNumber.statx, "4.11"), Of(SyscallNumber.seccomp, "3.17"), Of(SyscallNumber.memfd_create, "3.17"), Of(SyscallNumber.bpf, "3.18"),
        Of(SyscallNumber.setns, "3.0"), Of(SyscallNumber.unshare, "2.6.16"), Of(SyscallNumber.keyctl, "2.6.10"), Of(SyscallNumber.set_mempolicy, "2.6.7"),
    ];

    /// <summary>
    /// What the kernel says to the call when all its arguments are -1, which none of these calls takes: ENOSYS where there is no such call,
    /// EPERM where the caller may not make it at all or a filter of system calls forbids it, and anything else where it works.
    /// </summary>
    public static Errno Ask(KernelCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Kernel.Call(call.Number, -1, -1, -1, -1, -1, -1).Errno;
    }

    private static KernelCall Of(SyscallNumber number, string since) => new(number.ToString(), since) { Number = number };
}
