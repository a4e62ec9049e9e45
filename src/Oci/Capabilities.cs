namespace Hull.Oci;

/// <summary>
/// The five capability sets of the container process (CAP-01). Names as in capabilities(7), with <c>CAP_</c>;
/// they stay strings because an unknown one is a warning, not an error (CAP-02).
/// </summary>
public sealed record Capabilities
{
    /// <summary>What the kernel checks.</summary>
    public IReadOnlyList<string>? Effective { get; init; }

    /// <summary>What can still be gained at exec.</summary>
    public IReadOnlyList<string>? Bounding { get; init; }

    /// <summary>What is kept over exec of a file that has them too.</summary>
    public IReadOnlyList<string>? Inheritable { get; init; }

    /// <summary>The ceiling of the effective set.</summary>
    public IReadOnlyList<string>? Permitted { get; init; }

    /// <summary>What is kept over exec of an ordinary file.</summary>
    public IReadOnlyList<string>? Ambient { get; init; }
}
