
namespace Hull.Linux;

/// <summary>The filter of system calls, after which nothing but execve is called.</summary>
internal sealed partial class Executor
{
    private SyscallResult Perform(LoadSeccompFilter load)
    {
        SeccompHandshake? handshake = _slots.SeccompHandshake;
        SyscallResult result = load.Announced ? Part(Stage.HandOver, AnnounceFilter()) : default;
        if (!result.Failed && load.HasListener && handshake is { Traceable: true })
        {
            result = Processes.SetDumpable(true);
        }

        result = result.Failed ? result : Seccomp.SetFilter(load.Program, load.Flags);
        if (result.Failed)
        {
            return result;
        }

        _filtered = true;
        return load.HasListener && handshake is not null ? Part(Stage.HandOver, handshake.Offer(result.Fd)) : default;
    }

    /// <summary>The last message on the channel; with the descriptor of the handshake, which <c>start</c> does not have yet.</summary>
    private SyscallResult AnnounceFilter()
    {
        Report report = default;
        report.Kind = ReportKind.Checkpoint;
        report.Value = (long)Checkpoint.Filtered;
        return Send(_slots[Slot.Channel], ref report, _slots[Slot.SeccompHandshake]);
    }
}
