using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Lists of processors and memory nodes as systemd takes them: bits, the lowest first.</summary>
internal static class CpuMask
{
    // The kernel's CONFIG_NR_CPUS goes to 8192.
    private const int Most = 8192;

    /// <summary>Reads <c>0-3,7</c>. cpuset(7), "List format"</summary>
    public static byte[] Parse(string list, SpecPath path)
    {
        var mask = new byte[Most / 8];
        int length = 0;
        foreach (string range in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int dash = range.IndexOf('-', StringComparison.Ordinal);
            int first = Number(dash < 0 ? range : range[..dash], path), last = dash < 0 ? first : Number(range[(dash + 1)..], path);
            if (last < first)
            {
                throw Refusal.Of(path, "CPU-05", $"\"{range}\" ends before it begins");
            }

            for (int i = first; i <= last; i++)
            {
                mask[i / 8] |= (byte)(1 << (i % 8));
            }

            length = Math.Max(length, (last / 8) + 1);
        }

        return mask[..length];
    }

    private static int Number(string text, SpecPath path) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < Most ? number
            : throw Refusal.Of(path, "CPU-05", $"\"{text}\" is no number from 0 to {Most - 1}");
}
