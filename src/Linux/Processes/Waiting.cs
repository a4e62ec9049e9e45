namespace Hull.Linux;

/// <summary>Waiting for the end of processes.</summary>
public static unsafe partial class Processes
{
    /// <summary>
    /// <c>waitid(P_PIDFD, pidfd, info, options, NULL)</c>: wait for a child. EINTR is retried; host side only. The status is
    /// <c>default</c> (process number 0) when <see cref="WaitOptions.NoHang"/> found nothing. Kernel 5.4; before that by the number, which a child
    /// keeps until it is waited for. waitid(2)
    /// </summary>
    public static SyscallResult Wait(Fd pidfd, WaitOptions options, out WaitStatus status)
    {
        ChildSignalInformation information = default;
        var result = Kernel.Wait(
            SyscallNumber.waitid, (nint)WaitTarget.Pidfd, pidfd.Number, (nint)(&information), (nint)options);
        if (result.Errno is Errno.EINVAL or Errno.EBADF)
        {
            SyscallResult pid = ProcessDescriptors.PidOf(pidfd, out _);
            result = pid.Errno == Errno.ESRCH ? SyscallResult.Failure(Errno.ECHILD)
                : pid.Failed ? result
                : Kernel.Wait(SyscallNumber.waitid, (nint)WaitTarget.Process, pid.Value, (nint)(&information), (nint)options);
        }

        status = result.Failed ? default : WaitStatus.From(in information);
        return result;
    }

    /// <summary>Descriptors of processes cannot be polled here: before Linux 5.3. Known once one was opened.</summary>
    public static bool LackPidfds => NewerCalls.IsMissing(SyscallNumber.pidfd_open);

    /// <summary>
    /// <c>ppoll</c> of descriptors of which the first is a process's, which is ready when that has ended. What stands in for a pidfd before Linux 5.3
    /// cannot be polled: then the process is looked at every few milliseconds. EINTR is retried; host side only. poll(2)
    /// </summary>
    public static SyscallResult PollProcess(Span<PollDescriptor> polls, int timeoutMilliseconds)
    {
        if (!ProcessDescriptors.IsDirectory(polls[0].Fd))
        {
            return Polling.PollWaiting(polls, timeoutMilliseconds);
        }

        const int Slice = 10;
        long end = Polling.MonotonicNanoseconds() + (timeoutMilliseconds * 1_000_000L);
        Fd process = polls[0].Fd;
        polls[0].Fd = Fd.None;
        SyscallResult polled;
        bool ended;
        do
        {
            int left = timeoutMilliseconds < 0 ? Slice : (int)Math.Clamp((end - Polling.MonotonicNanoseconds()) / 1_000_000, 0, Slice);
            polled = Polling.PollWaiting(polls, left);
            ended = ProcessDescriptors.PidOf(process, out bool zombie).Errno == Errno.ESRCH || zombie;
        }
        while (!polled.Failed && polled.Value == 0 && !ended && (timeoutMilliseconds < 0 || Polling.MonotonicNanoseconds() < end));

        polls[0].Fd = process;
        polls[0].Returned = ended ? PollEvents.In : PollEvents.None;
        return polled.Failed ? polled : SyscallResult.Success(polled.Value + (ended ? 1 : 0));
    }

    /// <summary>
    /// <c>waitid(P_PID, pid, info, WEXITED | WNOHANG | WNOWAIT, NULL)</c>: a child has ended; it stays to be waited for. waitid(2)
    /// </summary>
    public static bool HasChildEnded(int pid)
    {
        ChildSignalInformation information = default;
        const WaitOptions options = WaitOptions.Exited | WaitOptions.NoHang | WaitOptions.NoWait;
        SyscallResult asked = Kernel.Call(SyscallNumber.waitid, (nint)WaitTarget.Process, pid, (nint)(&information), (nint)options);
        return asked.Failed ? asked.Errno != Errno.EINTR : information.ProcessId != 0;
    }

    /// <summary>
    /// <c>wait4(pid, rawStatus, 0, NULL)</c>: wait for a child, -1 for any; the result is its number. For a container process: EINTR is
    /// visible. <see cref="WaitStatus.FromRaw"/> reads the status. wait4(2)
    /// </summary>
    public static SyscallResult WaitChild(int pid, out int rawStatus)
    {
        int status = 0;
        var result = Kernel.Call(SyscallNumber.wait4, pid, (nint)(&status));
        rawStatus = status;
        return result;
    }
}

/// <summary>How a process ended.</summary>
/// <param name="ProcessId">Which process; 0 when there was nothing to tell.</param>
/// <param name="ExitCode">What it passed to exit, when no signal ended it.</param>
/// <param name="Signal">The signal that ended it, or 0.</param>
public readonly record struct WaitStatus(int ProcessId, int ExitCode, int Signal)
{
    /// <summary>It ended by itself.</summary>
    public bool Exited => ProcessId != 0 && Signal == 0;

    /// <summary>Reads the status word of wait4(2) of a process that ended: <c>WTERMSIG</c> and <c>WEXITSTATUS</c>.</summary>
    public static WaitStatus FromRaw(int processId, int rawStatus) =>
        (rawStatus & 0x7f) != 0 ? new(processId, 0, rawStatus & 0x7f) : new(processId, (rawStatus >> 8) & 0xff, 0);

    internal static WaitStatus From(in ChildSignalInformation information) =>
        (ChildEvent)information.Code == ChildEvent.Exited
            ? new(information.ProcessId, information.Status, 0)
            : new(information.ProcessId, 0, information.Status);
}

/// <summary><c>siginfo_t</c> as waitid fills it. waitid(2), asm-generic/siginfo.h</summary>
internal unsafe struct ChildSignalInformation
{
    /// <summary><c>si_signo</c></summary>
    internal int Signal;

    /// <summary><c>si_errno</c></summary>
    internal int Error;

    /// <summary><c>si_code</c></summary>
    internal int Code;

    private int _padding;

    /// <summary><c>si_pid</c></summary>
    internal int ProcessId;

    /// <summary><c>si_uid</c></summary>
    internal uint UserId;

    /// <summary><c>si_status</c></summary>
    internal int Status;

    // The kernel's union is larger; all 128 bytes belong to the call.
    private fixed int _rest[25];
}
