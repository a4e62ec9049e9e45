using System.Text;

namespace Hull.Runtime;

/// <summary>
/// Writes a message of protocol buffers: variable-length integers and length-delimited values, which is all that CRIU's messages consist of.
/// protobuf.dev/programming-guides/encoding
/// </summary>
internal sealed class ProtobufWriter
{
    internal const int VariableInteger = 0, LengthDelimited = 2;

    private readonly List<byte> _bytes = [];

    /// <summary>The message so far.</summary>
    public byte[] ToBytes() => [.. _bytes];

    /// <summary>A number. A negative one takes ten bytes, as int32 fields want it.</summary>
    public void Number(int field, long value)
    {
        Varint(((ulong)field << 3) | VariableInteger);
        Varint((ulong)value);
    }

    /// <summary>A truth; one that is false is left out, as every truth in CRIU's messages is false by default.</summary>
    public void Flag(int field, bool value)
    {
        if (value)
        {
            Number(field, 1);
        }
    }

    /// <summary>A text; null is left out.</summary>
    public void Text(int field, string? value)
    {
        if (value is not null)
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>A message inside this one.</summary>
    public void Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Bytes(field, inner.ToBytes());
    }

    /// <summary>A message inside this one that is two texts, in the fields 1 and 2.</summary>
    public void Pair(int field, string first, string second) => Message(field, pair =>
    {
        pair.Text(1, first);
        pair.Text(2, second);
    });

    /// <summary>Bytes with their length.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | LengthDelimited);
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
