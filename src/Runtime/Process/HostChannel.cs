using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The host's end of the channel to a process that carries out operations.</summary>
internal sealed class HostChannel : IDisposable
{
    private readonly OwnedFd _host;
    private OwnedFd? _child;
    private bool _unread;

    /// <summary>Makes both ends and puts them where the process will find them.</summary>
    public HostChannel(Slots slots)
    {
        Sockets.Pair(out Fd host, out Fd child, SocketType.SequencedPacket).OrThrow("socketpair");
        _host = new OwnedFd(host.Number);
        _child = new OwnedFd(child.Number);
        slots[Slot.HostChannel] = host;
        slots[Slot.Channel] = child;
    }

    /// <summary>A channel over a connection that exists: that of <c>start</c>.</summary>
    public HostChannel(OwnedFd connection) => _host = connection;

    /// <summary>Closes our copy of the process's end: without it end-of-file would never come.</summary>
    public void CloseFarEnd()
    {
        _child?.Dispose();
        _child = null;
    }

    /// <summary>Says that a checkpoint is reached. A process that is gone is noticed when it is waited for.</summary>
    /// <exception cref="KernelException">It was not told, and lives: both would wait for each other for ever.</exception>
    public void Tell(Checkpoint checkpoint)
    {
        SyscallResult sent = Report.OfCheckpoint(checkpoint).Send(_host);
        if (sent.Failed && sent.Errno is not (Errno.EPIPE or Errno.ECONNRESET))
        {
            sent.OrThrow("sendto the container process");
        }
    }

    /// <summary>Says that the program may run. False when the process has closed its end.</summary>
    /// <exception cref="KernelException">It was not told.</exception>
    public bool TellGo()
    {
        SyscallResult sent = Report.Go.Send(_host);
        return sent.Errno is not (Errno.EPIPE or Errno.ECONNRESET) && sent.OrThrow("sendto the container process") > 0;
    }

    /// <summary>Waits for something to receive, or for the end; false when nothing came in that time.</summary>
    public bool Wait(int milliseconds)
    {
        var poll = new PollDescriptor(_host, PollEvents.In);
        return Polling.PollWaiting(new Span<PollDescriptor>(ref poll), milliseconds).OrThrow("ppoll") != 0;
    }

    /// <summary>Waits for something to receive, for the end, or until the other descriptor is readable.</summary>
    public void WaitUnless(Fd other)
    {
        Span<PollDescriptor> polls = [new PollDescriptor(_host, PollEvents.In), new PollDescriptor(other, PollEvents.In)];
        Polling.PollWaiting(polls, -1).OrThrow("ppoll");
    }

    /// <summary>The next message; null when the process has closed its end, by execve or by dying.</summary>
    /// <param name="descriptor">What came with the message, or null.</param>
    public Report? Receive(out OwnedFd? descriptor)
    {
        Report? report = Report.Receive(_host, out descriptor, out bool unread);
        _unread |= unread;
        return report;
    }

    /// <summary>The next message when no descriptor is expected with it.</summary>
    public Report? Receive() => Receive(out _);

    /// <summary>The process has closed its end, and what we told it last was not read.</summary>
    public bool LeftUnread => _unread;

    public void Dispose()
    {
        CloseFarEnd();
        _host.Dispose();
    }
}
