using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Hull.Runtime;

/// <summary>What a message is for. D-Bus specification, "Message types"</summary>
internal enum BusMessageType : byte
{
    Call = 1,
    Return = 2,
    Error = 3,
    Signal = 4,
}

/// <summary>One message, taken apart. D-Bus specification, "Message format"</summary>
internal sealed record BusMessage
{
    /// <summary>Enough of a message to know how long it is.</summary>
    public const int PrefixLength = 16;

    // What systemd tells us is a few hundred bytes; longer than this is a mistake or worse.
    private const int LongestMessage = 1 << 20;
    private const byte LittleEndian = (byte)'l', BigEndian = (byte)'B', Protocol = 1;

    public required BusMessageType Type { get; init; }

    /// <summary>The sender's number of this message, never 0.</summary>
    public uint Serial { get; init; }

    /// <summary>Which message this answers; 0 when it answers none.</summary>
    public uint ReplySerial { get; init; }

    /// <summary>The object that is called or that signals.</summary>
    public string Path { get; init; } = "";

    public string Interface { get; init; } = "";

    /// <summary>The method or signal.</summary>
    public string Member { get; init; } = "";

    /// <summary>The name of an error: <c>org.freedesktop.systemd1.UnitExists</c>.</summary>
    public string ErrorName { get; init; } = "";

    /// <summary>The name on the bus that gets it; empty without a bus in between.</summary>
    public string Destination { get; init; } = "";

    public ImmutableArray<BusValue> Body { get; init; } = [];

    /// <summary>The message as bytes.</summary>
    public byte[] Encode()
    {
        var body = new BusWriter();
        string signature = "";
        foreach (BusValue value in Body)
        {
            signature += value.Signature;
            body.Write(value);
        }

        var message = new BusWriter();
        message.Write(LittleEndian);
        message.Write((byte)Type);
        message.Write((byte)0);
        message.Write(Protocol);
        message.Write((uint)body.Length);
        message.Write(Serial);
        message.Write(new BusArray("(yv)", Fields(signature)));
        message.Align(8);
        return [.. message.Written, .. body.Written];
    }

    /// <summary>How long the message is that begins like this.</summary>
    /// <exception cref="BusFormatException">No message begins like this.</exception>
    public static int LengthOf(ReadOnlySpan<byte> prefix)
    {
        if (prefix[0] is not (LittleEndian or BigEndian) || prefix[3] != Protocol)
        {
            throw new BusFormatException("that is no message of D-Bus");
        }

        uint body = ReadWord(prefix, 4), fields = ReadWord(prefix, 12);
        ulong header = (PrefixLength + (ulong)fields + 7) & ~7ul;
        return header + body <= LongestMessage ? (int)(header + body) : throw new BusFormatException($"a message of {header + body} bytes is too long");
    }

    /// <summary>Takes a message apart.</summary>
    /// <exception cref="BusFormatException">It is malformed.</exception>
    public static BusMessage Decode(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> prefix = bytes.Span;
        if (prefix.Length < PrefixLength || LengthOf(prefix) != prefix.Length)
        {
            throw new BusFormatException("a message is not as long as it says");
        }

        var reader = new BusReader(bytes, 12, prefix[0] == BigEndian);
        var message = new BusMessage { Type = (BusMessageType)prefix[1], Serial = ReadWord(prefix, 8) };
        string signature = "";
        foreach (BusValue field in ((BusArray)reader.Read("a(yv)")).Items)
        {
            ImmutableArray<BusValue> pair = ((BusStructure)field).Members;
            BusValue value = ((BusVariant)pair[1]).Value;
            message = ((BusNumber)pair[0]).Bits switch
            {
                1 => message with { Path = value.AsText() },
                2 => message with { Interface = value.AsText() },
                3 => message with { Member = value.AsText() },
                4 => message with { ErrorName = value.AsText() },
                5 => message with { ReplySerial = value is BusNumber { Type: 'u' } number ? (uint)number.Bits : throw new BusFormatException("a reply to what?") },
                6 => message with { Destination = value.AsText() },
                8 => message with { Body = [new BusText('g', signature = value.AsText())] },
                _ => message,
            };
        }

        reader.Align(8);
        message = message with { Body = reader.ReadAll(signature) };
        return reader.AtEnd ? message : throw new BusFormatException("a message goes on after its end");
    }

    private ImmutableArray<BusValue> Fields(string signature)
    {
        var fields = ImmutableArray.CreateBuilder<BusValue>(6);
        Add(fields, 1, 'o', Path);
        Add(fields, 6, 's', Destination);
        Add(fields, 2, 's', Interface);
        Add(fields, 3, 's', Member);
        Add(fields, 4, 's', ErrorName);
        if (ReplySerial != 0)
        {
            fields.Add(Field(5, BusValue.Of(ReplySerial)));
        }

        Add(fields, 8, 'g', signature);
        return fields.ToImmutable();
    }

    private static void Add(ImmutableArray<BusValue>.Builder fields, byte code, char type, string text)
    {
        if (text.Length > 0)
        {
            fields.Add(Field(code, new BusText(type, text)));
        }
    }

    private static BusStructure Field(byte code, BusValue value) => new([new BusNumber('y', code), new BusVariant(value)]);

    private static uint ReadWord(ReadOnlySpan<byte> bytes, int at) => bytes[0] == BigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..])
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
