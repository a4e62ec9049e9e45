using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Standing in for a program that runs in a container: signals go in, the exit status comes out.</summary>
internal static class Foreground
{
    private const int OwnPolls = 3;

    /// <summary>
    /// Waits until the process has ended, passing on every signal that is sent to us meanwhile, and serving its terminal.
    /// </summary>
    /// <param name="process">Its pidfd.</param>
    /// <param name="console">The host's side of its terminal; null when it has none.</param>
    /// <param name="notify">Where the program says that it is ready; null when the caller does not ask.</param>
    public static WaitStatus Await(Fd process, OwnedFd? console, NotifySocket? notify = null)
    {
        HoldSignals();
        using HostTerminal? terminal = console is null ? null : HostTerminal.Find();
        using OwnedFd signals = Signals.SignalDescriptor(SignalMask.Full, SignalDescriptorFlags.CloseOnExec | SignalDescriptorFlags.NonBlocking)
            .OwnedOrThrow("signalfd4");
        using ConsoleRelay? relay = console is null ? null : new ConsoleRelay(console, terminal);

        Span<PollDescriptor> polls = new PollDescriptor[OwnPolls + ConsoleRelay.PollCount];
        polls[0] = new PollDescriptor(process, PollEvents.In);
        polls[1] = new PollDescriptor(signals, PollEvents.In);
        polls[2] = new PollDescriptor(notify?.Messages ?? Fd.None, PollEvents.In);
        int count = relay is null ? OwnPolls : polls.Length;
        while (true)
        {
            int timeout = relay?.PollMilliseconds ?? -1;
            relay?.Prepare(polls[OwnPolls..]);
            Polling.PollWaiting(polls[..count], timeout).OrThrow("ppoll");
            notify?.Pass();
            if (polls[0].Returned != 0)
            {
                Processes.Wait(process, WaitOptions.Exited, out WaitStatus status).OrThrow("waitid");
                relay?.Finish();
                return status;
            }

            while (!Signals.ReadSignal(signals, out SignalRecord record).Failed)
            {
                Forward(process, record.Signal, relay);
            }

            relay?.Pass(polls[OwnPolls..]);
        }
    }

    /// <summary>
    /// Signals to us wait from here on: nothing may end us while our terminal is raw. Those that would stop a job in the background for its
    /// use of the terminal too: a script's <c>timeout 60 hull run</c> is such a job, and its container is to run.
    /// </summary>
    public static void HoldSignals() => Signals.BlockSignals(SignalMask.Full).OrThrow("rt_sigprocmask");

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
