namespace Hull.Linux;

/// <summary>
/// Mounts for kernels before 5.2 and 5.12, by mount(2). What open_tree makes detached is made here in a private tmpfs that only this process knows,
/// which lies over a directory of its own in procfs and goes with the process. There the mount has a descriptor and gets its attributes, and from
/// there it is moved to its place: so everything else works as with the newer calls. Both ends of every call are descriptors by name
/// (Executor.ClassicPaths.cs).
/// </summary>
internal sealed partial class Executor
{
    /// <summary>The root of that tmpfs.</summary>
    private Fd _staging = Fd.None;

    /// <summary>Its operation is to be carried out again: it began with a newer call, and the next one turned out to be missing.</summary>
    private bool _repeat;

    /// <summary>We are in the mount namespace of the container, as the mount helper; its own is the host's.</summary>
    private bool _mountsJoined;

    private static bool LacksTrees => NewerCalls.IsMissing(SyscallNumber.open_tree) || NewerCalls.IsMissing(SyscallNumber.move_mount);

    /// <summary>A copy of a mount, attached nowhere or in the staging tmpfs.</summary>
    private SyscallResult OpenTree(Fd directory, CString path, OpenTreeFlags flags)
    {
        if (!LacksTrees)
        {
            SyscallResult tree = Mounts.OpenTree(directory, path, flags);
            if (!NewerCalls.Lacks(SyscallNumber.open_tree, tree))
            {
                return tree;
            }
        }

        SyscallResult source = SyscallResult.Success(directory.Number);
        if ((flags & OpenTreeFlags.EmptyPath) == 0)
        {
            source = Files.OpenAt(directory, path, OpenFlags.Path | ((flags & OpenTreeFlags.SymlinkNoFollow) != 0 ? OpenFlags.NoFollow : 0));
        }

        SyscallResult bound = source.Failed ? source : BindInStaging(source.Fd, (flags & OpenTreeFlags.Recursive) != 0);
        if (!source.Failed && source.Fd != directory)
        {
            Files.Close(source.Fd);
        }

        return bound;
    }

    /// <summary>Attaches a mount to an open place.</summary>
    private SyscallResult MoveMount(Fd mount, Fd place)
    {
        bool known = LacksTrees;
        if (!NewerCalls.IsMissing(SyscallNumber.move_mount))
        {
            SyscallResult moved = Mounts.MoveMount(mount, place, Empty, ByDescriptors);
            if (!NewerCalls.Lacks(SyscallNumber.move_mount, moved))
            {
                return moved;
            }
        }

        // Nothing but move_mount attaches what open_tree has made: the operation begins anew, and without both.
        _repeat = !known;
        return _repeat ? NewerCalls.Refuse(SyscallNumber.move_mount) : MountClassic(mount, default, place, default, MountFlags.Move, default);
    }

    /// <summary>The same, to a place that a path of this process names.</summary>
    private SyscallResult MoveMount(Fd mount, CString path)
    {
        if (!LacksTrees)
        {
            SyscallResult moved = Mounts.MoveMount(mount, Fd.CurrentDirectory, path, MoveMountFlags.FromEmptyPath);
            if (!NewerCalls.Lacks(SyscallNumber.move_mount, moved))
            {
                return moved;
            }

            _repeat = true;
            return moved;
        }

        SyscallResult place = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.Path);
        SyscallResult result = place.Failed ? place : MoveMount(mount, place.Fd);
        Files.Close(place.Fd);
        return result;
    }

    /// <summary>Changes a mount's attributes or its propagation.</summary>
    private SyscallResult SetAttributes(Fd mount, AtFlags which, MountAttributes set, MountAttributes clear, MountPropagation propagation)
    {
        if (!NewerCalls.IsMissing(SyscallNumber.mount_setattr))
        {
            SyscallResult changed = Mounts.SetAttributes(mount, Empty, which, set, clear, propagation);

            // Until Linux 5.14 it did not know nosymfollow.
            bool isUnknown = changed.Errno == Errno.EINVAL && ((set | clear) & MountAttributes.NoSymbolicLinks) != 0 && (which & AtFlags.Recursive) == 0;
            if (!isUnknown && !NewerCalls.Lacks(SyscallNumber.mount_setattr, changed))
            {
                return changed;
            }
        }

        if (propagation != 0)
        {
            MountFlags below = (which & AtFlags.Recursive) != 0 ? MountFlags.Recursive : 0;
            return MountClassic(Fd.None, default, mount, default, (MountFlags)propagation | below, default);
        }

        // Of all below at once or of none: there is no such thing.
        return (which & AtFlags.Recursive) != 0 ? NewerCalls.Refuse(SyscallNumber.mount_setattr) : ChangeClassic(mount, set, clear);
    }

    /// <summary>Maps the owners of a mount, which nothing but mount_setattr can.</summary>
    private SyscallResult MapOwners(Fd mount, AtFlags below, Fd owners)
    {
        SyscallResult mapped = Mounts.SetAttributes(mount, Empty, AtFlags.EmptyPath | below, MountAttributes.IdMap, 0, 0, owners);
        return NewerCalls.Lacks(SyscallNumber.mount_setattr, mapped) ? NewerCalls.Refuse(SyscallNumber.mount_setattr) : mapped;
    }

    /// <summary>
    /// A remount of a descriptor. It names all flags, so those that the mount has and keeps are asked for first; and what it was told and did not
    /// take is an error, as older kernels pass over flags that they do not know.
    /// </summary>
    private SyscallResult ChangeClassic(Fd mount, MountAttributes set, MountAttributes clear)
    {
        SyscallResult asked = Files.FilesystemStatus(mount, out FilesystemStatus filesystem);
        if (asked.Failed)
        {
            return asked;
        }

        MountFlags flags = MountFlags.Remount | MountFlags.Bind | ClassicFlags.Of(filesystem.MountFlags, set, clear);
        SyscallResult changed = MountClassic(Fd.None, default, mount, default, flags, default);
        if (changed.Errno == Errno.EINVAL && !NewerCalls.IsMissing(SyscallNumber.move_mount))
        {
            // A mount that open_tree or fsmount has made and that is attached nowhere cannot be remounted.
            SyscallResult place = PlaceInStaging(mount);
            SyscallResult moved = place.Failed ? place : MoveMount(mount, place.Fd);
            Files.Close(place.Fd);
            changed = moved.Failed ? moved : MountClassic(Fd.None, default, mount, default, flags, default);
        }

        asked = changed.Failed ? changed : Files.FilesystemStatus(mount, out filesystem);
        return asked.Failed || ClassicFlags.Has(filesystem.MountFlags, set) ? asked : NewerCalls.Refuse(SyscallNumber.mount_setattr);
    }

    /// <summary>A bind mount in the staging tmpfs: its descriptor, proved to be of what was bound.</summary>
    private SyscallResult BindInStaging(Fd source, bool recursive)
    {
        SyscallResult place = PlaceInStaging(source);
        if (place.Failed)
        {
            return place;
        }

        SyscallResult bound = MountClassic(source, default, place.Fd, default, MountFlags.Bind | (recursive ? MountFlags.Recursive : 0), default);
        Files.Close(place.Fd);
        SyscallResult top = bound.Failed ? bound : PlaceInStaging(source);
        if (top.Failed)
        {
            return top;
        }

        SyscallResult compared = Files.Status(source, Empty, AtFlags.EmptyPath, out FileStatus wanted);
        compared = compared.Failed ? compared : Files.Status(top.Fd, Empty, AtFlags.EmptyPath, out FileStatus found) is { Failed: true } unknown ? unknown
            : found.Inode == wanted.Inode && found.ContainingDevice == wanted.ContainingDevice ? default
            : SyscallResult.Failure(Errno.EXDEV);
        if (compared.Failed)
        {
            Files.Close(top.Fd);
            return compared;
        }

        return top;
    }

    /// <summary>Where something of this kind, a directory or not, lies in the staging tmpfs: on top of what is there already.</summary>
    private SyscallResult PlaceInStaging(Fd kind)
    {
        SyscallResult made = OpenStaging();
        return made.Failed ? made : Files.OpenAt(_staging, IsDirectory(kind) ? StagingDirectory : StagingFile, OpenFlags.Path | OpenFlags.NoFollow);
    }

    /// <summary>
    /// Makes the staging tmpfs, in the mount namespace where we are. Over /proc/self/fdinfo: a directory that is there for us alone, that nothing else
    /// of hull looks into below this mount of procfs, and that takes all mounted on it along when the process ends.
    /// </summary>
    private SyscallResult OpenStaging()
    {
        if (_staging.IsOpen)
        {
            return default;
        }

        if (_rootChanged)
        {
            return NewerCalls.Refuse(SyscallNumber.open_tree);
        }

        // A procfs of another mount namespace gives names, and nothing can be mounted on it.
        SyscallResult procfs = OpenProcessFilesystem();
        SyscallResult here = procfs.Failed ? procfs : Files.OpenAt(Fd.CurrentDirectory, ProcessFilesystemPath, PathOfDirectory | OpenFlags.NoFollow);
        SyscallResult below = here.Failed ? here : Files.OpenAt(here.Fd, StagingPlace, PathOfDirectory | OpenFlags.NoFollow);
        SyscallResult mounted = below.Failed ? below : MountClassic(
            Fd.None, Tmpfs, below.Fd, Tmpfs, MountFlags.NoSuid | MountFlags.NoDevices | MountFlags.NoExecute, StagingOptions);
        SyscallResult root = mounted.Failed ? mounted : Files.OpenAt(here.Fd, StagingPlace, PathOfDirectory | OpenFlags.NoFollow);
        Files.Close(below.Fd);
        Files.Close(here.Fd);
        SyscallResult asked = root.Failed ? root : Files.FilesystemStatus(root.Fd, out FilesystemStatus filesystem) is { Failed: true } unknown ? unknown
            : filesystem.Type == FilesystemType.Tmpfs ? default : SyscallResult.Failure(Errno.EXDEV);

        // From a shared mount nothing can be moved away, and nothing that is made here is to be seen elsewhere.
        asked = asked.Failed ? asked : MountClassic(Fd.None, default, root.Fd, default, MountFlags.Private, default);
        asked = asked.Failed ? asked : Files.MakeDirectory(root.Fd, StagingDirectory, NewDirectoryMode);
        asked = asked.Failed ? asked : Files.MakeNode(root.Fd, StagingFile, (uint)FileType.Regular | NewFileMode, default);
        if (!asked.Failed)
        {
            _staging = root.Fd;
        }

        return asked;
    }

    /// <summary>Takes the staging tmpfs away, with what is left in it.</summary>
    private SyscallResult CloseStaging()
    {
        if (!_staging.IsOpen)
        {
            return default;
        }

        SyscallResult gone = UnmountClassic(_staging);
        Files.Close(_staging);
        _staging = Fd.None;
        return gone;
    }

    /// <summary>
    /// What is masked and read-only, before the root changes: the staging tmpfs stays behind with the old root, and so does the host's /dev/null that
    /// covers files. The operations that stand for it find it done.
    /// </summary>
    private SyscallResult HideBeforeRootChange()
    {
        if (!LacksTrees)
        {
            return CloseStaging();
        }

        SyscallResult result = default;
        int step = _step;
        for (_step++; _step < _operations.Length && !result.Failed; _step++)
        {
            result = _operations[_step] switch
            {
                MaskPath mask => Perform(mask),
                MakePathReadOnly path => Perform(path),
                _ => default,
            };
            if (result.Failed)
            {
                // The report names this step.
                return result;
            }
        }

        _step = step;
        _hidden = true;
        return CloseStaging();
    }

    /// <summary><see cref="HideBeforeRootChange"/> has done it.</summary>
    private bool _hidden;
}
