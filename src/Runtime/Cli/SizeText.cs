using System.Globalization;

namespace Hull.Runtime;

/// <summary>Sizes as callers write them: <c>1048576</c>, <c>50M</c>, <c>1g</c>, <c>1.5GiB</c>, <c>-1</c> for unlimited. Units are base 1024.</summary>
internal static class SizeText
{
    /// <summary>Bytes; null for an option that was not given.</summary>
    /// <exception cref="RuntimeError">It is no size; the message names the option.</exception>
    public static long? Parse(string option, string? text)
    {
        if (text is null or "-1")
        {
            return text is null ? null : -1;
        }

        const string units = "kmgtp";
        string lower = text.ToLowerInvariant();
        int end = lower.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        ReadOnlySpan<char> unit = lower.AsSpan(end).Trim();
        unit = unit.EndsWith("ib") && unit.Length == 3 ? unit[..1] : unit.EndsWith("b") ? unit[..^1] : unit;
        int power = unit.Length switch { 0 => 0, 1 => units.IndexOf(unit[0], StringComparison.Ordinal) + 1, _ => 0 };
        bool known = unit.Length == 0 || (unit.Length == 1 && power > 0);
        if (!known || !decimal.TryParse(lower.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || number > long.MaxValue >> (10 * power))
        {
            throw new RuntimeError($"option {option}: {CallerText.Quote(text)} is not a size: give bytes, a number with K, M, G, T or P, or -1 for unlimited");
        }

        return (long)(number * (1L << (10 * power)));
    }
}
