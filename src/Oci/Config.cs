namespace Hull.Oci;

/// <summary>
/// The container configuration, <c>config.json</c> of runtime-spec 1.3.0, for Linux.
/// A property that is absent from the document (or <c>null</c> in it) is null here; the planner settles the defaults.
/// The parts for other platforms are read over (spec-checklist.md section 9).
/// </summary>
public sealed record Config
{
    /// <summary>The version of the specification the document complies with, SemVer 2.0.0 (VER-01).</summary>
    public required string OciVersion { get; init; }

    /// <summary>The root filesystem (ROOT-01).</summary>
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
    public Map<string>? Annotations { get; init; }
}
