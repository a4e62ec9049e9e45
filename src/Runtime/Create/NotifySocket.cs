using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Passes on what a program says of itself to hull's caller, both by the protocol of sd_notify(3). The program gets a
/// socket of ours, not the caller's: what it says of processes and descriptors would mean other ones outside.
/// </summary>
internal sealed class NotifySocket : IDisposable
{
    private const string Variable = "NOTIFY_SOCKET";
    private const string DirectoryName = "notify";
    private const int LongestMessage = 65536;
    private const int BarrierMilliseconds = 30_000;

    private readonly OwnedFd _own;
    private readonly OwnedFd _caller;
    private byte[] _buffer = [];

    private NotifySocket(OwnedFd own, OwnedFd caller)
    {
        _own = own;
        _caller = caller;
    }

    /// <summary>The caller asks to be told.</summary>
    public static bool IsWanted => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Readable when the program has said something.</summary>
    public Fd Messages => _own;

    /// <summary>The directory of a container's socket, as an absolute path.</summary>
    public static string DirectoryOf(StoreRoot root, string id) => $"{Bundle.AbsolutePath(root.Path)}/{id}/{DirectoryName}";

    /// <summary>Makes the directory of a new container's socket, and the socket where the program runs at once.</summary>
    public static NotifySocket? Make(ContainerDirectory container, bool listen, Log log)
    {
        const uint OthersMayEnter = 0x1ED;
        Files.MakeDirectory(container.Fd, DirectoryName, OthersMayEnter).OrThrow($"mkdirat {container.Path}/{DirectoryName}");

        // Whatever the caller's umask is: the program may be any user.
        Files.ChangeMode(container.Fd, DirectoryName, OthersMayEnter).OrThrow($"fchmodat {container.Path}/{DirectoryName}");
        return listen ? Listen(container, log) : null;
    }

    /// <summary>Listens to a container that was made for it; null when the caller does not ask, or the container was made without.</summary>
    public static NotifySocket? OfExisting(ContainerDirectory container, Log log) =>
        IsWanted && HostFiles.Exists(container.Fd, DirectoryName) ? Listen(container, log) : null;

    /// <summary>
    /// Waits until the program is ready, or has ended, and says so together with its number: from here on it is the one to watch.
    /// </summary>
    public void AwaitReady(Fd process, int pid)
    {
        Span<PollDescriptor> polls = [new PollDescriptor(process, PollEvents.In), new PollDescriptor(_own, PollEvents.In)];
        while (true)
        {
            Processes.PollProcess(polls, timeoutMilliseconds: -1).OrThrow("ppoll");
            while (Receive() is { } said)
            {
                bool ready = said.Contains("READY=1");
                Tell([.. said, .. ready ? (string[])[string.Create(CultureInfo.InvariantCulture, $"MAINPID={pid}")] : []]);
                if (ready)
                {
                    AwaitCaller();
                    return;
                }
            }

            if (polls[0].Returned != 0)
            {
                return;
            }
        }
    }

    /// <summary>Passes on what was said meanwhile: we stay, and are the process to watch.</summary>
    public void Pass()
    {
        while (Receive() is { } said)
        {
            Tell(said);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.Dispose();
        _caller.Dispose();
    }

    /// <summary>
    /// Null, with a warning, when nothing listens at the caller's socket: a variable that was merely inherited, from a service that has ended or
    /// from another mount namespace, must not keep a container from running.
    /// </summary>
    private static NotifySocket? Listen(ContainerDirectory container, Log log)
    {
        string caller = Environment.GetEnvironmentVariable(Variable)!;
        OwnedFd outside;
        try
        {
            outside = UnixAddresses.Connect(caller, SocketType.Datagram);
        }
        catch (KernelException refused)
        {
            log.Warning(
                $"{Variable} {CallerText.Printable(caller)}: {refused.Message}; the container runs, and what it says of its readiness is not passed on");
            return null;
        }

        string name = $"{DirectoryName}/{NotifyPlanning.SocketName}";
        OwnedFd socket = Sockets.Socket(AddressFamily.Unix, SocketType.Datagram | SocketType.NonBlocking).OwnedOrThrow("socket");
        Files.Unlink(container.Fd, name);
        string address = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{container.Fd.Number}/{name}");
        Sockets.BindUnix(socket, Encoding.ASCII.GetBytes(address)).OrThrow($"bind {container.Path}/{name}");
        Files.ChangeMode(container.Fd, name, 0x1FF).OrThrow($"fchmodat {container.Path}/{name}");
        return new NotifySocket(socket, outside);
    }

    /// <summary>The lines of the next message that mean the same outside; null when there is no message.</summary>
    private List<string>? Receive()
    {
        _buffer = _buffer.Length == 0 ? new byte[LongestMessage] : _buffer;
        SyscallResult received = Sockets.Receive(_own, _buffer, MessageFlags.DontWait);
        return received.Failed ? null : Meaningful(Encoding.UTF8.GetString(_buffer, 0, (int)received.Value));
    }

    /// <summary>Without what speaks of processes, descriptors or other sockets of the container.</summary>
    internal static List<string> Meaningful(string message)
    {
        string[] inside = ["MAINPID", "MAINPIDFDID", "MAINPIDFD", "FDSTORE", "FDSTOREREMOVE", "FDNAME", "FDPOLL", "BARRIER", "BUSERROR", "NOTIFYACCESS"];
        return [.. message.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !inside.Contains(line.Split('=')[0]))];
    }

    // A caller that has gone away wants nothing any more.
    private void Tell(List<string> lines)
    {
        if (lines.Count > 0)
        {
            Sockets.Send(_caller, Encoding.UTF8.GetBytes(string.Join('\n', lines)), MessageFlags.None);
        }
    }

    /// <summary>
    /// Until it has read what we said: systemd looks up the sender of a message, and would not find us. It closes the descriptor that comes
    /// with BARRIER=1 then. sd_notify_barrier(3)
    /// </summary>
    private void AwaitCaller()
    {
        Descriptors.Pipe(out Fd read, out Fd write, default).OrThrow("pipe2");
        using var reading = new OwnedFd(read.Number);
        using (var writing = new OwnedFd(write.Number))
        {
            if (Sockets.SendDescriptors(_caller, "BARRIER=1"u8, [writing]).Failed)
            {
                return;
            }
        }

        var poll = new PollDescriptor(reading, PollEvents.In);
        Polling.PollWaiting(new Span<PollDescriptor>(ref poll), BarrierMilliseconds).OrThrow("ppoll");
    }
}
