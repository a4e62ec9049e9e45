using Hull.Linux;

namespace Hull.Runtime.Host.Cgroups;

/// <summary>Whether a cgroup that was there before can take a container (CGP-05).</summary>
internal static class CgroupFitness
{
    /// <summary>Limits and kill must mean this container alone, and a process that enters a frozen cgroup never answers.</summary>
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

        if (Freezer.IsFrozen(directory))
        {
            throw new RuntimeError($"container's cgroup {directory} unexpectedly frozen") { Property = "linux.cgroupsPath", Hint = "thaw it first" };
        }
    }
}
