using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Values of <c>linux.resources</c> as systemd's settings take them, where that is not the number itself; beside <see cref="ResourceTable"/>, whose rows name them. systemd.resource-control(5)</summary>
internal static class UnitValues
{
    // systemd's own, where none is set.
    private const ulong DefaultPeriod = 100_000;

    /// <summary>An idle cgroup has no shares, and no weight.</summary>
    public static ulong? Shares(Resources all, bool isV2) => all.Cpu is { Shares: { } shares and not 0, Idle: not 1 }
        ? isV2 ? ResourceTable.CpuShares.V2!.Convert(shares) : shares
        : null;

    /// <summary>v2 limits swap alone, which needs both limits.</summary>
    public static ulong? SwapMaximum(MemoryResources? memory) => CgroupV2Resources.SwapLimit(memory?.Limit ?? 0, memory?.Swap ?? 0);

    /// <summary>A quota of every period as microseconds of a second, rounded up to a percent of one processor: never less than was asked for.</summary>
    /// <param name="quota">In microseconds: 0 is not set, less is none.</param>
    /// <param name="period">In microseconds: 0 is not set.</param>
    public static ulong? QuotaPerSecond(long quota, ulong period)
    {
        if (quota <= 0)
        {
            return quota == 0 && period == 0 ? null : ulong.MaxValue;
        }

        const ulong percent = 10_000;
        UInt128 exact = (UInt128)(ulong)quota * 1_000_000 / (period == 0 ? DefaultPeriod : period);
        UInt128 rounded = (exact + percent - 1) / percent * percent;
        return rounded >= ulong.MaxValue ? ulong.MaxValue - 1 : Math.Max(percent, (ulong)rounded);
    }

    /// <summary><c>max</c>, or a number as the kernel reads it, also <c>64M</c>; null for anything else.</summary>
    public static ulong? Number(string value)
    {
        ReadOnlySpan<char> text = value.AsSpan().Trim();
        if (text.SequenceEqual("max"))
        {
            return ulong.MaxValue;
        }

        int shift = text.IsEmpty ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        text = shift == 0 ? text : text[..^1];
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number <= ulong.MaxValue >> shift
            ? number << shift
            : null;
    }
}
