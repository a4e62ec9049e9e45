using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>
/// New file systems. Each is made detached, with all its attributes, and attached to a place that is already open: a path that has been
/// resolved is never resolved again.
/// </summary>
internal sealed partial class Executor
{
    private const MoveMountFlags ByDescriptors = MoveMountFlags.FromEmptyPath | MoveMountFlags.ToEmptyPath;
    private readonly int[] _kept;
    private Fd _filesystemContext = Fd.None;

    private SyscallResult Perform(OpenRootfs rootfs)
    {
        if (!rootfs.MakeMount)
        {
            SyscallResult directory = Files.OpenAt(
                Fd.CurrentDirectory, rootfs.Path, OpenFlags.Path | OpenFlags.Directory);
            _slots[Slot.Rootfs] = directory.Fd;
            return Part(Stage.OpenSource, directory);
        }

        if (rootfs.FromMountHelper)
        {
            SyscallResult received = ReceiveHostMount();
            _slots[Slot.Rootfs] = received.Fd;
            return received;
        }

        SyscallResult tree = Part(Stage.OpenSource, OpenTree(
            Fd.CurrentDirectory, rootfs.Path, OpenTreeFlags.Clone | OpenTreeFlags.Recursive));
        if (tree.Failed)
        {
            return tree;
        }

        // pivot_root(2) and every path below need the root to be a mount of our own, attached.
        _slots[Slot.Rootfs] = tree.Fd;
        return Part(Stage.AttachMount, MoveMount(tree.Fd, rootfs.Path));
    }

    private static SyscallResult Perform(SetPropagation set) => Mounts.ChangePropagation(set.Path, set.Propagation);

    private SyscallResult Perform(MountFilesystem mount)
    {
        SyscallResult place = OpenPlace(mount);
        if (place.Failed)
        {
            return place;
        }

        SyscallResult made = MakeFilesystem(mount, place.Fd);
        if (made.Errno == Errno.EPERM && !mount.Instead.IsNull)
        {
            made = BindInstead(mount);
        }

        if (made.Failed)
        {
            return made;
        }

        SyscallResult result = Prepare(mount, made.Fd, place.Fd);
        result = result.Failed ? result : Attach(made.Fd, place.Fd, mount.Propagation);
        Files.Close(place.Fd);
        if (mount.Keep >= 0)
        {
            _kept[mount.Keep] = made.Fd.Number;
        }
        else
        {
            Files.Close(made.Fd);
        }

        return result;
    }

    private SyscallResult OpenPlace(MountFilesystem mount)
    {
        if ((mount.Flags & FilesystemMountFlags.RealDirectory) != 0)
        {
            return OpenRealDirectory(mount.Destination);
        }

        return (mount.Flags & FilesystemMountFlags.DestinationNoFollow) != 0
            ? OpenPlaceWithoutFollowing(mount.Destination, directory: true)
            : OpenPlaceOfDirectory(mount.Destination);
    }

    /// <summary>A link in the image must not decide where /proc or /sys is (CVE-2019-19921, CVE-2023-27561).</summary>
    private SyscallResult OpenRealDirectory(RootfsPath path)
    {
        SyscallResult found = OpenInside(path.Text, PathOfDirectory, WithoutLinks);
        if (found.Errno == Errno.ENOENT)
        {
            found = OpenOrMakeDirectory(path);
            if (found.Failed || !_throughLink)
            {
                return found;
            }

            Files.Close(found.Fd);
            found = OpenInside(path.Text, PathOfDirectory, WithoutLinks);
        }

        return Part(found.Errno is Errno.ELOOP or Errno.ENOTDIR ? Stage.NotOrdinaryDirectory : Stage.OpenDestination, found);
    }

    /// <summary>What happens to a file system before it is attached.</summary>
    private SyscallResult Prepare(MountFilesystem mount, Fd made, Fd covered)
    {
        SyscallResult result = default;
        if (!mount.Label.IsNull)
        {
            result = Part(Stage.Label, SetLabel(made, mount.Label));
        }

        if (!result.Failed && (mount.Flags & FilesystemMountFlags.CopyUp) != 0)
        {
            result = Part(Stage.CopyUp, CopyUp(covered, made));
        }

        if (!result.Failed && (mount.Flags & FilesystemMountFlags.MapOwners) != 0)
        {
            result = MapOwners(made);
        }

        return result;
    }

    private SyscallResult SetLabel(Fd mount, CString label)
    {
        // The mount's own descriptor only names a place; attributes of files want an open one.
        SyscallResult root = Files.OpenAt(mount, Dot, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (root.Failed)
        {
            return root;
        }

        SyscallResult set = ExtendedAttributes.Set(root.Fd, SecurityLabel, label.Bytes);
        Files.Close(root.Fd);
        return set;
    }

    private SyscallResult MapOwners(Fd mount)
    {
        SyscallResult owners = ReceiveHostMount();
        if (owners.Failed)
        {
            return owners;
        }

        SyscallResult mapped = Part(Stage.MapOwners, MapOwners(mount, 0, owners.Fd));
        Files.Close(owners.Fd);
        return mapped;
    }

    private SyscallResult MakeFilesystem(MountFilesystem mount, Fd covered)
    {
        if (!LacksContexts && (mount.Flags & FilesystemMountFlags.OptionsAsText) == 0)
        {
            SyscallResult made = MakeByContext(mount, covered);
            if (!LacksContext(made))
            {
                return made;
            }
        }

        return MountInStaging(mount, covered);
    }

    private SyscallResult MakeByContext(MountFilesystem mount, Fd covered)
    {
        SyscallResult context = Part(Stage.OpenFilesystem, Mounts.OpenFilesystem(mount.Type));
        if (context.Failed)
        {
            return context;
        }

        // Kept open when something fails: the report reads the file system's own message from it.
        _filesystemContext = context.Fd;
        SyscallResult result = mount.Source.IsNull ? default : Mounts.SetString(context.Fd, Source, mount.Source);
        if (!result.Failed && (mount.Flags & FilesystemMountFlags.InheritMode) != 0 && !_placeMade)
        {
            result = InheritMode(context.Fd, covered);
        }

        result = Part(Stage.SetParameter, result.Failed ? result : SetParameters(context.Fd, mount.Parameters));
        result = result.Failed ? result : Part(Stage.CreateFilesystem, Mounts.CreateFilesystem(context.Fd));
        if (result.Failed)
        {
            return result;
        }

        result = MakeMount(context.Fd, mount.Attributes);
        Files.Close(context.Fd);
        _filesystemContext = Fd.None;
        return result;
    }

    /// <summary>Linux 5.10 brought nosymfollow to mount(2), and 5.14 to fsmount, which does not look further before.</summary>
    private SyscallResult MakeMount(Fd context, MountAttributes attributes)
    {
        SyscallResult made = Part(Stage.MakeMount, Mounts.MakeMount(context, attributes));
        if (made.Errno != Errno.EINVAL || (attributes & MountAttributes.NoSymbolicLinks) == 0)
        {
            return made;
        }

        made = Part(Stage.MakeMount, Mounts.MakeMount(context, attributes & ~MountAttributes.NoSymbolicLinks));
        SyscallResult changed = made.Failed ? made : Part(Stage.SetAttributes, ChangeClassic(made.Fd, MountAttributes.NoSymbolicLinks, 0));
        return changed.Failed ? changed : made;
    }

    private SyscallResult SetParameters(Fd context, ImmutableArray<MountParameter> parameters)
    {
        SyscallResult result = default;
        for (var i = 0; i < parameters.Length && !result.Failed; i++)
        {
            _value = i;
            result = parameters[i].FromMountHelper
                ? SetServedDirectory(context, parameters[i])
                : parameters[i].Value.IsNull
                ? Mounts.SetFlag(context, parameters[i].Key)
                : parameters[i].IsDirectory
                ? SetDirectory(context, parameters[i])
                : Mounts.SetString(context, parameters[i].Key, parameters[i].Value);
        }

        return result;
    }

    /// <summary>
    /// A directory that the mount helper opens. Before Linux 6.13 an overlay takes only names: that of the descriptor in the host's /proc, which is
    /// still in sight, will do.
    /// </summary>
    private unsafe SyscallResult SetServedDirectory(Fd context, in MountParameter parameter)
    {
        SyscallResult directory = ReceiveHostMount();
        if (directory.Failed)
        {
            return directory;
        }

        byte* name = stackalloc byte[32];
        int length = Copy(DescriptorName, DescriptorName.Length, new Span<byte>(name, DescriptorName.Length));
        int divisor = 1;
        while (directory.Fd.Number / divisor >= 10)
        {
            divisor *= 10;
        }

        for (; divisor > 0; divisor /= 10)
        {
            name[length++] = (byte)('0' + (directory.Fd.Number / divisor % 10));
        }

        name[length] = 0;
        SyscallResult set = parameter.IsDirectory
            ? Mounts.SetDescriptor(context, parameter.Key, directory.Fd)
            : Mounts.SetString(context, parameter.Key, CString.Borrow(name, length));
        Files.Close(directory.Fd);
        return set;
    }

    private static ReadOnlySpan<byte> DescriptorName => "/proc/self/fd/"u8;

    private static SyscallResult SetDirectory(Fd context, in MountParameter parameter)
    {
        SyscallResult directory = Files.OpenAt(Fd.CurrentDirectory, parameter.Value, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (directory.Failed)
        {
            return directory;
        }

        SyscallResult set = Mounts.SetDescriptor(context, parameter.Key, directory.Fd);
        Files.Close(directory.Fd);
        return set;
    }

    /// <summary>An image that prepared /tmp as 1777 keeps that when a tmpfs without a mode covers it.</summary>
    private unsafe SyscallResult InheritMode(Fd context, Fd covered)
    {
        byte* octal = stackalloc byte[ModeCapacity];
        SyscallResult written = WriteMode(covered, octal);
        return written.Failed ? written : Mounts.SetString(context, Mode, CString.Borrow(octal, ModeCapacity - 1));
    }

    /// <summary>Four octal digits and the final zero.</summary>
    private const int ModeCapacity = 5;

    private unsafe SyscallResult WriteMode(Fd covered, byte* octal)
    {
        SyscallResult status = Files.Status(covered, Empty, AtFlags.EmptyPath, out FileStatus directory);
        if (status.Failed)
        {
            return status;
        }

        uint mode = directory.Mode;
        for (var digit = ModeCapacity - 2; digit >= 0; digit--)
        {
            octal[digit] = (byte)('0' + (mode & 7));
            mode >>= 3;
        }

        octal[ModeCapacity - 1] = 0;
        return status;
    }

    /// <summary>
    /// The kernel gives a user namespace no new sysfs for a network namespace that is not its own, nor a proc for such a pid namespace: the
    /// host's is shown. With all mounts below it, which the kernel does not let be left out, and as restricted as was asked for.
    /// </summary>
    private SyscallResult BindInstead(MountFilesystem mount)
    {
        Files.Close(_filesystemContext);
        _filesystemContext = Fd.None;
        SyscallResult tree = Part(Stage.OpenSource, OpenTree(
            Fd.CurrentDirectory, mount.Instead, OpenTreeFlags.Clone | OpenTreeFlags.Recursive));
        MountAttributes restrictions = mount.Attributes & ~MountAttributes.AccessTimeMask;
        if (tree.Failed || restrictions == 0)
        {
            return tree;
        }

        SyscallResult changed = Part(Stage.SetAttributes, SetAttributes(
            tree.Fd, AtFlags.EmptyPath | AtFlags.Recursive, restrictions, 0, 0));
        return changed.Failed ? changed : tree;
    }

    /// <summary>Attaches a mount to its place. Propagation comes afterwards: the place has its own, and gives it to what is attached.</summary>
    private SyscallResult Attach(Fd mount, Fd place, ImmutableArray<MountFlags> propagation)
    {
        SyscallResult result = AttachTo(place, mount);
        if (_tellsMounts && !result.Failed)
        {
            result = MountIdOf(mount, out _attachedMount);
        }

        return result.Failed ? result : Propagate(mount, propagation);
    }

    /// <summary>Of a file on a directory, or a directory on a file, the kernel only says that an argument is invalid.</summary>
    private SyscallResult AttachTo(Fd place, Fd mount)
    {
        SyscallResult attached = MoveMount(mount, place);
        bool differ = attached.Errno == Errno.EINVAL && IsDirectory(place) != IsDirectory(mount);
        return Part(Stage.AttachMount, differ ? SyscallResult.Failure(Errno.ENOTDIR) : attached);
    }

    private bool IsDirectory(Fd file) =>
        !Files.Status(file, Empty, AtFlags.EmptyPath, out FileStatus found).Failed && found.Type == FileType.Directory;

    private SyscallResult Propagate(Fd mount, ImmutableArray<MountFlags> propagation)
    {
        SyscallResult result = default;
        for (var i = 0; i < propagation.Length && !result.Failed; i++)
        {
            AtFlags recursive = (propagation[i] & MountFlags.Recursive) != 0 ? AtFlags.Recursive : 0;
            var kind = (MountPropagation)(propagation[i] & ~MountFlags.Recursive);
            result = Part(Stage.SetAttributes, SetAttributes(mount, AtFlags.EmptyPath | recursive, 0, 0, kind));
        }

        return result;
    }

    private SyscallResult Perform(MakeMountReadOnly mount)
    {
        var kept = new Fd(_kept[mount.Kept]);
        SyscallResult changed = SetAttributes(kept, AtFlags.EmptyPath, MountAttributes.ReadOnly, 0, 0);
        Files.Close(kept);
        return changed;
    }

    private int ReadFilesystemMessage(Span<byte> text)
    {
        SyscallResult read = Mounts.ReadFilesystemMessage(_filesystemContext, text);
        return read.Failed ? 0 : (int)read.Value;
    }
}
