using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Changes the limits of a container: first the kernel's, then the kept configuration in one step. A failure of either leaves both as they
/// were; an end in between leaves a container whose next update starts from the older configuration.
/// </summary>
internal static class ContainerUpdate
{
    /// <summary>Carries a change out. The lock must be held.</summary>
    /// <param name="change">What is asked for of <c>linux.resources</c>.</param>
    /// <param name="rdt">What is asked for of <c>linux.intelRdt</c>, or null.</param>
    /// <exception cref="RuntimeError">It cannot be done, and nothing has changed, or the message says what.</exception>
    public static void Run(ContainerDirectory directory, ContainerRecord record, Resources change, IntelRdt? rdt, Log log)
    {
        Config config = KeptConfig.ReadConfig(directory, record);
        LinuxConfig linux = config.Linux ?? new LinuxConfig();
        Resources kept = (linux.Resources ?? new Resources()).OfVersion(config.OciVersion);
        if (change.MeansNoLimitOfPids(config.OciVersion))
        {
            log.Warning($"{ResourceTable.PidsLimit.Path}: {Resources.NoLimitOfPids(config.OciVersion)}");
        }

        HostFacts facts = HostProbe.Probe();
        ImmutableArray<ContainerCgroup> cgroups = CgroupsOf(record, facts.Cgroups);
        UpdatePlan plan = UpdatePlanner.Plan(
            new UpdateRequest(kept, change.OfVersion(config.OciVersion), config.Process?.Terminal ?? false, cgroups, CgroupUpdate.State), facts);
        foreach (string warning in plan.Warnings)
        {
            log.Warning(warning);
        }

        ImmutableArray<LimitStep> steps = rdt is null ? plan.Steps : [.. plan.Steps, .. ResctrlGroup.Steps(linux.IntelRdt, record.Id, rdt, new Resctrl())];
        using var update = new CgroupUpdate();
        Enable(steps, cgroups, facts.Cgroups);
        CgroupUpdate.Check(steps);

        // Without a step there may still be something to keep: an idle cgroup gets its shares when it ceases to be idle.
        using UnitUpdate? unit = UnitUpdate.Apply(record, kept, plan.Resources, facts);
        try
        {
            update.Apply(steps);
        }
        catch (RuntimeError failure)
        {
            if (unit?.TakeBack() is { Length: > 0 } left)
            {
                throw new RuntimeError(failure.Action + left, failure.Errno) { Property = failure.Property, Hint = failure.Hint };
            }

            throw;
        }

        try
        {
            directory.WriteConfig(Json.Write(config with { Linux = linux with { Resources = plan.Resources, IntelRdt = Apply(linux.IntelRdt, rdt) } }));
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"keeping the changed configuration: {failure.Call}{update.TakeBack()}{unit?.TakeBack()}", failure.Errno);
        }

        Notices.Tell(directory, Notices.Updated, words: steps.Select(step => step.Origin.ToString()).Distinct());
    }

    private static IntelRdt? Apply(IntelRdt? kept, IntelRdt? change) => kept is null || change is null ? kept : kept with
    {
        L3CacheSchema = change.L3CacheSchema ?? kept.L3CacheSchema,
        MemBwSchema = change.MemBwSchema ?? kept.MemBwSchema,
    };

    /// <summary>The container's cgroups as they were recorded when it was made, with the hierarchies that they are in.</summary>
    private static ImmutableArray<ContainerCgroup> CgroupsOf(ContainerRecord record, CgroupFacts facts)
    {
        var cgroups = ImmutableArray.CreateBuilder<ContainerCgroup>();
        foreach (RecordedCgroup recorded in record.Cgroups)
        {
            foreach (CgroupHierarchy hierarchy in facts.V2 is { } v2 ? facts.V1.Add(v2) : facts.V1)
            {
                if (recorded.Directory.StartsWith(hierarchy.Mount + "/", StringComparison.Ordinal))
                {
                    cgroups.Add(new ContainerCgroup(hierarchy, recorded.Directory[hierarchy.Mount.Length..]));
                    break;
                }
            }
        }

        return cgroups.ToImmutable();
    }

    // A file that the change names may belong to a controller that is not handed down so far (UNI-02).
    private static void Enable(ImmutableArray<LimitStep> steps, ImmutableArray<ContainerCgroup> cgroups, CgroupFacts facts)
    {
        if (facts.Layout != CgroupLayout.V2)
        {
            return;
        }

        ImmutableArray<string> controllers =
        [
            .. steps.Select(step => step.Action is WriteCgroupFile write ? CgroupV2Resources.ControllerOf(write.File) : null).OfType<string>().Distinct(),
        ];
        if (!controllers.IsEmpty)
        {
            CgroupControllers.Enable(cgroups[^1].Hierarchy.Mount, cgroups[^1].Path, controllers);
        }
    }
}
