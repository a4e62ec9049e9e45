using System.Collections.Immutable;

namespace Hull.Runtime;

/// <summary>What <c>restore</c> is asked for beyond what a new container is, checked as far as it can be without looking at the host.</summary>
internal sealed record RestoreRequest
{
    /// <summary>Where the images are, absolute.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Where CRIU's log and statistics go, absolute.</summary>
    public required string WorkPath { get; init; }

    public bool TcpEstablished { get; init; }

    public bool TcpClose { get; init; }

    public bool ExternalUnixSockets { get; init; }

    public bool ShellJob { get; init; }

    public bool FileLocks { get; init; }

    public bool AutoDedup { get; init; }

    public bool LazyPages { get; init; }

    public CriuCgroupMode CgroupMode { get; init; } = CriuCgroupMode.Soft;

    public CriuNetworkLock NetworkLock { get; init; }

    public string? LsmProfile { get; init; }

    public string? LsmMountContext { get; init; }
}

/// <summary>A mount of the host that an image only names.</summary>
/// <param name="Name">As the image calls it.</param>
/// <param name="Source">What it is on this host.</param>
/// <param name="Owners">How its owners are mapped, which CRIU cannot do; null for not at all.</param>
/// <param name="Recursive">With the mounts below it.</param>
internal sealed record RestoredMount(string Name, string Source, MountOwners? Owners = null, bool Recursive = false);

/// <summary>The plan of a restore, and what CRIU will be asked for.</summary>
/// <param name="Plan">What hull does around CRIU.</param>
/// <param name="Mounts">The mounts from outside, as CRIU is told of them.</param>
internal sealed record RestorePlan(Plan Plan, ImmutableArray<KeyValuePair<string, string>> Mounts);
