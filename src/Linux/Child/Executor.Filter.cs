
namespace Hull.Linux;

/// <summary>The filter of system calls, after which nothing but execve is called.</summary>
internal sealed partial class Executor
{
    private SyscallResult Load(LoadSeccompFilter load)
    {
        SeccompHandshake? silent = _slots.SeccompHandshake;
        SyscallResult result = load.Announced ? Part(Stage.HandOver, AnnounceFilter()) : default;
        if (!result.Failed && load.HasListener && silent is { Traceable: true })
        {
            result = Processes.SetDumpable(true);
        }

        result = result.Failed ? result : Seccomp.SetFilter(load.Program, load.Flags);
        if (result.Failed)
        {
            return result;
        }

        _filtered = true;
        return load.HasListener && silent is not null ? Part(Stage.HandOver, silent.Offer(result.Fd)) : default;
    }

    /// <summary>The last word on the lane. Whoever let this process start has not seen its memory yet.</summary>
    private SyscallResult AnnounceFilter()
    {
        Report report = default;
        report.Kind = ReportKind.Checkpoint;
        report.Value = (long)Checkpoint.Filtered;
        Fd silent = _slots[Slot.SeccompHandshake];
        while (true)
        {
            SyscallResult sent = Sockets.SendDescriptors(
                _slots[Slot.Channel], report.Bytes, silent.IsOpen ? new ReadOnlySpan<Fd>(in silent) : default);
            if (sent.Errno != Errno.EINTR)
            {
                return sent;
            }
        }
    }
}
