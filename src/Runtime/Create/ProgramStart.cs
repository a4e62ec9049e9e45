using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// From the message that a process may run its program until execve: the channel then ends without a message, and everything else is a failure.
/// A process with a filter of system calls says its last on the <see cref="SeccompHandshake"/>, and may have a listener for us to hand on.
/// </summary>
/// <param name="channel">The channel to the process.</param>
/// <param name="handshake">The page of memory that it reports in then; null when it has no filter, or will send the page.</param>
internal sealed class ProgramStart(HostChannel channel, SeccompHandshake? handshake)
{
    /// <summary>How long the channel is waited for before the page is read: a process whose filter forbids everything can neither send nor end.</summary>
    private const int LookMilliseconds = 50;

    private const long PauseNanoseconds = 20_000;
    private const int LooksBeforePause = 2_000;

    private SeccompHandshake? _handshake = handshake;
    private bool _filtered;

    /// <summary>The agent that gets the listener; null when no call is notified.</summary>
    public SeccompAgent? Agent { get; init; }

    /// <summary>What the agent is told, and the process itself: needed with an agent.</summary>
    public required ContainerRecord Record { get; init; }

    /// <summary>The process; needed with an agent.</summary>
    public OwnedFd? Process { get; init; }

    /// <summary>The process as we number it.</summary>
    public required int Pid { get; init; }

    /// <summary>Of the container, for the agent.</summary>
    public ContainerStatus Status { get; init; } = ContainerStatus.Creating;

    /// <summary>Signals that end the wait (<see cref="Foreground.Interrupts"/>); null for none.</summary>
    public OwnedFd? Interrupts { get; init; }

    /// <summary>Waits until the program runs.</summary>
    /// <returns>Why it does not; null when it does, or when the process died without a report.</returns>
    /// <exception cref="RuntimeError">The listener could not be handed on, or a signal asked us to end: the process must be killed.</exception>
    public Report? Await()
    {
        while (true)
        {
            if (Interrupts is not null && _handshake is null)
            {
                channel.WaitUnless(Interrupts);
            }

            ThrowIfInterrupted();
            if (_handshake is not null && !channel.Wait(LookMilliseconds))
            {
                if (_handshake.Report is { } said)
                {
                    return said;
                }

                continue;
            }

            Report? report = channel.Receive(out OwnedFd? descriptor);
            using (descriptor)
            {
                if (report is not { Kind: ReportKind.Checkpoint, Checkpoint: Checkpoint.Filtered } || _filtered)
                {
                    return report ?? _handshake?.Report;
                }

                _filtered = true;
                _handshake ??= descriptor is null ? null : new SeccompHandshake(descriptor);
            }

            if (Agent is not null && _handshake is not null && HandOver(_handshake, Agent) is { } failure)
            {
                return failure;
            }
        }
    }

    private void ThrowIfInterrupted()
    {
        if (Interrupts is not null && !channel.Wait(0) && !Signals.ReadSignal(Interrupts, out SignalRecord record).Failed)
        {
            throw new RuntimeError($"signal {SignalNames.NameOf(record.Signal)} has come while hooks ran before the program: it was not started")
            {
                Property = "hooks.startContainer",
            };
        }
    }

    /// <summary>Takes the listener out of the process, which waits for that without a system call, and gives it to the agent.</summary>
    private Report? HandOver(SeccompHandshake handshake, SeccompAgent agent)
    {
        try
        {
            for (var looks = 0; !handshake.Listener.IsOpen; looks++)
            {
                if (looks < LooksBeforePause)
                {
                    continue;
                }

                // It has been set back, or the filter was refused: then it says so.
                Polling.Sleep(PauseNanoseconds);
                if (channel.Wait(0))
                {
                    return channel.Receive() ?? throw new KernelException("the process has ended", Errno.ESRCH);
                }
            }

            using OwnedFd listener = Processes.CopyDescriptor(Process!, handshake.Listener.Number).OwnedOrThrow("pidfd_getfd");
            agent.Send(listener, Record, Pid, Status);
            agent.Dispose();
            handshake.Release();
            return null;
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"hand the notification descriptor to the seccomp agent: {failure.Call}", failure.Errno)
            {
                Property = "linux.seccomp.listenerPath",
                Hint = failure.Errno is Errno.EPIPE or Errno.ECONNRESET ? "the agent closed the connection"
                    : failure.MissingCall != 0 ? MissingCalls.Describe(failure.MissingCall) : null,
            };
        }
    }
}
