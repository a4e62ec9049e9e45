using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Cache and memory bandwidth, by the groups of the kernel's resctrl (RDT). Without the property resctrl is not touched (RDT-01).</summary>
internal static class ResctrlPlanning
{
    /// <summary>The default class of service, which is the root of resctrl.</summary>
    private const string DefaultClass = "/";

    private static Origin Property => Origins.Linux("intelRdt", "RDT-01");

    /// <summary>Makes what the configuration asks for.</summary>
    public static void Make(ResolvedContainer container, PlanBuilder plan)
    {
        if (container.IntelRdt is not { } rdt)
        {
            return;
        }

        ImmutableArray<string> schemata = SchemataOf(rdt);
        string name = ClassOf(rdt, container.Id);
        ResctrlClass request = rdt.ClosId is null ? ResctrlClass.Own : schemata.IsEmpty ? ResctrlClass.Existing : ResctrlClass.Shared;
        plan.HostBefore(new MakeResctrlGroup(name, request, schemata), Property);
        if (rdt.EnableMonitoring == true)
        {
            plan.HostBefore(
                new MakeMonitoringGroup(name, container.Id),
                new Origin(SpecPath.Root.Property("linux").Property("intelRdt").Property("enableMonitoring"), "RDT-08"));
        }
    }

    /// <summary>Puts the container process there. A process that joins the container later does the same.</summary>
    public static void Enter(IntelRdt? intelRdt, string containerId, PlanBuilder plan)
    {
        if (intelRdt is { } rdt)
        {
            plan.Host(new EnterResctrlGroup(ClassOf(rdt, containerId), rdt.EnableMonitoring == true ? containerId : null), Property);
        }
    }

    /// <summary>The name of the container's class: its own where the configuration gives none (RDT-02), empty for the root of resctrl.</summary>
    internal static string ClassOf(IntelRdt rdt, string containerId) =>
        rdt.ClosId is null ? containerId : rdt.ClosId == DefaultClass ? "" : rdt.ClosId;

    /// <summary>In the order in which they are written (RDT-03).</summary>
    private static ImmutableArray<string> SchemataOf(IntelRdt rdt)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        if (!string.IsNullOrEmpty(rdt.L3CacheSchema))
        {
            lines.Add(rdt.L3CacheSchema);
        }

        if (!string.IsNullOrEmpty(rdt.MemBwSchema))
        {
            lines.Add(rdt.MemBwSchema);
        }

        lines.AddRange(rdt.Schemata ?? []);
        return lines.ToImmutable();
    }
}
