using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("events", HelpText = "print resource usage and out-of-memory events as JSON lines")]
[Example("--stats web", "what web uses now")]
[Example("--interval 1s web", "every second, until it ends; and when it runs out of memory")]
internal sealed class EventsOptions : ContainerOptions
{
    [Option("interval", MetaValue = "DURATION", HelpText = "time between two lines of usage: 5s, 100ms")]
    public string? Interval { get; set; }

    [Option("stats", HelpText = "print the usage once and end")]
    public bool Stats { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => EventsCommand.Run(global, this, log);
}

/// <summary>
/// <c>hull events</c>: what a container uses, again and again, and each time that it runs out of memory. Ends with the container, or when
/// its reader has gone.
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

        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), options.ContainerId);
        ContainerRecord record = directory.ReadCompleteRecord();
        using OwnedFd? process = record.Process.Open();
        if (process is null || StatusReading.StatusOf(directory, record) == ContainerStatus.Stopped)
        {
            throw new RuntimeError($"container with id {record.Id} is not running");
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
