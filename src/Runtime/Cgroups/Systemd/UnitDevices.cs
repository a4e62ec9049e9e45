using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Device rules as systemd knows them: a list of what is allowed, all else forbidden. It applies them again whenever it reloads, so it
/// must know them; what its list cannot say exactly is left to our own rules alone.
/// </summary>
internal static class UnitDevices
{
    /// <summary>Adds DevicePolicy and DeviceAllow; nothing where everything is allowed or no such list says the same.</summary>
    public static void Add(UnitProperties properties, ImmutableArray<ResolvedDeviceRule> rules)
    {
        if (Allowed(rules) is not { } allowed)
        {
            return;
        }

        var entries = ImmutableArray.CreateBuilder<BusValue>();
        foreach (ResolvedDeviceRule rule in allowed)
        {
            foreach (BpfDeviceType type in Types(rule))
            {
                if (NodeOf(type, rule) is not { } node)
                {
                    return;
                }

                entries.Add(new BusStructure([BusValue.Of(node), BusValue.Of(rule.Letters)]));
            }
        }

        properties.Set("DevicePolicy", BusValue.Of("strict"));
        properties.Set("DeviceAllow", new BusArray("(ss)", entries.ToImmutable()));
    }

    /// <summary>What is allowed in the end; null when that cannot be told without exceptions from it.</summary>
    private static List<ResolvedDeviceRule>? Allowed(ImmutableArray<ResolvedDeviceRule> rules)
    {
        // Before the first rule everything is allowed (CGD-03); a rule about everything makes those before it meaningless.
        List<ResolvedDeviceRule>? allowed = null;
        bool hasExceptions = false;
        foreach (ResolvedDeviceRule rule in rules)
        {
            bool aboutAll = rule is { Type: BpfDeviceType.None, Major: null, Minor: null, Access: ResolvedDeviceRule.EveryAccess };
            if (aboutAll)
            {
                allowed = rule.Allow ? null : [];
                hasExceptions = false;
            }
            else if (rule.Allow)
            {
                allowed?.Add(rule);
            }
            else
            {
                hasExceptions |= allowed is null || allowed.Exists(one => Overlap(one, rule));
            }
        }

        return hasExceptions ? null : allowed;
    }

    private static bool Overlap(ResolvedDeviceRule one, ResolvedDeviceRule other) =>
        (one.Type == BpfDeviceType.None || other.Type == BpfDeviceType.None || one.Type == other.Type)
        && (one.Major is null || other.Major is null || one.Major == other.Major)
        && (one.Minor is null || other.Minor is null || one.Minor == other.Minor)
        && (one.Access & other.Access) != 0;

    private static ReadOnlySpan<BpfDeviceType> Types(ResolvedDeviceRule rule) => rule.Type == BpfDeviceType.None
        ? [BpfDeviceType.Character, BpfDeviceType.Block]
        : rule.Type == BpfDeviceType.Character ? [BpfDeviceType.Character] : [BpfDeviceType.Block];

    // A minor number of every major cannot be said.
    private static string? NodeOf(BpfDeviceType type, ResolvedDeviceRule rule)
    {
        string kind = type == BpfDeviceType.Character ? "char" : "block";
        return (rule.Major, rule.Minor) switch
        {
            (null, null) => kind + "-*",
            (null, _) => null,
            ({ } major, null) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{major}"),
            ({ } major, { } minor) => string.Create(CultureInfo.InvariantCulture, $"/dev/{kind}/{major}:{minor}"),
        };
    }
}
