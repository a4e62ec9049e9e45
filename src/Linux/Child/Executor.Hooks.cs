
namespace Hull.Linux;

/// <summary>Hooks that run inside the container's namespaces.</summary>
internal sealed partial class Executor
{
    private long _hookMilliseconds;

    private unsafe SyscallResult Perform(RunHook hook)
    {
        long begin = Polling.MonotonicNanoseconds();
        // Every hook reads the state from its beginning; the descriptor's position is shared by all of them.
        SyscallResult result = Files.Seek(_slots[hook.State], 0, SeekOrigin.Begin);
        if (result.Failed)
        {
            return Part(Stage.StartHook, result);
        }

        int processDescriptor = -1;
        CloneArguments arguments = default;
        arguments.Flags = (ulong)CloneFlags.Pidfd;
        arguments.Pidfd = (ulong)&processDescriptor;
        arguments.ExitSignal = (ulong)Signal.SIGCHLD;
        SyscallResult cloned = Part(Stage.StartHook, Processes.Clone3(&arguments));
        if (cloned.Failed)
        {
            return cloned;
        }

        if (cloned.Value == 0)
        {
            BecomeHook(hook);
        }

        SyscallResult ended = AwaitHook((int)cloned.Value, new Fd(processDescriptor), hook.TimeoutMilliseconds);
        Files.Close(new Fd(processDescriptor));
        _hookMilliseconds = (Polling.MonotonicNanoseconds() - begin) / 1_000_000;
        return ended;
    }

    /// <summary>The hook's own process: input, output, directory, program. Exits with the error number if it cannot start.</summary>
    private void BecomeHook(RunHook hook)
    {
        SyscallResult result = hook.InRootfs ? Files.ChangeDirectory(_slots[Slot.Rootfs]) : default;
        result = result.Failed ? result : Descriptors.Duplicate(_slots[hook.State], 0, 0);
        result = result.Failed ? result : Descriptors.Duplicate(_slots[Slot.HookOutput], 1, 0);
        result = result.Failed ? result : Descriptors.Duplicate(_slots[Slot.HookOutput], 2, 0);
        result = result.Failed ? result : KeepFromHook();
        if (hook.Filter is { } filter)
        {
            result = result.Failed ? result : Seccomp.SetFilter(filter.Program, filter.FlagsWithoutListener);
        }

        result = result.Failed ? result : Processes.Execute(hook.Path, hook.Arguments, hook.Environment);
        ReportHookStart(result.Errno);
        Processes.Exit(CannotExecute);
    }

    /// <summary>
    /// A hook gets nothing but its streams. All that is ours is closed by execve already (rule 9), and what is the program's comes before it: that
    /// is marked one by one where close_range cannot do it, before Linux 5.11.
    /// </summary>
    private SyscallResult KeepFromHook()
    {
        SyscallResult marked = Descriptors.CloseRange(3, uint.MaxValue, CloseRangeFlags.CloseOnExec);
        if (marked.Errno != Errno.EINVAL && !NewerCalls.Lacks(SyscallNumber.close_range, marked))
        {
            return marked;
        }

        for (var number = 3; number < _firstDescriptor; number++)
        {
            marked = Descriptors.CloseAtExecute(new Fd(number));
            if (marked.Failed && marked.Errno != Errno.EBADF)
            {
                return marked;
            }
        }

        return default;
    }

    private const int CannotExecute = 127;

    /// <summary>Why a hook did not start goes where its output would have gone: the failure report quotes that.</summary>
    private void ReportHookStart(Errno errno)
    {
        ReadOnlySpan<byte> text = errno switch
        {
            Errno.ENOENT => "no such file or directory"u8,
            Errno.EACCES => "permission denied"u8,
            Errno.ENOEXEC => "exec format error"u8,
            _ => "cannot be executed"u8,
        };
        Files.Write(_slots[Slot.HookOutput], text);
    }

    private SyscallResult AwaitHook(int pid, Fd process, int timeoutMilliseconds)
    {
        if (timeoutMilliseconds > 0)
        {
            SyscallResult ready = process.IsOpen ? PollForEnd(process, timeoutMilliseconds) : LookForEnd(pid, timeoutMilliseconds);
            if (!ready.Failed && ready.Value == 0)
            {
                // A child that is not waited for keeps its number.
                Processes.Kill(pid, (int)Signal.SIGKILL);
                Processes.WaitChild(pid, out _);
                return Part(Stage.HookTimedOut, SyscallResult.Failure(Errno.ETIMEDOUT));
            }
        }

        SyscallResult waited;
        int status;
        do
        {
            waited = Processes.WaitChild(pid, out status);
        }
        while (waited.Errno == Errno.EINTR);

        if (waited.Failed)
        {
            return Part(Stage.StartHook, waited);
        }

        _value = status;
        return status == 0 ? default : Part(Stage.HookFailed, SyscallResult.Failure(Errno.ECANCELED));
    }

    private static SyscallResult PollForEnd(Fd process, int timeoutMilliseconds)
    {
        PollDescriptor poll = default;
        poll.Fd = process;
        poll.Events = PollEvents.In;
        SyscallResult ready;
        do
        {
            // An interruption starts the time anew: nothing here sends signals, and a hook that lives longer is no danger.
            ready = Polling.Poll(new Span<PollDescriptor>(ref poll), timeoutMilliseconds);
        }
        while (ready.Errno == Errno.EINTR);

        return ready;
    }

    /// <summary>Without a pidfd there is nothing to poll.</summary>
    private static SyscallResult LookForEnd(int pid, int timeoutMilliseconds)
    {
        const int slice = 10;
        long end = Polling.MonotonicNanoseconds() + (timeoutMilliseconds * 1_000_000L);
        while (Polling.MonotonicNanoseconds() < end)
        {
            if (Processes.HasChildEnded(pid))
            {
                return SyscallResult.Success(1);
            }

            Polling.Sleep(slice * 1_000_000L);
        }

        return SyscallResult.Success(0);
    }

    /// <summary>The end of what the hooks wrote: the part that says why.</summary>
    private int ReadHookOutput(Span<byte> text)
    {
        Fd output = _slots[Slot.HookOutput];
        SyscallResult length = Files.Seek(output, 0, SeekOrigin.End);
        if (length.Failed)
        {
            return 0;
        }

        nint from = length.Value > text.Length ? length.Value - text.Length : 0;
        SyscallResult read = Files.Seek(output, from, SeekOrigin.Begin);
        read = read.Failed ? read : Files.Read(output, text);
        return read.Failed ? 0 : (int)read.Value;
    }
}
