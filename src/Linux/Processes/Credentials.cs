namespace Hull.Linux;

/// <summary>
/// The ids of a process. The system calls themselves: glibc's functions of the same names change every thread of the process, by
/// signals to threads that do not exist in a container process.
/// </summary>
public static unsafe class Credentials
{
    /// <summary><c>setresuid(real, effective, saved)</c>: this thread's user ids; uint.MaxValue leaves one. setresuid(2)</summary>
    public static SyscallResult SetUserIds(uint real, uint effective, uint saved) =>
        Kernel.Call(SyscallNumber.setresuid, (nint)real, (nint)effective, (nint)saved);

    /// <summary><c>setresgid(real, effective, saved)</c>: this thread's group ids; uint.MaxValue leaves one. setresuid(2)</summary>
    public static SyscallResult SetGroupIds(uint real, uint effective, uint saved) =>
        Kernel.Call(SyscallNumber.setresgid, (nint)real, (nint)effective, (nint)saved);

    /// <summary>
    /// <c>setgroups(count, groups)</c>: this thread's supplementary groups. EPERM where /proc/self/setgroups says "deny". setgroups(2)
    /// </summary>
    public static SyscallResult SetGroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* first = groups)
        {
            return Kernel.Call(SyscallNumber.setgroups, groups.Length, (nint)first);
        }
    }

    /// <summary><c>geteuid()</c>: the effective user id. getuid(2)</summary>
    public static uint EffectiveUserId() => (uint)Kernel.Call(SyscallNumber.geteuid).Value;

    /// <summary><c>getegid()</c>: the effective group id. getgid(2)</summary>
    public static uint EffectiveGroupId() => (uint)Kernel.Call(SyscallNumber.getegid).Value;

    /// <summary><c>prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)</c>: execve(2) gives nothing we don't have already; for good. prctl(2)</summary>
    public static SyscallResult SetNoNewPrivileges() =>
        Kernel.Call(SyscallNumber.prctl, (nint)ProcessControl.SetNoNewPrivileges, 1);

    /// <summary>
    /// <c>prctl(PR_SET_KEEPCAPS, 0 or 1)</c>: whether leaving user 0 keeps the permitted capabilities; execve(2) clears it. prctl(2)
    /// </summary>
    public static SyscallResult SetKeepCapabilities(bool keep) =>
        Kernel.Call(SyscallNumber.prctl, (nint)ProcessControl.SetKeepCapabilities, keep ? 1 : 0);
}
