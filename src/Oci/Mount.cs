namespace Hull.Oci;

/// <summary>One mount beside the root (config.md, "Mounts").</summary>
public sealed record Mount
{
    /// <summary>Where it appears inside the container; a relative path is taken from <c>/</c> (MNT-02).</summary>
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
