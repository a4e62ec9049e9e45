using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>A namespace of the container; a type that is not listed is shared with the runtime (NS-02).</summary>
public sealed record Namespace
{
    /// <summary>The type (NS-01); each occurs once (NS-05).</summary>
    [WhenMissing(nameof(Rules.NamespaceTypeIsKnown))]
    [WhenUnknown(nameof(Rules.NamespaceTypeIsKnown))]
    public required NamespaceType Type { get; init; }

    /// <summary>An existing namespace to join, absolute; absent means a new one (NS-02, NS-03).</summary>
    public string? Path { get; init; }
}

/// <summary>The types of namespaces(7) (NS-01).</summary>
[LowerCaseNames]
[JsonConverter(typeof(SpecNameConverter<NamespaceType>))]
public enum NamespaceType
{
    /// <summary>Process ids.</summary>
    Pid,

    /// <summary>The network stack.</summary>
    Network,

    /// <summary>The mount table.</summary>
    Mount,

    /// <summary>System V IPC and POSIX message queues.</summary>
    Ipc,

    /// <summary>Host name and domain name.</summary>
    Uts,

    /// <summary>User and group ids, capabilities.</summary>
    User,

    /// <summary>The view of the cgroup tree.</summary>
    Cgroup,

    /// <summary>Offsets of the monotonic and boot-time clocks.</summary>
    Time,
}

/// <summary>The offset of one clock of a time namespace (TIME-01).</summary>
public sealed record TimeOffset
{
    /// <summary>Seconds; absent means 0.</summary>
    public long? Secs { get; init; }

    /// <summary>Nanoseconds, at most 999,999,999; absent means 0.</summary>
    public uint? Nanosecs { get; init; }
}

/// <summary>A range of ids inside the container and the range on the host it stands for (UMAP-01, IDM-01).</summary>
[WhenMissing(nameof(Rules.MappingIsComplete))]
public sealed record IdMapping
{
    /// <summary>The first id inside the container.</summary>
    [JsonPropertyName("containerID")]
    public required uint ContainerId { get; init; }

    /// <summary>The first id on the host.</summary>
    [JsonPropertyName("hostID")]
    public required uint HostId { get; init; }

    /// <summary>The number of ids.</summary>
    public required uint Size { get; init; }

    /// <summary>The host's id that one of the container's stands for; null where no mapping has it.</summary>
    public static uint? HostIdOf(IReadOnlyList<IdMapping> mappings, uint id)
    {
        ArgumentNullException.ThrowIfNull(mappings);
        for (int index = 0; index < mappings.Count; index++)
        {
            IdMapping mapping = mappings[index];
            if (id >= mapping.ContainerId && id - mapping.ContainerId < mapping.Size)
            {
                return mapping.HostId + (id - mapping.ContainerId);
            }
        }

        return null;
    }
}
