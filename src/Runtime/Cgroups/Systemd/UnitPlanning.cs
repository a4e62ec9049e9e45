using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A container's cgroups where systemd makes them: one unit with all its properties in one call (SDC-02).</summary>
internal static class UnitPlanning
{
    private static Origin Origin => new(SpecPath.Root.Property("linux").Property("cgroupsPath"), "SDC-02");

    /// <summary>Plans the cgroups of a container: first the unit, then what systemd leaves to us.</summary>
    public static CgroupSteps Plan(ResolvedContainer container, HostFacts facts)
    {
        if (facts.Cgroups.Layout == CgroupLayout.None)
        {
            throw Origin.Refuse("no cgroup hierarchy is mounted on this host: mount cgroup2 on /sys/fs/cgroup", "systemd makes cgroups where it has them itself");
        }

        SystemdFacts systemd = facts.Systemd!;
        UnitName unit = UnitName.Parse(container.Id, container.CgroupsPath, systemd.OfUser);
        bool terminal = container.Program.Process.Terminal;
        CgroupSteps steps = CgroupPlanning.Plan(
            container.Id, container.CgroupsPath, container.Resources, terminal, facts, systemd.ControlGroup + unit.Path);
        ImmutableArray<ResolvedDeviceRule> rules =
            container.Resources.Devices is { Count: > 0 } devices && !facts.Rootless ? DeviceRules.Resolve(devices, terminal) : [];

        // Where there is one hierarchy, the process of a scope is in its place already.
        bool placed = facts.Cgroups.Layout == CgroupLayout.V2 && !unit.IsSlice;
        return steps with
        {
            Make = [Start(container, unit, rules, steps.Cgroups[^1].Directory, facts), .. steps.Make],
            Enter = placed ? [] : steps.Enter,
        };
    }

    /// <summary>The limits that can change while the unit runs.</summary>
    public static ImmutableArray<UnitProperty> Limits(Resources resources, bool isV2, SystemdFacts systemd)
    {
        var properties = new UnitProperties();
        AddLimits(properties, resources, [], isV2, systemd);
        return properties.All.RemoveAll(property => property.Name == "OOMPolicy");
    }

    private static HostStep Start(ResolvedContainer container, UnitName unit, ImmutableArray<ResolvedDeviceRule> rules, string directory, HostFacts facts)
    {
        SystemdFacts systemd = facts.Systemd!;
        bool isV2 = facts.Cgroups.Layout == CgroupLayout.V2;
        var properties = new UnitProperties();
        properties.Set("Description", BusValue.Of($"hull container {container.Id}"));
        if (unit.IsSlice)
        {
            properties.Set("Wants", BusValue.Texts(unit.Slice));
        }
        else
        {
            properties.Set("Slice", BusValue.Of(unit.Slice));
            properties.Set("Delegate", true);
        }

        properties.Set("CPUAccounting", true);
        properties.Set("MemoryAccounting", true);
        properties.Set(isV2 ? "IOAccounting" : "BlockIOAccounting", true);
        properties.Set("TasksAccounting", true);
        properties.Set("DefaultDependencies", false);
        if (systemd.Version >= 236)
        {
            // A scope whose container was killed for its memory has failed, and would stay in the list of units.
            properties.Set("CollectMode", BusValue.Of("inactive-or-failed"));
        }

        AddLimits(properties, container.Resources, rules, isV2, systemd);
        UnitAnnotations.Add(properties, container.Annotations);
        return new HostStep(new StartUnit(unit.Name, systemd.OfUser, properties.All, TakesProcess: !unit.IsSlice, directory), Origin);
    }

    private static void AddLimits(
        UnitProperties properties, Resources resources, ImmutableArray<ResolvedDeviceRule> rules, bool isV2, SystemdFacts systemd)
    {
        new UnitResources(properties, isV2, systemd.Version).Add(resources);
        if (!rules.IsEmpty && systemd.Version >= 240)
        {
            UnitDevices.Add(properties, rules);
        }
    }
}
