using static Hull.Runtime.StatisticsText;

namespace Hull.Runtime;

/// <summary>Memory of v2, in the terms of v1 that the document uses.</summary>
internal static class CgroupV2Memory
{
    public static MemoryStatistics Of(IStatisticsFiles files)
    {
        List<(string, ulong)> raw = Pairs(files.Read("memory", "memory.stat"));
        MemoryAccount usage = Account(files, "memory."), swap = Account(files, "memory.swap.");
        return new MemoryStatistics
        {
            Cache = StatisticsText.Of(raw, "file"),
            Usage = usage,

            // v2 counts swap alone. The peaks of both need not have been at the same time, so they have no sum.
            Swap = new MemoryAccount(Sum(swap.Limit, usage.Limit), swap.Usage + usage.Usage, 0, 0),
            Raw = Sorted(raw),
            Pressure = ToPressure(files.Read("", "memory.pressure")),
            Events = Pairs(files.Read("memory", "memory.events")),
        };
    }

    /// <summary>By name, as the document has them.</summary>
    public static List<(string Name, ulong Value)> Sorted(List<(string Name, ulong Value)> pairs)
    {
        pairs.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return pairs;
    }

    private static MemoryAccount Account(IStatisticsFiles files, string prefix) => new(
        Number(files.Read("memory", prefix + "max")), Number(files.Read("memory", prefix + "current")), Number(files.Read("memory", prefix + "peak")), 0);

    private static ulong Sum(ulong left, ulong right) => left > ulong.MaxValue - right ? ulong.MaxValue : left + right;
}
