namespace Hull.Linux;

/// <summary>Questions and orders to a network interface. netdevice(7), linux/sockios.h</summary>
internal enum InterfaceRequest : uint
{
    /// <summary><c>SIOCGIFFLAGS</c></summary>
    GetFlags = 0x8913,
    /// <summary><c>SIOCSIFFLAGS</c></summary>
    SetFlags = 0x8914,
}

/// <summary>The state of a network interface. netdevice(7), linux/if.h</summary>
[Flags]
public enum InterfaceFlags : short
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>IFF_UP</c></summary>
    Up = 0x1,
    /// <summary><c>IFF_LOOPBACK</c></summary>
    Loopback = 0x8,
    /// <summary><c>IFF_RUNNING</c></summary>
    Running = 0x40,
}

/// <summary><c>struct ifreq</c>. netdevice(7), linux/if.h</summary>
internal unsafe struct InterfaceQuery
{
    /// <summary><c>ifr_name</c></summary>
    internal fixed byte Name[16];

    /// <summary><c>ifr_flags</c></summary>
    internal InterfaceFlags Flags;

    private readonly ushort _padding;
    private readonly uint _rest0;
    private readonly ulong _rest1, _rest2;
}

/// <summary>The network, as far as a runtime touches it.</summary>
public static unsafe class Network
{
    /// <summary>
    /// <c>ioctl(socket, SIOCSIFFLAGS, {"lo", flags | IFF_UP})</c>: switch on the loopback interface of a new network namespace; the
    /// kernel then gives it its addresses. netdevice(7)
    /// </summary>
    public static SyscallResult BringUpLoopback()
    {
        var opened = Sockets.Socket(AddressFamily.Internet, SocketType.Datagram);
        if (opened.Failed)
        {
            return opened;
        }

        InterfaceQuery query = default;
        query.Name[0] = (byte)'l';
        query.Name[1] = (byte)'o';
        var result = Descriptors.Control(opened.Fd, (uint)InterfaceRequest.GetFlags, (nint)(&query));
        if (!result.Failed)
        {
            query.Flags |= InterfaceFlags.Up;
            result = Descriptors.Control(opened.Fd, (uint)InterfaceRequest.SetFlags, (nint)(&query));
        }

        Files.Close(opened.Fd);
        return result;
    }
}
