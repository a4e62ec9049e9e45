using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>A process that the kernel killed for want of memory.</summary>
internal readonly record struct OutOfMemoryVictim(int Pid, string Name);

/// <summary>
/// What the kernel's log says from now on of processes that were killed for want of memory: nothing else tells which they were. Reading it needs
/// CAP_SYSLOG where kernel.dmesg_restrict is set. Documentation/ABI/testing/dev-kmsg
/// </summary>
internal sealed class KernelLog : IDisposable
{
    /// <summary>The line may come a moment after the notice: so long it is waited for.</summary>
    private const int PatienceMilliseconds = 200;

    private readonly OwnedFd _log;

    private KernelLog(OwnedFd log) => _log = log;

    /// <summary>Opens it; null where it may not be read.</summary>
    public static KernelLog? TryOpen()
    {
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, "/dev/kmsg", OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (opened.Failed)
        {
            return null;
        }

        var log = new OwnedFd(opened.Fd.Number);
        if (Files.Seek(log, 0, SeekOrigin.End).Failed)
        {
            log.Dispose();
            return null;
        }

        return new KernelLog(log);
    }

    /// <summary>The newest victim of a cgroup, among the lines that were not read yet; null when there is none.</summary>
    /// <param name="directory">The container's memory cgroup.</param>
    public OutOfMemoryVictim? Victim(string directory)
    {
        OutOfMemoryVictim? found = Take(directory);
        if (found is null)
        {
            Span<PollDescriptor> poll = [new PollDescriptor(_log, PollEvents.In)];
            found = Polling.PollWaiting(poll, PatienceMilliseconds) is { Failed: false, Value: > 0 } ? Take(directory) : null;
        }

        return found;
    }

    public void Dispose() => _log.Dispose();

    private OutOfMemoryVictim? Take(string directory)
    {
        OutOfMemoryVictim? found = null;
        Span<byte> buffer = stackalloc byte[8192];
        while (true)
        {
            // One read is one message. EPIPE: some were overwritten before we read them.
            SyscallResult read = Files.ReadWaiting(_log, buffer);
            if (read.Failed && read.Errno != Errno.EPIPE)
            {
                return found;
            }

            if (!read.Failed)
            {
                found = VictimIn(Encoding.UTF8.GetString(buffer[..(int)read.Value]), directory) ?? found;
            }
        }
    }

    /// <summary>Reads <c>6,1,2,-;oom-kill:constraint=…,oom_memcg=/web,task_memcg=/web/a,task=dd,pid=42,uid=0</c>; null for other lines and cgroups.</summary>
    internal static OutOfMemoryVictim? VictimIn(string message, string directory)
    {
        if (!message.Contains("oom-kill:", StringComparison.Ordinal))
        {
            return null;
        }

        string line = message.Split('\n')[0];
        return IsOf(Field(line, "task_memcg="), directory) && int.TryParse(Field(line, "pid="), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            ? new OutOfMemoryVictim(pid, Field(line, "task="))
            : null;
    }

    // Names of tasks may hold commas, but the fields behind them are found from the end.
    private static string Field(string line, string name)
    {
        int begin = line.LastIndexOf("," + name, StringComparison.Ordinal) + 1;
        if (begin == 0)
        {
            return "";
        }

        begin += name.Length;
        int end = name == "task=" ? line.LastIndexOf(",pid=", StringComparison.Ordinal) : line.IndexOf(',', begin);
        return end < begin ? line[begin..] : line[begin..end];
    }

    /// <summary>The task's cgroup is the container's or below it. The kernel's paths begin at the hierarchy, ours at its mount.</summary>
    private static bool IsOf(string path, string directory)
    {
        while (path.Length > 1)
        {
            if (directory.EndsWith(path, StringComparison.Ordinal))
            {
                return true;
            }

            path = path[..Math.Max(0, path.LastIndexOf('/'))];
        }

        return false;
    }
}
