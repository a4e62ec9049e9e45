namespace Hull.Linux;

/// <summary>What a descriptor is ready for. poll(2), asm-generic/poll.h</summary>
[Flags]
public enum PollEvents : short
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>POLLIN</c>: there is something to read.</summary>
    In = 1,
    /// <summary><c>POLLPRI</c>: something exceptional; a cgroup file changed.</summary>
    Priority = 2,
    /// <summary><c>POLLOUT</c>: it can be written to.</summary>
    Out = 4,
    /// <summary><c>POLLERR</c>: an error, or a pipe without a reader.</summary>
    Error = 8,
    /// <summary><c>POLLHUP</c>: the other side is gone.</summary>
    HangUp = 16,
    /// <summary><c>POLLNVAL</c>: not an open descriptor.</summary>
    Invalid = 32,
}

/// <summary><c>struct pollfd</c>: a descriptor to wait for. poll(2), asm-generic/poll.h</summary>
public struct PollDescriptor
{
    /// <summary><c>fd</c></summary>
    private int _fd;

    /// <summary><c>events</c></summary>
    private PollEvents _events;

    /// <summary><c>revents</c></summary>
    private PollEvents _returned;

    /// <summary>Waits for these events of a descriptor; <see cref="Fd.None"/> is passed over.</summary>
    public PollDescriptor(Fd fd, PollEvents events)
    {
        _fd = fd.Number;
        _events = events;
        _returned = PollEvents.None;
    }

    /// <summary>Which descriptor.</summary>
    public Fd Fd
    {
        readonly get => new(_fd);
        set => _fd = value.Number;
    }

    /// <summary>What is waited for.</summary>
    public PollEvents Events
    {
        readonly get => _events;
        set => _events = value;
    }

    /// <summary>What happened.</summary>
    public PollEvents Returned
    {
        readonly get => _returned;
        internal set => _returned = value;
    }
}

/// <summary>Waiting: for descriptors, for time.</summary>
public static unsafe class Polling
{
    /// <summary>
    /// <c>ppoll(descriptors, count, timeout, NULL, 8)</c>: wait until something happens; the result says on how many, 0 is the timeout.
    /// A negative timeout waits without limit. For a container process: EINTR is visible. poll(2)
    /// </summary>
    public static SyscallResult Poll(Span<PollDescriptor> descriptors, int timeoutMilliseconds)
    {
        var timeout = TimeSpecification.FromMilliseconds(timeoutMilliseconds);
        fixed (PollDescriptor* first = descriptors)
        {
            return Kernel.Call(
                SyscallNumber.ppoll, (nint)first, descriptors.Length, timeoutMilliseconds < 0 ? 0 : (nint)(&timeout), 0, 8);
        }
    }

    /// <summary>
    /// The same for the host side: EINTR is retried, for the time that remains (the kernel updates it, unlike glibc's ppoll). poll(2)
    /// </summary>
    public static SyscallResult PollWaiting(Span<PollDescriptor> descriptors, int timeoutMilliseconds)
    {
        var timeout = TimeSpecification.FromMilliseconds(timeoutMilliseconds);
        fixed (PollDescriptor* first = descriptors)
        {
            return Kernel.Wait(
                SyscallNumber.ppoll, (nint)first, descriptors.Length, timeoutMilliseconds < 0 ? 0 : (nint)(&timeout), 0, 8);
        }
    }

    /// <summary><c>nanosleep(duration, NULL)</c>: let time pass. EINTR is visible. nanosleep(2)</summary>
    public static SyscallResult Sleep(long nanoseconds)
    {
        TimeSpecification duration;
        duration.Seconds = nanoseconds / 1_000_000_000;
        duration.Nanoseconds = nanoseconds % 1_000_000_000;
        return Kernel.Call(SyscallNumber.nanosleep, (nint)(&duration));
    }

    /// <summary>
    /// <c>clock_gettime(CLOCK_MONOTONIC, time)</c>: nanoseconds since some moment; only differences mean something. clock_gettime(2)
    /// </summary>
    public static long MonotonicNanoseconds()
    {
        TimeSpecification now = default;
        Kernel.Call(SyscallNumber.clock_gettime, (nint)Clock.Monotonic, (nint)(&now));
        return (now.Seconds * 1_000_000_000) + now.Nanoseconds;
    }

    /// <summary>
    /// <c>clock_gettime(CLOCK_REALTIME, time)</c>: nanoseconds since 1970, the same in every time namespace; somebody may set it. clock_gettime(2)
    /// </summary>
    public static long RealTimeNanoseconds()
    {
        TimeSpecification now = default;
        Kernel.Call(SyscallNumber.clock_gettime, (nint)Clock.RealTime, (nint)(&now));
        return (now.Seconds * 1_000_000_000) + now.Nanoseconds;
    }
}

/// <summary>Which clock. clock_gettime(2), linux/time.h</summary>
internal enum Clock
{
    /// <summary><c>CLOCK_REALTIME</c></summary>
    RealTime = 0,
    /// <summary><c>CLOCK_MONOTONIC</c></summary>
    Monotonic = 1,
}

/// <summary><c>struct __kernel_timespec</c>. nanosleep(2), linux/time_types.h</summary>
internal struct TimeSpecification
{
    /// <summary><c>tv_sec</c></summary>
    internal long Seconds;

    /// <summary><c>tv_nsec</c></summary>
    internal long Nanoseconds;

    internal static TimeSpecification FromMilliseconds(int milliseconds) => new()
    {
        Seconds = milliseconds / 1000,
        Nanoseconds = milliseconds % 1000 * 1_000_000L,
    };
}
