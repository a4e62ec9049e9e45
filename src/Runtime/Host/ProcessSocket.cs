using System.Text;
using Hull.Linux;

namespace Hull.Runtime.Host;

/// <summary>A socket of the caller's, which gets a pidfd: with it nobody else can be hit, whatever becomes of the number.</summary>
internal sealed class ProcessSocket : IDisposable
{
    private OwnedFd? _socket;

    /// <summary>Connects to it.</summary>
    public void Connect(string path) => _socket = UnixAddresses.Connect(path);

    /// <summary>Sends the pidfd, with the word that runc sends along: <c>standard</c> for a container's first process, <c>setns</c> for exec's.</summary>
    public void Send(Fd process, string kind)
    {
        Sockets.SendDescriptors(_socket!, Encoding.ASCII.GetBytes(kind), [process]).OrThrow("sendmsg");
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
