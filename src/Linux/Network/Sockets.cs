namespace Hull.Linux;

/// <summary>Sockets, almost all of them unix sockets.</summary>
public static unsafe partial class Sockets
{
    /// <summary>
    /// <c>socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, {a, b})</c>: two sockets connected to each other. socketpair(2)
    /// </summary>
    public static SyscallResult Pair(out Fd a, out Fd b, SocketType type)
    {
        DescriptorPair pair;
        var result = Kernel.Call(
            SyscallNumber.socketpair, (nint)AddressFamily.Unix, (nint)(type | SocketType.CloseOnExec), 0, (nint)(&pair));
        a = result.Failed ? Fd.None : new Fd(pair.First);
        b = result.Failed ? Fd.None : new Fd(pair.Second);
        return result;
    }

    /// <summary><c>socket(family, type | SOCK_CLOEXEC, protocol)</c>: a socket. socket(2)</summary>
    public static SyscallResult Socket(AddressFamily family, SocketType type, int protocol = 0) =>
        Kernel.Call(SyscallNumber.socket, (nint)family, (nint)(type | SocketType.CloseOnExec), protocol);

    /// <summary>
    /// <c>bind(socket, {AF_UNIX, path}, length)</c>: make a file that others connect to. At most 107 bytes (ENAMETOOLONG): for a longer
    /// path open its directory and pass <c>/proc/self/fd/N/name</c>. bind(2), unix(7)
    /// </summary>
    public static SyscallResult BindUnix(Fd socket, ReadOnlySpan<byte> path)
    {
        UnixAddress address;
        var length = FillAddress(&address, path);
        return length < 0
            ? SyscallResult.Failure(Errno.ENAMETOOLONG)
            : Kernel.Call(SyscallNumber.bind, socket.Number, (nint)(&address), length);
    }

    /// <summary><c>listen(socket, backlog)</c>: let others connect. listen(2)</summary>
    public static SyscallResult ListenUnix(Fd socket, int backlog = 128) => Kernel.Call(SyscallNumber.listen, socket.Number, backlog);

    /// <summary>
    /// <c>connect(socket, {AF_UNIX, path}, length)</c>: connect to a listening socket. The same limit as <see cref="BindUnix"/>; a path
    /// that begins with a zero byte is a name outside the file system. connect(2), unix(7)
    /// </summary>
    public static SyscallResult ConnectUnix(Fd socket, ReadOnlySpan<byte> path)
    {
        UnixAddress address;
        var length = FillAddress(&address, path);
        return length < 0
            ? SyscallResult.Failure(Errno.ENAMETOOLONG)
            : Kernel.Call(SyscallNumber.connect, socket.Number, (nint)(&address), length);
    }

    /// <summary>
    /// <c>accept4(socket, NULL, NULL, SOCK_CLOEXEC)</c>: the next connection. For a container process: EINTR is visible. accept(2)
    /// </summary>
    public static SyscallResult Accept(Fd socket) =>
        Kernel.Call(SyscallNumber.accept4, socket.Number, 0, 0, (nint)SocketType.CloseOnExec);

    /// <summary><c>sendto(socket, data, length, flags | MSG_NOSIGNAL, NULL, 0)</c>: send; never a SIGPIPE. send(2)</summary>
    public static SyscallResult Send(Fd socket, ReadOnlySpan<byte> data, MessageFlags flags)
    {
        fixed (byte* bytes = data)
        {
            return Kernel.Call(SyscallNumber.sendto, socket.Number, (nint)bytes, data.Length, (nint)(flags | MessageFlags.NoSignal));
        }
    }

    /// <summary>
    /// <c>recvfrom(socket, data, length, flags, NULL, NULL)</c>: receive; 0 is the end. With <see cref="MessageFlags.Truncated"/> the
    /// result is the length of the whole message even when it did not fit. For a container process: EINTR is visible. recv(2)
    /// </summary>
    public static SyscallResult Receive(Fd socket, Span<byte> data, MessageFlags flags)
    {
        fixed (byte* bytes = data)
        {
            return Kernel.Call(SyscallNumber.recvfrom, socket.Number, (nint)bytes, data.Length, (nint)flags);
        }
    }

    /// <summary>The same for the host side: EINTR is retried. recv(2)</summary>
    public static SyscallResult ReceiveWaiting(Fd socket, Span<byte> data, MessageFlags flags)
    {
        fixed (byte* bytes = data)
        {
            return Kernel.Wait(SyscallNumber.recvfrom, socket.Number, (nint)bytes, data.Length, (nint)flags);
        }
    }

    private static int FillAddress(UnixAddress* address, ReadOnlySpan<byte> path)
    {
        // A full sun_path without a final zero is legal, but getsockname(2) then returns more than a sockaddr_un.
        if (path.Length >= UnixAddress.PathCapacity)
        {
            return -1;
        }

        address->Family = (ushort)AddressFamily.Unix;
        for (var i = 0; i < path.Length; i++)
        {
            address->Path[i] = path[i];
        }

        address->Path[path.Length] = 0;
        // A name outside the file system is exactly as long as it is said to be; a path ends in a zero byte.
        var isAbstract = path.Length > 0 && path[0] == 0;
        return sizeof(ushort) + path.Length + (isAbstract ? 0 : 1);
    }
}
