using System.Buffers.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What a v2 cgroup uses, against limits that it is about to get (MEM-09).</summary>
internal static class MemoryUsage
{
    /// <summary>Refuses limits that are used up already.</summary>
    public static void Check(CheckMemoryUsage action)
    {
        // Without the file there is nothing to compare with; the limit itself will say what is wrong.
        if (Read(action.Directory + "/memory.current") is not { } used)
        {
            return;
        }

        long together = used + (Read(action.Directory + "/memory.swap.current") ?? 0);
        if (action.Swap > 0 && action.Swap <= together)
        {
            throw Rejected($"rejecting memory+swap limit {action.Swap} <= usage {together}");
        }

        if (action.Limit > 0 && action.Limit <= used)
        {
            throw Rejected($"rejecting memory limit {action.Limit} <= usage {used}");
        }
    }

    // Engines match this text.
    private static RuntimeError Rejected(string text) => new(text) { Property = "linux.resources.memory.checkBeforeUpdate" };

    private static long? Read(string path) =>
        HostFiles.ReadAllOrNull(Fd.CurrentDirectory, path) is { } text && Utf8Parser.TryParse(text, out long number, out _) ? number : null;
}
