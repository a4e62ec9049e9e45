using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The processors that the programs of a container run on.</summary>
internal static class AffinityPlanning
{
    // As many as any kernel can be built for; bits beyond what it has are ignored.
    private const int MostProcessors = 8192;

    /// <summary>Where the process runs until it is in the container's cgroups (AFF-02); it is cloned there.</summary>
    public static void Initial(ResolvedProcess process, PlanBuilder plan)
    {
        if (MaskOf(process.Affinity.Initial) is { IsEmpty: false } mask)
        {
            plan.HostBefore(new SetInitialAffinity(process.Affinity.Initial!, mask), Origins.Process("execCPUAffinity", "AFF-02"));
        }
    }

    /// <summary>
    /// Where it runs from then on. When nothing is said, on all processors of its cgroup: that the caller is pinned to some must not limit
    /// the container, and kernels since 6.2 keep such a mask through a change of cgroup. An affinity for the beginning alone is left as it is (AFF-03).
    /// </summary>
    public static void Final(ResolvedProcess process, PlanBuilder plan)
    {
        Origin origin = Origins.Process("execCPUAffinity", "AFF-03");
        if (MaskOf(process.Affinity.Final) is { IsEmpty: false } mask)
        {
            plan.Container(new SetAffinity(mask, process.Affinity.Final!, Required: true), origin);
        }
        else if (MaskOf(process.Affinity.Initial).IsEmpty)
        {
            UseAll(origin, plan);
        }
    }

    /// <summary>A container's first process runs on all processors of its cgroup, however hull's caller is pinned (taskset(1), a service's CPUAffinity=).</summary>
    public static void OfFirstProcess(PlanBuilder plan) => UseAll(new Origin(SpecPath.Root.Property("linux").Property("resources").Property("cpu").Property("cpus"), "CPU-05"), plan);

    private static void UseAll(Origin origin, PlanBuilder plan)
    {
        byte[] all = new byte[MostProcessors / 8];
        Array.Fill(all, byte.MaxValue);
        plan.Container(new SetAffinity([.. all], "", Required: false), origin);
    }

    /// <summary>
    /// The processors of a valid list such as <c>0-3,7</c> as a mask: bit n of byte n / 8, in whole words of 8 bytes, however many
    /// processors there are (AFF-04). Empty for an empty list.
    /// </summary>
    internal static ImmutableArray<byte> MaskOf(string? list)
    {
        byte[] mask = [];
        foreach ((int first, int last) in NumberList.Ranges(list ?? ""))
        {
            if (last / 8 >= mask.Length)
            {
                Array.Resize(ref mask, ((last / 64) + 1) * 8);
            }

            for (int processor = first; processor <= last; processor++)
            {
                mask[processor / 8] |= (byte)(1 << (processor % 8));
            }
        }

        return [.. mask];
    }
}
