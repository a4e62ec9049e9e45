using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>Bind mounts, and changes of mounts that exist.</summary>
internal sealed partial class Executor
{
    /// <summary>The inode number of the root of every procfs.</summary>
    private const ulong ProcRootInode = 1;

    private const MountAttributes EveryFlag =
        MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDevices | MountAttributes.NoExecute
        | MountAttributes.NoDirectoryAccessTime | MountAttributes.NoSymbolicLinks;

    private SyscallResult Perform(BindMount bind)
    {
        if ((bind.Flags & BindMountFlags.CopyLink) != 0)
        {
            SyscallResult copied = CopyLink(bind);
            if (copied.Failed || copied.Value != 0)
            {
                return copied;
            }
        }

        SyscallResult source = OpenSource(bind);
        bool isMissing = source.Errno == Errno.ENOENT && !bind.ReadOnlyIfMissing.IsNull;
        source = isMissing ? OpenInstead(bind) : source;
        if (source.Failed)
        {
            return source;
        }

        SyscallResult status = Part(Stage.OpenSource, Files.Status(source.Fd, Empty, AtFlags.EmptyPath, out FileStatus kind));
        status = status.Failed ? status : Verify(bind, source.Fd, kind);
        status = status.Failed ? status : Apply(bind.Changes, source.Fd);
        status = status.Failed || !isMissing ? status : Part(Stage.SetAttributes, Change(source.Fd, AtFlags.EmptyPath, MountAttributes.ReadOnly, 0));
        if (status.Failed)
        {
            return status;
        }

        SyscallResult place = OpenPlace(bind, kind.Type == FileType.Directory);
        if (place.Failed)
        {
            return place;
        }

        SyscallResult attached = Attach(source.Fd, place.Fd, bind.Changes.Propagation);
        Files.Close(source.Fd);
        Files.Close(place.Fd);
        return attached;
    }

    private SyscallResult OpenSource(BindMount bind)
    {
        if ((bind.Flags & BindMountFlags.HostMounts) != 0)
        {
            return ReceiveHostMount();
        }

        bool recursive = (bind.Flags & BindMountFlags.Recursive) != 0;
        bool noFollow = (bind.Flags & BindMountFlags.SourceNoFollow) != 0;
        if (bind.OwnSource is { } own)
        {
            return Part(Stage.OpenSource, OpenOwnTree(own.Text, recursive, noFollow));
        }

        OpenTreeFlags flags = OpenTreeFlags.Clone
            | (recursive ? OpenTreeFlags.Recursive : 0) | (noFollow ? OpenTreeFlags.SymlinkNoFollow : 0);
        SyscallResult source = OpenTree(Fd.CurrentDirectory, bind.Source, flags);
        return source.Errno == Errno.ENOENT && bind.ReadOnlyIfMissing.IsNull && (bind.Flags & BindMountFlags.EmptyIfMissing) != 0
            ? MakeEmptyDirectory()
            : Part(Stage.OpenSource, source);
    }

    private SyscallResult OpenInstead(BindMount bind)
    {
        _stage = Stage.Whole;
        SyscallResult source = OpenTree(Fd.CurrentDirectory, bind.ReadOnlyIfMissing, OpenTreeFlags.Clone);
        return source.Errno == Errno.ENOENT && (bind.Flags & BindMountFlags.EmptyIfMissing) != 0
            ? MakeEmptyDirectory()
            : Part(Stage.OpenSource, source);
    }

    /// <summary>A copy of what is mounted in the container's own root, found beneath the root's descriptor: no link leads out of it.</summary>
    private SyscallResult OpenOwnTree(CString path, bool recursive, bool noFollow)
    {
        SyscallResult found = OpenInside(path, OpenFlags.Path | (noFollow ? OpenFlags.NoFollow : 0));
        if (found.Failed)
        {
            return found;
        }

        SyscallResult tree = OpenTree(
            found.Fd, Empty, OpenTreeFlags.Clone | OpenTreeFlags.EmptyPath | (recursive ? OpenTreeFlags.Recursive : 0));
        Files.Close(found.Fd);
        return tree;
    }

    private SyscallResult OpenPlace(BindMount bind, bool directory)
    {
        if ((bind.Flags & BindMountFlags.DestinationNoFollow) != 0)
        {
            return OpenPlaceWithoutFollowing(bind.Destination, directory);
        }

        return directory ? OpenPlaceOfDirectory(bind.Destination) : OpenPlaceOfFile(bind.Destination);
    }

    private SyscallResult Verify(BindMount bind, Fd source, in FileStatus kind)
    {
        if ((bind.Flags & BindMountFlags.MustBeProc) == 0)
        {
            return default;
        }

        SyscallResult asked = Files.FilesystemStatus(source, out FilesystemStatus filesystem);
        bool isProc = filesystem.Type == FilesystemType.Proc && kind.Inode == ProcRootInode;
        return asked.Failed ? Part(Stage.OpenSource, asked) : isProc ? default : Part(Stage.NotProcfs, SyscallResult.Failure(Errno.EINVAL));
    }

    /// <summary>Changes a mount: first itself, then with all below it (MOPT-04). A kernel that cannot do so fails, and nothing less is done instead (MOPT-03).</summary>
    private SyscallResult Apply(MountChanges changes, Fd mount)
    {
        SyscallResult changed = default;
        MountAttributes clear = changes.Clear | changes.ClearIfAllowed;
        if ((changes.Set | clear) != 0)
        {
            changed = Change(mount, AtFlags.EmptyPath, changes.Set, clear);
            if (changed.Errno == Errno.EPERM && changes.ClearIfAllowed != 0)
            {
                changed = Change(mount, AtFlags.EmptyPath, changes.Set, changes.Clear);
                ClearWhatIsNotLocked(changes.ClearIfAllowed, mount);
            }
        }

        if (!changed.Failed && (changes.SetBelow | changes.ClearBelow) != 0)
        {
            changed = Change(mount, AtFlags.EmptyPath | AtFlags.Recursive, changes.SetBelow, changes.ClearBelow);
        }

        return Part(Stage.SetAttributes, changed);
    }

    /// <summary>In a user namespace the flags of the host's mount are locked; those that the configuration does not clear by name stay (MNT-16).</summary>
    private void ClearWhatIsNotLocked(MountAttributes flags, Fd mount)
    {
        for (uint flag = 1; flag <= (uint)EveryFlag; flag <<= 1)
        {
            if (((uint)(flags & EveryFlag) & flag) != 0)
            {
                Change(mount, AtFlags.EmptyPath, 0, (MountAttributes)flag);
            }
        }
    }

    private SyscallResult Change(Fd mount, AtFlags which, MountAttributes set, MountAttributes clear) =>
        SetAttributes(mount, which, set, clear, 0);

    private SyscallResult Perform(Remount remount)
    {
        SyscallResult place = remount.Destination.IsRoot ? OpenRootAgain() : OpenInside(remount.Destination.Text, OpenFlags.Path);
        if (place.Failed)
        {
            return Part(Stage.OpenDestination, place);
        }

        SyscallResult changed = remount.Superblock ? Reconfigure(remount, place.Fd) : default;
        changed = changed.Failed ? changed : Apply(remount.Changes, place.Fd);
        changed = changed.Failed ? changed : Propagate(place.Fd, remount.Changes.Propagation);
        Files.Close(place.Fd);
        return changed;
    }

    private SyscallResult Reconfigure(Remount remount, Fd place)
    {
        SyscallResult context = Part(Stage.Reconfigure, Mounts.PickFilesystem(place, Empty, PickFlags.EmptyPath));
        if (context.Failed)
        {
            return NewerCalls.Lacks(SyscallNumber.fspick, context) ? ReconfigureClassic(remount, place) : context;
        }

        _filesystemContext = context.Fd;
        SyscallResult result = Part(Stage.SetParameter, SetParameters(context.Fd, remount.Parameters));
        result = result.Failed ? result : Part(Stage.Reconfigure, Mounts.ReconfigureFilesystem(context.Fd));
        if (!result.Failed)
        {
            Files.Close(context.Fd);
            _filesystemContext = Fd.None;
        }
        else if (NewerCalls.Lacks(SyscallNumber.fsconfig, result))
        {
            Files.Close(context.Fd);
            _filesystemContext = Fd.None;
            return ReconfigureClassic(remount, place);
        }

        return result;
    }

    /// <summary>Makes the link anew when the source is one; the value says whether. One that exists already stays.</summary>
    [SkipLocalsInit]
    private unsafe SyscallResult CopyLink(BindMount bind)
    {
        byte* target = stackalloc byte[PathCapacity];
        SyscallResult read = ReadSource(bind, new Span<byte>(target, PathCapacity - 1));
        if (read.Failed)
        {
            // Not a link; or not there, which opening it as a mount reports.
            return read.Errno is Errno.EINVAL or Errno.ENOENT or Errno.EACCES ? SyscallResult.Success(0) : Part(Stage.OpenSource, read);
        }

        target[read.Value] = 0;
        SyscallResult parent = OpenParent(bind.Destination);
        if (parent.Failed)
        {
            return parent;
        }

        SyscallResult made = Files.MakeSymbolicLink(CString.Borrow(target, (int)read.Value), parent.Fd, bind.Destination.Levels[^1].Name);
        Files.Close(parent.Fd);
        return made.Failed && made.Errno != Errno.EEXIST ? Part(Stage.MakeDestination, made) : SyscallResult.Success(1);
    }

    private SyscallResult ReadSource(BindMount bind, Span<byte> target)
    {
        if (bind.OwnSource is null)
        {
            return Files.ReadLink(Fd.CurrentDirectory, bind.Source, target);
        }

        SyscallResult found = OpenInside(bind.OwnSource.Text, OpenFlags.Path | OpenFlags.NoFollow);
        if (found.Failed)
        {
            return found;
        }

        SyscallResult read = Files.ReadLink(found.Fd, Empty, target);
        Files.Close(found.Fd);
        return read;
    }
}
