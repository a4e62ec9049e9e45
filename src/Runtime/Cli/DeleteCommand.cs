using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("delete", HelpText = "remove what is left of a container")]
[Example("web", "forget a container that has stopped")]
[Example("--force web", "kill it first; also removes what an interrupted creation left")]
internal sealed class DeleteOptions : ContainerOptions, ITraced
{
    [Option("trace", MetaValue = "FILE", HelpText = ITraced.HelpText)]
    public string? Trace { get; set; }

    [Option('f', "force", HelpText = "kill the container first if it still runs; an unknown container is no error")]
    public bool Force { get; set; }

    [Option('r', "regex", HelpText = "the name is an extended regular expression: delete every container that it matches")]
    public bool Regex { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => DeleteCommand.Run(global, this, log);
}

/// <summary>
/// Removes a container that has stopped (OP-DEL-01), or that can no longer be started: its bundle is gone. With --force one in any state,
/// and none is no error.
/// </summary>
internal static class DeleteCommand
{
    private const int AbandonMilliseconds = 500;
    private const long AbandonPollNanoseconds = 10_000_000;

    internal static int Run(GlobalOptions global, DeleteOptions options, Log log) => options.Regex
        ? MatchingContainers.ForEach(global, options.ContainerId, log, id => Delete(global, id, options, log))
        : Delete(global, options.ContainerId, options, log);

    private static int Delete(GlobalOptions global, string name, DeleteOptions options, Log log)
    {
        StepClock clock = StepClock.Start(log, "delete");
        string id = ContainerId.Check(name);
        using ContainerStore? store = ContainerStore.OpenExisting(StoreRoot.Choose(global.Root));
        using ContainerDirectory? directory = store?.Find(id);
        if (directory is null || !directory.Lock(log))
        {
            return options.Force ? ExitStatus.Success : throw ContainerStore.DoesNotExist(id);
        }

        ContainerRecord? record = options.Force ? Salvage(directory, log) : directory.ReadRecord();
        clock.Tell("find and lock the container");
        if (record?.Phase == RecordPhase.Complete)
        {
            Stop(directory, record, options.Force);
            clock.Tell(options.Force ? "kill the container process and wait for its end" : "see that the container has stopped");
        }

        ContainerEnd.Remove(directory, record, log);
        return ExitStatus.Success;
    }

    /// <summary>A container whose record is broken must not stay for ever: what it still names is removed, and the rest is said.</summary>
    private static ContainerRecord? Salvage(ContainerDirectory directory, Log log)
    {
        ContainerRecord? record = directory.SalvageRecord(out RuntimeError? broken);
        if (broken is not null)
        {
            string process = record!.Phase == RecordPhase.Complete ? "" : "; its process is unknown and may live on";
            string cgroups = record.Cgroups.IsEmpty ? "; its cgroups are unknown and may stay" : "";
            log.Warning($"{broken.Action}{process}{cgroups}");
        }

        return record;
    }

    private static void Stop(ContainerDirectory directory, ContainerRecord record, bool force)
    {
        using OwnedFd? process = record.Process.Open();
        if (process is null)
        {
            return;
        }

        if (!force)
        {
            ContainerStatus status = StatusReading.StatusOf(directory, record);
            if (status == ContainerStatus.Stopped)
            {
                return;
            }

            if (status != ContainerStatus.Created || !IsAbandoned(record))
            {
                throw new RuntimeError($"cannot delete container {record.Id} that is not stopped: {status.SpecName()}")
                {
                    Hint = "kill it first, or delete --force",
                };
            }
        }

        ContainerEnd.Kill(record, process);
    }

    /// <summary>
    /// Whether the bundle goes. When its network fails between create and start, Buildah removes the bundle and says delete, without --force,
    /// both at once; every other runtime kills what was only created, and a refusal would leave it waiting for ever. A caller that still has
    /// the bundle gets the error that the specification demands.
    /// </summary>
    private static bool IsAbandoned(ContainerRecord record)
    {
        long end = Polling.MonotonicNanoseconds() + (AbandonMilliseconds * 1_000_000L);
        while (HostFiles.Exists(Fd.CurrentDirectory, record.Bundle))
        {
            if (Polling.MonotonicNanoseconds() >= end)
            {
                return false;
            }

            Polling.Sleep(AbandonPollNanoseconds);
        }

        return true;
    }
}
