using System.Collections.Immutable;

namespace Hull.Runtime;

/// <summary>How a host has arranged its cgroups. cgroups(7)</summary>
internal enum CgroupLayout
{
    /// <summary>Nothing is mounted.</summary>
    None,

    /// <summary>One hierarchy for each v1 controller.</summary>
    V1,

    /// <summary>v1 controllers, and a cgroup2 hierarchy beside them.</summary>
    Hybrid,

    /// <summary>One hierarchy for everything: cgroup2.</summary>
    V2,
}

/// <summary>The cgroup hierarchies of this host and our own places in them.</summary>
/// <param name="V1">The v1 hierarchies, in the order of their mounts.</param>
/// <param name="V2">The cgroup2 hierarchy.</param>
internal sealed record CgroupFacts(ImmutableArray<CgroupHierarchy> V1, CgroupHierarchy? V2)
{
    /// <summary>A host without cgroups.</summary>
    public static CgroupFacts None { get; } = new([], null);

    /// <summary>How they are arranged.</summary>
    public CgroupLayout Layout => (V1.IsEmpty, V2) switch
    {
        (true, null) => CgroupLayout.None,
        (true, _) => CgroupLayout.V2,
        (false, null) => CgroupLayout.V1,
        (false, _) => CgroupLayout.Hybrid,
    };

    /// <summary>The hierarchy in which a v1 controller lives.</summary>
    public CgroupHierarchy? WithController(string controller)
    {
        foreach (CgroupHierarchy hierarchy in V1)
        {
            if (hierarchy.Controllers.Contains(controller))
            {
                return hierarchy;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(CgroupFacts? other) =>
        other is not null && V1.AsSpan().SequenceEqual(other.V1.AsSpan()) && V2 == other.V2;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(V1.Length, V2);
}

/// <summary>One mounted hierarchy.</summary>
/// <param name="Mount">Where it is mounted: <c>/sys/fs/cgroup/memory</c>.</param>
/// <param name="Controllers">
/// v1: the controllers of the hierarchy, with a named one as <c>name=systemd</c>; v2: those that the root offers its children.
/// </param>
/// <param name="Own">Our own cgroup as a path below <paramref name="Mount"/>, <c>/</c> for the mount itself.</param>
internal sealed record CgroupHierarchy(string Mount, ImmutableArray<string> Controllers, string Own)
{
    /// <inheritdoc/>
    public bool Equals(CgroupHierarchy? other) =>
        other is not null && Mount == other.Mount && Own == other.Own && Controllers.AsSpan().SequenceEqual(other.Controllers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mount, Own);
}
