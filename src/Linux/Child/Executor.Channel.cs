
namespace Hull.Linux;

/// <summary>The channel to the host, the start socket, and the descriptors that the program gets.</summary>
internal sealed partial class Executor
{
    private const int ShortageMilliseconds = 50;

    private SyscallResult Perform(Announce announce)
    {
        // Before anybody can know of the container: what is sent to it from then on waits for WaitForStart.
        if (announce.Checkpoint == Checkpoint.Ready && _slots[Slot.StartSocket].IsOpen)
        {
            Signals.BlockSignals(SignalMask.Deadly);
        }

        return Announce(announce.Checkpoint, 0);
    }

    private SyscallResult Announce(Checkpoint checkpoint, long pid)
    {
        Report report = default;
        report.Kind = ReportKind.Checkpoint;
        report.Value = (long)checkpoint;
        report.Pid = pid;
        return Send(ref report);
    }

    /// <summary>Waits for the host. Without the host there will be no record of this container, so the process ends and reports nothing.</summary>
    private SyscallResult Perform(Await wait)
    {
        Report report = default;
        SyscallResult received = Receive(_slots[Slot.Channel], ref report);
        if (received.Failed)
        {
            return received;
        }

        if (received.Value == 0)
        {
            Processes.Exit(1);
        }

        return report.Kind == ReportKind.Checkpoint && report.Checkpoint == wait.Checkpoint
            ? received
            : SyscallResult.Failure(Errno.EPROTO);
    }

    private SyscallResult Perform(WaitForStart _)
    {
        // The creator's work is done: what it used must not stay open for as long as this process waits.
        for (var slot = (Slot)0; slot < Slot.Count; slot++)
        {
            if (slot is not (Slot.StartSocket or Slot.StartContainerState or Slot.HookOutput or Slot.SeccompHandshake))
            {
                _slots[slot] = Fd.None;
            }
        }

        SyscallResult closed = CloseAllButSlots();
        if (closed.Failed)
        {
            return closed;
        }

        CloseProcessFilesystem();

        // The first process of a pid namespace is never ended by a signal that it has not asked for: a created container would outlive whatever
        // it is sent but SIGKILL. So what would end a program has been blocked, is looked for, and ends this process as it would end another one.
        Fd signals = LookForDeadlySignals();
        SyscallResult received = AwaitGo(signals);

        // Nothing of all this is the program's.
        EndBySignal(signals);
        Files.Close(signals);
        Signals.SetSignalMask(SignalMask.Empty);
        return received;
    }

    private SyscallResult AwaitGo(Fd signals)
    {
        Span<PollDescriptor> polls = stackalloc PollDescriptor[2];
        while (true)
        {
            polls[0] = new PollDescriptor(_slots[Slot.StartSocket], PollEvents.In);
            polls[1] = new PollDescriptor(signals, PollEvents.In);
            Polling.Poll(polls, -1);
            EndBySignal(signals);
            if (polls[0].Returned == 0)
            {
                continue;
            }

            SyscallResult connection = Sockets.Accept(_slots[Slot.StartSocket]);
            if (connection.Failed)
            {
                // create has ended, so there is nobody to report to, and start would wait for a process that is gone. A shortage of files or
                // memory is the host's and passes; meanwhile the connection stays in the queue.
                if (connection.Errno is not (Errno.EINTR or Errno.ECONNABORTED))
                {
                    Polling.Poll(default, ShortageMilliseconds);
                }

                continue;
            }

            Report report = default;
            SyscallResult received = Receive(connection.Fd, ref report);
            if (!received.Failed && received.Value > 0 && report.Kind == ReportKind.Go)
            {
                _slots[Slot.Channel] = connection.Fd;
                return received;
            }

            // A start that ended before it sent Go.
            Files.Close(connection.Fd);
        }
    }

    private static Fd LookForDeadlySignals()
    {
        SyscallResult made = Signals.SignalDescriptor(SignalMask.Deadly, SignalDescriptorFlags.CloseOnExec | SignalDescriptorFlags.NonBlocking);
        if (!made.Failed)
        {
            return made.Fd;
        }

        // Nobody is left to report to, and the container is complete without.
        Signals.SetSignalMask(SignalMask.Empty);
        return Fd.None;
    }

    private static void EndBySignal(Fd signals)
    {
        // The number is the first member of the record, and below 256.
        Span<byte> record = stackalloc byte[SignalRecord.Size];
        if (signals.IsOpen && Files.Read(signals, record) is { Failed: false, Value: > 0 })
        {
            Processes.Exit(128 + record[0]);
        }
    }

    private SyscallResult Perform(CloseDescriptors close)
    {
        _firstDescriptor = close.First;
        return CloseAllButSlots();
    }

    /// <summary>
    /// Closes the gaps between the descriptors that are in slots. It must succeed: one that stays open may lead out of the container
    /// (CVE-2024-21626).
    /// </summary>
    private SyscallResult CloseAllButSlots()
    {
        int first = _firstDescriptor;
        while (true)
        {
            var next = int.MaxValue;
            for (var slot = (Slot)0; slot < Slot.Count; slot++)
            {
                int number = _slots[slot].Number;
                next = number >= first && number < next ? number : next;
            }

            SyscallResult closed = default;
            if (next > first)
            {
                closed = CloseRange((uint)first, next == int.MaxValue ? uint.MaxValue : (uint)(next - 1));
            }

            if (closed.Failed || next == int.MaxValue)
            {
                return closed;
            }

            first = next + 1;
        }
    }

    private SyscallResult CloseRange(uint first, uint last)
    {
        SyscallResult closed = NewerCalls.IsMissing(SyscallNumber.close_range)
            ? SyscallResult.Failure(Errno.ENOSYS)
            : Descriptors.CloseRange(first, last, 0);
        if (!NewerCalls.Lacks(SyscallNumber.close_range, closed))
        {
            return closed;
        }

        SyscallResult listed = OpenProcessFilesystem();
        return listed.Failed ? listed : Descriptors.CloseListed(listed.Fd, first, last);
    }

    private SyscallResult Perform(RedirectStandardStreams redirect)
    {
        SyscallResult result = Files.Seek(_slots[redirect.Input], 0, SeekOrigin.Begin);
        result = result.Failed ? result : Descriptors.Duplicate(_slots[redirect.Input], 0, 0);
        result = result.Failed ? result : Descriptors.Duplicate(_slots[redirect.Output], 1, 0);
        return result.Failed ? result : Descriptors.Duplicate(_slots[redirect.Output], 2, 0);
    }

    /// <summary>Tells the host that the operation does less than it was asked to, and why; that is no failure.</summary>
    private SyscallResult Warn(Stage stage, uint value, uint first, uint second)
    {
        Report report = default;
        report.Kind = ReportKind.Warning;
        report.Step = _step;
        report.Stage = stage;
        report.Value = value;
        report.Pid = (long)(((ulong)second << 32) | first);
        return Send(ref report);
    }

    private void ReportFailure(int step, Errno errno)
    {
        Report report = default;
        report.Kind = ReportKind.Failure;
        report.Step = step;
        report.StepsLeft = _operations.Length - step;
        report.Stage = _stage;
        report.Errno = errno;
        report.Value = _value;
        report.Pid = errno == Errno.ENOSYS ? NewerCalls.LastMissing : 0;
        if (_stage is Stage.CreateFilesystem or Stage.SetParameter or Stage.Reconfigure)
        {
            report.TextLength = ReadFilesystemMessage(report.TextBuffer);
        }
        else if (_stage is Stage.NoExecuteMount)
        {
            report.TextLength = ReadMountPoint(report.TextBuffer);
        }
        else if (_stage is Stage.HookFailed or Stage.HookTimedOut)
        {
            report.TextLength = ReadHookOutput(report.TextBuffer);
            report.Pid = _hookMilliseconds;
        }

        if (_filtered && _slots.SeccompHandshake is { } handshake)
        {
            handshake.Tell(ref report);
            return;
        }

        Send(ref report);
    }

    private SyscallResult Send(ref Report report) => Send(_slots[Slot.Channel], ref report);

    private static SyscallResult Send(Fd channel, ref Report report)
    {
        while (true)
        {
            SyscallResult sent = Sockets.Send(channel, report.Bytes, MessageFlags.NoSignal);
            if (sent.Errno != Errno.EINTR)
            {
                return sent;
            }
        }
    }

    /// <summary>With a descriptor beside it, or none.</summary>
    private static SyscallResult Send(Fd channel, ref Report report, Fd descriptor)
    {
        while (true)
        {
            SyscallResult sent = Sockets.SendDescriptors(channel, report.Bytes, descriptor.IsOpen ? new ReadOnlySpan<Fd>(in descriptor) : default);
            if (sent.Errno != Errno.EINTR)
            {
                return sent;
            }
        }
    }

    private static SyscallResult Receive(Fd socket, ref Report report)
    {
        while (true)
        {
            SyscallResult received = Sockets.Receive(socket, report.Bytes, 0);
            if (received.Errno != Errno.EINTR)
            {
                return received;
            }
        }
    }
}
