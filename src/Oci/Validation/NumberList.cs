namespace Hull.Oci;

/// <summary>Lists of processors or memory nodes such as <c>0-3,7</c> (AFF-01, CPU-05, MPOL-02).</summary>
public static class NumberList
{
    /// <summary>Above every processor and node number; keeps the arithmetic in range.</summary>
    private const int MaximumDigits = 7;

    /// <summary>Whether the text is a list; spaces and empty entries are allowed, as runc and the kernel do.</summary>
    internal static bool IsValid(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int comma = rest.IndexOf(',');
            ReadOnlySpan<char> entry = (comma < 0 ? rest : rest[..comma]).Trim(' ');
            if (!entry.IsEmpty && !IsRange(entry))
            {
                return false;
            }

            rest = comma < 0 ? default : rest[(comma + 1)..];
        }

        return true;
    }

    /// <summary>The ranges of a valid list, first and last included; one number is a range of itself.</summary>
    public static IReadOnlyList<(int First, int Last)> Ranges(string text)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (string piece in text.Split(','))
        {
            ReadOnlySpan<char> entry = piece.AsSpan().Trim(' ');
            int dash = entry.IndexOf('-');
            if (!entry.IsEmpty)
            {
                ranges.Add(dash < 0 ? (Number(entry), Number(entry)) : (Number(entry[..dash]), Number(entry[(dash + 1)..])));
            }
        }

        return ranges;
    }

    /// <summary>The highest number of a valid list; -1 without any.</summary>
    internal static int Highest(string text)
    {
        int highest = -1;
        foreach ((_, int last) in Ranges(text))
        {
            highest = Math.Max(highest, last);
        }

        return highest;
    }

    /// <summary>Whether a valid list has no entries.</summary>
    internal static bool IsEmpty(string text) => text.AsSpan().Trim(", ").IsEmpty;

    private static bool IsRange(ReadOnlySpan<char> entry)
    {
        int dash = entry.IndexOf('-');
        return dash < 0
            ? Number(entry) >= 0
            : Number(entry[..dash]) is int first and >= 0 && Number(entry[(dash + 1)..]) is int last and >= 0 && first <= last;
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        int number = digits.IsEmpty || digits.Length > MaximumDigits ? -1 : 0;
        foreach (char digit in digits)
        {
            number = number < 0 || !char.IsAsciiDigit(digit) ? -1 : (number * 10) + (digit - '0');
        }

        return number;
    }
}
