using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Make a cgroup, with those above it that are missing. What was there before stays afterwards (OP-DEL-04).</summary>
/// <param name="Mount">Where its hierarchy is mounted.</param>
/// <param name="Path">The cgroup below it, starting with a slash.</param>
/// <param name="Controllers">The v2 controllers to enable from the top down; empty on v1.</param>
/// <param name="Optional">EACCES and EPERM are no failure: an unprivileged caller asked for no limit (CGP-02).</param>
/// <param name="OfUnit">systemd has just made it for this container, or does not manage this hierarchy.</param>
internal sealed record MakeCgroup(string Mount, string Path, ImmutableArray<string> Controllers, bool Optional = false, bool OfUnit = false) : HostAction
{
    /// <summary>The cgroup's directory.</summary>
    public string Directory => Mount + Path;

    public override string Describe() => $"make cgroup {Directory}{(Controllers.IsEmpty ? "" : $" with {string.Join(" ", Controllers)}")}";
}

/// <summary>Let systemd make the container's cgroup: a unit that lasts as long as the container (SDC-02).</summary>
/// <param name="Unit">Its name.</param>
/// <param name="OfUser">The user's own systemd makes it, not the system's.</param>
/// <param name="Properties">Its properties.</param>
/// <param name="TakesProcess">systemd starts it with the container process; into a slice we put the process ourselves.</param>
/// <param name="Directory">The cgroup that systemd will make.</param>
internal sealed record StartUnit(string Unit, bool OfUser, ImmutableArray<UnitProperty> Properties, bool TakesProcess, string Directory) : HostAction
{
    public override string Describe() =>
        $"let {(OfUser ? "the user's systemd" : "systemd")} start unit {Unit}{(TakesProcess ? " with the container process" : "")}: {string.Join("; ", Properties)}";
}

/// <summary>What limits consist of, for a new container and for one that is updated.</summary>
internal abstract record LimitAction : HostAction;

/// <summary>A step that sets a limit.</summary>
internal sealed record LimitStep(LimitAction Action, Origin Origin);

/// <summary>Write one file of a cgroup.</summary>
/// <param name="MayBeMissing">A kernel without this file behaves as the value says.</param>
/// <param name="Otherwise">What is written where the kernel lacks the file: the name that another kernel or I/O scheduler has for it.</param>
internal sealed record WriteCgroupFile(
    string Directory, string File, string Value, bool MayBeMissing = false, CgroupFileValue? Otherwise = null) : LimitAction
{
    public override string Describe() =>
        $"write \"{Value.TrimEnd('\n')}\" to {Directory}/{File}{(Otherwise is null ? "" : $", or \"{Otherwise.Value}\" to {Otherwise.File} if there is none")}";
}

/// <summary>A file of a cgroup and what is written to it.</summary>
internal sealed record CgroupFileValue(string File, string Value);

/// <summary>Give a v2 cgroup to the user that is root in its namespace (CGO-04): it and the files that the kernel lists for this.</summary>
/// <param name="UserId">The new owner, a user of the host.</param>
internal sealed record DelegateCgroup(string Directory, uint UserId) : HostAction
{
    public override string Describe() => $"give cgroup {Directory} to user {UserId}";
}

/// <summary>Refuse a limit below what a v2 cgroup uses now: the kernel would accept it and kill processes (MEM-09).</summary>
/// <param name="Limit">Of memory, in bytes; 0 when it does not matter.</param>
/// <param name="Swap">Of memory and swap together, in bytes; 0 when it does not matter.</param>
internal sealed record CheckMemoryUsage(string Directory, long Limit, long Swap) : LimitAction
{
    public override string Describe() => $"see that cgroup {Directory} uses less memory than it may";
}

/// <summary>Attach a BPF program that allows or denies every use of a device in a v2 cgroup; it goes with the cgroup (CGD-03).</summary>
/// <param name="Rules">How many rules the program has.</param>
internal sealed record AttachDeviceFilter(string Directory, int Rules, ImmutableArray<BpfInstruction> Instructions) : LimitAction
{
    public override string Describe() => $"filter devices of cgroup {Directory}: {Rules} {(Rules == 1 ? "rule" : "rules")}";
}

/// <summary>Give a new v1 cpuset cgroup its parent's processors and memory nodes: without them it can hold no process.</summary>
/// <param name="Mount">Where the cpuset hierarchy is mounted.</param>
/// <param name="Path">The cgroup below it.</param>
internal sealed record InheritCpuset(string Mount, string Path) : HostAction
{
    public override string Describe() => $"give cgroup {Mount}{Path} its parent's processors and memory nodes";
}

/// <summary>Put the container process into these cgroups.</summary>
/// <param name="Optional">As in <see cref="MakeCgroup"/>: to move a process takes more rights than to limit a cgroup.</param>
internal sealed record EnterCgroups(ImmutableArray<string> Directories, bool Optional = false) : HostAction
{
    public override string Describe() =>
        $"put the container process into {Directories.Length} {(Directories.Length == 1 ? "cgroup" : "cgroups")}: {string.Join(" ", Directories)}";
}
