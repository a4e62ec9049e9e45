using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Whether a cgroup that was there before can take a container (CGP-05).</summary>
internal static class CgroupFitness
{
    /// <summary>
    /// Looks before anything is made: what exists must be empty, and nothing frozen. Costs nothing for a container whose cgroups are new
    /// and directly below the mount or our own.
    /// </summary>
    /// <param name="cgroups">What will be made, and how many levels of it are missing.</param>
    /// <param name="facts">The hierarchies they are in.</param>
    public static void CheckBefore(ImmutableArray<RecordedCgroup> cgroups, CgroupFacts facts)
    {
        foreach (RecordedCgroup cgroup in cgroups)
        {
            if (!cgroup.IsOurs)
            {
                Check(cgroup.Directory);
            }
            else if (Freezing(cgroup.Directory, facts) is { } hierarchy)
            {
                string parent = cgroup.Directory;
                for (int level = 0; level < cgroup.MadeLevels; level++)
                {
                    parent = CgroupDirectories.Parent(parent);
                }

                if (parent != hierarchy.Mount && !HoldsUs(parent, hierarchy) && Freezes(parent, hierarchy == facts.V2))
                {
                    throw Frozen(parent);
                }
            }
        }
    }

    /// <summary>Limits and kill must be about this container alone, and a process that enters a frozen cgroup stops.</summary>
    public static void Check(string directory)
    {
        List<int> inside = CgroupProcesses.In(directory);
        if (inside.Count > 0)
        {
            throw new RuntimeError($"container's cgroup is not empty: {inside.Count} process(es) found in {directory}")
            {
                Property = "linux.cgroupsPath",
                Hint = "give every container a cgroup of its own",
            };
        }

        // On v2 a cgroup above can have frozen it.
        if (Freezer.IsFrozen(directory) || Freezes(directory, isV2: true))
        {
            throw Frozen(directory);
        }
    }

    private static RuntimeError Frozen(string directory) =>
        new($"container's cgroup {directory} unexpectedly frozen") { Property = "linux.cgroupsPath", Hint = "thaw it first" };

    /// <summary>Every process in the cgroup and below is frozen, by itself or by a cgroup above.</summary>
    private static bool Freezes(string directory, bool isV2) => isV2
        ? HostFiles.ReadSmallOrNull(Fd.CurrentDirectory, directory + "/cgroup.events").AsSpan().IndexOf("frozen 1"u8) >= 0
        : HostFiles.ReadSmallOrNull(Fd.CurrentDirectory, directory + "/freezer.state") is [(byte)'F', ..];

    /// <summary>The hierarchy, if it is one that can freeze.</summary>
    private static CgroupHierarchy? Freezing(string directory, CgroupFacts facts)
    {
        if (facts.WithController("freezer") is { } freezer && IsIn(directory, freezer.Mount))
        {
            return freezer;
        }

        return facts.V2 is { } v2 && IsIn(directory, v2.Mount) ? v2 : null;
    }

    /// <summary>We run there or below, so it is not frozen.</summary>
    private static bool HoldsUs(string directory, CgroupHierarchy hierarchy) => IsIn(hierarchy.Mount + hierarchy.Own, directory);

    private static bool IsIn(string path, string directory) => (path + "/").StartsWith(directory + "/", StringComparison.Ordinal);
}
