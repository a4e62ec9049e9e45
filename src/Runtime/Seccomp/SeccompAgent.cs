using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A connection to the seccomp agent of a container: for one state and one listener, then closed (SECL-02).</summary>
internal sealed class SeccompAgent : IDisposable
{
    private readonly OwnedFd _socket;
    private readonly SeccompListener _listener;

    private SeccompAgent(OwnedFd socket, SeccompListener listener)
    {
        _socket = socket;
        _listener = listener;
    }

    /// <summary>
    /// Makes sure that an agent listens, without its notice. A stream listener refuses a caller of another kind, and says so before it hears
    /// of it; a socket without a listener refuses every connection.
    /// </summary>
    /// <exception cref="KernelException">No process does.</exception>
    public static void Find(string path)
    {
        using OwnedFd socket = Sockets.Socket(AddressFamily.Unix, SocketType.SequencedPacket).OwnedOrThrow("socket");
        SyscallResult connected = UnixAddresses.Connect(socket, path);
        if (!connected.Failed)
        {
            throw new KernelException("connect", Errno.EPROTOTYPE);
        }

        if (connected.Errno != Errno.EPROTOTYPE)
        {
            connected.OrThrow("connect");
        }
    }

    /// <summary>Connects to it.</summary>
    /// <exception cref="KernelException">No process listens.</exception>
    public static SeccompAgent Connect(SeccompListener listener) => new(UnixAddresses.Connect(listener.Path), listener);

    /// <summary>The agent of a container that is about to start; null when its filter notifies nothing, as that of most.</summary>
    /// <param name="config">The container's private copy of its configuration.</param>
    /// <exception cref="RuntimeError">No process listens any more.</exception>
    public static SeccompAgent? OfStart(ContainerRecord record, byte[]? config)
    {
        if (!record.AsksAgent || config is null
            || SeccompPlanning.ListenerOf(ConfigDocument.Parse(config).Value?.Linux?.Seccomp, record.Bundle) is not { } listener)
        {
            return null;
        }

        try
        {
            return Connect(listener);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"connect to the seccomp agent on {listener.Path}", failure.Errno)
            {
                Property = "linux.seccomp.listenerPath",
                Hint = HintFor(failure.Errno),
            };
        }
    }

    /// <summary>What to do when no agent can be reached; null where that cannot be said.</summary>
    public static string? HintFor(Errno errno) => errno is Errno.ENOENT or Errno.ECONNREFUSED or Errno.EPROTOTYPE
        ? "a seccomp agent must listen there on a UNIX stream socket"
        : null;

    /// <summary>Hands the listener over, with the state of its process (SECL-03).</summary>
    /// <param name="descriptor">The listener.</param>
    /// <param name="record">The container.</param>
    /// <param name="pid">The process whose calls will come.</param>
    /// <param name="status">Of the container: creating for its first process, running for another one (SECL-06).</param>
    /// <exception cref="KernelException">The agent has gone.</exception>
    public void Send(Fd descriptor, ContainerRecord record, int pid, ContainerStatus status)
    {
        ReadOnlySpan<byte> rest = Json.Write(new ContainerProcessState
        {
            OciVersion = record.OciVersion,
            Fds = ["seccompFd"],
            Pid = pid,
            Metadata = string.IsNullOrEmpty(_listener.Metadata) ? null : _listener.Metadata,
            State = HookState.StateOf(record, status, pid),
        });
        rest = rest[(int)Sockets.SendDescriptors(_socket, rest, [descriptor]).OrThrow("sendmsg")..];
        while (!rest.IsEmpty)
        {
            rest = rest[(int)Sockets.Send(_socket, rest, MessageFlags.NoSignal).OrThrow("sendto")..];
        }
    }

    public void Dispose() => _socket.Dispose();
}
