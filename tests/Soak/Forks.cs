using Hull.Linux;

namespace Hull.Soak;

/// <summary>
/// The product's own conditions, many times: one thread that allocates, collections between forks, and a finalizer thread with work to do
/// at any moment, also that of the fork.
/// </summary>
internal static class Forks
{
    private const int PatienceMilliseconds = 60_000;
    private const int CollectionEvery = 8;

    private static readonly Operation[] Operations =
    [
        new CloseDescriptors(3),
        new Announce(Checkpoint.Ready),
        new Execute(["/no/such/program"], new CStringArray(["program"]), new CStringArray([])),
    ];

    // What is garbage by the next collection but was alive long enough to matter.
    private static readonly object[] Recent = new object[64];

    internal static string Make(int count, out int wrong)
    {
        int hangs = 0, lies = 0, collections = GC.CollectionCount(0);
        for (int i = 0; i < count && hangs < 3; i++)
        {
            MakeGarbage(i);
            switch (ForkOnce())
            {
                case Ending.Hang: hangs++; break;
                case Ending.Wrong: lies++; break;
            }
        }

        wrong = hangs + lies;
        return $"{hangs} hangs, {lies} wrong reports, {GC.CollectionCount(0) - collections} collections, {Finalized.Count} finalizers";
    }

    private static void MakeGarbage(int round)
    {
        for (int i = 0; i < Recent.Length; i++)
        {
            Recent[i] = (i % 4) == 0 ? new Finalized() : new byte[1024 + (round % 7 * 512)];
        }

        if (round % CollectionEvery == 0)
        {
            // Finalizers are not waited for: they run while the next process is cloned.
            GC.Collect(round % 3);
        }
    }

    private static Ending ForkOnce()
    {
        var slots = new Slots();
        Sockets.Pair(out Fd host, out Fd child, SocketType.SequencedPacket).OrThrow("socketpair");
        using var near = new OwnedFd(host.Number);
        var far = new OwnedFd(child.Number);
        slots[Slot.HostChannel] = near;
        slots[Slot.Channel] = far;
        ClonedProcess cloned = Clone.Start(Operations, slots, new CloneContext(0, [], Fd.None));
        using OwnedFd process = cloned.Process;
        far.Dispose();
        Ending ending = Listen(near);
        if (ending != Ending.Right)
        {
            Processes.SendSignal(process, (int)Signal.SIGKILL);
        }

        Processes.Wait(process, WaitOptions.Exited, out WaitStatus status).OrThrow("waitid");
        return ending == Ending.Right && status is not { Signal: 0, ExitCode: 1 } ? Ending.Wrong : ending;
    }

    /// <summary>The checkpoint, the failure of the third operation, the end.</summary>
    private static Ending Listen(Fd channel)
    {
        if (!Speaks(channel) || Report.Receive(channel) is not { } first)
        {
            return Ending.Hang;
        }

        if (!Speaks(channel) || Report.Receive(channel) is not { } second)
        {
            return Ending.Hang;
        }

        if (!Speaks(channel))
        {
            return Ending.Hang;
        }

        bool right = first is { Kind: ReportKind.Checkpoint, Checkpoint: Checkpoint.Ready }
            && second is { Kind: ReportKind.Failure, Step: 2, StepsLeft: 1, Errno: Errno.ENOENT } && Report.Receive(channel) is null;
        return right ? Ending.Right : Ending.Wrong;
    }

    private static bool Speaks(Fd channel)
    {
        Span<PollDescriptor> polls = [new PollDescriptor(channel, PollEvents.In)];
        return Polling.PollWaiting(polls, PatienceMilliseconds).OrThrow("ppoll") > 0;
    }

    private enum Ending
    {
        Right,
        Wrong,
        Hang,
    }

    /// <summary>Like the product's: a handle that is closed late.</summary>
    private sealed class Finalized
    {
        internal static int Count;

        ~Finalized() => Interlocked.Increment(ref Count);
    }
}
