using System.Text;

namespace Hull.Runtime;

/// <summary>
/// Reads a message of protocol buffers, field by field. Fields that the caller does not know are passed over: newer versions of CRIU add some.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int Fixed64 = 1, Fixed32 = 5, LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = message;
    private ReadOnlySpan<byte> _value;
    private ulong _number;

    /// <summary>The number of the field that <see cref="Next"/> has found.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The message is cut off, or is none.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = Varint();
        Field = (int)(key >> 3);
        _value = default;
        _number = 0;
        switch ((int)(key & 7))
        {
            case ProtobufWriter.VariableInteger: _number = Varint(); break;
            case ProtobufWriter.LengthDelimited: _value = Take(Varint()); break;
            case Fixed64: Take(sizeof(ulong)); break;
            case Fixed32: Take(sizeof(uint)); break;
            case var other: throw new InvalidDataException($"field {Field} is of the unknown wire type {other}");
        }

        return true;
    }

    /// <summary>The field as a number.</summary>
    public readonly long Number => (long)_number;

    /// <summary>The field as a 32-bit number; a negative one comes with the sign in all ten bytes.</summary>
    public readonly int Int32 => (int)_number;

    /// <summary>The field as a truth.</summary>
    public readonly bool Flag => _number != 0;

    /// <summary>The field as a text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(_value);

    /// <summary>The field as a message inside this one.</summary>
    public readonly ReadOnlySpan<byte> Message => _value;

    private ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < LongestVarint; i++)
        {
            byte part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number is longer than ten bytes");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new InvalidDataException("the message is cut off");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
