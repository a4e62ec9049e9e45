using System.Buffers.Binary;
using System.Text;

namespace Hull.Runtime;

/// <summary>Values as bytes, the low byte first. D-Bus specification, "Marshalling"</summary>
internal sealed class BusWriter
{
    private const int LongestArray = 1 << 26;

    private byte[] _bytes = new byte[1024];

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Adds zeros up to a multiple.</summary>
    public void Align(int multiple) => Take((multiple - (Length % multiple)) % multiple);

    public void Write(byte value) => Take(1)[0] = value;

    public void Write(uint value)
    {
        Align(4);
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
    }

    /// <summary>Adds a value with the alignment that its type asks for.</summary>
    public void Write(BusValue value)
    {
        switch (value)
        {
            case BusNumber number: Write(number); break;
            case BusText text: Write(text); break;
            case BusArray array: Write(array); break;
            case BusStructure structure: WriteAligned(structure.Members.AsSpan()); break;
            case BusEntry entry: WriteAligned([entry.Key, entry.Value]); break;
            case BusVariant variant:
                WriteSignature(variant.Value.Signature);
                Write(variant.Value);
                break;
            default: throw new ArgumentException(value.Signature);
        }
    }

    private void Write(BusNumber number)
    {
        switch (number.Type)
        {
            case 'y':
                Write((byte)number.Bits);
                break;
            case 'n' or 'q':
                Align(2);
                BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)number.Bits);
                break;
            case 'x' or 't' or 'd':
                Align(8);
                BinaryPrimitives.WriteUInt64LittleEndian(Take(8), number.Bits);
                break;
            default:
                Write((uint)number.Bits);
                break;
        }
    }

    private void Write(BusText text)
    {
        if (text.Type == 'g')
        {
            WriteSignature(text.Value);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(text.Value);
        Write((uint)length);
        Encoding.UTF8.GetBytes(text.Value, Take(length));
        Write((byte)0);
    }

    private void WriteSignature(string signature)
    {
        Write(checked((byte)signature.Length));
        Encoding.ASCII.GetBytes(signature, Take(signature.Length));
        Write((byte)0);
    }

    private void Write(BusArray array)
    {
        Write(0u);
        int lengthAt = Length - 4;

        // The gap before the first element is there even without one, and is not counted.
        Align(BusSignature.AlignmentOf(array.ElementSignature[0]));
        int start = Length;
        foreach (BusValue item in array.Items)
        {
            Write(item);
        }

        int length = Length - start;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LongestArray);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(lengthAt), (uint)length);
    }

    private void WriteAligned(ReadOnlySpan<BusValue> members)
    {
        Align(8);
        foreach (BusValue member in members)
        {
            Write(member);
        }
    }

    private Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        Span<byte> taken = _bytes.AsSpan(Length, count);
        taken.Clear();
        Length += count;
        return taken;
    }
}
