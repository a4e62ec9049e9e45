using System.Collections.Immutable;

namespace Hull.Runtime;

/// <summary>
/// What a container has used when its program ends, read from its cgroups while they exist. What they do not tell, or no longer, is null; so is
/// all of a container without cgroups of its own.
/// </summary>
/// <param name="OomKilled">The kernel has killed a process of it for want of memory.</param>
/// <param name="PeakMemory">The most memory that it used, in bytes: of v2 since kernel 5.19.</param>
/// <param name="CpuTime">Its processor time, in nanoseconds.</param>
internal readonly record struct ExitFigures(bool? OomKilled, ulong? PeakMemory, ulong? CpuTime)
{
    /// <summary>The files to read them from, found before the end: a cgroup may go as soon as its last process has.</summary>
    public static CgroupStatisticsFiles FilesOf(ImmutableArray<RecordedCgroup> cgroups, CgroupFacts facts) =>
        new(cgroups.RemoveAll(cgroup => !cgroup.IsOurs), facts, resourceControlGroup: null);

    /// <summary>The figures, now.</summary>
    public static ExitFigures Read(IStatisticsFiles files)
    {
        bool v1 = files.IsV1("memory");
        string? kills = files.Read("memory", v1 ? "memory.oom_control" : "memory.events");
        return new ExitFigures(
            kills is null ? null : StatisticsText.Of(StatisticsText.Pairs(kills), "oom_kill") > 0,
            Number(files.Read("memory", v1 ? "memory.max_usage_in_bytes" : "memory.peak")),
            files.IsV1("cpuacct")
                ? Number(files.Read("cpuacct", "cpuacct.usage"))
                : files.Read("cpu", "cpu.stat") is { } times ? StatisticsText.Of(StatisticsText.Pairs(times), "usage_usec") * 1000 : null);
    }

    private static ulong? Number(string? text) => text is null ? null : StatisticsText.Number(text);
}
