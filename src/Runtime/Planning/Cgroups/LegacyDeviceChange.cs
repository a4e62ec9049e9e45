using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime.Planning.Cgroups;

/// <summary>
/// From one list of device rules to another on the v1 controller without a moment in which something is refused that both lists allow:
/// only what differs is written (CGD-03).
/// </summary>
internal sealed class LegacyDeviceChange
{
    // The controller keeps what everybody may, and exceptions by type and numbers: the order of rules matters only until they are in.
    private readonly Dictionary<SettledDeviceRule, BpfDeviceAccess> _exceptions = [];
    private bool _allows = true;

    private LegacyDeviceChange(ImmutableArray<SettledDeviceRule> rules)
    {
        foreach (SettledDeviceRule rule in rules)
        {
            Take(rule);
        }
    }

    /// <summary>Adds the writes that lead from the old rules to the new ones.</summary>
    public static void Add(
        ResourceSteps steps, string directory, ImmutableArray<SettledDeviceRule> oldRules, ImmutableArray<SettledDeviceRule> newRules)
    {
        LegacyDeviceChange before = new(oldRules), after = new(newRules);
        if (before._allows && !after._allows)
        {
            throw Refusal.Of(
                ResourceSteps.Devices, "CGD-03",
                "a container that may use every device cannot be limited to some while it runs: the v1 controller would refuse all of them for a moment");
        }

        if (before._allows != after._allows)
        {
            var all = new SettledDeviceRule(true, BpfDeviceType.None, null, null, SettledDeviceRule.EveryAccess);
            Write(steps, directory, all);
            before = new LegacyDeviceChange([all]);
        }

        // First what is allowed from now on, then what is not any more.
        foreach (bool allow in new[] { true, false })
        {
            bool becomesException = allow != after._allows;
            foreach (SettledDeviceRule rule in Difference(becomesException ? after : before, becomesException ? before : after))
            {
                Write(steps, directory, rule with { Allow = allow });
            }
        }
    }

    private static void Write(ResourceSteps steps, string directory, SettledDeviceRule rule) =>
        steps.Write(directory, rule.Allow ? "devices.allow" : "devices.deny", rule.ToString(), ResourceSteps.Devices, "CGD-03");

    /// <summary>The exceptions that only the first has.</summary>
    private static List<SettledDeviceRule> Difference(LegacyDeviceChange first, LegacyDeviceChange second)
    {
        var only = new List<SettledDeviceRule>();
        foreach (KeyValuePair<SettledDeviceRule, BpfDeviceAccess> exception in first._exceptions)
        {
            BpfDeviceAccess access = exception.Value & ~second._exceptions.GetValueOrDefault(exception.Key);
            if (access != 0)
            {
                only.Add(exception.Key with { Access = access });
            }
        }

        return only;
    }

    private void Take(SettledDeviceRule rule)
    {
        if (rule.Type == BpfDeviceType.None)
        {
            _allows = rule.Allow;
            _exceptions.Clear();
            return;
        }

        SettledDeviceRule key = rule with { Allow = true, Access = 0 };
        BpfDeviceAccess known = _exceptions.GetValueOrDefault(key);
        _exceptions[key] = rule.Allow == _allows ? known & ~rule.Access : known | rule.Access;
    }
}
