using System.Buffers.Text;
using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Whether the kernel has killed something in a cgroup for want of memory (MEM-11).</summary>
internal static class OutOfMemory
{
    /// <summary>The limit of memory, in bytes, of the cgroup where that has happened; <see cref="long.MaxValue"/> without one; null where it has not.</summary>
    public static long? LimitIn(ImmutableArray<RecordedCgroup> cgroups)
    {
        foreach (RecordedCgroup cgroup in cgroups)
        {
            if (Count(cgroup.Directory + "/memory.events") > 0)
            {
                return Limit(cgroup.Directory + "/memory.max");
            }

            if (Count(cgroup.Directory + "/memory.oom_control") > 0)
            {
                return Limit(cgroup.Directory + "/memory.limit_in_bytes");
            }
        }

        return null;
    }

    private static long Count(string path)
    {
        ReadOnlySpan<byte> name = "oom_kill "u8;
        byte[]? text = Read(path);
        int found = text is null ? -1 : text.AsSpan().IndexOf(name);
        return found >= 0 && Utf8Parser.TryParse(text.AsSpan(found + name.Length), out long count, out _) ? count : 0;
    }

    // v1 says no limit by a number that no machine has, v2 by a word.
    private static long Limit(string path) =>
        Read(path) is { } text && Utf8Parser.TryParse(text, out long limit, out _) && limit < long.MaxValue / 2 ? limit : long.MaxValue;

    private static byte[]? Read(string path)
    {
        try
        {
            return HostFiles.ReadAllOrNull(Fd.CurrentDirectory, path);
        }
        catch (KernelException)
        {
            // The cgroup is being removed. What is asked for is the reason of another failure, which is still to be told.
            return null;
        }
    }
}
