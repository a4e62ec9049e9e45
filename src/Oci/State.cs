using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>The state of a container (runtime.md, "State"), given to hooks and printed by <c>state</c> (STATE-01).</summary>
public sealed record State
{
    /// <summary>The version of the specification this document complies with.</summary>
    public required string OciVersion { get; init; }

    /// <summary>The id of the container.</summary>
    public required string Id { get; init; }

    /// <summary>The process id as seen by the reader; absent or 0 when stopped (STATE-01).</summary>
    public int? Pid { get; init; }

    /// <summary>The status (STATE-02).</summary>
    public required ContainerStatus Status { get; init; }

    /// <summary>The absolute path of the bundle.</summary>
    public required string Bundle { get; init; }

    /// <summary>The root filesystem, absolute; not of the specification, engines read it (STATE-04).</summary>
    public string? Rootfs { get; init; }

    /// <summary>When it was created, RFC 3339; not of the specification, engines read it (STATE-04).</summary>
    public string? Created { get; init; }

    /// <summary>The annotations of the configuration (ANN-04).</summary>
    public Map<string>? Annotations { get; init; }

    /// <summary>The name of the user who created it; not of the specification (STATE-04).</summary>
    public string? Owner { get; init; }

    /// <summary>How its program ended, while it is stopped and that is known; not of the specification.</summary>
    public ContainerExit? Exit { get; init; }
}

/// <summary>How the program of a container ended; not of the specification.</summary>
public sealed record ContainerExit
{
    /// <summary>Its exit status as a shell counts it: 128 and the number of the signal that ended it.</summary>
    public required int Status { get; init; }

    /// <summary>The number of the signal that ended it; absent when it ended by itself.</summary>
    public int? Signal { get; init; }

    /// <summary>When the end was learned, RFC 3339.</summary>
    public required string Time { get; init; }

    /// <summary>The kernel has killed a process of the container for want of memory; absent when its cgroup could not be asked any more.</summary>
    public bool? OomKilled { get; init; }

    /// <summary>The most memory that the container used, in bytes; absent when the kernel or its cgroup could not be asked.</summary>
    public ulong? PeakMemory { get; init; }

    /// <summary>The processor time of the container, in nanoseconds; absent when its cgroup could not be asked any more.</summary>
    public ulong? CpuTime { get; init; }
}

/// <summary>The status of a container; in the document in lower case (STATE-02).</summary>
[LowerCaseNames]
[JsonConverter(typeof(SpecNameConverter<ContainerStatus>))]
public enum ContainerStatus
{
    /// <summary>Being created.</summary>
    Creating,

    /// <summary>Its process exists and has not executed the user's program.</summary>
    Created,

    /// <summary>Its process executed the user's program and has not ended.</summary>
    Running,

    /// <summary>Its process ended.</summary>
    Stopped,

    /// <summary>Its cgroup is frozen; not of the specification (STATE-02).</summary>
    Paused,
}

/// <summary>What the runtime sends to a seccomp agent (runtime.md, "Container process state"; SECL-03).</summary>
public sealed record ContainerProcessState
{
    /// <summary>The version of the specification this document complies with.</summary>
    public required string OciVersion { get; init; }

    /// <summary>Names of the descriptors sent beside it, in their order.</summary>
    public required IReadOnlyList<string> Fds { get; init; }

    /// <summary>The process as the runtime sees it.</summary>
    public required int Pid { get; init; }

    /// <summary>The <c>listenerMetadata</c> of the filter (SECL-04).</summary>
    public string? Metadata { get; init; }

    /// <summary>The state of the container (SECL-06).</summary>
    public required State State { get; init; }
}
