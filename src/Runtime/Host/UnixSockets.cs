using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime.Host;

/// <summary>Sockets that somebody else listens on, by the names that callers give.</summary>
internal static class UnixSockets
{
    /// <summary>
    /// Connects to a stream socket: at a path of any length, relative to the current directory, or with <c>@name</c> to a name outside of
    /// the file system, as Go's programs write it. unix(7)
    /// </summary>
    public static OwnedFd Connect(string path)
    {
        OwnedFd socket = Sockets.Socket(AddressFamily.Unix, SocketType.Stream).OwnedOrThrow("socket");
        try
        {
            byte[] address = Encoding.UTF8.GetBytes(path);
            if (address is [(byte)'@', ..])
            {
                address[0] = 0;
            }

            SyscallResult connected = Sockets.ConnectUnix(socket, address);
            if (connected.Errno == Errno.ENAMETOOLONG && address[0] != 0)
            {
                connected = ConnectThroughDirectory(socket, path);
            }

            connected.OrThrow("connect");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A unix address holds 107 bytes, a path more: the directory is opened, and the address goes through its descriptor.</summary>
    private static SyscallResult ConnectThroughDirectory(Fd socket, string path)
    {
        int slash = path.LastIndexOf('/');
        using OwnedFd directory = HostFiles.OpenDirectory(Fd.CurrentDirectory, slash < 0 ? "." : path[..(slash + 1)]);
        string address = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.Fd.Number}/{path[(slash + 1)..]}");
        return Sockets.ConnectUnix(socket, Encoding.UTF8.GetBytes(address));
    }
}
