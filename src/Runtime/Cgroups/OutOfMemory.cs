using System.Buffers.Text;
using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Whether the kernel has killed something in a cgroup for want of memory (MEM-11).</summary>
internal static class OutOfMemory
{
    public static bool IsIn(ImmutableArray<RecordedCgroup> cgroups)
    {
        foreach (RecordedCgroup cgroup in cgroups)
        {
            if (Count(cgroup.Directory + "/memory.events") > 0 || Count(cgroup.Directory + "/memory.oom_control") > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static long Count(string path)
    {
        byte[]? text;
        try
        {
            text = HostFiles.ReadAllOrNull(Fd.CurrentDirectory, path);
        }
        catch (KernelException)
        {
            // The cgroup is being removed. What is asked for is the reason of another failure, which is still to be told.
            return 0;
        }

        ReadOnlySpan<byte> name = "oom_kill "u8;
        int found = text is null ? -1 : text.AsSpan().IndexOf(name);
        return found >= 0 && Utf8Parser.TryParse(text.AsSpan(found + name.Length), out long count, out _) ? count : 0;
    }
}
