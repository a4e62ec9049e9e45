using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("events", HelpText = "print resource usage, and what happens to containers, as JSON lines")]
[Example("--stats web", "what web uses now")]
[Example("--interval 1s web", "every second, until it ends; and when it runs out of memory")]
[Example("--all --pressure memory:some:150ms/2s", "all that happens to all containers, and when memory gets short")]
internal sealed class EventsOptions : Command
{
    [Option("interval", MetaValue = "DURATION", HelpText = "time between two lines of usage: 5s, 100ms; with --changes there are none without it")]
    public string? Interval { get; set; }

    [Option("stats", HelpText = "print the usage once and end")]
    public bool Stats { get; set; }

    [Option('c', "changes", HelpText = "print created, started, exec, paused, resumed, updated, oom, memoryHigh, pidsLimit, pressure, exited, deleted")]
    public bool Changes { get; set; }

    [Option('a', "all", HelpText = "the changes of all containers below --root, also of those that are made later")]
    public bool All { get; set; }

    [Option("pressure", MetaValue = "RESOURCE:some|full:STALL/WINDOW", HelpText = "tell when it waits so long for cpu, io or memory; may be repeated; implies --changes; cgroup v2")]
    public IReadOnlyList<string> Pressure { get; set; } = [];

    [Option('f', "format", MetaValue = "json|text", HelpText = "how to print changes")]
    public EventFormat Format { get; set; }

    [NamesContainer]
    [Value(0, MetaName = "container-id", HelpText = "the container's name")]
    public string? ContainerId { get; set; }

    /// <summary>Changes are printed, not only usage.</summary>
    public bool FollowsChanges => All || Changes || Pressure.Count > 0;

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => EventsCommand.Run(global, this, log);
}

internal enum EventFormat { Json, Text }

/// <summary>
/// <c>hull events</c>: what a container uses, again and again, and each time that it runs out of memory, in runc's documents; with
/// <c>--changes</c> all that happens to it, or to all containers. Ends with the container, or when its reader has gone.
/// </summary>
internal static class EventsCommand
{
    internal static int Run(GlobalOptions global, EventsOptions options, Log log)
    {
        TimeSpan interval = TimeSpan.FromSeconds(5);
        if (options.Interval is { } given && !GoDuration.TryParse(given, out interval))
        {
            throw new RuntimeError($"option --interval: {CallerText.Quote(given)} is not a duration: duration interval must be greater than 0")
            {
                Hint = "write it like 5s, 100ms or 1m30s",
            };
        }

        Check(options);
        StoreRoot root = StoreRoot.Choose(global.Root);
        if (options.FollowsChanges)
        {
            FollowChanges(root, options, options.Interval is null ? null : interval, log);
            return ExitStatus.Success;
        }

        using ContainerDirectory directory = ContainerStore.Get(root, options.ContainerId!);
        ContainerRecord record = directory.ReadCompleteRecord();
        using OwnedFd? process = record.Process.Open();
        if (process is null || StatusReading.StatusOf(directory, record) == ContainerStatus.Stopped)
        {
            throw NotRunning(record.Id);
        }

        var files = new CgroupStatisticsFiles(record.Cgroups, HostProbe.ProbeCgroups(), ResourceControlGroup(directory, record));
        if (options.Stats)
        {
            StandardStreams.WriteOut(Line(record, files));
        }
        else
        {
            Follow(record, process, files, interval);
            KeepExit(directory, record, process, log);
        }

        return ExitStatus.Success;
    }

    private static void Check(EventsOptions options)
    {
        string? fault = options.All && options.ContainerId is not null ? "--all takes no container's name"
            : !options.All && options.ContainerId is null ? "the container's name is missing"
            : options.Stats && options.FollowsChanges ? "--stats ends at once: it does not go with --all, --changes and --pressure"
            : !options.FollowsChanges && options.Format == EventFormat.Text ? "--format text is of --changes; usage is printed as JSON"
            : null;
        if (fault is not null)
        {
            throw new RuntimeError($"events: {fault}") { Hint = "hull events ID, or hull events --all" };
        }
    }

    private static RuntimeError NotRunning(string id) => new($"container with id {id} is not running");

    private static void FollowChanges(StoreRoot root, EventsOptions options, TimeSpan? interval, Log log)
    {
        using var kernel = KernelLog.TryOpen();
        var watching = new Watching([.. options.Pressure.Select(PressureThreshold.Parse)], kernel, log);
        using var stream = new EventStream(watching, new EventPrinting(options.Format == EventFormat.Text, interval));
        if (options.All)
        {
            using ContainerStore store = ContainerStore.OpenOrMake(root);
            stream.Follow(store);
            return;
        }

        ContainerDirectory directory = ContainerStore.Get(root, options.ContainerId!);
        if (StatusReading.StatusOf(directory, directory.ReadCompleteRecord()) == ContainerStatus.Stopped)
        {
            directory.Dispose();
            throw NotRunning(options.ContainerId!);
        }

        stream.Follow(directory);
    }

    private static void Follow(ContainerRecord record, OwnedFd process, CgroupStatisticsFiles files, TimeSpan interval)
    {
        using OutOfMemoryWatch? memory = OutOfMemoryWatch.Of(files);
        var output = new Fd(1);
        Span<PollDescriptor> polls =
        [
            new PollDescriptor(process, PollEvents.In),
            new PollDescriptor(memory?.Notifications ?? Fd.None, PollEvents.In),
            new PollDescriptor(output, PollEvents.None),
        ];
        long next = Polling.MonotonicNanoseconds() + Nanoseconds(interval);
        while (true)
        {
            long wait = Math.Clamp((next - Polling.MonotonicNanoseconds() + 999_999) / 1_000_000, 0, int.MaxValue);
            Processes.PollProcess(polls, (int)wait).OrThrow("ppoll");

            // Memory first: what ran out of it may have ended by it.
            if ((polls[1].Returned != 0 || polls[0].Returned != 0) && memory?.Take() > 0)
            {
                StandardStreams.WriteOut(EventDocument.OutOfMemory(record.Id));
            }

            if (polls[0].Returned != 0 || (polls[2].Returned & (PollEvents.Error | PollEvents.HangUp)) != 0)
            {
                return;
            }

            if (Polling.MonotonicNanoseconds() >= next)
            {
                StandardStreams.WriteOut(Line(record, files));
                next = Math.Max(next + Nanoseconds(interval), Polling.MonotonicNanoseconds());
            }
        }
    }

    /// <summary>Whoever sees the end keeps it for those who ask later.</summary>
    private static void KeepExit(ContainerDirectory directory, ContainerRecord record, OwnedFd process, Log log)
    {
        if (ProcessEnd.HasCome(process) && ProgramEnd.Learn(record, process, out _) is { } status)
        {
            ProgramEnd.Keep(directory, record, status, log);
        }
    }

    private static string Line(ContainerRecord record, CgroupStatisticsFiles files) =>
        EventDocument.Statistics(record.Id, StatisticsReading.Of(files));

    private static long Nanoseconds(TimeSpan time) => time.Ticks > long.MaxValue / 200 ? long.MaxValue / 2 : time.Ticks * 100;

    /// <summary>The directory of the container's class of service below the mount of resctrl; null for a container that asks for none.</summary>
    private static string? ResourceControlGroup(ContainerDirectory directory, ContainerRecord record) =>
        directory.ReadConfig() is { } document && ConfigDocument.Parse(document).Value?.Linux?.IntelRdt is { } rdt
            ? ResctrlPlanning.ClassOf(rdt, record.Id) is { Length: > 0 } name ? name : "."
            : null;
}
