using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("pause", HelpText = "freeze all processes of a container")]
[Example("web", "stop every process of web where it is")]
internal sealed class PauseOptions : ContainerOptions
{
    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => PauseCommand.Run(global, this, log);
}

/// <summary><c>hull pause</c>: all processes of a container stop where they are, and it returns when they have.</summary>
internal static class PauseCommand
{
    private const int FreezeMilliseconds = 10_000;

    internal static int Run(GlobalOptions global, PauseOptions options, Log log)
    {
        using ContainerDirectory directory = ContainerStore.GetLocked(StoreRoot.Choose(global.Root), options.ContainerId, log);
        ContainerRecord record = directory.ReadCompleteRecord();
        switch (StatusReading.StatusOf(directory, record))
        {
            case ContainerStatus.Stopped: throw KillCommand.NotRunning(record.Id);
            case ContainerStatus.Paused: throw new RuntimeError($"cannot pause container \"{record.Id}\": it is paused already");
        }

        if (!Freezer.Exists(record.Cgroups))
        {
            throw new RuntimeError($"cannot pause container \"{record.Id}\": it has no cgroup with a freezer")
            {
                Hint = "the v1 freezer must be mounted, or the kernel be 5.2 or later with cgroup v2",
            };
        }

        if (!Freezer.TryFreeze(record.Cgroups, FreezeMilliseconds))
        {
            Freezer.Thaw(record.Cgroups);
            throw new RuntimeError($"unable to freeze container \"{record.Id}\" within {FreezeMilliseconds / 1000} s: it goes on")
            {
                Hint = $"one of its processes cannot be stopped now: {ProcessNames.Describe(CgroupProcesses.In(record.Cgroups))}",
            };
        }

        Notices.Tell(directory, Notices.Paused);
        return ExitStatus.Success;
    }
}

[Verb("resume", HelpText = "let the processes of a paused container go on")]
[Example("web", "let them go on")]
internal sealed class ResumeOptions : ContainerOptions
{
    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => ResumeCommand.Run(global, this, log);
}

/// <summary><c>hull resume</c>: the processes of a paused container go on.</summary>
internal static class ResumeCommand
{
    internal static int Run(GlobalOptions global, ResumeOptions options, Log log)
    {
        using ContainerDirectory directory = ContainerStore.GetLocked(StoreRoot.Choose(global.Root), options.ContainerId, log);
        ContainerRecord record = directory.ReadCompleteRecord();
        ContainerStatus status = StatusReading.StatusOf(directory, record);
        if (status != ContainerStatus.Paused)
        {
            throw new RuntimeError($"cannot resume container \"{record.Id}\": container not paused: {status.SpecName()}");
        }

        Freezer.Thaw(record.Cgroups);
        Notices.Tell(directory, Notices.Resumed);
        return ExitStatus.Success;
    }
}
