using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hull.Runtime;

/// <summary>
/// Reads values in GVariant text: <c>true</c>, <c>'always'</c>, <c>uint64 30000000</c>, <c>['a', 'b']</c>, <c>@as []</c>,
/// <c>[('/dev/fuse', 'rwm')]</c>. All that D-Bus can carry; the first element of an array says the type of the others.
/// GLib, "GVariant Text Format"
/// </summary>
internal ref struct VariantText
{
    private const int DeepestNesting = 32;
    private ReadOnlySpan<char> _rest;

    private VariantText(string text) => _rest = text;

    /// <summary>The value.</summary>
    /// <exception cref="FormatException">The text is not one.</exception>
    public static BusValue Parse(string text)
    {
        var reader = new VariantText(text);
        BusValue value = reader.ReadValue(null, 0);
        reader.PassBlanks();
        return reader._rest.IsEmpty ? value : throw new FormatException($"there is more after the value: {reader._rest}");
    }

    /// <param name="type">What it must be; null when the text itself says it.</param>
    private BusValue ReadValue(string? type, int depth)
    {
        PassBlanks();
        if (depth > DeepestNesting || _rest.IsEmpty)
        {
            throw new FormatException(depth > DeepestNesting ? "it nests too deep" : "it ends too early");
        }

        switch (_rest[0])
        {
            case '@': return ReadTyped(type, depth);
            case '[': return ReadArray(type, depth);
            case '{': return ReadDictionary(type, depth);
            case '(': return ReadTuple(type, depth);
            case '<':
                Take('<');
                BusValue inner = ReadValue(null, depth + 1);
                Take('>');
                return Checked(new BusVariant(inner), type);
            case '\'' or '"':
                return new BusText(type is null or "s" or "o" or "g" ? type?[0] ?? 's' : throw Mismatch(type), ReadText());
            case 'b' when _rest.Length > 1 && _rest[1] is '\'' or '"':
                _rest = _rest[1..];
                return Checked(BusValue.Bytes([.. Encoding.UTF8.GetBytes(ReadText()), 0]), type);
            default: return ReadWord(type, depth);
        }
    }

    private BusValue ReadTyped(string? type, int depth)
    {
        _rest = _rest[1..];
        int length = _rest.IndexOfAny(" \t\n");
        string given = length > 0 ? _rest[..length].ToString() : throw new FormatException("a type stands alone");
        try
        {
            if (BusSignature.First(given) != given)
            {
                throw new FormatException($"\"{given}\" is more than one type");
            }
        }
        catch (BusFormatException broken)
        {
            throw new FormatException(broken.Message);
        }

        _rest = _rest[length..];
        return Checked(ReadValue(given, depth + 1), type);
    }

    private BusValue ReadWord(string? type, int depth)
    {
        int length = 0;
        while (length < _rest.Length && !" \t\n,:()[]{}<>".Contains(_rest[length], StringComparison.Ordinal))
        {
            length++;
        }

        string word = _rest[..length].ToString();
        _rest = _rest[word.Length..];
        string? named = word switch
        {
            "boolean" => "b", "byte" => "y", "int16" => "n", "uint16" => "q", "int32" => "i", "uint32" => "u", "int64" => "x", "uint64" => "t",
            "double" => "d", "string" => "s", "objectpath" => "o", "signature" => "g", _ => null,
        };
        if (named is not null)
        {
            return Checked(ReadValue(named, depth + 1), type);
        }

        return word is "true" or "false"
            ? Checked(BusValue.Of(word == "true"), type)
            : new BusNumber(type?[0] ?? (IsReal(word) ? 'd' : 'i'), Number(word, type ?? (IsReal(word) ? "d" : "i")));
    }

    private BusArray ReadArray(string? type, int depth)
    {
        string? element = type is null ? null : type[0] == 'a' && type[1] != '{' ? type[1..] : throw Mismatch(type);
        Take('[');
        var items = ImmutableArray.CreateBuilder<BusValue>();
        while (!Passes(']'))
        {
            Separate(items.Count);
            items.Add(ReadValue(element, depth + 1));
            element ??= items[0].Signature;
        }

        return new BusArray(element ?? throw new FormatException("an empty array needs its type before it: @as []"), items.ToImmutable());
    }

    private BusArray ReadDictionary(string? type, int depth)
    {
        string? entry = type is null ? null : type.StartsWith("a{", StringComparison.Ordinal) ? type[1..] : throw Mismatch(type);
        string? key = entry?[1..2], value = entry?[2..^1];
        Take('{');
        var items = ImmutableArray.CreateBuilder<BusValue>();
        while (!Passes('}'))
        {
            Separate(items.Count);
            BusValue name = ReadValue(key, depth + 1);
            Take(':');
            items.Add(new BusEntry(name, ReadValue(value, depth + 1)));
            (key, value) = (name.Signature, ((BusEntry)items[0]).Value.Signature);
        }

        return key is { Length: 1 } and not "v" ? new BusArray($"{{{key}{value}}}", items.ToImmutable())
            : throw new FormatException("an empty dictionary needs its type before it, and a key is a single text or number");
    }

    private BusStructure ReadTuple(string? type, int depth)
    {
        List<string>? members = type is null ? null : type[0] == '(' ? BusSignature.Split(type.AsSpan()[1..^1]) : throw Mismatch(type);
        Take('(');
        var items = ImmutableArray.CreateBuilder<BusValue>();
        while (!Passes(')'))
        {
            Separate(items.Count);

            // A tuple of one is written with a comma after it.
            if (items.Count == 1 && Passes(')'))
            {
                break;
            }

            items.Add(ReadValue(members is null ? null : items.Count < members.Count ? members[items.Count] : throw Mismatch(type!), depth + 1));
        }

        return items.Count > 0 && (members is null || members.Count == items.Count)
            ? new BusStructure(items.ToImmutable())
            : throw new FormatException("a tuple has not as many members as its type");
    }

    private string ReadText()
    {
        char quote = _rest[0];
        _rest = _rest[1..];
        var text = new StringBuilder();
        while (true)
        {
            char letter = Next();
            if (letter == quote)
            {
                return text.ToString();
            }

            _ = letter == '\\' ? text.Append(ReadEscape()) : letter == '\0' ? throw new FormatException("a text holds a zero character") : text.Append(letter);
        }
    }

    private string ReadEscape()
    {
        char letter = Next();
        int digits = letter switch { 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0)
        {
            return (letter switch { 'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', _ => letter }).ToString();
        }

        if (_rest.Length < digits || !int.TryParse(_rest[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            || code == 0 || !Rune.IsValid(code))
        {
            throw new FormatException("an escape is no character");
        }

        _rest = _rest[digits..];
        return new Rune(code).ToString();
    }

    private static bool IsReal(string word) =>
        word is "inf" or "-inf" or "nan" || (!word.Contains('x', StringComparison.OrdinalIgnoreCase) && word.AsSpan().ContainsAny(".eE"));

    private static ulong Number(string word, string type)
    {
        if (type == "d")
        {
            return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
                ? BitConverter.DoubleToUInt64Bits(real)
                : throw new FormatException($"\"{word}\" is no number");
        }

        (Int128 least, Int128 most) = type switch
        {
            "y" => (0, byte.MaxValue),
            "n" => (short.MinValue, short.MaxValue),
            "q" => (0, ushort.MaxValue),
            "i" => (int.MinValue, int.MaxValue),
            "u" => (0, uint.MaxValue),
            "x" => (long.MinValue, long.MaxValue),
            "t" => ((Int128)0, (Int128)ulong.MaxValue),
            _ => throw new FormatException($"\"{word}\" is no value of type {type}"),
        };
        Int128 value = Whole(word);
        return value >= least && value <= most ? (ulong)value : throw new FormatException($"{word} is out of the range of its type");
    }

    // 12, -12, 0x1f, and 017 as C reads it.
    private static Int128 Whole(string word)
    {
        bool negative = word.StartsWith('-');
        ReadOnlySpan<char> digits = word.AsSpan(negative || word.StartsWith('+') ? 1 : 0);
        int radix = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 16 : digits.Length > 1 && digits[0] == '0' ? 8 : 10;
        digits = digits[(radix == 16 ? 2 : 0)..];
        Int128 value = 0;
        foreach (char digit in digits)
        {
            int next = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            value = next < radix && value <= ulong.MaxValue ? (value * radix) + next : throw new FormatException($"\"{word}\" is no number or word that is known");
        }

        return digits.IsEmpty ? throw new FormatException("a value is missing") : negative ? -value : value;
    }

    private static BusValue Checked(BusValue value, string? type) => type is null || value.Signature == type ? value : throw Mismatch(type);

    private static FormatException Mismatch(string type) => new($"a value of type {type} was expected");

    private void PassBlanks() => _rest = _rest.TrimStart(" \t\n");

    private bool Passes(char letter)
    {
        PassBlanks();
        bool there = !_rest.IsEmpty && _rest[0] == letter;
        _rest = there ? _rest[1..] : _rest;
        return there;
    }

    private void Separate(int before)
    {
        if (before > 0)
        {
            Take(',');
        }
    }

    private void Take(char letter)
    {
        if (!Passes(letter))
        {
            throw new FormatException($"'{letter}' is missing");
        }
    }

    private char Next()
    {
        char next = _rest.IsEmpty ? throw new FormatException("a text does not end") : _rest[0];
        _rest = _rest[1..];
        return next;
    }
}
