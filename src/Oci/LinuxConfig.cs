using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>What is specific to Linux (config-linux.md), in the order of that page.</summary>
public sealed record LinuxConfig
{
    /// <summary>The namespaces of the container; a type that is absent is shared with the runtime (NS-02).</summary>
    public IReadOnlyList<Namespace>? Namespaces { get; init; }

    /// <summary>Mapping of user ids of the user namespace (UMAP-01).</summary>
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    /// <summary>Mapping of group ids of the user namespace (UMAP-01).</summary>
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }

    /// <summary>Offsets of the clocks <c>monotonic</c> and <c>boottime</c> (TIME-01).</summary>
    public Map<TimeOffset>? TimeOffsets { get; init; }

    /// <summary>Device nodes beside the default ones (DEV-01).</summary>
    public IReadOnlyList<Device>? Devices { get; init; }

    /// <summary>Network interfaces of the host, by name, that move into the container (NET-01).</summary>
    public Map<NetDevice>? NetDevices { get; init; }

    /// <summary>The cgroup, absolute from the cgroup mount or relative to a place of the runtime's choice (CGP-01).</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>The limits of that cgroup.</summary>
    public Resources? Resources { get; init; }

    /// <summary>Cache and memory bandwidth (RDT-01).</summary>
    public IntelRdt? IntelRdt { get; init; }

    /// <summary>The NUMA memory policy (MPOL-01).</summary>
    public MemoryPolicy? MemoryPolicy { get; init; }

    /// <summary>Kernel parameters by name, written inside the container's namespaces (SYSC-01).</summary>
    public Map<string>? Sysctl { get; init; }

    /// <summary>The filter of system calls (SEC-01).</summary>
    public Seccomp? Seccomp { get; init; }

    /// <summary>How mounts spread between the root filesystem and the host (PROP-01).</summary>
    [WhenUnknown(nameof(Rules.PropagationIsKnown))]
    public RootfsPropagation? RootfsPropagation { get; init; }

    /// <summary>Absolute paths that cannot be read in the container (MASK-01).</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Absolute paths that cannot be written in the container (MASK-02).</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>The SELinux context of the mounts (MLBL-01).</summary>
    public string? MountLabel { get; init; }

    /// <summary>The execution domain (PERS-01).</summary>
    public Personality? Personality { get; init; }
}

/// <summary>The propagation of mounts; in the document in lower case, the recursive ones with an <c>r</c> in front (PROP-01).</summary>
[LowerCaseNames]
[JsonConverter(typeof(SpecNameConverter<RootfsPropagation>))]
public enum RootfsPropagation
{
    /// <summary>Both ways.</summary>
    Shared,

    /// <summary>From the host only.</summary>
    Slave,

    /// <summary>Not at all.</summary>
    Private,

    /// <summary>Not at all, and it cannot be bind-mounted.</summary>
    Unbindable,

    /// <summary>As <see cref="Shared"/>, submounts included.</summary>
    [SpecName("rshared")]
    RecursiveShared,

    /// <summary>As <see cref="Slave"/>, submounts included.</summary>
    [SpecName("rslave")]
    RecursiveSlave,

    /// <summary>As <see cref="Private"/>, submounts included.</summary>
    [SpecName("rprivate")]
    RecursivePrivate,

    /// <summary>As <see cref="Unbindable"/>, submounts included.</summary>
    [SpecName("runbindable")]
    RecursiveUnbindable,
}

/// <summary>The execution domain of personality(2) (PERS-01).</summary>
public sealed record Personality
{
    /// <summary>The domain.</summary>
    [WhenMissing(nameof(Rules.PersonalityIsKnown))]
    [WhenUnknown(nameof(Rules.PersonalityIsKnown))]
    public required PersonalityDomain Domain { get; init; }

    /// <summary>Flags; the specification defines none (PERS-01).</summary>
    public IReadOnlyList<string>? Flags { get; init; }
}

/// <summary>The execution domains (PERS-01).</summary>
[UpperCaseNames("")]
[JsonConverter(typeof(SpecNameConverter<PersonalityDomain>))]
public enum PersonalityDomain
{
    /// <summary><c>LINUX</c>, the native one.</summary>
    Linux,

    /// <summary><c>LINUX32</c>: uname(2) reports a 32-bit machine.</summary>
    Linux32,
}

/// <summary>Cache and memory bandwidth by resctrl; absent means resctrl is not touched (RDT-01).</summary>
public sealed record IntelRdt
{
    /// <summary>The class of service; absent means one named after the container, <c>/</c> the default one (RDT-02).</summary>
    [JsonPropertyName("closID")]
    public string? ClosId { get; init; }

    /// <summary>Lines of the file <c>schemata</c>, written last (RDT-03).</summary>
    public IReadOnlyList<string>? Schemata { get; init; }

    /// <summary>The schema of the L3 cache, written first (RDT-03).</summary>
    public string? L3CacheSchema { get; init; }

    /// <summary>The schema of the memory bandwidth, <c>MB:…</c>, written second (RDT-03).</summary>
    public string? MemBwSchema { get; init; }

    /// <summary>Whether a monitoring group is made (RDT-08).</summary>
    public bool? EnableMonitoring { get; init; }
}
