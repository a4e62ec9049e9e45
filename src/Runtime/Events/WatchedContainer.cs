using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What is asked of all containers that are followed.</summary>
/// <param name="Thresholds">Of pressure.</param>
/// <param name="KernelLog">Tells the victims of the kernel; null where it may not be read.</param>
/// <param name="Log">For what cannot be followed.</param>
internal sealed record Watching(ImmutableArray<PressureThreshold> Thresholds, KernelLog? KernelLog, Log Log);

/// <summary>
/// One container that is followed. What has happened is found by comparing what it is with what was told of it, and in the notices of commands;
/// when to look is told by inotify, a pidfd and the kernel's own notifications.
/// </summary>
internal sealed class WatchedContainer : IDisposable
{
    private readonly ContainerDirectory _directory;
    private readonly Watching _watching;
    private readonly FileWatches _watches;
    private readonly OwnedFd _notices;
    private readonly List<(PressureThreshold Threshold, OwnedFd Trigger, string Directory)> _pressures = [];
    private ContainerRecord? _record;
    private OwnedFd? _process;
    private WatchedMemory? _memory;
    private CountedFile? _pids;
    private string _pidsDirectory = "";
    private ContainerStatus? _told;
    private byte[] _unread = [];

    private WatchedContainer(ContainerDirectory directory, Watching watching, FileWatches watches)
    {
        _directory = directory;
        _watching = watching;
        _watches = watches;
        _notices = Notices.Follow(directory);
    }

    /// <summary>Follows it from now on. The directory becomes this object's.</summary>
    /// <param name="isNew">It was not there before: then its creation is told, too.</param>
    public static WatchedContainer Begin(ContainerDirectory directory, Watching watching, FileWatches watches, bool isNew, List<ContainerEvent> found)
    {
        WatchedContainer? container = null;
        try
        {
            container = new WatchedContainer(directory, watching, watches);
            watches.Add(container, $"/proc/self/fd/{directory.Fd.Number}", WatchEvents.Modify | WatchEvents.MovedTo | WatchEvents.OnlyDirectory);
            container.FindRecord(isNew, found);
            return container;
        }
        catch
        {
            container?.Dispose();
            throw;
        }
    }

    /// <summary>Its id.</summary>
    public string Id => _directory.Id;

    /// <summary>Where its use is read; null as long as it is not complete, and after its end.</summary>
    public CgroupStatisticsFiles? Files { get; private set; }

    /// <summary>Its program has ended, and that was told.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>When to look without being told, in nanoseconds of the monotonic clock; null for never.</summary>
    public long? Due => Earlier(_memory?.Due, _pids?.Due);

    /// <summary>What to wait for.</summary>
    public void AddPolls(List<PollDescriptor> polls)
    {
        polls.Add(new PollDescriptor(_process?.Fd ?? Fd.None, PollEvents.In));
        polls.Add(new PollDescriptor(_memory?.Notifications ?? Fd.None, PollEvents.In));
        foreach ((_, OwnedFd trigger, _) in _pressures)
        {
            polls.Add(new PollDescriptor(trigger, PollEvents.Priority));
        }
    }

    /// <summary>Tells what its descriptors say: those of <see cref="AddPolls"/>, in that order.</summary>
    public void Look(ReadOnlySpan<PollDescriptor> polls, List<ContainerEvent> found)
    {
        for (int i = 0; i < _pressures.Count; i++)
        {
            (PressureThreshold threshold, _, string directory) = _pressures[i];
            if ((polls[2 + i].Returned & PollEvents.Priority) != 0
                && StatisticsText.ToPressure(CgroupText.Read($"{directory}/{threshold.Resource}.pressure")) is { } now)
            {
                found.Add(new PressureEvent(Id, Now, threshold, threshold.Kind == "some" ? now.Some : now.Full));
            }
        }

        Look(found);
    }

    /// <summary>Tells what has changed.</summary>
    public void Look(List<ContainerEvent> found)
    {
        if (_record is null)
        {
            FindRecord(isNew: true, found);
        }

        foreach (Notice notice in ReadNotices())
        {
            Tell(notice, found);
        }

        if (_record is null || _process is null)
        {
            return;
        }

        LookAtLimits(found);
        if (ProcessEnd.HasCome(_process))
        {
            End(found);
        }
        else
        {
            Become(StatusReading.StatusOf(_record), Now, found);
        }
    }

    /// <summary>It was deleted.</summary>
    public void Delete(List<ContainerEvent> found)
    {
        Look(found);
        if (_record is not null)
        {
            found.Add(new LifeEvent(LifeEvent.Deleted, Id, Now, 0));
        }
    }

    public void Dispose()
    {
        _watches.Remove(this);
        StopWatching();
        _notices.Dispose();
        _directory.Dispose();
    }

    private static string Now => ContainerRecord.TimeText(DateTime.UtcNow);

    private static long? Earlier(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    /// <summary>Before its record is complete there is nothing to tell; from then on it is watched.</summary>
    private void FindRecord(bool isNew, List<ContainerEvent> found)
    {
        if (_directory.ReadRecord() is not { Phase: RecordPhase.Complete } record)
        {
            return;
        }

        _record = record;
        _process = record.Process.Open();
        if (_process is not null)
        {
            Watch(record);
        }

        ContainerStatus status = StatusReading.StatusOf(record);
        if (!isNew)
        {
            _told = status;
            return;
        }

        found.Add(new LifeEvent(LifeEvent.Created, Id, record.Created, record.Process.Pid));
        _told = ContainerStatus.Created;
        if (_process is null)
        {
            HasEnded = true;
            found.Add(new ExitedEvent(Id, Now, record.Exit));
        }
    }

    private void Watch(ContainerRecord record)
    {
        var files = new CgroupStatisticsFiles(record.Cgroups, HostProbe.ProbeCgroups(), resourceControlGroup: null);
        Files = files;
        _memory = WatchedMemory.Of(files);
        if (_memory is { IsV1: false })
        {
            _watches.Add(this, _memory.EventFile, WatchEvents.Modify);
        }

        _pidsDirectory = files.DirectoryOf("pids");
        string pids = _pidsDirectory + "/pids.events";
        if (_pidsDirectory.Length > 0 && HostFiles.Exists(Fd.CurrentDirectory, pids))
        {
            _pids = new CountedFile(pids, "max");
            _watches.Add(this, pids, WatchEvents.Modify);
        }

        // Of v1 there is no such notice: there the commands tell it.
        if (files.V2.Length > 0)
        {
            _watches.Add(this, files.V2 + "/cgroup.events", WatchEvents.Modify);
        }

        foreach (PressureThreshold threshold in _watching.Thresholds)
        {
            if (files.V2.Length == 0)
            {
                throw new RuntimeError($"--pressure: container \"{Id}\" has no cgroup of version 2, which alone tells it");
            }

            _pressures.Add((threshold, threshold.Watch(files.V2), files.V2));
        }
    }

    private List<Notice> ReadNotices()
    {
        Linux.Files.Status(_notices, "", AtFlags.EmptyPath, out FileStatus status).OrThrow("statx notices");
        if (status.Size < Linux.Files.Seek(_notices, 0, SeekOrigin.Current).OrThrow("lseek"))
        {
            Linux.Files.Seek(_notices, 0, SeekOrigin.Begin).OrThrow("lseek");
            _unread = [];
        }

        List<Notice> notices = [];
        Span<byte> buffer = stackalloc byte[8192];
        while (Linux.Files.ReadWaiting(_notices, buffer) is { Failed: false, Value: > 0 and var length })
        {
            byte[] text = [.. _unread, .. buffer[..(int)length]];
            notices.AddRange(Notices.Read(text, out int used));
            _unread = text[used..];
        }

        return notices;
    }

    private void Tell(Notice notice, List<ContainerEvent> found)
    {
        switch (notice.Kind)
        {
            case Notices.Exec: found.Add(new ExecEvent(Id, notice.Time, notice.Pid, notice.Words)); break;
            case Notices.Updated: found.Add(new UpdatedEvent(Id, notice.Time, notice.Words)); break;
            case Notices.Paused: Become(ContainerStatus.Paused, notice.Time, found); break;
            case Notices.Started: Become(ContainerStatus.Running, notice.Time, found); break;

            // To what it was before it was paused: the next look finds that.
            case Notices.Resumed when _told == ContainerStatus.Paused && _record is not null:
                ContainerStatus now = StatusReading.StatusOf(_record);
                Become(now is ContainerStatus.Paused or ContainerStatus.Stopped ? ContainerStatus.Running : now, notice.Time, found);
                break;
        }
    }

    /// <summary>A status that was not told yet is told.</summary>
    private void Become(ContainerStatus status, string time, List<ContainerEvent> found)
    {
        if (_record is null || status == _told || status is not (ContainerStatus.Created or ContainerStatus.Running or ContainerStatus.Paused))
        {
            return;
        }

        string type = status == ContainerStatus.Paused ? Notices.Paused : _told == ContainerStatus.Paused ? Notices.Resumed : Notices.Started;
        _told = status;
        found.Add(new LifeEvent(type, Id, time, type == Notices.Started ? _record.Process.Pid : 0));
    }

    private void LookAtLimits(List<ContainerEvent> found)
    {
        _memory?.Look(Id, _watching.KernelLog, found);
        if (_pids?.Take() is > 0 and var times)
        {
            found.Add(new LimitEvent(LimitEvent.PidsLimit, Id, Now, times, CgroupText.Limit(_pidsDirectory + "/pids.max")));
        }
    }

    private void End(List<ContainerEvent> found)
    {
        // First of all: the cgroups may be gone as soon as the process is.
        ExitFigures figures = Files is null ? default : ExitFigures.Read(Files);
        ContainerExit? exit = _directory.ReadRecord()?.Exit;
        if (exit is null && ProgramEnd.Learn(_record!, _process!, out _) is { } status)
        {
            exit = ProgramEnd.Describe(status, figures);
            ProgramEnd.Keep(_directory, exit, _watching.Log);
        }

        if (_told == ContainerStatus.Created && _record is { StartSocket: false })
        {
            // So short that it was never seen running.
            Become(ContainerStatus.Running, Now, found);
        }

        found.Add(new ExitedEvent(Id, Now, exit));
        HasEnded = true;
        StopWatching();
    }

    private void StopWatching()
    {
        _process?.Dispose();
        _process = null;
        _memory?.Dispose();
        _memory = null;
        _pids = null;
        Files = null;
        foreach ((_, OwnedFd trigger, _) in _pressures)
        {
            trigger.Dispose();
        }

        _pressures.Clear();
    }
}
