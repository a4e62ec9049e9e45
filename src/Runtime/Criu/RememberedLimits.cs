using System.Collections.Immutable;
using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The limits that a container had at its checkpoint: those of the configuration hold at a restore, and one that gives more is worth a word. Engines
/// write the configuration anew, so a difference alone means nothing. Pure.
/// </summary>
internal static class RememberedLimits
{
    private const string Devices = "devices";

    /// <summary>What is limited, by its property: the smaller the stricter. Devices are a text.</summary>
    public static ImmutableSortedDictionary<string, string> Of(Resources? resources)
    {
        var limits = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        void Add(string name, long? value)
        {
            // 0 and negative numbers are none.
            if (value is > 0)
            {
                limits[name] = value.Value.ToString(CultureInfo.InvariantCulture);
            }
        }

        Add("memory.limit", resources?.Memory?.Limit);
        Add("memory.swap", resources?.Memory?.Swap);
        Add("pids.limit", resources?.Pids?.Limit);
        if (resources?.Cpu is { Quota: > 0 and var quota } cpu)
        {
            // In thousandths of a processor; the kernel's own period is 0.1 s.
            const ulong usualPeriod = 100_000;
            Add("cpu.quota", Math.Max(1, (long)(quota * 1000.0 / (cpu.Period is { } period and > 0 ? period : usualPeriod))));
        }

        if (resources?.Devices is { Count: > 0 } rules)
        {
            limits[Devices] = string.Join(
                ' ', rules.Select(rule => string.Create(CultureInfo.InvariantCulture, $"{(rule.Allow ? '+' : '-')}{rule.Type}:{rule.Major}:{rule.Minor}:{rule.Access}")));
        }

        return limits.ToImmutable();
    }

    /// <summary>What is limited less than it was, one phrase each.</summary>
    public static IReadOnlyList<string> Loosened(ImmutableSortedDictionary<string, string> before, Resources? resources)
    {
        ImmutableSortedDictionary<string, string> now = Of(resources);
        var loosened = new List<string>();
        foreach ((string name, string value) in before)
        {
            string? other = now.GetValueOrDefault(name);
            if (name == Devices)
            {
                loosened.AddRange(other == value ? [] : ["linux.resources.devices has other rules"]);
            }
            else if (other is null)
            {
                loosened.Add($"linux.resources.{CallerText.Printable(name)} was {CallerText.Printable(value)} and is not set");
            }
            else if (Number(other) > Number(value))
            {
                loosened.Add($"linux.resources.{CallerText.Printable(name)} was {CallerText.Printable(value)} and is {other}");
            }
        }

        return loosened;
    }

    private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : long.MaxValue;
}
