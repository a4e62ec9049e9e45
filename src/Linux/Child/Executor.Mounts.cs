using System.Collections.Immutable;
using Hull.Linux.Operations;

namespace Hull.Linux.Child;

/// <summary>Mounts. Each is made detached, with all its attributes, and attached to a place that is already open.</summary>
internal sealed partial class Executor
{
    private const MoveMountFlags ByDescriptors = MoveMountFlags.FromEmptyPath | MoveMountFlags.ToEmptyPath;
    private Fd _filesystemContext = Fd.None;

    private SyscallResult Open(OpenRootfs rootfs)
    {
        if (!rootfs.MakeMount)
        {
            SyscallResult directory = Files.OpenAt(
                Fd.CurrentDirectory, rootfs.Path, OpenFlags.Path | OpenFlags.Directory | OpenFlags.CloseOnExec);
            _slots[Slot.Rootfs] = directory.Fd;
            return Part(Stage.OpenSource, directory);
        }

        SyscallResult tree = Part(Stage.OpenSource, Mounts.OpenTree(
            Fd.CurrentDirectory, rootfs.Path, OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | OpenTreeFlags.Recursive));
        if (tree.Failed)
        {
            return tree;
        }

        // pivot_root(2) and every path below need the root to be a mount of our own, attached.
        _slots[Slot.Rootfs] = tree.Fd;
        return Part(Stage.AttachMount, Mounts.MoveMount(tree.Fd, Fd.CurrentDirectory, rootfs.Path, MoveMountFlags.FromEmptyPath));
    }

    private SyscallResult Mount(MountFilesystem mount)
    {
        SyscallResult destination = mount.FollowLinks ? OpenOrMakeDirectory(mount.Destination) : OpenRealDirectory(mount.Destination);
        if (destination.Failed)
        {
            return destination;
        }

        SyscallResult made = MakeFilesystem(mount, destination.Fd);
        if (made.Failed)
        {
            return made;
        }

        SyscallResult attached = Part(Stage.AttachMount, Mounts.MoveMount(made.Fd, destination.Fd, Empty, ByDescriptors));
        Files.Close(made.Fd);
        Files.Close(destination.Fd);
        return attached;
    }

    /// <summary>A link in the image must not decide where /proc or /sys is (CVE-2019-19921, CVE-2023-27561).</summary>
    private SyscallResult OpenRealDirectory(RootfsPath path)
    {
        SyscallResult found = OpenOrMakeDirectory(path);
        if (found.Failed)
        {
            return found;
        }

        Files.Close(found.Fd);
        return Part(Stage.OpenDestination, OpenInside(
            path.Text, OpenFlags.Path | OpenFlags.Directory, ResolveFlags.InRoot | ResolveFlags.NoSymbolicLinks));
    }

    private SyscallResult MakeFilesystem(MountFilesystem mount, Fd covered)
    {
        SyscallResult context = Part(Stage.OpenFilesystem, Mounts.OpenFilesystem(mount.Type));
        if (context.Failed)
        {
            return context;
        }

        // Kept open when something fails: the report reads the file system's own message from it.
        _filesystemContext = context.Fd;
        SyscallResult result = mount.Source.IsNull ? default : Mounts.SetString(context.Fd, Source, mount.Source);
        if (!result.Failed && mount.InheritMode)
        {
            result = InheritMode(context.Fd, covered);
        }

        ImmutableArray<MountParameter> parameters = mount.Parameters;
        for (var i = 0; i < parameters.Length && !result.Failed; i++)
        {
            _value = i;
            result = parameters[i].Value.IsNull
                ? Mounts.SetFlag(context.Fd, parameters[i].Key)
                : Mounts.SetString(context.Fd, parameters[i].Key, parameters[i].Value);
        }

        if (result.Failed)
        {
            return Part(Stage.SetParameter, result);
        }

        result = Part(Stage.CreateFilesystem, Mounts.CreateFilesystem(context.Fd));
        if (result.Failed)
        {
            return result;
        }

        result = Part(Stage.MakeMount, Mounts.MakeMount(context.Fd, mount.Attributes));
        Files.Close(context.Fd);
        _filesystemContext = Fd.None;
        return result;
    }

    /// <summary>An image that prepared /tmp as 1777 keeps that when a tmpfs without a mode covers it.</summary>
    private unsafe SyscallResult InheritMode(Fd context, Fd covered)
    {
        SyscallResult status = Files.Status(covered, Empty, AtFlags.EmptyPath, out FileStatus directory);
        if (status.Failed)
        {
            return status;
        }

        byte* octal = stackalloc byte[5];
        uint mode = directory.Mode & 0xFFF;
        for (var digit = 3; digit >= 0; digit--)
        {
            octal[digit] = (byte)('0' + (mode & 7));
            mode >>= 3;
        }

        octal[4] = 0;
        return Mounts.SetString(context, Mode, CString.Borrow(octal, 4));
    }

    private SyscallResult Bind(BindMount bind)
    {
        OpenTreeFlags recursive = bind.Recursive ? OpenTreeFlags.Recursive : 0;
        SyscallResult source = Part(Stage.OpenSource, Mounts.OpenTree(
            Fd.CurrentDirectory, bind.Source, OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | recursive));
        if (source.Failed)
        {
            return source;
        }

        SyscallResult status = Part(Stage.OpenSource, Files.Status(source.Fd, Empty, AtFlags.EmptyPath, out FileStatus kind));
        SyscallResult attributes = status.Failed ? status : SetAttributes(source.Fd, bind);
        if (attributes.Failed)
        {
            return attributes;
        }

        SyscallResult destination = kind.Type == FileType.Directory ? OpenOrMakeDirectory(bind.Destination) : OpenOrMakeFile(bind.Destination);
        if (destination.Failed)
        {
            return destination;
        }

        SyscallResult attached = Part(Stage.AttachMount, Mounts.MoveMount(source.Fd, destination.Fd, Empty, ByDescriptors));
        Files.Close(source.Fd);
        Files.Close(destination.Fd);
        return attached;
    }

    private SyscallResult SetAttributes(Fd mount, BindMount bind)
    {
        MountAttributes clear = bind.Clear | bind.ClearIfAllowed;
        if ((bind.Set | clear) == 0)
        {
            return default;
        }

        SyscallResult changed = Mounts.SetAttributes(mount, Empty, AtFlags.EmptyPath, bind.Set, clear, 0, Fd.None);
        if (changed.Errno == Errno.EPERM && bind.ClearIfAllowed != 0)
        {
            // In a user namespace the flags of the host's mount are locked; those nobody asked to clear stay.
            changed = Mounts.SetAttributes(mount, Empty, AtFlags.EmptyPath, bind.Set, bind.Clear, 0, Fd.None);
        }

        return Part(Stage.SetAttributes, changed);
    }

    private SyscallResult Change(ChangeMountAttributes change)
    {
        SyscallResult place = Part(Stage.OpenDestination, OpenInside(change.Destination.Text, OpenFlags.Path));
        if (place.Failed)
        {
            return place;
        }

        AtFlags recursive = change.Recursive ? AtFlags.Recursive : 0;
        SyscallResult changed = Part(Stage.SetAttributes, Mounts.SetAttributes(
            place.Fd, Empty, AtFlags.EmptyPath | recursive, change.Set, change.Clear, 0, Fd.None));
        Files.Close(place.Fd);
        return changed;
    }

    private SyscallResult Change(ChangeMountPropagation change)
    {
        SyscallResult place = Part(Stage.OpenDestination, OpenInside(change.Destination.Text, OpenFlags.Path));
        if (place.Failed)
        {
            return place;
        }

        AtFlags recursive = (change.Propagation & MountFlags.Recursive) != 0 ? AtFlags.Recursive : 0;
        var propagation = (MountPropagation)(change.Propagation & ~MountFlags.Recursive);
        SyscallResult changed = Part(Stage.SetAttributes, Mounts.SetAttributes(
            place.Fd, Empty, AtFlags.EmptyPath | recursive, 0, 0, propagation, Fd.None));
        Files.Close(place.Fd);
        return changed;
    }

    private int ReadFilesystemMessage(Span<byte> text)
    {
        SyscallResult read = Mounts.ReadFilesystemMessage(_filesystemContext, text);
        return read.Failed ? 0 : (int)read.Value;
    }
}
