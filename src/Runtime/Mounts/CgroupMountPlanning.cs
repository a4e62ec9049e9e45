using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// A mount of type <c>cgroup</c> (MNT-14): the container sees its own cgroups where programs look for them. On cgroup v2
/// that is one mount; on v1 a directory with one mount for each hierarchy. Never the host's whole tree (CVE-2023-25809).
/// </summary>
internal static class CgroupMountPlanning
{
    private const MountAttributes Closed = MountAttributes.NoSuid | MountAttributes.NoDevices | MountAttributes.NoExecute;

    public static void Mount(
        ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, Mount mount, MountOptions options, int index, PlanBuilder plan)
    {
        Origin origin = Origins.Mount(index, "MNT-14");
        RootfsPath destination = RootfsPath.Parse(mount.Destination);
        bool own = container.Namespaces.Has(NamespaceKinds.Cgroup);

        // Where the container has no cgroup of its own, the root of a namespace of its own would be the caller's cgroup, or the whole tree.
        bool fresh = own && facts.Cgroups.Layout == CgroupLayout.V2;
        if (!fresh)
        {
            MountChecks.WarnOfOptions(mount, options, index, "showing the container its cgroups", plan);
        }

        if (facts.Cgroups.Layout is CgroupLayout.V1 or CgroupLayout.Hybrid)
        {
            MountV1(container, facts, cgroup, own, destination, options, index, plan);
        }
        else if (fresh)
        {
            plan.Container(Filesystem(destination, "cgroup2", [.. options.Parameters], options, FilesystemMountFlags.RealDirectory), origin);
        }
        else if (cgroup.Cgroups.IsEmpty)
        {
            // It has no cgroup of its own, and those of others are not to be seen.
            plan.Container(Directory(container, destination, Closed | MountAttributes.ReadOnly, options, keep: -1), origin);
        }
        else
        {
            plan.Container(Bind(cgroup.Cgroups[0].Directory, destination, options, facts), origin);
        }
    }

    private static void MountV1(
        ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, bool own, RootfsPath destination, MountOptions options, int index, PlanBuilder plan)
    {
        Origin origin = Origins.Mount(index, "MNT-14");
        bool readOnly = (MountPlanning.AttributesOf(options) & MountAttributes.ReadOnly) != 0;
        plan.Container(Directory(container, destination, Closed, options, readOnly ? index : -1), origin);
        foreach (ContainerCgroup place in cgroup.Cgroups)
        {
            if (place.Hierarchy == facts.Cgroups.V2)
            {
                continue;
            }

            string name = NameOf(place.Hierarchy);
            RootfsPath here = RootfsPath.Parse(destination + "/" + name);
            plan.Container(
                own
                    ? Filesystem(here, "cgroup", ControllersOf(place.Hierarchy), options, FilesystemMountFlags.None)
                    : Bind(place.Directory, here, options, facts) with { ReadOnlyIfMissing = facts.Rootless ? CallersPlace(place.Hierarchy) : default },
                origin);
            Link(place.Hierarchy, name, destination, origin, plan);
        }

        if (cgroup.Cgroups.IsEmpty)
        {
            ShowCallers(facts, destination, options, origin, plan);
        }

        if (readOnly)
        {
            plan.Container(new MakeMountReadOnly(index), origin);
        }
    }

    /// <summary>
    /// The cgroup that the caller is in, where a container without one of its own is too: programs look there for their limits, as with runc and
    /// crun. Null where that is the whole tree, which has no limits.
    /// </summary>
    private static CString CallersPlace(CgroupHierarchy hierarchy) => hierarchy.Own == "/" ? default : new CString(hierarchy.Mount + hierarchy.Own);

    /// <summary>The same where the caller wants no cgroups to be made.</summary>
    private static void ShowCallers(HostFacts facts, RootfsPath destination, MountOptions options, Origin origin, PlanBuilder plan)
    {
        foreach (CgroupHierarchy hierarchy in facts.Cgroups.V1)
        {
            if (CallersPlace(hierarchy) is { IsNull: false } place)
            {
                string name = NameOf(hierarchy);
                MountChanges changes = MountPlanning.ChangesOf(options);
                changes = changes with { Set = changes.Set | MountAttributes.ReadOnly, Clear = changes.Clear & ~MountAttributes.ReadOnly, ClearIfAllowed = 0 };
                plan.Container(new BindMount(RootfsPath.Parse(destination + "/" + name), place, BindMountFlags.None, changes), origin);
                Link(hierarchy, name, destination, origin, plan);
            }
        }
    }

    private static string NameOf(CgroupHierarchy hierarchy) => hierarchy.Mount[(hierarchy.Mount.LastIndexOf('/') + 1)..];

    private static MountFilesystem Directory(
        ResolvedContainer container, RootfsPath destination, MountAttributes attributes, MountOptions options, int keep)
    {
        var parameters = new List<MountParameter> { new("mode", "755") };
        MountPlanning.AddLabel(container, parameters);
        return new MountFilesystem(
            destination, "tmpfs", "tmpfs", [.. parameters], attributes, FilesystemMountFlags.RealDirectory, MountPlanning.PropagationOf(options))
        {
            Keep = keep,
        };
    }

    private static MountFilesystem Filesystem(
        RootfsPath destination, string type, ImmutableArray<MountParameter> parameters, MountOptions options, FilesystemMountFlags traits) =>
        new(destination, type, "cgroup", parameters, MountPlanning.AttributesOf(options), traits, MountPlanning.PropagationOf(options));

    private static BindMount Bind(string source, RootfsPath destination, MountOptions options, HostFacts facts)
    {
        // A caller that may not make the cgroup gets none, unless limits were asked for (CGP-02).
        BindMountFlags traits = facts.Rootless ? BindMountFlags.EmptyIfMissing : BindMountFlags.None;
        return new BindMount(destination, source, traits, MountPlanning.ChangesOf(options) with { ClearIfAllowed = 0 });
    }

    /// <summary><c>cpu</c> finds <c>cpu,cpuacct</c>.</summary>
    private static void Link(CgroupHierarchy hierarchy, string name, RootfsPath destination, Origin origin, PlanBuilder plan)
    {
        foreach (string controller in hierarchy.Controllers)
        {
            if (controller != name && !controller.StartsWith("name=", StringComparison.Ordinal))
            {
                plan.Container(new MakeSymbolicLink(name, RootfsPath.Parse(destination + "/" + controller), Replace: false), origin);
            }
        }
    }

    private static ImmutableArray<MountParameter> ControllersOf(CgroupHierarchy hierarchy)
    {
        const string named = "name=";
        string first = hierarchy.Controllers[0];
        return first.StartsWith(named, StringComparison.Ordinal)
            ? [new MountParameter("none", default), new MountParameter("name", first[named.Length..])]
            : [.. hierarchy.Controllers.Select(controller => new MountParameter(controller, default))];
    }
}
