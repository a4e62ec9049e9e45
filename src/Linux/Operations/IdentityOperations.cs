using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>Set a resource limit of this process; both values must then read back exactly. prlimit(2)</summary>
public sealed record SetResourceLimit(ResourceLimit Resource, ulong Soft, ulong Hard) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"set the limit {Resource} to {Number(Soft)}, at most {Number(Hard)}";

    private static string Number(ulong value) => value == ulong.MaxValue ? "unlimited" : $"{value}";
}

/// <summary>Run on these processors, as far as the cgroup has them. sched_setaffinity(2)</summary>
/// <param name="Mask">Bit n of byte n / 8.</param>
/// <param name="List">The same as the configuration writes it; empty when it does not.</param>
/// <param name="Required">A refusal by the kernel is a failure.</param>
public sealed record SetAffinity(ImmutableArray<byte> Mask, string List, bool Required) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => List.Length == 0 ? "run on every processor of the cgroup" : $"run on processors {List}";
}

/// <summary>Permission bits that new files of the program will not get. umask(2)</summary>
public sealed record SetUmask(uint Mask) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"set the umask to {ModeText.Octal(Mask)}";
}

/// <summary>
/// Go to the program's directory. Tried before and after the change of user, as either may be the only one that may go
/// there; the second must succeed and must end inside the container (CVE-2024-21626).
/// </summary>
/// <param name="Path">Absolute path inside the container.</param>
/// <param name="Final">The second try.</param>
public sealed record ChangeDirectory(CString Path, bool Final) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"go to {Path}{(Final ? "" : " if root may")}";
}

/// <summary>No capability outside <paramref name="Kept"/> can ever be gained again. capabilities(7)</summary>
/// <param name="Kept">The bounding set.</param>
/// <param name="LastCapability">The highest capability that this kernel has.</param>
public sealed record LimitCapabilities(CapabilitySet Kept, int LastCapability) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"limit capabilities for good to {Kept}";
}

/// <summary>Become the program's user, keeping capabilities until <see cref="SetCapabilities"/>. setresuid(2), setgroups(2)</summary>
/// <param name="UserId">As the container numbers users.</param>
/// <param name="GroupId">As the container numbers groups.</param>
/// <param name="AdditionalGroups">The supplementary groups.</param>
/// <param name="KeepGroups">The user namespace forbids setgroups(2): leave the supplementary groups as they are.</param>
public sealed record SetUser(uint UserId, uint GroupId, ImmutableArray<uint> AdditionalGroups, bool KeepGroups) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"become user {UserId}, group {GroupId}" + (KeepGroups ? ", keeping the other groups"
        : AdditionalGroups.IsEmpty ? ""
        : $", other groups {string.Join(" ", AdditionalGroups)}");
}

/// <summary>Set the capabilities of this process, ambient ones last. capset(2), prctl(2)</summary>
public sealed record SetCapabilities(CapabilitySet Effective, CapabilitySet Permitted, CapabilitySet Inheritable, CapabilitySet Ambient) : Operation
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"set capabilities: effective {Effective}; permitted {Permitted}; "
        + $"inheritable {Inheritable}; ambient {Ambient}";
}

/// <summary>execve can no longer gain privileges. prctl(2)</summary>
public sealed record SetNoNewPrivileges : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "forbid new privileges";
}

/// <summary>
/// Load the filter of system calls. It comes last before execve: otherwise the filter would have to allow what only the runtime needs.
/// Needs no-new-privileges or CAP_SYS_ADMIN. Afterwards this process makes no system call but execve and reports through
/// <see cref="SeccompHandshake"/>. seccomp(2)
/// </summary>
/// <param name="Program">The filter.</param>
/// <param name="Flags">How it is installed; with a listener, the host takes that out of this process before the program runs.</param>
/// <param name="Announced">Announce <see cref="Checkpoint.Filtered"/> beforehand: the host must take the listener, or needs the handshake's descriptor.</param>
public sealed record LoadSeccompFilter(FilterProgram Program, SeccompFilterFlags Flags, bool Announced) : Operation
{
    /// <summary>Some calls are answered by a listener.</summary>
    public bool HasListener => (Flags & SeccompFilterFlags.NewListener) != 0;

    /// <summary>How it is installed without a listener: those calls then fail with ENOSYS.</summary>
    public SeccompFilterFlags FlagsWithoutListener => Flags & ~(SeccompFilterFlags.NewListener | SeccompFilterFlags.WaitKillable);

    /// <inheritdoc/>
    public override string Describe() =>
        $"filter system calls by {Program.Count} instructions{(Flags == SeccompFilterFlags.None ? "" : $" ({Flags})")}"
        + (HasListener ? "; the host takes the listener" : "");
}
