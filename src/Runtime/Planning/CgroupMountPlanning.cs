using System.Collections.Immutable;
using Hull.Linux;
using Hull.Linux.Operations;
using Hull.Runtime.Planning.Cgroups;

namespace Hull.Runtime.Planning;

/// <summary>
/// A mount of type <c>cgroup</c> (MNT-14): the container sees its own cgroups where programs look for them. On cgroup v2
/// that is one mount; on v1 a directory with one mount for each hierarchy.
/// </summary>
internal static class CgroupMountPlanning
{
    public static void Mount(
        SettledContainer container, HostFacts facts, CgroupSteps cgroup, RootfsPath destination, MountOptions options, int index, Lanes lanes)
    {
        Origin origin = Origins.Mount(index, "MNT-14");
        bool own = container.Namespaces.Has(NamespaceKinds.Cgroup);
        if (facts.Cgroups.Layout is CgroupLayout.Legacy or CgroupLayout.Hybrid)
        {
            MountLegacy(facts, cgroup, own, destination, options, origin, lanes);
        }
        else if (own)
        {
            lanes.Inside(
                new MountFilesystem(destination, "cgroup2", "cgroup", [], options.Set, InheritMode: false, FollowLinks: false), origin);
        }
        else
        {
            Bind(OwnUnified(cgroup), destination, options, origin, lanes);
        }
    }

    private static void MountLegacy(
        HostFacts facts, CgroupSteps cgroup, bool own, RootfsPath destination, MountOptions options, Origin origin, Lanes lanes)
    {
        MountAttributes closed = MountAttributes.NoSuid | MountAttributes.NoDevices | MountAttributes.NoExecute;
        ImmutableArray<MountParameter> mode = [new MountParameter("mode", "755")];
        lanes.Inside(new MountFilesystem(destination, "tmpfs", "tmpfs", mode, closed, InheritMode: false, FollowLinks: false), origin);
        foreach (ContainerCgroup place in cgroup.Cgroups)
        {
            if (place.Hierarchy == facts.Cgroups.Unified)
            {
                continue;
            }

            string name = place.Hierarchy.Mount[(place.Hierarchy.Mount.LastIndexOf('/') + 1)..];
            RootfsPath here = RootfsPath.Parse(destination + "/" + name);
            if (own)
            {
                lanes.Inside(
                    new MountFilesystem(here, "cgroup", "cgroup", ControllersOf(place.Hierarchy), options.Set, InheritMode: false, FollowLinks: true),
                    origin);
            }
            else
            {
                Bind(place.Directory, here, options, origin, lanes);
            }

            Link(place.Hierarchy, name, destination, origin, lanes);
        }

        if ((options.Set & MountAttributes.ReadOnly) != 0)
        {
            lanes.Inside(new ChangeMountAttributes(destination, MountAttributes.ReadOnly, 0, Recursive: false), origin);
        }
    }

    private static void Bind(string source, RootfsPath destination, MountOptions options, Origin origin, Lanes lanes) =>
        lanes.Inside(new BindMount(destination, source, Recursive: false, options.Set, options.Clear, 0), origin);

    /// <summary><c>cpu</c> finds <c>cpu,cpuacct</c>.</summary>
    private static void Link(CgroupHierarchy hierarchy, string name, RootfsPath destination, Origin origin, Lanes lanes)
    {
        foreach (string controller in hierarchy.Controllers)
        {
            if (controller != name && !controller.StartsWith("name=", StringComparison.Ordinal))
            {
                lanes.Inside(new MakeSymbolicLink(name, RootfsPath.Parse(destination + "/" + controller), Replace: false), origin);
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

    private static string OwnUnified(CgroupSteps cgroup)
    {
        foreach (ContainerCgroup place in cgroup.Cgroups)
        {
            return place.Directory;
        }

        return "/sys/fs/cgroup";
    }
}
