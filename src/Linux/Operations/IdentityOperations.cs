using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>Set a resource limit of this process; both values must then read back exactly. prlimit(2)</summary>
public sealed record SetResourceLimit(ResourceLimit Resource, ulong Soft, ulong Hard) : Operation;

/// <summary>Run on these processors, as far as the cgroup has them. sched_setaffinity(2)</summary>
/// <param name="Mask">Bit n of byte n / 8.</param>
/// <param name="List">The same as somebody wrote it; empty where nobody did.</param>
/// <param name="Required">A refusal is a failure.</param>
public sealed record SetAffinity(ImmutableArray<byte> Mask, string List, bool Required) : Operation;

/// <summary>Permission bits that new files of the program will not get. umask(2)</summary>
public sealed record SetUmask(uint Mask) : Operation;

/// <summary>
/// Go to the program's directory. Tried before and after the change of user, as either may be the only one that may go
/// there; the second must succeed and must end inside the container (CVE-2024-21626).
/// </summary>
/// <param name="Path">Absolute path inside the container.</param>
/// <param name="Final">The second try.</param>
public sealed record ChangeDirectory(CString Path, bool Final) : Operation;

/// <summary>No capability outside <paramref name="Kept"/> can ever be gained again. capabilities(7)</summary>
/// <param name="Kept">The bounding set.</param>
/// <param name="LastCapability">The highest capability that this kernel has.</param>
public sealed record LimitCapabilities(CapabilitySet Kept, int LastCapability) : Operation;

/// <summary>Become the program's user, keeping capabilities until <see cref="SetCapabilities"/>. setresuid(2), setgroups(2)</summary>
/// <param name="UserId">As the container numbers users.</param>
/// <param name="GroupId">As the container numbers groups.</param>
/// <param name="AdditionalGroups">The supplementary groups.</param>
/// <param name="KeepGroups">The user namespace forbids setgroups(2): leave the supplementary groups as they are.</param>
public sealed record SetUser(uint UserId, uint GroupId, ImmutableArray<uint> AdditionalGroups, bool KeepGroups) : Operation;

/// <summary>Set the capabilities of this process, ambient ones last. capset(2), prctl(2)</summary>
public sealed record SetCapabilities(CapabilitySet Effective, CapabilitySet Permitted, CapabilitySet Inheritable, CapabilitySet Ambient) : Operation;

/// <summary>execve can no longer gain privileges. prctl(2)</summary>
public sealed record SetNoNewPrivileges : Operation;

/// <summary>
/// From here on the program judges every system call of this process: it must be the last thing before the process becomes another
/// program, or the program would have to allow what only the runtime needs. Needs no-new-privileges or CAP_SYS_ADMIN. seccomp(2)
/// Afterwards this process makes no system call but execve: what it still has to say goes over <see cref="SeccompHandshake"/>.
/// </summary>
/// <param name="Program">What judges.</param>
/// <param name="Flags">How it is installed; with a listener, the host takes that out of this process before the program runs.</param>
/// <param name="Announced">Tell the host beforehand: it must take the listener, or does not have the silent lane yet.</param>
public sealed record LoadSeccompFilter(FilterProgram Program, SeccompFilterFlags Flags, bool Announced) : Operation
{
    /// <summary>Some calls are answered by a listener.</summary>
    public bool HasListener => (Flags & SeccompFilterFlags.NewListener) != 0;

    /// <summary>How it is installed where nobody listens: those calls then fail with ENOSYS.</summary>
    public SeccompFilterFlags FlagsWithoutListener => Flags & ~(SeccompFilterFlags.NewListener | SeccompFilterFlags.WaitKillable);
}
