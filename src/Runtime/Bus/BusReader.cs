using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Hull.Runtime;

/// <summary>
/// Values from bytes. The sender is not trusted: every length is held against what is there, every depth against a limit.
/// D-Bus specification, "Marshalling"
/// </summary>
/// <param name="bytes">From the beginning of the message: alignment counts from there.</param>
/// <param name="start">Where to begin.</param>
/// <param name="bigEndian">The high byte comes first.</param>
internal sealed class BusReader(ReadOnlyMemory<byte> bytes, int start, bool bigEndian)
{
    private const int LongestArray = 1 << 26;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int _end = bytes.Length;

    /// <summary>Where the next value is looked for.</summary>
    public int Position { get; private set; } = start;

    /// <summary>Everything has been read.</summary>
    public bool AtEnd => Position == _end;

    /// <summary>Passes over the zeros up to a multiple.</summary>
    public void Align(int multiple)
    {
        if (Take((multiple - (Position % multiple)) % multiple).ContainsAnyExcept((byte)0))
        {
            throw new BusFormatException("a gap is not filled with zeros");
        }
    }

    /// <summary>Values of these types, one after another.</summary>
    public ImmutableArray<BusValue> ReadAll(string signature)
    {
        var values = ImmutableArray.CreateBuilder<BusValue>();
        foreach (string type in BusSignature.Split(signature))
        {
            values.Add(Read(type));
        }

        return values.ToImmutable();
    }

    /// <summary>A value of this single complete type.</summary>
    /// <exception cref="BusFormatException">The bytes are not one.</exception>
    public BusValue Read(string type) => Read(type, 0);

    private BusValue Read(string type, int depth)
    {
        // Variants nest without the signature telling.
        if (depth > 2 * BusSignature.DeepestNesting)
        {
            throw new BusFormatException("values nest too deep");
        }

        return type[0] switch
        {
            'y' => new BusNumber('y', Take(1)[0]),
            'b' => new BusNumber('b', ReadWord() is var flag and <= 1 ? flag : throw new BusFormatException("a truth value is neither 0 nor 1")),
            'n' => new BusNumber('n', (ulong)(short)ReadHalf()),
            'q' => new BusNumber('q', ReadHalf()),
            'i' => new BusNumber('i', (ulong)(int)ReadWord()),
            'u' or 'h' => new BusNumber('u', ReadWord()),
            'x' or 't' or 'd' => new BusNumber(type[0], ReadDouble()),
            's' => new BusText('s', ReadText((int)Math.Min(ReadWord(), int.MaxValue))),
            'o' => new BusText('o', CheckedPath(ReadText((int)Math.Min(ReadWord(), int.MaxValue)))),
            'g' => new BusText('g', ReadText(Take(1)[0])),
            'v' => new BusVariant(ReadVariant(depth)),
            'a' => ReadArray(type[1..], depth),
            _ => ReadStructure(type, depth),
        };
    }

    private BusValue ReadVariant(int depth)
    {
        string signature = ReadText(Take(1)[0]);
        string first = BusSignature.First(signature);
        return first.Length == signature.Length ? Read(first, depth + 1) : throw new BusFormatException("a variant is not exactly one value");
    }

    private BusArray ReadArray(string element, int depth)
    {
        uint length = ReadWord();
        Align(BusSignature.AlignmentOf(element[0]));
        if (length > LongestArray || length > _end - Position)
        {
            throw new BusFormatException($"an array of {length} bytes is longer than what there is");
        }

        (int outer, _end) = (_end, Position + (int)length);
        var items = ImmutableArray.CreateBuilder<BusValue>();
        while (Position < _end)
        {
            items.Add(Read(element, depth + 1));
        }

        _end = outer;
        return new BusArray(element, items.ToImmutable());
    }

    private BusValue ReadStructure(string type, int depth)
    {
        Align(8);
        var members = ImmutableArray.CreateBuilder<BusValue>();
        foreach (string member in BusSignature.Split(type.AsSpan()[1..^1]))
        {
            members.Add(Read(member, depth + 1));
        }

        return type[0] == '(' ? new BusStructure(members.ToImmutable()) : new BusEntry(members[0], members[1]);
    }

    private string ReadText(int length)
    {
        ReadOnlySpan<byte> text = Take(length);
        if (Take(1)[0] != 0 || text.Contains((byte)0))
        {
            throw new BusFormatException("a text does not end where it should");
        }

        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw new BusFormatException("a text is not UTF-8");
        }
    }

    private static string CheckedPath(string path)
    {
        bool valid = path == "/" || (path.StartsWith('/') && !path.EndsWith('/') && !path.Contains("//", StringComparison.Ordinal));
        foreach (char letter in path)
        {
            valid &= letter is '/' or '_' || char.IsAsciiLetterOrDigit(letter);
        }

        return valid ? path : throw new BusFormatException("an object path is malformed");
    }

    private ushort ReadHalf()
    {
        Align(2);
        ReadOnlySpan<byte> taken = Take(2);
        return bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(taken) : BinaryPrimitives.ReadUInt16LittleEndian(taken);
    }

    private uint ReadWord()
    {
        Align(4);
        ReadOnlySpan<byte> taken = Take(4);
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(taken) : BinaryPrimitives.ReadUInt32LittleEndian(taken);
    }

    private ulong ReadDouble()
    {
        Align(8);
        ReadOnlySpan<byte> taken = Take(8);
        return bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(taken) : BinaryPrimitives.ReadUInt64LittleEndian(taken);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _end - Position)
        {
            throw new BusFormatException("a message ends too early");
        }

        ReadOnlySpan<byte> taken = bytes.Span.Slice(Position, count);
        Position += count;
        return taken;
    }
}
