using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Waits, without polling, for the kernel's notice that a container ran out of memory: v1 counts in an eventfd, v2 changes
/// memory.events. Documentation/admin-guide/cgroup-v1/memory.rst (10), cgroup-v2.rst
/// </summary>
internal sealed class OutOfMemoryWatch : IDisposable
{
    private readonly string _directory;
    private readonly bool _isV1;
    private readonly OwnedFd _notifications;
    private readonly OwnedFd? _control;
    private ulong _seen;

    private OutOfMemoryWatch(string directory, bool isV1, OwnedFd notifications, OwnedFd? control)
    {
        _directory = directory;
        _isV1 = isV1;
        _notifications = notifications;
        _control = control;
        _seen = isV1 ? 0 : Kills(directory);
    }

    /// <summary>Readable when something may have happened.</summary>
    public Fd Notifications => _notifications;

    /// <summary>Watches a container's memory cgroup; null where it has none.</summary>
    public static OutOfMemoryWatch? Of(CgroupStatisticsFiles files)
    {
        string directory = files.DirectoryOf("memory");
        string file = directory + (files.IsV1("memory") ? "/memory.oom_control" : "/memory.events");
        if (directory.Length == 0 || !HostFiles.Exists(Fd.CurrentDirectory, file))
        {
            return null;
        }

        return files.IsV1("memory") ? OnV1(directory, file) : OnV2(directory, file);
    }

    /// <summary>Whether memory ran out since the last call: 1 or 0.</summary>
    public int Take()
    {
        Span<byte> buffer = stackalloc byte[4096];
        SyscallResult read = Files.Read(_notifications, buffer);
        if (!_isV1)
        {
            ulong kills = Kills(_directory);
            int happened = kills > _seen ? 1 : 0;
            _seen = Math.Max(kills, _seen);
            return happened;
        }

        if (read.Failed || read.Value != sizeof(ulong))
        {
            return 0;
        }

        // The end of the cgroup is counted like one more time without memory.
        ulong count = BitConverter.ToUInt64(buffer);
        bool gone = !HostFiles.Exists(Fd.CurrentDirectory, _directory);
        return count > (gone ? 1UL : 0UL) ? 1 : 0;
    }

    public void Dispose()
    {
        _notifications.Dispose();
        _control?.Dispose();
    }

    private static OutOfMemoryWatch OnV1(string directory, string file)
    {
        OwnedFd control = Files.OpenAt(Fd.CurrentDirectory, file, OpenFlags.ReadOnly).OwnedOrThrow($"open {file}");
        OwnedFd counter = Linux.Notifications.EventCounter(EventCounterFlags.NonBlocking).OwnedOrThrow("eventfd2");
        string order = string.Create(CultureInfo.InvariantCulture, $"{counter.Fd.Number} {control.Fd.Number}");
        HostFiles.WriteAll(Fd.CurrentDirectory, directory + "/cgroup.event_control", Encoding.ASCII.GetBytes(order));
        return new OutOfMemoryWatch(directory, isV1: true, counter, control);
    }

    private static OutOfMemoryWatch OnV2(string directory, string file)
    {
        OwnedFd queue = Linux.Notifications.WatchQueue(WatchQueueFlags.NonBlocking).OwnedOrThrow("inotify_init1");
        Linux.Notifications.Watch(queue, file, WatchEvents.Modify).OrThrow($"inotify_add_watch {file}");
        return new OutOfMemoryWatch(directory, isV1: false, queue, control: null);
    }

    private static ulong Kills(string directory)
    {
        try
        {
            byte[]? events = HostFiles.ReadAllOrNull(Fd.CurrentDirectory, directory + "/memory.events");
            return events is null ? 0 : StatisticsText.Of(StatisticsText.Pairs(Encoding.ASCII.GetString(events)), "oom_kill");
        }
        catch (KernelException gone) when (gone.Errno == Errno.ENODEV)
        {
            return 0;
        }
    }
}
