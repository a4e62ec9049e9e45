using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// When and how a container process comes into its cgroups: as late as possible, so that what the kernel charges for building
/// the container is not counted against a small limit, but before the hooks, and before a cgroup namespace is made.
/// </summary>
internal static class CgroupStepsPlanning
{
    /// <summary>
    /// The host makes the cgroups while the container process works; only one of v2 beside v1, which limits nothing, exists
    /// before the process, which is cloned into it.
    /// </summary>
    public static void Make(ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, PlanBuilder plan)
    {
        bool alone = EntersAlone(container, facts);
        foreach (string warning in cgroup.Warnings)
        {
            plan.Warn(warning);
        }

        foreach (HostStep step in cgroup.Make)
        {
            if (alone && step.Action is MakeCgroup make && IsV2(make.Mount, facts))
            {
                plan.HostBefore(step.Action, step.Origin);
                plan.CloneInto(make.Directory);
            }
            else
            {
                plan.Host(step);
            }
        }

        CgroupDelegationPlanning.Delegate(container, facts, cgroup, plan);
        if (alone || (ShowsCgroups(container) && !container.Namespaces.IsNew(NamespaceKinds.Cgroup)))
        {
            plan.TellLater(Checkpoint.CgroupsMade, Origins.Linux("cgroupsPath", "CGP-04"));
        }
    }

    /// <summary>A cgroup namespace of its own begins at the cgroup that the process is in.</summary>
    public static void EnterForNamespace(ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, PlanBuilder plan)
    {
        if (container.Namespaces.IsNew(NamespaceKinds.Cgroup))
        {
            Enter(container, facts, cgroup, plan);
            plan.Container(new MakeNamespaces(NamespaceKinds.Cgroup), Origins.Linux("namespaces", "NS-06"));
        }
    }

    /// <summary>Everything is built: from here the program's limits hold.</summary>
    public static void EnterAtLast(ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, PlanBuilder plan)
    {
        if (!container.Namespaces.IsNew(NamespaceKinds.Cgroup))
        {
            Enter(container, facts, cgroup, plan);
        }
    }

    private static void Enter(ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, PlanBuilder plan)
    {
        Origin origin = Origins.Linux("cgroupsPath", "CGP-04");
        plan.AwaitIfTold(Checkpoint.CgroupsMade, origin);
        if (EntersAlone(container, facts))
        {
            foreach (ContainerCgroup place in cgroup.Cgroups)
            {
                if (!IsV2(place.Hierarchy.Mount, facts))
                {
                    plan.Container(new EnterCgroup(place.Directory + "/tasks"), origin);
                }
            }
        }
        else
        {
            foreach (HostStep step in cgroup.Enter)
            {
                plan.Host(step);
            }

            plan.ContainerWaitsFor(Checkpoint.InCgroups, origin);
        }
    }

    /// <summary>
    /// A process in a user namespace has no power over the host's cgroups, and a v2 cgroup with limits would be charged for
    /// the whole building: in both cases the host moves the process, as it does where systemd makes the cgroup with the process in it.
    /// So it does when the process stands in a mount namespace of others by then, where the host's paths mean nothing (NS-03).
    /// </summary>
    private static bool EntersAlone(ResolvedContainer container, HostFacts facts) =>
        facts.Cgroups.Layout is CgroupLayout.V1 or CgroupLayout.Hybrid && !container.Namespaces.Has(NamespaceKinds.User) && !facts.Rootless
        && facts.Systemd is null && !container.Namespaces.IsJoined(NamespaceKinds.Mount);

    private static bool ShowsCgroups(ResolvedContainer container)
    {
        foreach (Mount mount in container.Mounts)
        {
            if (mount.Type is "cgroup" or "cgroup2")
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsV2(string mount, HostFacts facts) => facts.Cgroups.V2?.Mount == mount;
}
