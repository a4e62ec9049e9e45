using System.Buffers.Text;
using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// A process that cannot be confused with a later one of the same number (STATE-05).
/// </summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTime">When it started, in clock ticks since boot: field 22 of /proc/PID/stat.</param>
internal readonly record struct ProcessIdentity(int Pid, ulong StartTime)
{
    /// <summary>
    /// The identity of a living process. Throws where the start time cannot be read: an unknown one must never be stored, it
    /// would make the process look like another one for ever.
    /// </summary>
    public static ProcessIdentity Of(int pid)
    {
        Stat stat = ReadStat(pid) ?? throw new KernelException($"read /proc/{pid}/stat", Errno.ESRCH);
        return new ProcessIdentity(pid, stat.StartTime);
    }

    /// <summary>
    /// A descriptor of the process, or null when it has ended; a zombie has. The descriptor comes first: had the number belonged to
    /// another process then, the start time read afterwards could not be the one that was recorded earlier.
    /// </summary>
    public OwnedFd? Open() => Open(evenEnded: false);

    /// <summary>The same also of a zombie; null once it has been reaped.</summary>
    public OwnedFd? OpenEvenEnded() => Open(evenEnded: true);

    private OwnedFd? Open(bool evenEnded)
    {
        if (Pid <= 0)
        {
            return null;
        }

        SyscallResult opened = Processes.OpenProcess(Pid);
        if (opened.Errno == Errno.ESRCH)
        {
            return null;
        }

        // EINVAL: the number belongs to a thread now.
        if (opened.Errno == Errno.EINVAL)
        {
            return null;
        }

        OwnedFd process = opened.OwnedOrThrow($"pidfd_open {Pid}");
        if (Look() is { } stat && (evenEnded || !stat.Ended))
        {
            return process;
        }

        process.Dispose();
        return null;
    }

    /// <summary>The process has not ended. To look at, not to act on: that needs <see cref="Open"/>.</summary>
    public bool IsAlive() => Look() is { Ended: false };

    /// <summary>
    /// It has ended or is about to, which takes a while where it takes others with it: its namespaces and cgroups cannot be entered any more.
    /// </summary>
    public bool IsEnding() => Look() is not { Ended: false, Exiting: false };

    /// <summary>What the kernel says of it; null when there is no such process any more.</summary>
    public Stat? Look() => Pid > 0 && ReadStat(Pid) is { } stat && stat.StartTime == StartTime ? stat : null;

    /// <summary>What /proc/PID/stat says; null when there is no such process.</summary>
    private static Stat? ReadStat(int pid)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat");
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.ReadOnly);
        if (opened.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return null;
        }

        using OwnedFd file = opened.OwnedOrThrow("open " + path);
        Span<byte> buffer = stackalloc byte[1024];
        SyscallResult read = Files.Read(file, buffer);
        if (read.Errno == Errno.ESRCH)
        {
            return null;
        }

        int length = (int)read.OrThrow("read " + path);
        return ParseStat(buffer[..length]) ?? throw new KernelException("read " + path, Errno.EIO);
    }

    /// <summary>
    /// Reads <c>123 (any (name) at all) S 1 …</c>: the name may hold blanks and parentheses, so the fields are counted from the last
    /// one. proc_pid_stat(5)
    /// </summary>
    internal static Stat? ParseStat(ReadOnlySpan<byte> text)
    {
        int end = text.LastIndexOf(") "u8);
        if (end < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> fields = text[(end + 2)..];
        if (fields.IsEmpty)
        {
            return null;
        }

        bool ended = fields[0] is (byte)'Z' or (byte)'X' or (byte)'x';
        const int StateField = 3, FlagsField = 9, StartTimeField = 22;
        uint flags = 0;
        for (int field = StateField; field < StartTimeField; field++)
        {
            if (field == FlagsField && !Utf8Parser.TryParse(fields, out flags, out _))
            {
                return null;
            }

            int blank = fields.IndexOf((byte)' ');
            if (blank < 0)
            {
                return null;
            }

            fields = fields[(blank + 1)..];
        }

        return Utf8Parser.TryParse(fields, out ulong startTime, out int used) && used > 0 && startTime > 0
            ? new Stat(ended, (flags & Exiting) != 0, (flags & ForkedNotExecuted) == 0, startTime)
            : null;
    }

    // PF_EXITING and PF_FORKNOEXEC, linux/sched.h: the same since Linux 2.2, and the second is what acct(5) shows as AFORK.
    private const uint Exiting = 4, ForkedNotExecuted = 0x40;

    /// <summary>What matters of it.</summary>
    /// <param name="Ended">It is a zombie or less.</param>
    /// <param name="Exiting">It is about to end.</param>
    /// <param name="Executed">It has become a program with execve since it was cloned.</param>
    /// <param name="StartTime">When it started, in clock ticks since boot.</param>
    internal readonly record struct Stat(bool Ended, bool Exiting, bool Executed, ulong StartTime);
}
