
namespace Hull.Linux;

/// <summary>The root, and what is masked or read-only below it.</summary>
internal sealed partial class Executor
{
    private SyscallResult Perform(EnterRootfs enter)
    {
        SyscallResult result = HideBeforeRootChange();
        if (result.Failed)
        {
            return result;
        }

        result = Part(Stage.ChangeRoot, Files.ChangeDirectory(_slots[Slot.Rootfs]));
        if (result.Failed)
        {
            return result;
        }

        _rootChanged = true;
        switch (enter.Change)
        {
            case RootChange.Pivot:
                // The old root comes to lie on top of the new one, so that no directory is needed for it.
                result = Part(Stage.ChangeRoot, Mounts.PivotRoot(Dot, Dot));
                if (!result.Failed)
                {
                    result = Part(Stage.LeaveOldRoot, Mounts.Unmount(Dot, UnmountFlags.Detach));
                }

                break;
            case RootChange.Move:
                result = Part(Stage.ChangeRoot, MoveMount(_slots[Slot.Rootfs], Slash));
                if (!result.Failed)
                {
                    result = Part(Stage.ChangeRoot, Files.ChangeRoot(Dot));
                }

                break;
            default:
                result = Part(Stage.ChangeRoot, Files.ChangeRoot(Dot));
                break;
        }

        return result.Failed ? result : Part(Stage.LeaveOldRoot, Files.ChangeDirectory(Slash));
    }

    private SyscallResult Perform(DetachMount detach)
    {
        SyscallResult gone = Mounts.Unmount(detach.Path, UnmountFlags.Detach);
        if (!gone.Failed || gone.Errno is not (Errno.EINVAL or Errno.EPERM))
        {
            return gone.Errno == Errno.ENOENT ? default : gone;
        }

        // The kernel locks mounts that came from a more privileged mount namespace: then they can only be covered.
        return Mounts.MountClassic(Tmpfs, detach.Path, Tmpfs, MountFlags.ReadOnly, default);
    }

    private SyscallResult Perform(MakeRootReadOnly _) =>
        SetAttributes(_slots[Slot.Rootfs], AtFlags.EmptyPath, MountAttributes.ReadOnly, 0, 0);

    private SyscallResult Perform(EnterReadOnlyRoot _)
    {
        SyscallResult tree = Part(Stage.OpenSource, CopyRoot());
        SyscallResult result = tree.Failed ? tree : Part(Stage.SetAttributes, Mounts.SetAttributes(
            tree.Fd, Empty, AtFlags.EmptyPath, MountAttributes.ReadOnly, 0));
        result = NewerCalls.Lacks(SyscallNumber.mount_setattr, result) ? NewerCalls.Refuse(SyscallNumber.mount_setattr) : result;
        result = result.Failed ? result : Part(Stage.ChangeRoot, Files.ChangeDirectory(tree.Fd));
        result = result.Failed ? result : Part(Stage.ChangeRoot, Files.ChangeRoot(Dot));
        if (!result.Failed)
        {
            // The mounts stay together for as long as a process has its root in them, also without the descriptor.
            Files.Close(_slots[Slot.Rootfs]);
            _slots[Slot.Rootfs] = tree.Fd;
        }

        return result;
    }

    /// <summary>Without the newer calls a copy would have to lie in the host's own mount namespace: there is none then.</summary>
    private SyscallResult CopyRoot()
    {
        SyscallResult tree = Mounts.OpenTree(
            _slots[Slot.Rootfs], Empty, OpenTreeFlags.Clone | OpenTreeFlags.EmptyPath | OpenTreeFlags.Recursive);
        return NewerCalls.Lacks(SyscallNumber.open_tree, tree) ? NewerCalls.Refuse(SyscallNumber.open_tree) : tree;
    }

    private SyscallResult Perform(OpenNullDevice _)
    {
        SyscallResult tree = OpenTree(
            Fd.CurrentDirectory, NullDevicePath, OpenTreeFlags.Clone | OpenTreeFlags.SymlinkNoFollow);
        if (tree.Failed)
        {
            return tree;
        }

        _slots[Slot.NullDevice] = tree.Fd;
        SyscallResult status = Files.Status(tree.Fd, Empty, AtFlags.EmptyPath, out FileStatus found);
        return status.Failed ? Part(Stage.OpenSource, status) : IsNullDevice(found) ? default : Part(Stage.NotVerified, SyscallResult.Failure(Errno.ENODEV));
    }

    private SyscallResult Perform(MaskPath mask)
    {
        if (_hidden)
        {
            return default;
        }

        SyscallResult place = OpenInside(mask.Path.Text, OpenFlags.Path);
        if (place.Failed)
        {
            // Only a path that is not there needs no mask (CVE-2025-31133: nothing else may be taken for that).
            return place.Errno is Errno.ENOENT or Errno.ENOTDIR ? default : Part(Stage.OpenDestination, place);
        }

        SyscallResult status = Files.Status(place.Fd, Empty, AtFlags.EmptyPath, out FileStatus kind);
        if (status.Failed)
        {
            return Part(Stage.OpenDestination, status);
        }

        SyscallResult covered = kind.Type == FileType.Directory ? CoverDirectory(place.Fd) : Cover(place.Fd, Slot.NullDevice, ref _nullDeviceAttached);
        Files.Close(place.Fd);
        return covered;
    }

    /// <summary>All masked directories share one tmpfs: each superblock costs time to make and more to reap.</summary>
    private SyscallResult CoverDirectory(Fd directory)
    {
        if (LacksContexts)
        {
            return CoverWithNewDirectory(directory);
        }

        if (!_emptyDirectoryAttached)
        {
            SyscallResult made = MakeEmptyByContext();
            if (made.Failed)
            {
                return LacksContext(made) ? CoverWithNewDirectory(directory) : made;
            }

            _slots[Slot.EmptyDirectory] = made.Fd;
        }

        return Cover(directory, Slot.EmptyDirectory, ref _emptyDirectoryAttached);
    }

    private const MountAttributes Closed =
        MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDevices | MountAttributes.NoExecute;

    private SyscallResult MakeEmptyDirectory()
    {
        if (!LacksContexts)
        {
            SyscallResult made = MakeEmptyByContext();
            if (!LacksContext(made))
            {
                return made;
            }
        }

        return MountInStaging(Tmpfs, Tmpfs, ClassicFlags.FlagsOf(Closed), EmptyDirectoryOptions, 0);
    }

    private SyscallResult MakeEmptyByContext()
    {
        SyscallResult context = Part(Stage.OpenFilesystem, Mounts.OpenFilesystem(Tmpfs));
        if (context.Failed)
        {
            return context;
        }

        _filesystemContext = context.Fd;
        SyscallResult result = Mounts.SetString(context.Fd, NumberOfBlocks, One);
        result = result.Failed ? result : Mounts.SetString(context.Fd, NumberOfInodes, One);
        result = result.Failed ? result : Mounts.SetString(context.Fd, Source, Tmpfs);
        result = Part(Stage.CreateFilesystem, result.Failed ? result : Mounts.CreateFilesystem(context.Fd));
        if (result.Failed)
        {
            return result;
        }

        result = Part(Stage.MakeMount, Mounts.MakeMount(context.Fd, Closed));
        Files.Close(context.Fd);
        _filesystemContext = Fd.None;
        return result;
    }

    /// <summary>
    /// Lays a mount over a place. The first time the mount itself goes there, after that copies of it: before Linux 6.15 only
    /// a mount that is attached can be copied.
    /// </summary>
    private SyscallResult Cover(Fd place, Slot slot, ref bool attached)
    {
        Fd source = _slots[slot];
        if (!attached)
        {
            attached = true;
            return Part(Stage.AttachMount, MoveMount(source, place));
        }

        SyscallResult tree = Part(Stage.OpenSource, OpenTree(
            source, Empty, OpenTreeFlags.Clone | OpenTreeFlags.EmptyPath));
        if (tree.Failed)
        {
            return tree;
        }

        SyscallResult covered = Part(Stage.AttachMount, MoveMount(tree.Fd, place));
        Files.Close(tree.Fd);
        return covered;
    }

    private SyscallResult Perform(MakePathReadOnly path)
    {
        if (_hidden)
        {
            return default;
        }

        SyscallResult place = OpenInside(path.Path.Text, OpenFlags.Path);
        if (place.Failed)
        {
            return place.Errno is Errno.ENOENT or Errno.ENOTDIR ? default : Part(Stage.OpenDestination, place);
        }

        SyscallResult tree = Part(Stage.OpenSource, OpenTree(
            place.Fd, Empty, OpenTreeFlags.Clone | OpenTreeFlags.EmptyPath | OpenTreeFlags.Recursive));
        if (tree.Failed)
        {
            return tree;
        }

        // What is mounted below stays as it was made, as with runc and crun: a volume in a read-only directory is not read-only (MASK-02).
        SyscallResult result = Part(Stage.SetAttributes, Close(tree.Fd, place.Fd));
        Files.Close(tree.Fd);
        Files.Close(place.Fd);
        return result;
    }

    /// <summary>
    /// Makes a mount read-only and attaches it. Without mount_setattr it comes to its place first: only an attached one can be remounted.
    /// </summary>
    private SyscallResult Close(Fd mount, Fd place)
    {
        if (!NewerCalls.IsMissing(SyscallNumber.mount_setattr))
        {
            SyscallResult changed = Mounts.SetAttributes(mount, Empty, AtFlags.EmptyPath, MountAttributes.ReadOnly, 0);
            if (!NewerCalls.Lacks(SyscallNumber.mount_setattr, changed))
            {
                return changed.Failed ? changed : MoveMount(mount, place);
            }
        }

        SyscallResult attached = MoveMount(mount, place);
        return attached.Failed ? attached : ChangeClassic(mount, MountAttributes.ReadOnly, 0);
    }
}
