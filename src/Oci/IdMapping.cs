using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>A range of ids inside the container and the range on the host it stands for (UMAP-01, IDM-01).</summary>
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
}
