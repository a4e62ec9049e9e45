using Hull.Linux;

namespace Hull.Runtime;

/// <summary>A number that the kernel counts up in a file of a cgroup: memory.events, pids.events.</summary>
/// <param name="path">The file.</param>
/// <param name="name">The number's name in it.</param>
internal sealed class CountedFile(string path, string name)
{
    /// <summary>A container that runs against a limit does so a hundred times a second; one line a second tells as much.</summary>
    private const long PauseNanoseconds = 1_000_000_000;

    private ulong _told = Read(path, name) ?? 0;
    private long _silentUntil;

    /// <summary>When there is something to tell, in nanoseconds of the monotonic clock; null when there is nothing.</summary>
    public long? Due { get; private set; }

    /// <summary>How much it has grown since it was last told; 0 when it has not, or that is to be told later.</summary>
    public ulong Take()
    {
        if (Read(path, name) is not { } count || count <= _told)
        {
            Due = null;
            return 0;
        }

        long now = Polling.MonotonicNanoseconds();
        if (now < _silentUntil)
        {
            Due = _silentUntil;
            return 0;
        }

        ulong grown = count - _told;
        _told = count;
        _silentUntil = now + PauseNanoseconds;
        Due = null;
        return grown;
    }

    /// <summary>The same at once: for what is told anyway only rarely, or for the last time.</summary>
    public ulong TakeNow()
    {
        _silentUntil = 0;
        return Take();
    }

    private static ulong? Read(string path, string name) => CgroupText.Read(path) is { } text ? StatisticsText.Of(StatisticsText.Pairs(text), name) : null;
}

/// <summary>Files of cgroups as text.</summary>
internal static class CgroupText
{
    /// <summary>The file; null where there is none, or its cgroup is being removed.</summary>
    public static string? Read(string path)
    {
        try
        {
            return HostFiles.ReadAllOrNull(Fd.CurrentDirectory, path) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;
        }
        catch (KernelException)
        {
            return null;
        }
    }

    /// <summary>A limit in it; null where there is none or the kernel's largest number stands for none.</summary>
    public static ulong? Limit(string path) => Read(path) is { } text && StatisticsText.Number(text) is var limit && limit < long.MaxValue / 2 ? limit : null;
}
