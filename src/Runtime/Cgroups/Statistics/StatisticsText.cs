using System.Globalization;

namespace Hull.Runtime;

/// <summary>The small formats that the kernel writes numbers in.</summary>
internal static class StatisticsText
{
    /// <summary>A number alone in a file; <c>max</c> is <see cref="ulong.MaxValue"/>, and what cannot be read 0.</summary>
    public static ulong Number(string? text) => text.AsSpan().Trim() switch
    {
        "max" => ulong.MaxValue,
        var digits => ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : 0,
    };

    /// <summary>The same with a sign.</summary>
    public static long SignedNumber(string? text) =>
        long.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : 0;

    /// <summary>Lines of <c>name number</c>, in the kernel's order.</summary>
    public static List<(string Name, ulong Value)> Pairs(string? text)
    {
        List<(string, ulong)> pairs = [];
        foreach (string[] words in Lines(text))
        {
            if (words is [var name, var value])
            {
                pairs.Add((name, Number(value)));
            }
        }

        return pairs;
    }

    /// <summary>The value of one name; 0 when it is absent.</summary>
    public static ulong Of(List<(string Name, ulong Value)> pairs, string name)
    {
        foreach ((string known, ulong value) in pairs)
        {
            if (known == name)
            {
                return value;
            }
        }

        return 0;
    }

    /// <summary>Numbers separated by blanks.</summary>
    public static List<ulong> Numbers(string? text) => [.. Words(text).Select(Number)];

    /// <summary><c>0-2,7</c> as 0, 1, 2, 7.</summary>
    public static List<int> Range(string? text)
    {
        List<int> members = [];
        foreach (string part in (text ?? "").Trim().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last))
            {
                continue;
            }

            for (int member = first; member <= last; member++)
            {
                members.Add(member);
            }
        }

        return members;
    }

    /// <summary><c>8:16</c></summary>
    public static bool TryDevice(string text, out ulong major, out ulong minor)
    {
        minor = 0;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return ulong.TryParse(text.AsSpan(0, Math.Max(0, colon)), CultureInfo.InvariantCulture, out major)
            && ulong.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out minor);
    }

    /// <summary><c>some avg10=0.12 avg60=0.00 avg300=0.00 total=345</c>, and the same with full; null without such a file.</summary>
    public static Pressure? ToPressure(string? text)
    {
        PressureLine some = default, full = default;
        bool found = false;
        foreach (string[] words in Lines(text))
        {
            var line = new PressureLine(Average(words, 1), Average(words, 2), Average(words, 3), Number(Value(words, 4)));
            found = true;
            (some, full) = words[0] == "some" ? (line, full) : (some, line);
        }

        return found ? new Pressure(some, full) : null;
    }

    /// <summary>The words of each line that has some.</summary>
    public static IEnumerable<string[]> Lines(string? text) =>
        (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Words).Where(words => words.Length > 0);

    /// <summary>What follows the equals sign of a word.</summary>
    public static string Value(string[] words, int index) =>
        index < words.Length ? words[index][(words[index].IndexOf('=', StringComparison.Ordinal) + 1)..] : "";

    private static string[] Words(string? text) => (text ?? "").Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static double Average(string[] words, int index) =>
        double.TryParse(Value(words, index), NumberStyles.Float, CultureInfo.InvariantCulture, out double average) ? average : 0;
}
