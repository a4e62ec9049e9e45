using System.Runtime.InteropServices;
using System.Text;

namespace Hull.Linux;

/// <summary>How an event counter is made. eventfd(2), sys/eventfd.h</summary>
[Flags]
public enum EventCounterFlags
{
    /// <summary>Reading waits.</summary>
    None = 0,
    /// <summary><c>EFD_NONBLOCK</c>: EAGAIN rather than waiting.</summary>
    NonBlocking = 0x800,
    /// <summary><c>EFD_CLOEXEC</c>: always added.</summary>
    CloseOnExec = 0x80000,
}

/// <summary>How a queue of file events is made. inotify(7), sys/inotify.h</summary>
[Flags]
public enum WatchQueueFlags
{
    /// <summary>Reading waits.</summary>
    None = 0,
    /// <summary><c>IN_NONBLOCK</c>: EAGAIN rather than waiting.</summary>
    NonBlocking = 0x800,
    /// <summary><c>IN_CLOEXEC</c>: always added.</summary>
    CloseOnExec = 0x80000,
}

/// <summary>What is watched. inotify(7), sys/inotify.h</summary>
[Flags]
public enum WatchEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>IN_MODIFY</c>: its content changed; the kernel says so of memory.events and cgroup.events, too.</summary>
    Modify = 0x2,
    /// <summary><c>IN_MOVED_TO</c>: a file has got a name in it, in place of another one where that existed.</summary>
    MovedTo = 0x80,
    /// <summary><c>IN_CREATE</c>: a file was made in it.</summary>
    Create = 0x100,
    /// <summary><c>IN_DELETE</c>: a file in it was removed.</summary>
    Delete = 0x200,
    /// <summary><c>IN_DELETE_SELF</c>: it was removed.</summary>
    DeleteSelf = 0x400,
    /// <summary><c>IN_Q_OVERFLOW</c>: events were lost, for the queue was full. Only read, of no watch.</summary>
    Overflow = 0x4000,
    /// <summary><c>IN_ONLYDIR</c>: fail with ENOTDIR where it is no directory.</summary>
    OnlyDirectory = 0x1000000,
}

/// <summary>One event that was read from a queue. inotify(7), sys/inotify.h</summary>
/// <param name="Watch">The watch's number; -1 of <see cref="WatchEvents.Overflow"/>.</param>
/// <param name="Events">What happened.</param>
/// <param name="Name">To which file of a watched directory; empty for what is watched itself.</param>
public readonly record struct FileEvent(int Watch, WatchEvents Events, string Name);

/// <summary>Descriptors that become readable when something happens.</summary>
public static unsafe class Notifications
{
    /// <summary><c>eventfd2(0, flags | EFD_CLOEXEC)</c>: a counter that the kernel adds to. eventfd(2)</summary>
    public static SyscallResult EventCounter(EventCounterFlags flags = EventCounterFlags.None) =>
        Kernel.Call(SyscallNumber.eventfd2, 0, (nint)(flags | EventCounterFlags.CloseOnExec));

    /// <summary><c>inotify_init1(flags | IN_CLOEXEC)</c>: a queue of events of files. inotify(7)</summary>
    public static SyscallResult WatchQueue(WatchQueueFlags flags = WatchQueueFlags.None) =>
        Kernel.Call(SyscallNumber.inotify_init1, (nint)(flags | WatchQueueFlags.CloseOnExec));

    /// <summary><c>inotify_add_watch(queue, path, events)</c>: put these events of a file into the queue. inotify(7)</summary>
    public static SyscallResult Watch(Fd queue, CString path, WatchEvents events) =>
        Kernel.Call(SyscallNumber.inotify_add_watch, queue.Number, path.Address, (nint)(uint)events);

    /// <summary><c>inotify_rm_watch(queue, watch)</c>: watch it no longer. inotify(7)</summary>
    public static SyscallResult Unwatch(Fd queue, int watch) => Kernel.Call(SyscallNumber.inotify_rm_watch, queue.Number, watch);

    /// <summary>
    /// <c>read(queue, buffer, 16384)</c> until EAGAIN: takes all events out of a queue that does not block. The result counts them. inotify(7)
    /// </summary>
    public static SyscallResult Take(Fd queue, List<FileEvent> events)
    {
        // One event takes at most 16 bytes and a name of 256.
        Span<byte> buffer = stackalloc byte[16384];
        int count = events.Count;
        while (true)
        {
            SyscallResult read = Files.ReadWaiting(queue, buffer);
            if (read.Failed || read.Value == 0)
            {
                return read.Failed && read.Errno != Errno.EAGAIN ? read : SyscallResult.Success(events.Count - count);
            }

            Parse(buffer[..(int)read.Value], events);
        }
    }

    /// <summary><c>struct inotify_event</c>: watch, mask, cookie, length of the name, the name with zeros after it.</summary>
    internal static void Parse(ReadOnlySpan<byte> bytes, List<FileEvent> events)
    {
        const int Header = 16, Mask = 4, Length = 12;
        while (bytes.Length >= Header)
        {
            int length = (int)Math.Min(MemoryMarshal.Read<uint>(bytes[Length..]), (uint)(bytes.Length - Header));
            ReadOnlySpan<byte> name = bytes.Slice(Header, length);
            int end = name.IndexOf((byte)0);
            events.Add(new FileEvent(
                MemoryMarshal.Read<int>(bytes), (WatchEvents)MemoryMarshal.Read<uint>(bytes[Mask..]), Encoding.UTF8.GetString(end < 0 ? name : name[..end])));
            bytes = bytes[(Header + length)..];
        }
    }
}
