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
    public OwnedFd? Open()
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
        if (ReadStat(Pid) is { Ended: false } stat && stat.StartTime == StartTime)
        {
            return process;
        }

        process.Dispose();
        return null;
    }

    /// <summary>The process has not ended. To look at, not to act on: that needs <see cref="Open"/>.</summary>
    public bool IsAlive() => Pid > 0 && ReadStat(Pid) is { Ended: false } stat && stat.StartTime == StartTime;

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
        const int StateField = 3, StartTimeField = 22;
        for (int field = StateField; field < StartTimeField; field++)
        {
            int blank = fields.IndexOf((byte)' ');
            if (blank < 0)
            {
                return null;
            }

            fields = fields[(blank + 1)..];
        }

        return Utf8Parser.TryParse(fields, out ulong startTime, out int used) && used > 0 && startTime > 0 ? new Stat(ended, startTime) : null;
    }

    /// <summary>The two fields that matter.</summary>
    internal readonly record struct Stat(bool Ended, ulong StartTime);
}
