using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// <c>linux.resources.unified</c> as properties of a unit (SDC-04). What systemd has no word for, or a value that it could not take, is
/// left to the file alone.
/// </summary>
internal static class CgroupV2UnitResources
{
    public static void Add(UnitProperties properties, int version, string file, string value)
    {
        switch (file)
        {
            case "cpu.max": AddMaximum(properties, version, value); break;
            case "cpu.weight": Add(properties, "CPUWeight", value); break;
            case "cpu.idle" when version >= 252 && value.Trim() == "1": properties.Set("CPUWeight", 0); break;
            case "cpuset.cpus" when version >= 244: properties.Set("AllowedCPUs", Mask(file, value)); break;
            case "cpuset.mems" when version >= 244: properties.Set("AllowedMemoryNodes", Mask(file, value)); break;
            case "memory.min": Add(properties, "MemoryMin", value); break;
            case "memory.low": Add(properties, "MemoryLow", value); break;
            case "memory.high": Add(properties, "MemoryHigh", value); break;
            case "memory.max": Add(properties, "MemoryMax", value); break;
            case "memory.swap.max": Add(properties, "MemorySwapMax", value); break;
            case "memory.zswap.max" when version >= 253: Add(properties, "MemoryZSwapMax", value); break;
            case "memory.oom.group" when version >= 253: properties.Set("OOMPolicy", BusValue.Of(value.Trim() == "1" ? "kill" : "continue")); break;
            case "pids.max": AddTasks(properties, value); break;
        }
    }

    /// <summary><c>max</c>, or a number as the kernel reads it, also <c>64M</c>; null for anything else.</summary>
    internal static ulong? Number(string value)
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

    private static void Add(UnitProperties properties, string name, string value)
    {
        if (Number(value) is { } number)
        {
            properties.Set(name, number);
        }
    }

    private static void AddTasks(UnitProperties properties, string value)
    {
        if (Number(value) is { } number)
        {
            properties.Set("TasksMax", Math.Max(1, number));
        }
    }

    // "50000 100000", "max 100000" or a quota alone.
    private static void AddMaximum(UnitProperties properties, int version, string value)
    {
        string[] parts = value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 1 or 2 && Number(parts[0]) is { } quota && (parts.Length == 1 ? 0 : Number(parts[1])) is { } period)
        {
            UnitResources.AddQuota(properties, version, quota > long.MaxValue ? -1 : (long)quota, period);
        }
    }

    private static BusValue Mask(string file, string value) =>
        BusValue.Bytes(CpuMask.Parse(value, ResourceSteps.All.Property("unified").Property(file)));
}
