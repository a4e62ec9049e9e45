using Hull.Linux;
using Hull.Linux.Operations;
using Hull.Runtime.Planning.Cgroups;

namespace Hull.Runtime.Planning;

/// <summary>
/// When a container process comes into its cgroups: as late as possible, so that what the kernel charges for building the
/// container is not counted against a small limit, but before the hooks, and before a cgroup namespace is made.
/// </summary>
internal static class CgroupStepsPlanning
{
    /// <summary>The host makes the cgroups; the container process may go on meanwhile.</summary>
    public static void Make(CgroupSteps cgroup, Lanes lanes)
    {
        foreach (string warning in cgroup.Warnings)
        {
            lanes.Warn(warning);
        }

        foreach (HostStep step in cgroup.Make)
        {
            lanes.Beside(step);
        }
    }

    /// <summary>A mount of the cgroups can show them only once they exist.</summary>
    public static void AwaitMade(SettledContainer container, Lanes lanes)
    {
        if (!container.Namespaces.IsNew(NamespaceKinds.Cgroup))
        {
            lanes.MeetContainer(Checkpoint.CgroupsMade, Origins.Linux("cgroupsPath", "CGP-04"));
        }
    }

    /// <summary>A cgroup namespace of its own begins at the cgroup that the process is in.</summary>
    public static void EnterForNamespace(SettledContainer container, CgroupSteps cgroup, Lanes lanes)
    {
        if (container.Namespaces.IsNew(NamespaceKinds.Cgroup))
        {
            Enter(cgroup, lanes);
            lanes.Inside(new MakeNamespaces(NamespaceKinds.Cgroup), Origins.Linux("namespaces", "NS-06"));
        }
    }

    /// <summary>Everything is built: from here the program's limits hold.</summary>
    public static void EnterAtLast(SettledContainer container, CgroupSteps cgroup, Lanes lanes)
    {
        if (!container.Namespaces.IsNew(NamespaceKinds.Cgroup))
        {
            Enter(cgroup, lanes);
        }
    }

    private static void Enter(CgroupSteps cgroup, Lanes lanes)
    {
        foreach (HostStep step in cgroup.Enter)
        {
            lanes.Beside(step);
        }

        lanes.MeetContainer(Checkpoint.InCgroups, Origins.Linux("cgroupsPath", "CGP-04"));
    }
}
