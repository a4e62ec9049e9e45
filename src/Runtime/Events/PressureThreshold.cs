using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>How long a cgroup may wait for a resource before that is worth an event. Documentation/accounting/psi.rst, since Linux 5.2</summary>
/// <param name="Resource">cpu, io or memory.</param>
/// <param name="Kind">some: any process waited; full: all did.</param>
/// <param name="StallMicroseconds">How long, in any window.</param>
/// <param name="WindowMicroseconds">The window.</param>
internal sealed record PressureThreshold(string Resource, string Kind, ulong StallMicroseconds, ulong WindowMicroseconds)
{
    // What the kernel takes: WINDOW_MIN_US and WINDOW_MAX_US, and for callers without CAP_SYS_RESOURCE multiples of its own period (6.4).
    private const ulong ShortestWindow = 500_000, LongestWindow = 10_000_000, Period = 2_000_000;

    private const string Form = "RESOURCE:some|full:STALL/WINDOW, such as memory:some:150ms/2s: cpu, io or memory, a window of 500ms to 10s and a stall within it";

    /// <summary>Reads <c>memory:some:150ms/2s</c>.</summary>
    /// <exception cref="RuntimeError">It is no threshold.</exception>
    public static PressureThreshold Parse(string text)
    {
        string[] parts = text.Split(':');
        string[] times = parts.Length == 3 ? parts[2].Split('/') : [];
        return times.Length == 2
            && parts[0] is "cpu" or "io" or "memory" && parts[1] is "some" or "full"
            && Microseconds(times[0]) is { } stall && Microseconds(times[1]) is { } window
            && window is >= ShortestWindow and <= LongestWindow && stall > 0 && stall <= window
                ? new PressureThreshold(parts[0], parts[1], stall, window)
                : throw new RuntimeError($"option --pressure: {CallerText.Quote(text)} is not a threshold") { Hint = Form };
    }

    /// <summary>Asks the kernel to watch a cgroup of v2: the descriptor has POLLPRI each time that the threshold is passed, at most once in a window.</summary>
    /// <exception cref="RuntimeError">It does not; the message says what is missing.</exception>
    public OwnedFd Watch(string directory)
    {
        string file = $"{directory}/{Resource}.pressure";
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, file, OpenFlags.ReadWrite | OpenFlags.NonBlocking);
        if (opened.Failed)
        {
            throw new RuntimeError($"--pressure {Resource}: open {file}", opened.Errno)
            {
                Hint = opened.Errno == Errno.ENOENT ? "the kernel needs CONFIG_PSI, without psi=0, and cgroup v2" : null,
            };
        }

        var trigger = new OwnedFd(opened.Fd.Number);
        SyscallResult written = Files.Write(trigger, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Kind} {StallMicroseconds} {WindowMicroseconds}\0")));
        if (written.Failed)
        {
            trigger.Dispose();
            bool unusual = WindowMicroseconds % Period != 0;
            throw new RuntimeError($"--pressure {Resource}:{Kind}: write to {file}", written.Errno)
            {
                Hint = written.Errno is not (Errno.EINVAL or Errno.EPERM) ? null
                    : unusual ? "a window that is no multiple of 2s needs CAP_SYS_RESOURCE"
                    : $"this kernel does not watch {Kind} of {Resource}",
            };
        }

        return trigger;
    }

    private static ulong? Microseconds(string text) => GoDuration.TryParse(text, out TimeSpan time) ? (ulong)(time.Ticks / 10) : null;
}
