namespace Hull.Oci;

/// <summary>
/// The container configuration, <c>config.json</c> of runtime-spec 1.3.0, for Linux.
/// A property that is absent from the document (or <c>null</c> in it) is null here; the planner resolves the defaults.
/// The parts for other platforms are ignored, as unknown properties are (JSN-02).
/// </summary>
[Document]
public sealed record Config
{
    /// <summary>The version of the specification the document complies with, SemVer 2.0.0 (VER-01).</summary>
    [WhenMissing(nameof(Rules.VersionIsSemantic))]
    public required string OciVersion { get; init; }

    /// <summary>The root filesystem (ROOT-01).</summary>
    [WhenMissing(nameof(Rules.RootIsGiven))]
    public required Root Root { get; init; }

    /// <summary>Mounts beside the root, in the order in which they are made (MNT-01).</summary>
    public IReadOnlyList<Mount>? Mounts { get; init; }

    /// <summary>The container process; needed by start, not by create (PROC-01).</summary>
    public Process? Process { get; init; }

    /// <summary>The host name inside the container (HOST-01).</summary>
    public string? Hostname { get; init; }

    /// <summary>The NIS domain name inside the container (HOST-02).</summary>
    public string? Domainname { get; init; }

    /// <summary>What is specific to Linux.</summary>
    public LinuxConfig? Linux { get; init; }

    /// <summary>Commands run at the steps of the lifecycle (HOOK-01).</summary>
    public Hooks? Hooks { get; init; }

    /// <summary>Arbitrary metadata, shown in the state (ANN-01, ANN-04).</summary>
    [ReadWith(nameof(DocumentReader.ReadAnnotations))]
    public Map<string>? Annotations { get; init; }
}

/// <summary>The root filesystem of the container (config.md, "Root").</summary>
public sealed record Root
{
    /// <summary>The directory on the host, absolute or relative to the bundle (ROOT-02).</summary>
    [WhenMissing(nameof(Rules.RootPathIsGiven))]
    public required string Path { get; init; }

    /// <summary>Whether the root filesystem is read-only inside the container; absent means false (ROOT-04).</summary>
    public bool? Readonly { get; init; }
}

/// <summary>One mount beside the root (config.md, "Mounts").</summary>
public sealed record Mount
{
    /// <summary>Where it appears inside the container; a relative path is taken from <c>/</c> (MNT-02).</summary>
    [WhenMissing(nameof(Rules.MountDestination))]
    public required string Destination { get; init; }

    /// <summary>A device, or for a bind mount a file or directory, relative to the bundle (MNT-03).</summary>
    public string? Source { get; init; }

    /// <summary>The filesystem as in <c>/proc/filesystems</c>; ignored for a bind mount (MNT-04, MNT-05).</summary>
    public string? Type { get; init; }

    /// <summary>Mount options; what the runtime does not know is data for the filesystem (MNT-06).</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Mapping of user ids of an idmapped mount (IDM-01).</summary>
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    /// <summary>Mapping of group ids of an idmapped mount (IDM-01).</summary>
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }
}
