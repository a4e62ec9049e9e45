using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The container's cgroup in one hierarchy.</summary>
/// <param name="Path">Below the hierarchy's mount, starting with a slash.</param>
internal sealed record ContainerCgroup(CgroupHierarchy Hierarchy, string Path)
{
    /// <summary>Its directory.</summary>
    public string Directory => Hierarchy.Mount + Path;
}

/// <summary>What a container's cgroups ask of the host.</summary>
/// <param name="Cgroups">Where the container will be, hierarchy by hierarchy.</param>
/// <param name="Make">Make them and set their limits.</param>
/// <param name="Enter">Put the container process into them; empty on a host without cgroups.</param>
/// <param name="Warnings">What the user should know although it stops nothing.</param>
internal sealed record CgroupSteps(
    ImmutableArray<ContainerCgroup> Cgroups, ImmutableArray<HostStep> Make, ImmutableArray<HostStep> Enter, ImmutableArray<string> Warnings);

/// <summary>From <c>linux.cgroupsPath</c> and <c>linux.resources</c> to steps of the host.</summary>
internal static class CgroupPlanning
{
    // Those whose limits or accounting a container may want, now or at an update; others cost memory for nothing (UNI-02).
    private static readonly ImmutableArray<string> UsefulControllers = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma"];

    private static SpecPath PathProperty => SpecPath.Root.Property("linux").Property("cgroupsPath");

    /// <summary>Plans the cgroups of a container.</summary>
    /// <param name="id">The container's id, the last name of the default path.</param>
    /// <param name="cgroupsPath"><c>linux.cgroupsPath</c>; null or empty means the default (CGP-02).</param>
    /// <param name="resources"><c>linux.resources</c>.</param>
    /// <param name="terminal"><c>process.terminal</c>.</param>
    /// <param name="facts">The host.</param>
    /// <param name="unit">The path of the cgroup that systemd makes; null where we make it (<see cref="UnitPlanning"/>).</param>
    public static CgroupSteps Plan(string id, string? cgroupsPath, Resources? resources, bool terminal, HostFacts facts, string? unit = null)
    {
        if (facts.CgroupsDisabled)
        {
            return new CgroupSteps([], [], [], LeftOut(resources));
        }

        string wanted = unit ?? Clean(string.IsNullOrEmpty(cgroupsPath) ? id : cgroupsPath);
        ImmutableArray<ContainerCgroup> cgroups = Place(wanted, facts.Cgroups);
        var limits = new ResourceSteps();
        if (resources is not null)
        {
            AddResources(limits, resources, terminal, cgroups, facts);
        }

        if (cgroups.IsEmpty)
        {
            return !string.IsNullOrEmpty(cgroupsPath) && !facts.MayLackCgroups
                ? throw Refusal.Of(PathProperty, "CGP-04", "no cgroup hierarchy is mounted on this host: mount cgroup2 on /sys/fs/cgroup")
                : new CgroupSteps([], [], [], limits.Warnings);
        }

        var make = ImmutableArray.CreateBuilder<HostStep>();
        bool optional = facts.MayLackCgroups && limits.Steps.IsEmpty;
        bool isV2 = facts.Cgroups.Layout == CgroupLayout.V2;
        foreach (ContainerCgroup cgroup in cgroups)
        {
            ImmutableArray<string> controllers = isV2 ? Useful(cgroup.Hierarchy.Controllers, resources?.Unified) : [];
            make.Add(Step(new MakeCgroup(cgroup.Hierarchy.Mount, cgroup.Path, controllers, optional, OfUnit: unit is not null)));
            if (!isV2 && cgroup.Hierarchy.Controllers.Contains("cpuset") && cgroup.Path != "/")
            {
                make.Add(new HostStep(new InheritCpuset(cgroup.Hierarchy.Mount, cgroup.Path), new Origin(PathProperty, "CPU-05")));
            }
        }

        foreach (LimitStep limit in limits.Steps)
        {
            make.Add(new HostStep(limit.Action, limit.Origin));
        }

        var directories = ImmutableArray.CreateBuilder<string>(cgroups.Length);
        foreach (ContainerCgroup cgroup in cgroups)
        {
            directories.Add(cgroup.Directory);
        }

        return new CgroupSteps(cgroups, make.ToImmutable(), [Step(new EnterCgroups(directories.MoveToImmutable(), optional))], limits.Warnings);
    }

    // Only because the caller wrote so: on a host without cgroups a limit that cannot be set is an error (UNI-04).
    private static ImmutableArray<string> LeftOut(Resources? resources) =>
        resources is not null && ResourceTable.Given(resources) is { Count: > 0 } given
            ? [$"{string.Join(", ", given)}: left out, as --cgroup-manager disabled makes no cgroup"]
            : [];

    private static HostStep Step(HostAction action) => new(action, new Origin(PathProperty, "CGP-04"));

    // Those whose limits or accounting a container may want, and those of the files that the configuration itself names (UNI-02).
    private static ImmutableArray<string> Useful(ImmutableArray<string> available, Map<string>? named)
    {
        var useful = ImmutableArray.CreateBuilder<string>(available.Length);
        foreach (string controller in UsefulControllers)
        {
            if (available.Contains(controller))
            {
                useful.Add(controller);
            }
        }

        foreach (KeyValuePair<string, string> file in named is { } given ? given.Entries : default)
        {
            if (CgroupV2Resources.ControllerOf(file.Key) is { } controller && available.Contains(controller) && !useful.Contains(controller))
            {
                useful.Add(controller);
            }
        }

        return useful.ToImmutable();
    }

    /// <summary>
    /// The container's cgroup in every hierarchy, named ones and a cgroup2 beside v1 included: a process that stays in its
    /// caller's cgroup there is killed with the caller's service. A relative path counts from our own cgroup; on pure v2
    /// from our parent's, as ours holds processes and so cannot have children with controllers (CGP-02).
    /// </summary>
    private static ImmutableArray<ContainerCgroup> Place(string path, CgroupFacts facts)
    {
        var cgroups = ImmutableArray.CreateBuilder<ContainerCgroup>(facts.V1.Length + 1);
        foreach (CgroupHierarchy hierarchy in facts.V1)
        {
            cgroups.Add(new ContainerCgroup(hierarchy, Below(hierarchy.Own, path)));
        }

        if (facts.V2 is { } v2)
        {
            string start = facts.V1.IsEmpty ? v2.Own[..Math.Max(1, v2.Own.LastIndexOf('/'))] : v2.Own;
            cgroups.Add(new ContainerCgroup(v2, Below(start, path)));
        }

        return cgroups.ToImmutable();
    }

    private static string Below(string start, string path) => path.StartsWith('/') ? path : start == "/" ? "/" + path : start + "/" + path;

    /// <summary>Without doubled slashes and dots; <c>..</c> could lead out of the hierarchy (CGP-03).</summary>
    private static string Clean(string path)
    {
        var names = new List<string>();
        foreach (string name in path.Split('/'))
        {
            if (name == ".." || name.Contains('\0', StringComparison.Ordinal))
            {
                throw Refusal.Of(PathProperty, "CGP-03", $"\"{path}\" must not hold \"..\" or zero characters");
            }

            if (name.Length > 0 && name != ".")
            {
                names.Add(name);
            }
        }

        string cleaned = string.Join('/', names);
        return path.StartsWith('/') ? "/" + cleaned
            : cleaned.Length > 0 ? cleaned
            : throw Refusal.Of(PathProperty, "CGP-03", $"\"{path}\" names no cgroup");
    }

    private static void AddResources(
        ResourceSteps steps, Resources resources, bool terminal, ImmutableArray<ContainerCgroup> cgroups, HostFacts facts)
    {
        if (resources.Memory is { } memory)
        {
            ResourceSteps.CheckSwap(memory);
        }

        if (facts.Cgroups.Layout == CgroupLayout.V2)
        {
            new CgroupV2Resources(steps, cgroups[^1].Directory, facts.Cgroups.V2!.Controllers, CgroupState.New).Add(resources);
        }
        else
        {
            new CgroupV1Resources(steps, controller => DirectoryOf(controller, cgroups, facts.Cgroups), CgroupState.New).Add(resources);
        }

        // A caller without root may not set device rules, and cannot reach devices that the rules would deny (CGD-05).
        if (resources.Devices is { Count: > 0 } rules && !facts.Rootless)
        {
            AddDevices(steps, DeviceRules.Resolve(rules, terminal), rules.Count, cgroups, facts.Cgroups);
        }
    }

    private static void AddDevices(
        ResourceSteps steps, ImmutableArray<ResolvedDeviceRule> rules, int configured, ImmutableArray<ContainerCgroup> cgroups, CgroupFacts facts)
    {
        if (DirectoryOf("devices", cgroups, facts) is { } directory)
        {
            DeviceRules.AddV1(steps, directory, rules, configured);
            return;
        }

        DeviceFilter filter = DeviceFilter.Compile(rules);
        if (filter.AllowsEverything)
        {
            return;
        }

        // Beside v1 as well: every cgroup2 takes programs, whatever controllers it has.
        if (facts.V2 is null)
        {
            throw Refusal.Of(ResourceSteps.Devices, "CGD-05", "device rules need the v1 controller \"devices\" or cgroup v2, and this host has neither mounted");
        }

        steps.Filter(cgroups[^1].Directory, filter);
    }

    // A cgroup2 beside v1 may offer a controller too, but its files are others.
    private static string? DirectoryOf(string controller, ImmutableArray<ContainerCgroup> cgroups, CgroupFacts facts)
    {
        foreach (ContainerCgroup cgroup in cgroups)
        {
            if (cgroup.Hierarchy != facts.V2 && cgroup.Hierarchy.Controllers.Contains(controller))
            {
                return cgroup.Directory;
            }
        }

        return null;
    }
}
