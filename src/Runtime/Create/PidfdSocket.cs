using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Whoever wants a pidfd of the new process (<c>--pidfd-socket</c>): its pid could be another process's by the time it is used.</summary>
internal sealed class PidfdSocket : IDisposable
{
    private OwnedFd? _socket;

    /// <summary>Connects to the socket, before anything is made.</summary>
    public void Connect(string path) => _socket = UnixAddresses.Connect(path);

    /// <summary>Sends the descriptor, and is done.</summary>
    /// <param name="kind">What comes with it: runc's word for the way in which the process was made.</param>
    public void Send(string kind, OwnedFd process)
    {
        Sockets.SendDescriptors(_socket!, Encoding.ASCII.GetBytes(kind), [process.Fd]).OrThrow("sendmsg");
        Dispose();
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
