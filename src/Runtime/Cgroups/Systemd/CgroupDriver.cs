namespace Hull.Runtime;

/// <summary>What makes the cgroups of a new container: hull, systemd, or nothing.</summary>
internal enum CgroupManager { Cgroupfs, Systemd, Disabled }

/// <summary>What the caller chose about cgroups.</summary>
/// <param name="Manager">Of <c>--cgroup-manager</c> and <c>--systemd-cgroup</c>.</param>
/// <param name="AskedRootless">Of <c>--rootless</c>: refused permissions on cgroups are ignored; null leaves it to the user that hull runs as.</param>
internal readonly record struct CgroupChoice(CgroupManager Manager, bool? AskedRootless);

/// <summary>Finds what makes the cgroups of a new container.</summary>
internal static class CgroupDriver
{
    /// <summary>Completes the facts about this host by what the caller chose.</summary>
    /// <param name="systemd">The systemd that will make them, connected; null for the other choices.</param>
    public static HostFacts Choose(CgroupChoice choice, HostFacts facts, out UnitManager? systemd)
    {
        systemd = null;
        facts = facts with { AskedRootless = choice.AskedRootless };
        if (choice.Manager == CgroupManager.Systemd)
        {
            systemd = Connect(facts);
            return facts with { Systemd = systemd.Ask() };
        }

        return choice.Manager == CgroupManager.Disabled ? facts with { Cgroups = CgroupFacts.None, CgroupsDisabled = true } : facts;
    }

    private static UnitManager Connect(HostFacts facts)
    {
        if (!facts.MayLackCgroups)
        {
            return UnitManager.Connect(ofUser: false);
        }

        try
        {
            return UnitManager.Connect(ofUser: true);
        }
        catch (RuntimeError) when (facts.UserId == 0)
        {
            // Root of a system container has no user manager, but a systemd of its own.
            return UnitManager.Connect(ofUser: false);
        }
    }
}
