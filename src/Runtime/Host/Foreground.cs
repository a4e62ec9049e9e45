using Hull.Linux;

namespace Hull.Runtime.Host;

/// <summary>Standing in for a program that runs in a container: signals go in, the exit status comes out.</summary>
internal static class Foreground
{
    /// <summary>Waits until the process has ended, passing on every signal that somebody sends to us meanwhile.</summary>
    public static WaitStatus Await(Fd process)
    {
        Signals.BlockSignals(SignalMask.Full).OrThrow("rt_sigprocmask");
        using OwnedFd signals = Signals.SignalDescriptor(SignalMask.Full, SignalDescriptorFlags.CloseOnExec | SignalDescriptorFlags.NonBlocking)
            .OwnedOrThrow("signalfd4");
        Span<PollDescriptor> polls = [new PollDescriptor(process, PollEvents.In), new PollDescriptor(signals, PollEvents.In)];
        while (true)
        {
            Polling.PollWaiting(polls, -1).OrThrow("ppoll");
            if (polls[0].Returned != 0)
            {
                Processes.Wait(process, WaitOptions.Exited, out WaitStatus status).OrThrow("waitid");
                return status;
            }

            while (!Signals.ReadSignal(signals, out SignalRecord record).Failed)
            {
                Forward(process, record.Signal);
            }
        }
    }

    /// <summary>Not those that tell us of children, or of a pipe of ours.</summary>
    private static void Forward(Fd process, int signal)
    {
        if (signal is not ((int)Signal.SIGCHLD or (int)Signal.SIGPIPE or (int)Signal.SIGURG))
        {
            Processes.SendSignal(process, signal);
        }
    }
}
