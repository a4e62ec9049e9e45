using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// From one list of device rules to another on the v1 controller without a moment in which something is refused that both lists allow:
/// only what differs is written (CGD-03).
/// </summary>
internal sealed class CgroupV1DeviceChange
{
    // The controller keeps one default, and exceptions by type and numbers: the order of rules matters only until they are in.
    private readonly Dictionary<ResolvedDeviceRule, BpfDeviceAccess> _exceptions = [];
    private bool _allows = true;

    private CgroupV1DeviceChange(ImmutableArray<ResolvedDeviceRule> rules)
    {
        foreach (ResolvedDeviceRule rule in rules)
        {
            Take(rule);
        }
    }

    /// <summary>Adds the writes that lead from the old rules to the new ones.</summary>
    public static void Add(
        ResourceSteps steps, string directory, ImmutableArray<ResolvedDeviceRule> oldRules, ImmutableArray<ResolvedDeviceRule> newRules)
    {
        CgroupV1DeviceChange before = new(oldRules), after = new(newRules);
        if (before._allows && !after._allows)
        {
            throw Refusal.Of(
                ResourceSteps.Devices, "CGD-03",
                "a container that may use every device cannot be limited to some while it runs: the v1 controller would refuse all of them for a moment");
        }

        if (before._allows != after._allows)
        {
            var all = new ResolvedDeviceRule(true, BpfDeviceType.None, null, null, ResolvedDeviceRule.EveryAccess);
            Write(steps, directory, all);
            before = new CgroupV1DeviceChange([all]);
        }

        // First what is allowed from now on, then what is not any more.
        foreach (bool allow in new[] { true, false })
        {
            bool becomesException = allow != after._allows;
            foreach (ResolvedDeviceRule rule in Difference(becomesException ? after : before, becomesException ? before : after))
            {
                Write(steps, directory, rule with { Allow = allow });
            }
        }
    }

    private static void Write(ResourceSteps steps, string directory, ResolvedDeviceRule rule) =>
        steps.Write(directory, rule.Allow ? "devices.allow" : "devices.deny", rule.ToString(), ResourceSteps.Devices, "CGD-03");

    /// <summary>The exceptions that only the first has.</summary>
    private static List<ResolvedDeviceRule> Difference(CgroupV1DeviceChange first, CgroupV1DeviceChange second)
    {
        var only = new List<ResolvedDeviceRule>();
        foreach (KeyValuePair<ResolvedDeviceRule, BpfDeviceAccess> exception in first._exceptions)
        {
            BpfDeviceAccess access = exception.Value & ~second._exceptions.GetValueOrDefault(exception.Key);
            if (access != 0)
            {
                only.Add(exception.Key with { Access = access });
            }
        }

        return only;
    }

    private void Take(ResolvedDeviceRule rule)
    {
        if (rule.Type == BpfDeviceType.None)
        {
            _allows = rule.Allow;
            _exceptions.Clear();
            return;
        }

        ResolvedDeviceRule key = rule with { Allow = true, Access = 0 };
        BpfDeviceAccess known = _exceptions.GetValueOrDefault(key);
        _exceptions[key] = rule.Allow == _allows ? known & ~rule.Access : known | rule.Access;
    }
}
