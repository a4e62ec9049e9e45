namespace Hull.Oci;

/// <summary>The root filesystem of the container (config.md, "Root").</summary>
public sealed record Root
{
    /// <summary>The directory on the host, absolute or relative to the bundle (ROOT-02).</summary>
    public required string Path { get; init; }

    /// <summary>Whether the root filesystem is read-only inside the container; absent means false (ROOT-04).</summary>
    public bool? Readonly { get; init; }
}
