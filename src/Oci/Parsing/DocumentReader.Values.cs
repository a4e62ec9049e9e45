using System.Globalization;
using System.Text.Json;

namespace Hull.Oci;

internal ref partial struct DocumentReader
{
    /// <summary>A string; null when absent or faulty, as everywhere here.</summary>
    internal string? ReadString() => json.TokenType == JsonTokenType.String ? Text() : ReadString(Rules.ValuesAreValid);

    /// <summary>A string, where a rule of its own demands that it is one.</summary>
    internal string? ReadString(Rule rule)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            Mismatch("a string", rule);
            return null;
        }

        return Text();
    }

    internal bool? ReadBoolean()
    {
        if (json.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            Mismatch("true or false");
            return null;
        }

        return json.TokenType == JsonTokenType.True;
    }

    internal ulong? ReadUInt64()
    {
        if (json.TokenType != JsonTokenType.Number)
        {
            Mismatch("a whole number");
            return null;
        }

        if (!json.TryGetUInt64(out ulong value))
        {
            OutOfRange("0", "18446744073709551615");
            return null;
        }

        return value;
    }

    internal long? ReadInt64() => ReadInteger(long.MinValue, long.MaxValue);

    internal uint? ReadUInt32() => (uint?)ReadInteger(0, uint.MaxValue);

    internal int? ReadInt32() => (int?)ReadInteger(int.MinValue, int.MaxValue);

    internal ushort? ReadUInt16() => (ushort?)ReadInteger(0, ushort.MaxValue);

    /// <summary>
    /// The position of the string in a table of <see cref="SpecNames"/>, which is the value of the enumeration; null when it is not there
    /// or no string, and <see cref="UnknownName"/> says what that means.
    /// </summary>
    internal readonly int? FindName(string names)
    {
        // No name is longer; a longer string need not be looked for.
        Span<char> letters = stackalloc char[64];
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length > letters.Length || json.ValueIsEscaped)
        {
            return null;
        }

        int index = SpecNames.IndexOf(names, letters[..Ascii.Widen(json.ValueSpan, letters)]);
        return index >= 0 ? index : null;
    }

    /// <summary>A value that <see cref="FindName"/> did not find: an escaped name after all, absent, or a fault.</summary>
    internal int? UnknownName(string names, Rule rule)
    {
        if (ReadString() is not string found)
        {
            return null;
        }

        int index = SpecNames.IndexOf(names, found);
        if (index >= 0)
        {
            return index;
        }

        violations.Add(rule, Path, $"{Quoted.Text(found)} is not one of {SpecNames.Enumerate(names)}");
        return null;
    }

    /// <summary>Reports a member that must be there and is not.</summary>
    internal readonly void Missing(Rule rule, string name)
    {
        SpecPath path = Path.Property(name);

        // A value that was given and is faulty has been reported already.
        if (!violations.AnyWithin(path))
        {
            violations.Add(rule, path, "is missing and must be given");
        }
    }

    internal readonly void Fault(Rule rule, string text) => violations.Add(rule, Path, text);

    private long? ReadInteger(long minimum, long maximum)
    {
        if (json.TokenType != JsonTokenType.Number)
        {
            Mismatch("a whole number");
            return null;
        }

        if (!json.TryGetInt64(out long value) || value < minimum || value > maximum)
        {
            OutOfRange(minimum.ToString(CultureInfo.InvariantCulture), maximum.ToString(CultureInfo.InvariantCulture));
            return null;
        }

        return value;
    }

    private readonly void OutOfRange(string minimum, string maximum)
    {
        string found = Ascii.Text(json.ValueSpan.Length > 40 ? json.ValueSpan[..40] : json.ValueSpan);
        violations.Add(Rules.NumbersAreExact, Path, $"{found} is not a whole number from {minimum} to {maximum}");
    }

    /// <summary>
    /// Reports a value of another type and steps over it; null counts as absent (JSN-05), except as an item or an entry of a map.
    /// </summary>
    private void Mismatch(string expected) => Mismatch(expected, Rules.ValuesAreValid);

    private void Mismatch(string expected, Rule rule)
    {
        bool isMember = depth >= 0 && levels[depth].Name is not null && levels[depth].Candidates > 0;
        if (json.TokenType == JsonTokenType.Null && isMember)
        {
            return;
        }

        string found = json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.Null => "null",
            _ => "a truth value",
        };
        violations.Add(rule, Path, $"must be {expected}, not {found}");
        json.Skip();
    }

    private string? Text() => json.ValueIsEscaped ? Unescape() : Ascii.Text(json.ValueSpan);

    private string? Unescape()
    {
        string text;
        try
        {
            text = json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            violations.Add(Rules.DocumentIsJson, Path, "holds half of a surrogate pair, which is not a character");
            return null;
        }

        if (text.Contains('\0'))
        {
            violations.Add(Rules.ValuesAreValid, Path, "holds a NUL character, which no string of the kernel can");
            return null;
        }

        return text;
    }

    private readonly string MemberText() => Ascii.Text(memberName);

    private ReadOnlySpan<byte> UnescapedName()
    {
        byte[] name = new byte[json.ValueSpan.Length];
        try
        {
            return name.AsSpan(0, json.CopyString(name));
        }
        catch (InvalidOperationException)
        {
            violations.Add(Rules.DocumentIsJson, Path, "has a member whose name holds half of a surrogate pair, which is not a character");
            return "?"u8;
        }
    }
}
