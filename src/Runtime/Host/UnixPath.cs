using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime.Host;

/// <summary>Connecting to a socket in the file system, however long its path is.</summary>
internal static class UnixPath
{
    /// <summary>A unix address holds 107 bytes, a path more: then its directory is opened, and the address goes through that descriptor.</summary>
    public static SyscallResult Connect(Fd socket, string path)
    {
        SyscallResult connected = Sockets.ConnectUnix(socket, Encoding.UTF8.GetBytes(path));
        if (connected.Errno != Errno.ENAMETOOLONG)
        {
            return connected;
        }

        int slash = path.LastIndexOf('/');
        using OwnedFd directory = HostFiles.OpenDirectory(Fd.CurrentDirectory, slash < 0 ? "." : path[..(slash + 1)]);
        string address = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.Fd.Number}/{path[(slash + 1)..]}");
        return Sockets.ConnectUnix(socket, Encoding.UTF8.GetBytes(address));
    }
}
