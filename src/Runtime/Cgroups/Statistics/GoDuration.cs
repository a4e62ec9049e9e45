using System.Globalization;

namespace Hull.Runtime;

/// <summary>Durations as Go's callers write them: <c>5s</c>, <c>100ms</c>, <c>1m30s</c>, <c>1.5h</c>.</summary>
internal static class GoDuration
{
    /// <summary>Reads one; false for anything else, and for one that is no longer than nothing.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> rest = text;
        double nanoseconds = 0;
        do
        {
            int digits = CountDigits(rest, wanted: true);
            if (digits == 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count))
            {
                return false;
            }

            rest = rest[digits..];
            int letters = CountDigits(rest, wanted: false);
            double unit = UnitOf(rest[..letters]);
            nanoseconds += count * unit;
            rest = rest[letters..];
            if (unit == 0)
            {
                return false;
            }
        }
        while (!rest.IsEmpty);

        // Go's durations are whole nanoseconds in 64 bits.
        if (nanoseconds is < 1 or > long.MaxValue)
        {
            return false;
        }

        duration = TimeSpan.FromTicks(Math.Max(1, (long)(nanoseconds / 100)));
        return true;
    }

    private static int CountDigits(ReadOnlySpan<char> text, bool wanted)
    {
        int count = 0;
        while (count < text.Length && (char.IsAsciiDigit(text[count]) || text[count] == '.') == wanted)
        {
            count++;
        }

        return count;
    }

    private static double UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3600e9,
        _ => 0,
    };
}
