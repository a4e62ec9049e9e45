using CommandLine;
using Hull.Linux;

namespace Hull.Runtime;

[Verb("kill", HelpText = "send a signal to a container")]
[Example("web", "ask its first process to end: TERM")]
[Example("web KILL", "end it")]
[Example("--all web HUP", "tell every process of the container")]
[OptionsEndAtFirstArgument]
internal sealed class KillOptions : ContainerOptions
{
    [Option('a', "all", HelpText = "send it to every process of the container")]
    public bool All { get; set; }

    [Option('r', "regex", HelpText = "the name is an extended regular expression: signal every container that it matches")]
    public bool Regex { get; set; }

    [Value(1, MetaName = "signal", HelpText = "a name or a number; TERM when absent, and 0 only asks whether the container runs")]
    public string? Signal { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => KillCommand.Run(global, this, log);
}

/// <summary>
/// Sends a signal to the container process (OP-KIL-02). Takes no lock: a pidfd and the start time cannot hit another process, and a
/// container whose start or hooks hang must still be killable.
/// </summary>
internal static class KillCommand
{
    /// <summary>The signal that is not sent: whether the process is there and may be signalled. kill(2)</summary>
    private const string Probe = "0";

    internal static int Run(GlobalOptions global, KillOptions options, Log log)
    {
        StepClock clock = StepClock.Start(log, "kill");
        int signal = (int)Signal.SIGTERM;
        if (options.Signal is { } given && !SignalNames.TryParse(given, out signal) && given != Probe)
        {
            throw new RuntimeError($"unknown signal \"{given}\"") { Hint = "give a number from 0 to 64, or a name such as TERM or RTMIN+3; 0 only asks whether it runs" };
        }

        return options.Regex
            ? MatchingContainers.ForEach(global, options.ContainerId, log, id => Kill(global, id, options, signal, clock))
            : Kill(global, options.ContainerId, options, signal, clock);
    }

    private static int Kill(GlobalOptions global, string id, KillOptions options, int signal, StepClock clock)
    {
        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), id);
        if (directory.ReadRecord() is not { Phase: RecordPhase.Complete } record)
        {
            throw NotRunning(id);
        }

        using OwnedFd? process = record.Process.Open();
        clock.Tell("find the container process");
        if (options.All || (signal == (int)Signal.SIGKILL && !record.OwnPidNamespace))
        {
            try
            {
                KillAll(options.All, record, process, signal);
            }
            catch (KernelException gone) when (gone.Errno is Errno.ENOENT or Errno.ENODEV && record.Process.IsEnding())
            {
                // Its cgroups are being removed: no process is left in them.
            }
        }
        else
        {
            Send(process ?? throw NotRunning(id), id, signal);
        }

        clock.Tell("send the signal");
        if (signal == (int)Signal.SIGKILL)
        {
            Freezer.Thaw(record.Cgroups);
            clock.Tell("thaw its cgroups");
        }

        return ExitStatus.Success;
    }

    // Without a pid namespace of its own the first process does not take the others with it, and they may outlive it.
    private static void KillAll(bool all, ContainerRecord record, OwnedFd? process, int signal)
    {
        if (process is null && !all && CgroupProcesses.In(record.Cgroups).Count == 0)
        {
            throw NotRunning(record.Id);
        }

        if (signal == (int)Signal.SIGKILL)
        {
            CgroupSignals.Kill(record.Cgroups);
        }
        else
        {
            CgroupSignals.Send(record.Cgroups, signal);
        }

        // A container without cgroups has this process at least; SIGKILL may be said twice.
        if (process is not null && (record.Cgroups.IsEmpty || signal == (int)Signal.SIGKILL))
        {
            Processes.SendSignal(process, signal);
        }
    }

    private static void Send(Fd process, string id, int signal)
    {
        SyscallResult sent = Processes.SendSignal(process, signal);
        if (sent.Failed)
        {
            throw sent.Errno == Errno.ESRCH ? NotRunning(id) : new RuntimeError($"sending signal {signal} to container \"{id}\"", sent.Errno);
        }
    }

    // Engines match this text, and take the process for finished.
    internal static RuntimeError NotRunning(string id) => new($"container \"{id}\": container not running");
}
