using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Where the mounts of an image come from on this host: what creation would mount for this configuration, CRIU is given as the sources. Pure.
/// </summary>
internal static class RestoredMounts
{
    /// <summary>The sources.</summary>
    /// <param name="named">What the image calls its mounts; empty when that is not known.</param>
    /// <exception cref="RuntimeError">The image has a mount that neither this configuration nor this host has.</exception>
    public static ImmutableArray<RestoredMount> Of(ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, ImmutableArray<string> named)
    {
        var plan = new PlanBuilder();
        var hostMounts = new HostMounts(container, facts);
        MountPlanning.Mount(container, facts, cgroup, hostMounts, plan);
        DevicePlanning.Provide(container, facts, hostMounts, plan);
        hostMounts.Start(plan);
        Plan scratch = Finish(plan);
        var served = new List<HostMount>(scratch.Host.Select(step => step.Action).OfType<ServeMounts>().SelectMany(serve => serve.Mounts));
        var mounts = new Dictionary<string, RestoredMount>(StringComparer.Ordinal) { [DumpPlanner.NullDevice] = new(DumpPlanner.NullDevice, DumpPlanner.NullDevice) };
        foreach (Step step in scratch.Container)
        {
            RestoredMount? mount = step.Operation switch
            {
                BindMount bind => OfBind(bind, container, (bind.Flags & BindMountFlags.HostMounts) != 0 ? Next(served, bind.Source.ToString()) : null),
                BindDevice device => new RestoredMount(device.Path.ToString(), device.Source.ToString()),
                _ => null,
            };
            if (mount is not null)
            {
                mounts[mount.Name] = mount;
            }
        }

        return [.. mounts.Values, .. Below(mounts, named)];
    }

    /// <summary>The next mount of this source that the helper opens: it serves devices and layers, too.</summary>
    private static HostMount? Next(List<HostMount> served, string source)
    {
        int place = served.FindIndex(mount => mount.Source == source);
        HostMount? next = place < 0 ? null : served[place];
        served.RemoveRange(Math.Max(place, 0), place < 0 ? 0 : 1);
        return next;
    }

    /// <summary>The mappings of a container's own user namespace have no process to be taken from yet.</summary>
    private static RestoredMount OfBind(BindMount bind, ResolvedContainer container, HostMount? served)
    {
        MountOwners? owners = served?.Owners is { UserIds.IsEmpty: true } own
            ? own with { UserIds = container.UserIdMappings, GroupIds = container.GroupIdMappings }
            : served?.Owners;
        return new RestoredMount(bind.Destination.ToString(), bind.Source.ToString(), owners, (bind.Flags & BindMountFlags.Recursive) != 0);
    }

    /// <summary>Mounts that came along with a bind mount are below its source.</summary>
    private static IEnumerable<RestoredMount> Below(Dictionary<string, RestoredMount> mounts, ImmutableArray<string> named)
    {
        foreach (string name in named.Where(name => !mounts.ContainsKey(name)))
        {
            RestoredMount? above = mounts.Values.Where(mount => name.StartsWith(mount.Name + "/", StringComparison.Ordinal)).MaxBy(mount => mount.Name.Length);
            yield return above is not null ? new RestoredMount(name, above.Source + name[above.Name.Length..])
                : throw new RuntimeError($"restore: the checkpoint has a mount {CallerText.Quote(name)}, which neither config.json nor this host has")
                {
                    Hint = name.Contains("cgroup", StringComparison.Ordinal) ? "this host has other cgroup hierarchies than that of the checkpoint" : "add it to mounts of config.json",
                };
        }
    }

    private static Plan Finish(PlanBuilder plan)
    {
        // A plan ends in a program; this one is only read.
        plan.Container(new Execute([""], new CStringArray([]), new CStringArray([])), Origins.Lifecycle("LIFE-02"));
        return plan.ToPlan();
    }
}
