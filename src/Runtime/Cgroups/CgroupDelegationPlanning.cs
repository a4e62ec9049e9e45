using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// A container with a cgroup namespace of its own and a cgroup mount that it can write to may manage the cgroups below its own: then it
/// must own that one (CGO-01 to CGO-06).
/// </summary>
internal static class CgroupDelegationPlanning
{
    public static void Delegate(ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, PlanBuilder plan)
    {
        // v1 is not safe to delegate (CGO-01); without a namespace that begins at its cgroup the container sees others too (CGO-02); a caller
        // without root cannot change owners, and owns the cgroup already.
        if (facts.Cgroups.Layout != CgroupLayout.V2 || facts.Rootless || !container.Namespaces.IsNew(NamespaceKinds.Cgroup))
        {
            return;
        }

        for (int i = 0; i < container.Mounts.Length; i++)
        {
            if (IsWritableCgroup(container.Mounts[i]))
            {
                Delegate(container, facts, cgroup.Cgroups[^1].Directory, Origins.Mount(i, "CGO-03"), plan);
                return;
            }
        }
    }

    private static void Delegate(ResolvedContainer container, HostFacts facts, string directory, Origin origin, PlanBuilder plan)
    {
        if (container.Namespaces.IsJoined(NamespaceKinds.User))
        {
            plan.Warn($"{origin}: the cgroup stays ours, as the mappings of a user namespace that is joined are not known");
        }
        else if (HostUser(container.Program.Process.UserId, container.UserIdMappings) is { } user && user != facts.UserId)
        {
            plan.Host(new DelegateCgroup(directory, user), origin);
        }
    }

    private static bool IsWritableCgroup(Mount mount) =>
        mount is { Source: "cgroup", Destination: "/sys/fs/cgroup" } && mount.Options?.Contains("ro") != true;

    /// <summary>The user as the host knows it (CGO-04); null for one that has no mapping, which the program then cannot become either.</summary>
    private static uint? HostUser(uint user, ImmutableArray<IdMapping> mappings) => mappings.IsEmpty ? user : IdMapping.HostIdOf(mappings, user);
}
