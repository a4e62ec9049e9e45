using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// What holds a container between <c>create</c> and <c>start</c>: a socket in the container's directory on which the container process listens until it
/// becomes its program. So whether a container is created or already running is a fact of the kernel, not of a file: execve closes the
/// socket, and so does death.
/// </summary>
internal static class StartSocket
{
    private const string Name = "start";

    /// <summary>Makes the listening socket, for the container process to keep.</summary>
    public static OwnedFd Open(ContainerDirectory directory)
    {
        OwnedFd socket = Sockets.Socket(AddressFamily.Unix, SocketType.SequencedPacket).OwnedOrThrow("socket");
        Sockets.BindUnix(socket, Address(directory)).OrThrow($"bind {directory.Path}/{Name}");
        Sockets.ListenUnix(socket).OrThrow($"listen {directory.Path}/{Name}");
        return socket;
    }

    /// <summary>
    /// For <c>start</c>: the connection on which the container process will report. Null when no process listens there any more.
    /// </summary>
    public static OwnedFd? Connect(ContainerDirectory directory)
    {
        OwnedFd socket = Sockets.Socket(AddressFamily.Unix, SocketType.SequencedPacket).OwnedOrThrow("socket");
        SyscallResult connected = Sockets.ConnectUnix(socket, Address(directory));
        if (!connected.Failed)
        {
            return socket;
        }

        socket.Dispose();
        return IsClosed(connected.Errno) ? null : throw new KernelException($"connect {directory.Path}/{Name}", connected.Errno);
    }

    /// <summary>
    /// No process listens there any more. A container process that does sees this as a connection that ends without a message, and
    /// goes on waiting.
    /// </summary>
    public static bool IsClosed(ContainerDirectory directory)
    {
        using OwnedFd socket = Sockets.Socket(AddressFamily.Unix, SocketType.SequencedPacket | SocketType.NonBlocking).OwnedOrThrow("socket");
        SyscallResult connected = Sockets.ConnectUnix(socket, Address(directory));

        // EAGAIN: the queue of connections is full, so a process listens, which may be frozen.
        if (!connected.Failed || connected.Errno == Errno.EAGAIN)
        {
            return false;
        }

        return IsClosed(connected.Errno) ? true : throw new KernelException($"connect {directory.Path}/{Name}", connected.Errno);
    }

    private static bool IsClosed(Errno errno) => errno is Errno.ECONNREFUSED or Errno.ENOENT;

    // Short whatever the path of the store is: a unix address holds 107 bytes.
    private static byte[] Address(ContainerDirectory directory) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.Fd.Number}/{Name}"));
}
