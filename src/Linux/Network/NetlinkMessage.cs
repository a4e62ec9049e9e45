using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hull.Linux;

/// <summary>A request to the kernel's routing, as it is put together: header, fixed part, attributes, all on 4-byte boundaries.</summary>
internal sealed class NetlinkMessage
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private NetlinkHeader _header;

    private NetlinkMessage(NetlinkType type, NetlinkFlags flags)
    {
        _header.Type = type;
        _header.Flags = flags | NetlinkFlags.Request;
    }

    /// <summary>A request with its fixed part.</summary>
    internal static NetlinkMessage Of<T>(NetlinkType type, NetlinkFlags flags, T body)
        where T : unmanaged
    {
        var message = new NetlinkMessage(type, flags);
        message.Append(default(NetlinkHeader));
        message.Append(body);
        return message;
    }

    /// <summary>One more attribute.</summary>
    internal void Add(ushort type, ReadOnlySpan<byte> value)
    {
        AttributeHeader header;
        header.Length = checked((ushort)(Unsafe.SizeOf<AttributeHeader>() + value.Length));
        header.Type = type;
        Append(header);
        int aligned = (value.Length + 3) & ~3;
        Span<byte> space = _bytes.GetSpan(aligned);
        space[..aligned].Clear();
        value.CopyTo(space);
        _bytes.Advance(aligned);
    }

    /// <summary>One more attribute that is a text, with its final zero.</summary>
    internal void Add(LinkAttribute type, string text) => Add((ushort)type, [.. System.Text.Encoding.UTF8.GetBytes(text), 0]);

    /// <summary>The whole, numbered.</summary>
    internal byte[] Finish(uint sequence)
    {
        byte[] bytes = _bytes.WrittenSpan.ToArray();
        _header.Length = (uint)bytes.Length;
        _header.Sequence = sequence;
        MemoryMarshal.Write(bytes, in _header);
        return bytes;
    }

    private void Append<T>(T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(_bytes.GetSpan(Unsafe.SizeOf<T>()), in value);
        _bytes.Advance(Unsafe.SizeOf<T>());
    }
}
