using System.Globalization;
using System.Text;

namespace Hull.Linux;

/// <summary>Addresses of UNIX sockets: a path, or <c>@name</c> for a name outside of the file system. unix(7)</summary>
public static class UnixAddresses
{
    /// <summary>Connects to it.</summary>
    public static OwnedFd Connect(string path, SocketType type = SocketType.Stream)
    {
        OwnedFd socket = Sockets.Socket(AddressFamily.Unix, type).OwnedOrThrow("socket");
        try
        {
            Connect(socket, path).OrThrow("connect");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects a socket to it.</summary>
    public static SyscallResult Connect(Fd socket, string path)
    {
        SyscallResult connected = Sockets.ConnectUnix(socket, Address(path));
        return connected.Errno == Errno.ENAMETOOLONG && path[0] != '@' ? ConnectThroughDirectory(socket, path) : connected;
    }

    /// <summary>The bytes that the kernel wants: a name outside of the file system begins with a zero byte there, and with @ among people.</summary>
    public static byte[] Address(string path) =>
        Encoding.UTF8.GetBytes(path.Length > 0 && path[0] == '@' ? string.Concat("\0", path.AsSpan(1)) : path);

    /// <summary>A unix address holds 107 bytes, a path more: the directory is opened, and the address goes through its descriptor.</summary>
    private static SyscallResult ConnectThroughDirectory(Fd socket, string path)
    {
        int slash = path.LastIndexOf('/');
        using OwnedFd directory = HostFiles.OpenDirectory(Fd.CurrentDirectory, slash < 0 ? "." : path[..(slash + 1)]);
        string address = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.Fd.Number}/{path[(slash + 1)..]}");
        return Sockets.ConnectUnix(socket, Encoding.UTF8.GetBytes(address));
    }
}
