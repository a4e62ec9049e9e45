using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Everything that an update starts from.</summary>
/// <param name="Kept">The resources the container has by its kept configuration.</param>
/// <param name="Change">What is asked for.</param>
/// <param name="Terminal"><c>process.terminal</c>.</param>
/// <param name="Cgroups">The container's cgroups.</param>
/// <param name="State">What their files say now.</param>
internal sealed record UpdateRequest(Resources Kept, Resources Change, bool Terminal, ImmutableArray<ContainerCgroup> Cgroups, CgroupState State);

/// <summary>What an update does.</summary>
/// <param name="Steps">Checks, then writes, in order.</param>
/// <param name="Resources">What is to be kept afterwards.</param>
/// <param name="Warnings">What the user should know although it stops nothing.</param>
internal sealed record UpdatePlan(ImmutableArray<LimitStep> Steps, Resources Resources, ImmutableArray<string> Warnings);

/// <summary>
/// From a change of <c>linux.resources</c> to writes. The law: afterwards the container has the limits that it would have, had it been
/// created with what is kept; and only files that the change is about are written.
/// </summary>
internal static class UpdatePlanner
{
    /// <summary>Plans an update.</summary>
    /// <exception cref="RuntimeError">The change contradicts what is kept, or this host cannot carry it out.</exception>
    public static UpdatePlan Plan(UpdateRequest request, HostFacts facts)
    {
        Resources merged = Merge(request.Kept, request.Change);
        if (merged.Memory is { } memory)
        {
            ResourceSteps.CheckSwap(memory);
        }

        CheckBurst(merged.Cpu);
        if (request.Cgroups.IsEmpty)
        {
            throw Refusal.Of(ResourceSteps.All, "UNI-04", "the container is in no cgroup: what it uses cannot be limited");
        }

        Resources asked = WithCompanions(request.Change, merged);
        var steps = new ResourceSteps();
        ContainerCgroup? v2 = CgroupOf(facts.Cgroups.V2, request.Cgroups);
        if (facts.Cgroups.Layout == CgroupLayout.V2 && v2 is not null)
        {
            AddCheck(steps, request.Change.Memory, merged.Memory, v2.Directory);
            new CgroupV2Resources(steps, v2.Directory, v2.Hierarchy.Controllers, request.State).Add(OnV2(asked, merged));
        }
        else
        {
            new CgroupV1Resources(steps, controller => DirectoryOf(controller, request.Cgroups, facts), request.State).Add(asked);
        }

        AddDevices(steps, request, facts, v2);
        return new UpdatePlan(steps.Steps, merged, steps.Warnings);
    }

    /// <summary>
    /// The resources after the change. What is absent, empty or, where the specification says so, zero changes nothing; the attributes of
    /// the records say which is which.
    /// </summary>
    private static Resources Merge(Resources kept, Resources change) =>
        kept.Merge(change with { Memory = change.Memory is { } memory ? memory with { Swap = SwapOf(memory) } : null })!;

    /// <summary>Without a limit of memory, one of memory and swap together would be a limit of memory again.</summary>
    private static long? SwapOf(MemoryResources change) => change is { Limit: -1, Swap: null or 0 } ? -1 : change.Swap;

    private static void CheckBurst(CpuResources? cpu)
    {
        if (cpu is { Quota: > 0, Burst: { } burst } && burst > (ulong)cpu.Quota.Value)
        {
            throw Refusal.Of(
                ResourceTable.CpuBurst.Path, "CPU-03",
                $"{ResourceSteps.Text(burst)} is above the quota, {ResourceSteps.Text(cpu.Quota.Value)}: change both");
        }
    }

    /// <summary>A cgroup that is or becomes idle has no shares; one that ceases to be gets those it had (CPU-06).</summary>
    private static Resources WithCompanions(Resources change, Resources merged)
    {
        CpuResources? cpu = change.Cpu;
        if (cpu is not null)
        {
            cpu = cpu.Idle == 0 ? cpu with { Shares = merged.Cpu!.Shares } : merged.Cpu!.Idle == 1 ? cpu with { Shares = null } : cpu;
        }

        MemoryResources? memory = change.Memory is null ? null : change.Memory with { Swap = SwapOf(change.Memory) };

        // Rules for devices are no limits to write.
        return change with { Cpu = cpu, Memory = memory, Devices = null };
    }

    /// <summary>v2 has one file for quota and period, and counts swap without memory: half of a pair brings the other half along.</summary>
    private static Resources OnV2(Resources asked, Resources merged)
    {
        CpuResources? cpu = asked.Cpu;
        if (cpu is { Quota: not (null or 0) } or { Period: not (null or 0) })
        {
            cpu = cpu with { Quota = merged.Cpu!.Quota, Period = merged.Cpu.Period };
        }

        MemoryResources? memory = asked.Memory;
        if (memory is { Limit: not (null or 0) } && merged.Memory!.Swap is not (null or 0))
        {
            memory = memory with { Swap = merged.Memory.Swap };
        }
        else if (memory is { Swap: > 0 })
        {
            memory = memory with { Limit = merged.Memory!.Limit };
        }

        return asked with { Cpu = cpu, Memory = memory };
    }

    // v1 refuses such limits by itself, v2 kills.
    private static void AddCheck(ResourceSteps steps, MemoryResources? change, MemoryResources? merged, string directory)
    {
        long limit = Math.Max(change?.Limit ?? 0, 0), swap = Math.Max(change?.Swap ?? 0, 0);
        if (merged?.CheckBeforeUpdate == true && (limit > 0 || swap > 0))
        {
            steps.Add(new CheckMemoryUsage(directory, limit, swap), ResourceSteps.Memory.Property("checkBeforeUpdate"), "MEM-09");
        }
    }

    /// <summary>
    /// Engines repeat the rules in every update: only rules that differ are applied. Rules that were written by others since stay, and
    /// at no time is a device refused that both the old and the new rules allow.
    /// </summary>
    private static void AddDevices(ResourceSteps steps, UpdateRequest request, HostFacts facts, ContainerCgroup? v2)
    {
        IReadOnlyList<DeviceRule> kept = request.Kept.Devices ?? [];
        if (request.Change.Devices is not { Count: > 0 } wanted || facts.Rootless || kept.SequenceEqual(wanted))
        {
            return;
        }

        ImmutableArray<ResolvedDeviceRule> rules = DeviceRules.Resolve(wanted, request.Terminal);
        if (DirectoryOf("devices", request.Cgroups, facts) is { } directory)
        {
            CgroupV1DeviceChange.Add(steps, directory, kept.Count == 0 ? [] : DeviceRules.Resolve(kept, request.Terminal), rules);
        }
        else if (v2 is not null)
        {
            steps.Filter(v2.Directory, DeviceFilter.Compile(rules));
        }
        else
        {
            throw Refusal.Of(ResourceSteps.Devices, "CGD-05", "the container is in no cgroup that could hold device rules");
        }
    }

    private static ContainerCgroup? CgroupOf(CgroupHierarchy? hierarchy, ImmutableArray<ContainerCgroup> cgroups)
    {
        foreach (ContainerCgroup cgroup in cgroups)
        {
            if (cgroup.Hierarchy == hierarchy)
            {
                return cgroup;
            }
        }

        return null;
    }

    private static string? DirectoryOf(string controller, ImmutableArray<ContainerCgroup> cgroups, HostFacts facts) =>
        CgroupOf(facts.Cgroups.WithController(controller), cgroups)?.Directory;
}
