namespace Hull.Runtime;

/// <summary>What takes a write to a file of a cgroup back, from what the file said before it.</summary>
internal static class UndoneWrite
{
    /// <summary>The write that restores a file.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="before">What the file said before, without the last line's end; null when it cannot be read.</param>
    /// <returns>Null when nothing can restore it.</returns>
    public static WriteCgroupFile? Of(WriteCgroupFile written, string? before) => written.File switch
    {
        "devices.allow" => written with { File = "devices.deny" },
        "devices.deny" => written with { File = "devices.allow" },
        _ when before is null => null,
        "memory.oom_control" => written with { Value = before.StartsWith("oom_kill_disable 1", StringComparison.Ordinal) ? "1" : "0" },
        "schemata" => LineOf(KeyOf(written) ?? "", before) is { } line ? written with { Value = line + "\n" } : null,
        _ when KeyOf(written) is { } key => written with { Value = LineOf(key, before) ?? Unlimited(written.File, key) },
        "io.weight" or "io.bfq.weight" => written with { Value = LineOf("default ", before) ?? before },

        // The kernel does not see a write of nothing.
        _ => written with { Value = before.Length == 0 ? "\n" : before },
    };

    /// <summary>A file with a line for each device or interface is written line by line: what the line begins with.</summary>
    private static string? KeyOf(WriteCgroupFile written)
    {
        bool keyed = written.File is "io.max" or "io.latency" or "io.weight" or "io.bfq.weight" or "rdma.max" or "misc.max" or "dmem.max"
            or "dmem.low" or "dmem.min" or "net_prio.ifpriomap" or "blkio.bfq.weight_device" or "blkio.weight_device" or "blkio.leaf_weight_device"
            || written.File.StartsWith("blkio.throttle.", StringComparison.Ordinal);
        int end = written.File == "schemata" ? written.Value.IndexOf(':', StringComparison.Ordinal) : keyed ? written.Value.IndexOf(' ', StringComparison.Ordinal) : -1;
        return end < 0 ? null : written.Value[..(end + 1)];
    }

    private static string? LineOf(string key, string before)
    {
        foreach (string line in before.Split('\n'))
        {
            if (line.TrimStart().StartsWith(key, StringComparison.Ordinal))
            {
                return line.TrimStart();
            }
        }

        return null;
    }

    // A device that the file did not name had no limit of its own.
    private static string Unlimited(string file, string key) => key + file switch
    {
        "io.max" => "rbps=max wbps=max riops=max wiops=max",
        "io.latency" => "target=max",
        "io.weight" or "io.bfq.weight" => "default",
        "rdma.max" => "hca_handle=max hca_object=max",
        "misc.max" or "dmem.max" => "max",
        _ => "0",
    };
}
