using static Hull.Runtime.StatisticsText;

namespace Hull.Runtime;

/// <summary>What was read from and written to block devices.</summary>
internal static class BlockReading
{
    /// <summary>v1: the scheduler's own account if it keeps one, otherwise the throttle's.</summary>
    public static BlockStatistics OfV1(IStatisticsFiles files) => new()
    {
        Tables = [.. BlockStatistics.TableNames.Select(table => V1Table(files, table.File))],
        Pressure = ToPressure(files.Read("", "io.pressure")),
    };

    /// <summary>v2: one line for each device, <c>8:16 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6</c>.</summary>
    public static BlockStatistics OfV2(IStatisticsFiles files)
    {
        List<BlockEntry> bytes = [], calls = [];
        foreach (string[] words in Lines(files.Read("io", "io.stat")))
        {
            if (!TryDevice(words[0], out ulong major, out ulong minor))
            {
                continue;
            }

            for (int i = 1; i < words.Length; i++)
            {
                (List<BlockEntry>? table, string operation) = words[i].AsSpan(0, words[i].IndexOf('=', StringComparison.Ordinal) + 1) switch
                {
                    "rbytes=" => (bytes, "Read"),
                    "wbytes=" => (bytes, "Write"),
                    "rios=" => (calls, "Read"),
                    "wios=" => (calls, "Write"),
                    _ => (null, ""),
                };
                table?.Add(new BlockEntry(major, minor, operation, Number(Value(words, i))));
            }
        }

        return new BlockStatistics { Tables = [bytes, calls, [], [], [], [], [], []], Pressure = ToPressure(files.Read("", "io.pressure")) };
    }

    private static List<BlockEntry> V1Table(IStatisticsFiles files, string name)
    {
        foreach (string file in (string[])[$"blkio.{name}_recursive", $"blkio.bfq.{name}_recursive", $"blkio.throttle.{name}_recursive"])
        {
            if (Entries(files.Read("blkio", file)) is { Count: > 0 } entries)
            {
                return entries;
            }
        }

        return [];
    }

    // 8:16 Read 4096        8:16 4096        Total 8192
    private static List<BlockEntry> Entries(string? text)
    {
        List<BlockEntry> entries = [];
        foreach (string[] words in Lines(text))
        {
            if (words.Length is 2 or 3 && TryDevice(words[0], out ulong major, out ulong minor))
            {
                entries.Add(new BlockEntry(major, minor, words.Length == 3 ? words[1] : "", Number(words[^1])));
            }
        }

        return entries;
    }
}
