using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("start", HelpText = "let a created container run its program")]
[Example("web", "let the program of the created container web run")]
internal sealed class StartOptions : ContainerOptions, ITraced
{
    [Option("trace", MetaValue = "FILE", HelpText = ITraced.HelpText)]
    public string? Trace { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => StartCommand.Run(global, this, log);
}

/// <summary>
/// <c>hull start</c>: lets the program of a created container run, and tells the truth about it: it returns when execve has
/// happened and the poststart hooks are done, and fails when either fails (OP-STR-02, HOOK-08, HOOK-09). A container whose process does not
/// take the message is left as it is: it was killed meanwhile, and is for others to delete (OP-STR-01).
/// </summary>
internal static class StartCommand
{
    internal static int Run(GlobalOptions global, StartOptions options, Log log)
    {
        StepClock clock = StepClock.Start(log, "start");
        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), options.ContainerId);
        if (!directory.Lock(log) || directory.ReadRecord() is not { } record)
        {
            throw ContainerStore.DoesNotExist(options.ContainerId);
        }

        ContainerStatus status = StatusReading.StatusOf(directory, record);
        if (status != ContainerStatus.Created)
        {
            string refusal = $"cannot start container \"{record.Id}\" that is not created: {status.SpecName()}";
            throw status == ContainerStatus.Stopped && OutOfMemory.LimitIn(record.Cgroups) is { } limit
                ? Failure.ForMemory($"{refusal}; the kernel has killed a process of it for want of memory", limit)
                : new RuntimeError(refusal);
        }

        clock.Tell("find and lock the container");
        using NotifySocket? notify = NotifySocket.OfExisting(directory, log);
        using OwnedFd? process = notify is null ? null : record.Process.Open();
        Start(directory, record, ref clock, log);
        if (process is not null)
        {
            // Others may work on it while we wait.
            directory.Unlock();
            notify!.AwaitReady(process, record.Process.Pid);
            clock.Tell("wait until the program says that it is ready");
        }

        return ExitStatus.Success;
    }

    private static void Start(ContainerDirectory directory, ContainerRecord record, ref StepClock clock, Log log)
    {
        using var channel = new HostChannel(StartSocket.Connect(directory) ?? throw HasEnded(record));
        byte[]? config = directory.ReadConfig();
        bool told = false;
        try
        {
            using SeccompAgent? agent = SeccompAgent.OfStart(record, config);
            using OwnedFd? process = agent is null ? null : record.Process.Open();
            told = channel.TellGo();
            clock.Tell("tell the container process to go on");
            if (told && AwaitProgram(channel, agent, process, directory, record))
            {
                clock.Tell("wait until the program runs");
                Notices.Tell(directory, Notices.Started, record.Process.Pid);
                PoststartHooks.Run(record, config);
                clock.Tell("run the poststart hooks");
                return;
            }
        }
        catch (Exception failure) when (failure is RuntimeError || (told && failure is KernelException))
        {
            // A container whose start failed is stopped and destroyed (LIFE-15).
            ContainerEnd.DestroyAfter(failure, directory, record, log);
            throw;
        }

        throw HasEnded(record);
    }

    /// <summary>True when the program runs; false when the process has ended without having read that it may.</summary>
    private static bool AwaitProgram(HostChannel channel, SeccompAgent? agent, OwnedFd? process, ContainerDirectory directory, ContainerRecord record)
    {
        var start = new ProgramStart(channel, handshake: null) { Agent = agent, Record = record, Process = process, Pid = record.Process.Pid };
        if (start.Await() is { } report)
        {
            throw Failure.Of(KeptConfig.Read(directory, record).StepOf(report), report, record.Rootfs);
        }

        return !channel.LeftUnread;
    }

    private static RuntimeError HasEnded(ContainerRecord record)
    {
        string refusal = $"cannot start container \"{record.Id}\"", next = $"its program has not run: hull delete {record.Id} removes what is left";
        return OutOfMemory.LimitIn(record.Cgroups) is { } limit
            ? Failure.ForMemory($"{refusal}: its process was killed for want of memory", limit, next)
            : new RuntimeError($"{refusal}: its process has ended") { Hint = next };
    }
}
