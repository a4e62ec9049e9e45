using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The memory cgroup of a container that is followed: no memory left within its limit, and over memory.high of v2.</summary>
internal sealed class WatchedMemory : IDisposable
{
    /// <summary>How many kinds of use are named.</summary>
    private const int MostKinds = 3;

    // Names of memory.stat that are bytes and not parts of another one: of v2, then of v1. cgroup-v2.rst, cgroup-v1/memory.rst (5.2)
    private static readonly string[] V2Kinds = ["anon", "file", "shmem", "slab", "kernel_stack", "pagetables", "percpu", "sock", "vmalloc", "zswap"];
    private static readonly string[] V1Kinds = ["rss", "cache", "shmem"];

    private readonly string _directory;
    private readonly OutOfMemoryWatch? _v1;
    private readonly CountedFile? _kills, _high;

    private WatchedMemory(string directory, OutOfMemoryWatch? v1)
    {
        _directory = directory;
        _v1 = v1;
        if (v1 is null)
        {
            _kills = new CountedFile(EventFile, "oom_kill");
            _high = new CountedFile(EventFile, "high");
        }
    }

    /// <summary>Watches it; null for a container that has none.</summary>
    public static WatchedMemory? Of(CgroupStatisticsFiles files)
    {
        string directory = files.DirectoryOf("memory");
        if (directory.Length == 0)
        {
            return null;
        }

        return files.IsV1("memory") ? new WatchedMemory(directory, OutOfMemoryWatch.Of(files))
            : HostFiles.Exists(Fd.CurrentDirectory, directory + "/memory.events") ? new WatchedMemory(directory, v1: null)
            : null;
    }

    /// <summary>Readable when memory may have run out: of v1. Of v2 <see cref="EventFile"/> changes.</summary>
    public Fd Notifications => _v1?.Notifications ?? Fd.None;

    /// <summary>The file of v2 that changes.</summary>
    public string EventFile => _directory + "/memory.events";

    /// <summary>It is of v1.</summary>
    public bool IsV1 => _v1 is not null;

    /// <summary>When there is something to tell.</summary>
    public long? Due => _high?.Due;

    /// <summary>What has happened since the last call.</summary>
    public void Look(string id, KernelLog? log, List<ContainerEvent> found)
    {
        string time = ContainerRecord.TimeText(DateTime.UtcNow);
        if (IsV1 ? _v1!.Take() > 0 : _kills?.TakeNow() > 0)
        {
            found.Add(new OutOfMemoryEvent(id, time, Limit(), Peak(), Largest(CgroupText.Read(_directory + "/memory.stat"), IsV1), log?.Victim(_directory)));
        }

        if (_high?.Take() is > 0 and var times)
        {
            found.Add(new LimitEvent(LimitEvent.MemoryHigh, id, time, times, CgroupText.Limit(_directory + "/memory.high")));
        }
    }

    public void Dispose() => _v1?.Dispose();

    /// <summary>The kinds of use in memory.stat that are the largest.</summary>
    internal static ImmutableArray<(string Name, ulong Bytes)> Largest(string? statistics, bool isV1)
    {
        string[] kinds = isV1 ? V1Kinds : V2Kinds;
        return [.. StatisticsText.Pairs(statistics).Where(pair => pair.Value > 0 && kinds.Contains(pair.Name)).OrderByDescending(pair => pair.Value).Take(MostKinds)];
    }

    private ulong? Limit() => CgroupText.Limit(_directory + (IsV1 ? "/memory.limit_in_bytes" : "/memory.max"));

    private ulong? Peak() => CgroupText.Read(_directory + (IsV1 ? "/memory.max_usage_in_bytes" : "/memory.peak")) is { } peak ? StatisticsText.Number(peak) : null;
}
