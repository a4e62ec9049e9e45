using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Hull.Linux;

/// <summary>A network interface.</summary>
/// <param name="Index">Its number in its network namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsUp">It is switched on.</param>
public sealed record NetworkInterface(int Index, string Name, bool IsUp);

/// <summary>An address of an interface.</summary>
/// <param name="Family">AF_INET, AF_INET6 or another.</param>
/// <param name="PrefixLength">Bits of the network.</param>
/// <param name="Scope">How far it reaches.</param>
/// <param name="Flags">What is special about it.</param>
/// <param name="Label">Its own name; null for the interface's.</param>
/// <param name="Attributes">The rest, as the kernel told it: addresses, lifetimes, metric.</param>
public sealed record InterfaceAddress(
    byte Family, byte PrefixLength, AddressScope Scope, AddressFlags Flags, string? Label, ImmutableArray<(ushort Type, byte[] Value)> Attributes);

/// <summary>Questions and orders about the interfaces of one network namespace, the one that the socket was opened in. rtnetlink(7)</summary>
public sealed class RouteSocket : IDisposable
{
    private const int RouteProtocol = 0;
    private const int BufferLength = 128 * 1024;

    private readonly OwnedFd _socket;
    private readonly byte[] _buffer = new byte[BufferLength];
    private uint _sequence;

    private RouteSocket(OwnedFd socket) => _socket = socket;

    /// <summary>Opens one in this thread's network namespace.</summary>
    public static RouteSocket Open() =>
        new(Sockets.Socket(AddressFamily.Netlink, SocketType.Raw, RouteProtocol).OwnedOrThrow("socket AF_NETLINK"));

    /// <summary>Opens one in another network namespace, which this thread enters for the moment.</summary>
    /// <param name="networkNamespace">That one.</param>
    /// <param name="own">The one that this thread is in, to come back to.</param>
    public static RouteSocket OpenIn(Fd networkNamespace, Fd own)
    {
        Namespaces.Enter(networkNamespace, NamespaceKinds.Network).OrThrow("setns net");
        try
        {
            return Open();
        }
        finally
        {
            Namespaces.Enter(own, NamespaceKinds.Network).OrThrow("setns back to the own network namespace");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>The interface of that name, or null.</summary>
    public NetworkInterface? Find(string name)
    {
        NetlinkMessage request = NetlinkMessage.Of(NetlinkType.GetLink, NetlinkFlags.Acknowledge, default(LinkMessage));
        request.Add(LinkAttribute.Name, name);
        List<byte[]> answers = Ask(request, out Errno errno);
        if (errno == Errno.ENODEV)
        {
            return null;
        }

        Check(errno, $"RTM_GETLINK {name}");
        return InterfaceOf(answers[0]);
    }

    /// <summary>All interfaces.</summary>
    public IReadOnlyList<NetworkInterface> List()
    {
        List<byte[]> answers = Ask(NetlinkMessage.Of(NetlinkType.GetLink, NetlinkFlags.Dump, default(LinkMessage)), out Errno errno);
        Check(errno, "RTM_GETLINK");
        return answers.ConvertAll(InterfaceOf);
    }

    /// <summary>The addresses of an interface.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses(int index)
    {
        List<byte[]> answers = Ask(NetlinkMessage.Of(NetlinkType.GetAddress, NetlinkFlags.Dump, default(AddressMessage)), out Errno errno);
        Check(errno, "RTM_GETADDR");
        return [.. answers.Where(answer => MemoryMarshal.Read<AddressMessage>(answer).Index == (uint)index).Select(AddressOf)];
    }

    /// <summary>Moves an interface to another network namespace, under a name; <c>%d</c> in it is a number that the kernel chooses there.</summary>
    public void Move(int index, Fd networkNamespace, string name)
    {
        LinkMessage body = default;
        body.Index = index;
        NetlinkMessage request = NetlinkMessage.Of(NetlinkType.NewLink, NetlinkFlags.Acknowledge, body);
        request.Add((ushort)LinkAttribute.NetworkNamespace, BitConverter.GetBytes(networkNamespace.Number));
        request.Add(LinkAttribute.Name, name);
        Order(request, $"RTM_NEWLINK {name}");
    }

    /// <summary>Switches an interface on.</summary>
    public void SetUp(int index)
    {
        LinkMessage body = default;
        body.Index = index;
        body.Flags = (uint)InterfaceFlags.Up;
        body.Change = (uint)InterfaceFlags.Up;
        Order(NetlinkMessage.Of(NetlinkType.NewLink, NetlinkFlags.Acknowledge, body), "RTM_NEWLINK up");
    }

    /// <summary>Gives an interface an address; one that it has already is changed.</summary>
    public void AddAddress(int index, InterfaceAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        AddressMessage body = default;
        body.Family = address.Family;
        body.PrefixLength = address.PrefixLength;
        body.Scope = address.Scope;
        body.Flags = (byte)address.Flags;
        body.Index = (uint)index;
        NetlinkMessage request = NetlinkMessage.Of(
            NetlinkType.NewAddress, NetlinkFlags.Acknowledge | NetlinkFlags.Create | NetlinkFlags.Replace, body);
        foreach ((ushort type, byte[] value) in address.Attributes)
        {
            request.Add(type, value);
        }

        request.Add((ushort)AddressAttribute.Flags, BitConverter.GetBytes((uint)address.Flags));
        if (address.Label is { } label)
        {
            request.Add((ushort)AddressAttribute.Label, [.. Encoding.UTF8.GetBytes(label), 0]);
        }

        Order(request, "RTM_NEWADDR");
    }

    private void Order(NetlinkMessage request, string what)
    {
        Ask(request, out Errno errno);
        Check(errno, what);
    }

    private static void Check(Errno errno, string what)
    {
        if (errno != Errno.None)
        {
            throw new KernelException(what, errno);
        }
    }

    /// <summary>Sends a request and collects the bodies of all answers until the one that ends it.</summary>
    private List<byte[]> Ask(NetlinkMessage request, out Errno errno)
    {
        _sequence++;
        Sockets.Send(_socket, request.Finish(_sequence), MessageFlags.None).OrThrow("send to rtnetlink");
        var answers = new List<byte[]>();
        while (true)
        {
            int length = (int)Sockets.ReceiveWaiting(_socket, _buffer, MessageFlags.Truncated).OrThrow("receive from rtnetlink");
            if (length > _buffer.Length)
            {
                throw new KernelException("receive from rtnetlink", Errno.EMSGSIZE);
            }

            ReadOnlySpan<byte> rest = _buffer.AsSpan(0, length);
            while (rest.Length >= Unsafe.SizeOf<NetlinkHeader>())
            {
                NetlinkHeader header = MemoryMarshal.Read<NetlinkHeader>(rest);
                ReadOnlySpan<byte> body = rest[Unsafe.SizeOf<NetlinkHeader>()..(int)header.Length];
                rest = rest[Math.Min(rest.Length, Aligned((int)header.Length))..];
                if (header.Sequence != _sequence)
                {
                    continue;
                }

                if (header.Type is NetlinkType.Error or NetlinkType.Done)
                {
                    errno = (Errno)(-(body.Length >= sizeof(int) ? MemoryMarshal.Read<int>(body) : 0));
                    return answers;
                }

                answers.Add(body.ToArray());
            }
        }
    }

    private static NetworkInterface InterfaceOf(byte[] body)
    {
        LinkMessage message = MemoryMarshal.Read<LinkMessage>(body);
        byte[] name = AttributesOf(body, Unsafe.SizeOf<LinkMessage>()).First(attribute => attribute.Type == (ushort)LinkAttribute.Name).Value;
        return new NetworkInterface(message.Index, TextOf(name), (message.Flags & (uint)InterfaceFlags.Up) != 0);
    }

    private static InterfaceAddress AddressOf(byte[] body)
    {
        AddressMessage message = MemoryMarshal.Read<AddressMessage>(body);
        var flags = (AddressFlags)message.Flags;
        string? label = null;
        var kept = ImmutableArray.CreateBuilder<(ushort, byte[])>();
        foreach ((ushort type, byte[] value) in AttributesOf(body, Unsafe.SizeOf<AddressMessage>()))
        {
            switch ((AddressAttribute)type)
            {
                case AddressAttribute.Flags: flags = (AddressFlags)BitConverter.ToUInt32(value); break;
                case AddressAttribute.Label: label = TextOf(value); break;
                case AddressAttribute.Address or AddressAttribute.Local or AddressAttribute.Broadcast or AddressAttribute.Lifetimes
                    or AddressAttribute.RoutePriority or AddressAttribute.Protocol:
                    kept.Add((type, value));
                    break;
            }
        }

        return new InterfaceAddress(message.Family, message.PrefixLength, message.Scope, flags, label, kept.ToImmutable());
    }

    private static List<(ushort Type, byte[] Value)> AttributesOf(ReadOnlySpan<byte> body, int from)
    {
        var attributes = new List<(ushort, byte[])>();
        ReadOnlySpan<byte> rest = body[Aligned(from)..];
        while (rest.Length >= Unsafe.SizeOf<AttributeHeader>())
        {
            AttributeHeader header = MemoryMarshal.Read<AttributeHeader>(rest);
            if (header.Length < Unsafe.SizeOf<AttributeHeader>() || header.Length > rest.Length)
            {
                break;
            }

            attributes.Add((header.Type, rest[Unsafe.SizeOf<AttributeHeader>()..header.Length].ToArray()));
            rest = rest[Math.Min(rest.Length, Aligned(header.Length))..];
        }

        return attributes;
    }

    private static int Aligned(int length) => (length + 3) & ~3;

    private static string TextOf(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.TrimEnd((byte)0));
}
