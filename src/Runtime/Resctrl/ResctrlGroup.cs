using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The container's class of service in resctrl, for changes of its share of cache and memory bandwidth (RDT-02, RDT-03).</summary>
internal static class ResctrlGroup
{
    private static SpecPath Path => SpecPath.Root.Property("linux").Property("intelRdt");

    /// <summary>The writes that give the group new schemata: steps like those of cgroups, so that they are taken back in the same way.</summary>
    /// <param name="rdt"><c>linux.intelRdt</c> as kept.</param>
    /// <param name="id">The container's id, the group's name where the configuration gives none.</param>
    /// <param name="change">What is asked for: <see cref="IntelRdt.L3CacheSchema"/> and <see cref="IntelRdt.MemBwSchema"/>.</param>
    /// <param name="resctrl">Where the group is.</param>
    /// <exception cref="RuntimeError">The container has no such group.</exception>
    public static ImmutableArray<LimitStep> Steps(IntelRdt? rdt, string id, IntelRdt change, Resctrl resctrl)
    {
        if (rdt is null)
        {
            throw new RuntimeError("the container has no class of service: its configuration has no linux.intelRdt") { Property = Path.ToString() };
        }

        string directory = resctrl.DirectoryOf(ResctrlPlanning.ClassOf(rdt, id))
            ?? throw new RuntimeError("no resctrl is mounted on this host") { Property = Path.ToString() };
        var steps = ImmutableArray.CreateBuilder<LimitStep>();
        Add(steps, directory, change.L3CacheSchema, "l3CacheSchema");
        Add(steps, directory, change.MemBwSchema, "memBwSchema");
        return steps.ToImmutable();
    }

    private static void Add(ImmutableArray<LimitStep>.Builder steps, string directory, string? schema, string property)
    {
        if (!string.IsNullOrEmpty(schema))
        {
            steps.Add(new LimitStep(new WriteCgroupFile(directory, "schemata", schema + "\n"), new Origin(Path.Property(property), "RDT-03")));
        }
    }
}
