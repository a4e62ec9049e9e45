using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// How a container's program has ended. Its parent alone may wait for it; others learn it from procfs until it is reaped, and then from a pidfd
/// that they opened before. Whoever learns it keeps it in the record, for those who ask later.
/// </summary>
internal static class ProgramEnd
{
    /// <summary>How long a parent may take to reap it before we go without its status.</summary>
    private const int ReapMilliseconds = 2000;

    /// <summary>How long the note of it may wait for another command.</summary>
    private const int LockMilliseconds = 1000;

    /// <summary>How the process has ended; null where that cannot be learned.</summary>
    /// <param name="process">Its pidfd, on which the end has been seen.</param>
    /// <param name="unknown">Why it cannot be learned.</param>
    public static WaitStatus? Learn(ContainerRecord record, Fd process, out string unknown)
    {
        unknown = "";
        if (OfZombie(record.Process) is { } status)
        {
            return status;
        }

        Span<PollDescriptor> reaped = [new PollDescriptor(process, PollEvents.None)];
        if (Polling.PollWaiting(reaped, ReapMilliseconds).OrThrow("ppoll") == 0)
        {
            unknown = "its parent has not collected it";
            return null;
        }

        SyscallResult told = PidfdInformation.GetExit(process, out int raw);
        unknown = told.Failed ? "this kernel does not tell it to others: Linux 6.15 does" : "";
        return told.Failed ? null : WaitStatus.FromRaw(record.Process.Pid, raw);
    }

    /// <summary>The end as it is kept and shown.</summary>
    public static ContainerExit Describe(WaitStatus status, ExitFigures figures) => new()
    {
        Status = status.Signal != 0 ? ExitStatus.OfSignal(status.Signal) : status.ExitCode,
        Signal = status.Signal != 0 ? status.Signal : null,
        Time = ContainerRecord.TimeText(DateTime.UtcNow),
        OomKilled = figures.OomKilled,
        PeakMemory = figures.PeakMemory,
        CpuTime = figures.CpuTime,
    };

    /// <summary>Keeps it in the record, with what the container has used until now.</summary>
    public static void Keep(ContainerDirectory directory, ContainerRecord record, WaitStatus status, Log log)
    {
        ExitFigures figures = default;
        try
        {
            figures = ExitFigures.Read(ExitFigures.FilesOf(record.Cgroups, HostProbe.ProbeCgroups()));
        }
        catch (KernelException)
        {
            // Without descriptors or memory there are no figures; the status is known all the same.
        }

        Keep(directory, Describe(status, figures), log);
    }

    /// <summary>Keeps it in the record, unless that has it already or is being removed. That this fails keeps no one from the answer.</summary>
    public static void Keep(ContainerDirectory directory, ContainerExit exit, Log log)
    {
        try
        {
            if (directory.Lock(log, LockMilliseconds) && directory.ReadRecord() is { Phase: RecordPhase.Complete, Exit: null } record)
            {
                directory.WriteRecord(record with { Exit = exit });
            }

            directory.Unlock();
        }
        catch (Exception refused) when (refused is RuntimeError or KernelException)
        {
            if (log.IsDebug)
            {
                log.Debug($"container \"{directory.Id}\": its exit status is not kept: {refused.Message}");
            }
        }
    }

    /// <summary>The status of a process that has ended and was not reaped; null when it was, or is not ours to look into.</summary>
    private static WaitStatus? OfZombie(ProcessIdentity process)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Pid}");
        try
        {
            byte[] text = HostFiles.ReadAllOrNull(Fd.CurrentDirectory, place + "/stat") ?? [];
            bool isZombie = ProcessIdentity.ParseStat(text) is { Ended: true } stat && stat.StartTime == process.StartTime;
            return isZombie && MayBeTraced(place) ? StatusIn(Encoding.UTF8.GetString(text), process.Pid) : null;
        }
        catch (KernelException)
        {
            // Reaped at this moment.
            return null;
        }
    }

    /// <summary>
    /// The kernel shows the status as 0 to those who may not trace the process. They may not read this link either: EACCES; a zombie has no
    /// program any more, so that the others see ENOENT. proc_pid_stat(5)
    /// </summary>
    private static bool MayBeTraced(string place)
    {
        Span<byte> program = stackalloc byte[16];
        return Files.ReadLink(Fd.CurrentDirectory, place + "/exe", program).Errno is Errno.None or Errno.ENOENT;
    }

    /// <summary>Field 52, a status as wait4(2) has it. The name in field 2 may hold blanks and parentheses.</summary>
    internal static WaitStatus? StatusIn(string stat, int pid)
    {
        const int FirstField = 3, StatusField = 52;
        int end = stat.LastIndexOf(") ", StringComparison.Ordinal);
        string[] fields = end < 0 ? [] : stat[(end + 2)..].Split(' ', '\n');
        return fields.Length > StatusField - FirstField
            && int.TryParse(fields[StatusField - FirstField], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int raw)
                ? WaitStatus.FromRaw(pid, raw)
                : null;
    }
}
