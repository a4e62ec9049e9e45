
namespace Hull.Runtime;

/// <summary>What makes the cgroups of a new container: hull or systemd; or it gets none.</summary>
internal static class CgroupDriver
{
    /// <summary>Completes the facts about this host by what the caller chose.</summary>
    /// <param name="systemd">The systemd that will make them, connected; null for the other choices.</param>
    public static HostFacts Choose(GlobalOptions global, HostFacts facts, out UnitManager? systemd)
    {
        systemd = null;
        facts = facts with { AskedRootless = global.Rootless switch { Rootless.True => true, Rootless.False => false, _ => null } };
        if (global.SystemdCgroup || global.CgroupManager == CgroupManager.Systemd)
        {
            systemd = Connect(facts);
            return facts with { Systemd = systemd.Ask() };
        }

        return global.CgroupManager == CgroupManager.Disabled ? facts with { Cgroups = CgroupFacts.None, AskedRootless = true } : facts;
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
