
namespace Hull.Linux;

/// <summary>
/// HostMounts: what a container process has no right to open, a process with the host's rights opens for it, one thing at a time and in
/// order, so that what a mount covers is never seen by a later one, and no more than one descriptor is under way.
/// </summary>
internal sealed partial class Executor
{
    /// <summary>The next thing the lender has. Its failure becomes ours, part and all.</summary>
    private SyscallResult Borrow()
    {
        Report report = default;
        report.Kind = ReportKind.Want;
        SyscallResult asked = Send(_slots[Slot.MountHelper], ref report);
        if (asked.Failed)
        {
            return Part(Stage.OpenSource, asked);
        }

        Fd lent = Fd.None;
        SyscallResult received;
        int count;
        do
        {
            received = Sockets.ReceiveDescriptors(_slots[Slot.MountHelper], report.Bytes, new Span<Fd>(ref lent), out count);
        }
        while (received.Errno == Errno.EINTR);

        if (received.Failed)
        {
            return Part(Stage.OpenSource, received);
        }

        if (received.Value > 0 && report.Kind == ReportKind.Failure)
        {
            return Part(report.Stage, SyscallResult.Failure(report.Errno));
        }

        return received.Value > 0 && count == 1 && report.Kind == ReportKind.HostMounts
            ? SyscallResult.Success(lent.Number)
            : Part(Stage.OpenSource, SyscallResult.Failure(Errno.EPIPE));
    }

    /// <summary>The other side. A container process that is gone wants nothing any more.</summary>
    private SyscallResult OpenForContainer(OpenHostMount lend)
    {
        Report report = default;
        SyscallResult wanted = Receive(_slots[Slot.Channel], ref report);
        if (wanted.Failed || wanted.Value == 0 || report.Kind != ReportKind.Want)
        {
            Processes.Exit(0);
        }

        SyscallResult opened = lend.Source.IsNull ? SyscallResult.Success(lend.Owners.Number) : OpenServed(lend);
        if (opened.Failed)
        {
            return opened;
        }

        report.Kind = ReportKind.HostMounts;
        Fd lent = opened.Fd;
        SyscallResult sent;
        do
        {
            sent = Sockets.SendDescriptors(_slots[Slot.Channel], report.Bytes, new ReadOnlySpan<Fd>(in lent));
        }
        while (sent.Errno == Errno.EINTR);

        if (!lend.Source.IsNull)
        {
            Files.Close(lent);
        }

        return sent;
    }

    private SyscallResult OpenServed(OpenHostMount lend)
    {
        OpenTreeFlags flags = OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec
            | (lend.Recursive ? OpenTreeFlags.Recursive : 0)
            | (lend.NoFollow ? OpenTreeFlags.SymlinkNoFollow : 0);
        SyscallResult tree = Part(Stage.OpenSource, Mounts.OpenTree(Fd.CurrentDirectory, lend.Source, flags));
        if (tree.Failed || !lend.Owners.IsOpen)
        {
            return tree;
        }

        // Only now: a mount that is attached cannot be mapped any more.
        AtFlags below = lend.OwnersBelow ? AtFlags.Recursive : 0;
        SyscallResult mapped = Part(Stage.MapOwners, Mounts.SetAttributes(
            tree.Fd, Empty, AtFlags.EmptyPath | below, MountAttributes.IdMap, 0, 0, lend.Owners));
        return mapped.Failed ? mapped : tree;
    }
}
