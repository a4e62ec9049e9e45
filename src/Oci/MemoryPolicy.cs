using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>The arguments of set_mempolicy(2) (MPOL-01).</summary>
public sealed record MemoryPolicy
{
    /// <summary>The mode (MPOL-01).</summary>
    [WhenMissing(nameof(Rules.MemoryPolicyModeIsKnown))]
    [WhenUnknown(nameof(Rules.MemoryPolicyModeIsKnown))]
    public required MemoryPolicyMode Mode { get; init; }

    /// <summary>The memory nodes, a list such as <c>0-3,7</c> (MPOL-02).</summary>
    public string? Nodes { get; init; }

    /// <summary>Flags (MPOL-03).</summary>
    [WhenUnknown(nameof(Rules.MemoryPolicyFlagsAreKnown))]
    public IReadOnlyList<MemoryPolicyFlag>? Flags { get; init; }
}

/// <summary>The modes of set_mempolicy(2); in the document with the prefix <c>MPOL_</c> (MPOL-01).</summary>
[UpperCaseNames("MPOL_")]
[JsonConverter(typeof(SpecNameConverter<MemoryPolicyMode>))]
public enum MemoryPolicyMode
{
    /// <summary>No policy of its own.</summary>
    Default,

    /// <summary>One node first, then the others.</summary>
    Preferred,

    /// <summary>These nodes only.</summary>
    Bind,

    /// <summary>These nodes in turn.</summary>
    Interleave,

    /// <summary>The node the thread runs on.</summary>
    Local,

    /// <summary>These nodes first, then the others.</summary>
    PreferredMany,

    /// <summary>These nodes in turn by their weight.</summary>
    WeightedInterleave,
}

/// <summary>The flags of set_mempolicy(2); in the document with the prefix <c>MPOL_F_</c> (MPOL-03).</summary>
[UpperCaseNames("MPOL_F_")]
[JsonConverter(typeof(SpecNameConverter<MemoryPolicyFlag>))]
public enum MemoryPolicyFlag
{
    /// <summary>The kernel may move pages towards their users.</summary>
    NumaBalancing,

    /// <summary>Nodes count within the allowed ones.</summary>
    RelativeNodes,

    /// <summary>Nodes are not renumbered when the allowed ones change.</summary>
    StaticNodes,
}
