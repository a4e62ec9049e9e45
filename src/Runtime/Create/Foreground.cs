using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Standing in for a program that runs in a container: signals go in, the exit status comes out.</summary>
internal sealed class Foreground : IDisposable
{
    private const int OwnPolls = 3;

    // A kernel that is short of memory now may have some in a moment; a program that nobody waits for any more is worse than a late answer.
    private const int MostFailures = 100;
    private const long NapNanoseconds = 10_000_000;

    private readonly OwnedFd _signals;
    private int _failures;

    private Foreground(OwnedFd signals) => _signals = signals;

    /// <summary>
    /// Signals to us wait from here on, and what waiting for the program needs is open: once the program runs, want of descriptors or memory
    /// must not part us from it. Nothing may end us while our terminal is raw; those signals that would stop a job in the background for its
    /// use of the terminal wait too: a script's <c>timeout 60 hull run</c> is such a job, and its container is to run.
    /// </summary>
    /// <exception cref="KernelException">There is no descriptor, or no memory, for it.</exception>
    public static Foreground Begin()
    {
        Signals.BlockSignals(SignalMask.Full).OrThrow("rt_sigprocmask");
        return new Foreground(
            Signals.SignalDescriptor(SignalMask.Full, SignalDescriptorFlags.CloseOnExec | SignalDescriptorFlags.NonBlocking).OwnedOrThrow("signalfd4"));
    }

    /// <summary>
    /// Readable when a signal has come that asks us to end, while hooks still run before the program: the container's first process takes none of
    /// those then, and we would wait for a hook that hangs.
    /// </summary>
    /// <exception cref="KernelException">There is no descriptor, or no memory, for it.</exception>
    public static OwnedFd Interrupts() => Signals.SignalDescriptor(
        SignalMask.Empty.With((int)Signal.SIGHUP).With((int)Signal.SIGINT).With((int)Signal.SIGQUIT).With((int)Signal.SIGTERM),
        SignalDescriptorFlags.CloseOnExec | SignalDescriptorFlags.NonBlocking).OwnedOrThrow("signalfd4");

    /// <summary>
    /// Waits until the process has ended, passing on every signal that is sent to us meanwhile, and serving its terminal.
    /// </summary>
    /// <param name="process">Its pidfd.</param>
    /// <param name="console">The host's side of its terminal; null when it has none.</param>
    /// <param name="notify">Where the program says that it is ready; null when the caller does not ask.</param>
    /// <exception cref="KernelException">The kernel does not let us wait: the program may still run.</exception>
    public WaitStatus Await(Fd process, OwnedFd? console, NotifySocket? notify = null)
    {
        using HostTerminal? terminal = console is null ? null : HostTerminal.Find();
        using ConsoleRelay? relay = console is null ? null : new ConsoleRelay(console, terminal);

        Span<PollDescriptor> polls = new PollDescriptor[OwnPolls + ConsoleRelay.PollCount];
        polls[0] = new PollDescriptor(process, PollEvents.In);
        polls[1] = new PollDescriptor(_signals, PollEvents.In);
        polls[2] = new PollDescriptor(notify?.Messages ?? Fd.None, PollEvents.In);
        int count = relay is null ? OwnPolls : polls.Length;
        while (true)
        {
            int timeout = relay?.PollMilliseconds ?? -1;
            relay?.Prepare(polls[OwnPolls..]);
            bool polled = !Processes.PollProcess(polls[..count], timeout).Failed;
            notify?.Pass();
            if (!polled || polls[0].Returned != 0)
            {
                if (HasEnded(process, out WaitStatus status))
                {
                    relay?.Finish();
                    return status;
                }

                Polling.Sleep(NapNanoseconds);
            }

            while (!Signals.ReadSignal(_signals, out SignalRecord record).Failed)
            {
                Forward(process, record.Signal, relay);
            }

            relay?.Pass(polls[OwnPolls..]);
        }
    }

    /// <summary>Signals stay blocked: what comes now must not end us before we have passed on the program's status.</summary>
    public void Dispose() => _signals.Dispose();

    /// <summary>A failure to ask may pass, and is one only when it stays: the program could not be given back.</summary>
    private bool HasEnded(Fd process, out WaitStatus status)
    {
        SyscallResult waited = Processes.Wait(process, WaitOptions.Exited | WaitOptions.NoHang, out status);
        _failures = waited.Failed ? _failures + 1 : 0;
        if (_failures > MostFailures)
        {
            waited.OrThrow("waitid");
        }

        return status.ProcessId != 0;
    }

    /// <summary>Not those that tell us of children, or of a pipe of ours; a terminal's size goes on as a size.</summary>
    private static void Forward(Fd process, int signal, ConsoleRelay? relay)
    {
        if (signal == (int)Signal.SIGWINCH && relay is not null)
        {
            relay.Resize();
            return;
        }

        if (signal == (int)Signal.SIGCONT)
        {
            // The job that had the terminal meanwhile has left it in line mode; in the background it is still that job's.
            relay?.Resume();
        }

        if (signal is not ((int)Signal.SIGCHLD or (int)Signal.SIGPIPE or (int)Signal.SIGURG))
        {
            Processes.SendSignal(process, signal);
        }
    }
}
