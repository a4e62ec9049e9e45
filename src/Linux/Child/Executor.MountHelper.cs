
namespace Hull.Linux;

/// <summary>
/// What a container process has no right to open, the mount helper opens for it: a process with the host's rights. One mount at a time
/// and in order, so that a later one never sees what an earlier one covers, and at most one descriptor is in the socket.
/// </summary>
internal sealed partial class Executor
{
    /// <summary>Asks the mount helper for the next mount. Its failure becomes ours, stage included.</summary>
    private SyscallResult ReceiveHostMount()
    {
        Report report = default;
        report.Kind = ReportKind.NextHostMount;

        // The helper is another process of the host: what this one has found out it does not know.
        report.Value = LacksTrees ? 1 : 0;
        SyscallResult asked = Send(_slots[Slot.MountHelper], ref report);
        if (asked.Failed)
        {
            return Part(Stage.OpenSource, asked);
        }

        Fd mount = Fd.None;
        SyscallResult received;
        int count;
        do
        {
            received = Sockets.ReceiveDescriptors(_slots[Slot.MountHelper], report.Bytes, new Span<Fd>(ref mount), out count);
        }
        while (received.Errno == Errno.EINTR);

        if (received.Failed)
        {
            return Part(Stage.OpenSource, received);
        }

        if (received.Value > 0 && report.Kind == ReportKind.Failure)
        {
            NewerCalls.Note((SyscallNumber)report.Pid);
            return Part(report.Stage, SyscallResult.Failure(report.Errno));
        }

        return received.Value > 0 && count == 1 && report.Kind == ReportKind.HostMount
            ? SyscallResult.Success(mount.Number)
            : Part(Stage.OpenSource, SyscallResult.Failure(Errno.EPIPE));
    }

    /// <summary>The helper's side. It ends when the container process has.</summary>
    private SyscallResult Perform(OpenHostMount open)
    {
        Report report = default;
        SyscallResult asked = Receive(_slots[Slot.Channel], ref report);
        if (asked.Failed || asked.Value == 0 || report.Kind != ReportKind.NextHostMount)
        {
            Processes.Exit(0);
        }

        if (report.Value != 0)
        {
            NewerCalls.Remember(SyscallNumber.move_mount);
        }

        SyscallResult opened = open.Source.IsNull ? SyscallResult.Success(open.Owners.Number) : OpenServed(open);
        if (opened.Failed)
        {
            return opened;
        }

        report.Kind = ReportKind.HostMount;
        Fd mount = opened.Fd;
        SyscallResult sent = Send(_slots[Slot.Channel], ref report, mount);
        if (!open.Source.IsNull)
        {
            Files.Close(mount);
        }

        return sent;
    }

    private SyscallResult OpenTree(OpenHostMount open)
    {
        if (open.IsLayer)
        {
            return Files.OpenAt(Fd.CurrentDirectory, open.Source, OpenFlags.ReadOnly | OpenFlags.Directory);
        }

        if (open.Root.IsNull)
        {
            OpenTreeFlags flags = OpenTreeFlags.Clone
                | (open.Recursive ? OpenTreeFlags.Recursive : 0) | (open.NoFollow ? OpenTreeFlags.SymlinkNoFollow : 0);
            return _mountsJoined ? OpenTree(Fd.CurrentDirectory, open.Source, flags) : OpenHostsTree(open.Source, flags);
        }

        SyscallResult root = Files.OpenAt(Fd.CurrentDirectory, open.Root, PathOfDirectory);
        if (root.Failed)
        {
            return root;
        }

        _slots[Slot.Rootfs] = root.Fd;
        SyscallResult tree = OpenOwnTree(open.Source, open.Recursive, open.NoFollow);
        Files.Close(root.Fd);
        _slots[Slot.Rootfs] = Fd.None;
        return tree;
    }

    /// <summary>From the host's mount namespace nothing but open_tree takes a mount into another one.</summary>
    private static SyscallResult OpenHostsTree(CString source, OpenTreeFlags flags)
    {
        SyscallResult tree = LacksTrees ? NewerCalls.Refuse(SyscallNumber.open_tree) : Mounts.OpenTree(Fd.CurrentDirectory, source, flags);
        return NewerCalls.Lacks(SyscallNumber.open_tree, tree) ? NewerCalls.Refuse(SyscallNumber.open_tree) : tree;
    }

    private SyscallResult OpenServed(OpenHostMount open)
    {
        SyscallResult tree = Part(Stage.OpenSource, OpenTree(open));
        if (!tree.Failed && open.Attach)
        {
            SyscallResult attached = MoveMount(tree.Fd, open.Source);
            if (_repeat)
            {
                _repeat = false;
                return OpenServed(open);
            }

            attached = Part(Stage.AttachMount, attached);
            return attached.Failed ? attached : tree;
        }

        if (tree.Failed || !open.Owners.IsOpen)
        {
            return tree;
        }

        // Only now: a mount that is attached cannot be mapped any more.
        AtFlags below = open.OwnersBelow ? AtFlags.Recursive : 0;
        SyscallResult mapped = Part(Stage.MapOwners, MapOwners(tree.Fd, below, open.Owners));
        return mapped.Failed ? mapped : tree;
    }
}
