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
    /// <summary><c>IN_DELETE_SELF</c>: it was removed.</summary>
    DeleteSelf = 0x400,
}

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
}
