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
        Of(SyscallNumber.clone3, "5.3"), Of(SyscallNumber.pidfd_open, "5.3"), Of(SyscallNumber.pidfd_send_signal, "5.1"),
        Of(SyscallNumber.openat2, "5.6"), Of(SyscallNumber.open_tree, "5.2"), Of(SyscallNumber.move_mount, "5.2"), Of(SyscallNumber.fsopen, "5.2"),
        Of(SyscallNumber.fsconfig, "5.2"), Of(SyscallNumber.fsmount, "5.2"), Of(SyscallNumber.fspick, "5.2"), Of(SyscallNumber.mount_setattr, "5.12"),
        Of(SyscallNumber.close_range, "5.9"), Of(SyscallNumber.faccessat2, "5.8"), Of(SyscallNumber.pidfd_getfd, "5.6"),
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
