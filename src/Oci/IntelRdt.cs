using System.Text.Json.Serialization;

namespace Hull.Oci;

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
