
namespace Hull.Linux;

/// <summary>Device nodes, links and directories of the container.</summary>
internal sealed partial class Executor
{
    private SyscallResult Perform(MakeDevice device)
    {
        SyscallResult parent = OpenParent(device.Path);
        if (parent.Failed)
        {
            return parent;
        }

        CString name = device.Path.Levels[^1].Name;
        SyscallResult made = Files.MakeNode(parent.Fd, name, device.ModeWithType, device.Device);
        if (made.Errno == Errno.EEXIST)
        {
            made = Verify(parent.Fd, name, device.ModeWithType, device.Device);
        }
        else if (!made.Failed && (device.UserId != 0 || device.GroupId != 0))
        {
            made = Part(Stage.ChangeOwner, Files.ChangeOwner(parent.Fd, name, device.UserId, device.GroupId, AtFlags.SymlinkNoFollow));
        }

        Files.Close(parent.Fd);
        return made.Errno is Errno.EPERM or Errno.EACCES && _stage == Stage.Whole && !device.Instead.IsNull ? BindInstead(device) : made;
    }

    private SyscallResult BindInstead(MakeDevice device)
    {
        var node = new HostNode(device.Instead, device.ModeWithType, device.Device, device.UserId, device.GroupId, device.Asked);
        return Bind(device.Path, node);
    }

    /// <summary>Something is there already: it must be exactly the device that was asked for (DEV-02).</summary>
    private SyscallResult Verify(Fd directory, CString name, uint modeWithType, DeviceNumber device)
    {
        SyscallResult status = Files.Status(directory, name, AtFlags.SymlinkNoFollow, out FileStatus found);
        if (status.Failed)
        {
            return status;
        }

        bool same = found.Type == TypeOf(modeWithType) && (found.Type == FileType.Fifo || found.Device == device);
        return same ? default : Part(Stage.DeviceDiffers, SyscallResult.Failure(Errno.EEXIST));
    }

    private static FileType TypeOf(uint modeWithType) => (FileType)modeWithType & FileType.Mask;

    /// <summary>A node of the host that is to be shown, and what is asked of it.</summary>
    private readonly struct HostNode(
        CString path, uint modeWithType, DeviceNumber device, uint userId, uint groupId, NodeProperties asked, bool fromMountHelper = false)
    {
        internal readonly bool FromMountHelper = fromMountHelper;
        internal readonly CString Path = path;
        internal readonly uint ModeWithType = modeWithType;
        internal readonly DeviceNumber Device = device;
        internal readonly uint UserId = userId;
        internal readonly uint GroupId = groupId;
        internal readonly NodeProperties Asked = asked;

        internal bool IsSame(in FileStatus found) => found.Type == TypeOf(ModeWithType) && found.Device == Device;

        /// <summary>Mode and owner are what is asked for.</summary>
        internal bool Fits(in FileStatus found) =>
            ((Asked & NodeProperties.Mode) == 0 || found.Mode == (ModeWithType & ~(uint)FileType.Mask))
            && ((Asked & NodeProperties.User) == 0 || found.UserId == UserId)
            && ((Asked & NodeProperties.Group) == 0 || found.GroupId == GroupId);
    }

    private SyscallResult Perform(BindDevice device) =>
        Bind(device.Path, new HostNode(device.Source, device.ModeWithType, device.Device, device.UserId, device.GroupId, device.Asked, device.FromMountHelper));

    private SyscallResult Bind(RootfsPath path, in HostNode node)
    {
        // Not through a link of the host either: what is bound is what was looked at.
        SyscallResult source = node.FromMountHelper
            ? ReceiveHostMount()
            : Part(Stage.OpenSource, OpenTree(Fd.CurrentDirectory, node.Path, OpenTreeFlags.Clone | OpenTreeFlags.SymlinkNoFollow));
        if (source.Failed)
        {
            return source;
        }

        SyscallResult status = Part(Stage.OpenSource, Files.Status(source.Fd, Empty, AtFlags.EmptyPath, out FileStatus found));
        if (!status.Failed && !node.IsSame(found))
        {
            status = Part(Stage.NotVerified, SyscallResult.Failure(Errno.ENODEV));
        }

        // What a device node needs, and nothing more: a node that is bound must not be a way to run something (DEV-05).
        status = status.Failed ? status : Part(Stage.SetAttributes, Change(
            source.Fd, AtFlags.EmptyPath, MountAttributes.NoSuid | MountAttributes.NoExecute, 0));
        SyscallResult place = status.Failed ? status : OpenOrMakePlace(path, node);
        if (place.Failed)
        {
            return place;
        }

        SyscallResult attached = AttachTo(place.Fd, source.Fd);
        Files.Close(source.Fd);
        Files.Close(place.Fd);
        return attached.Failed || node.Fits(found) ? attached : Warn(Stage.HostsOwner, found.Mode, found.UserId, found.GroupId);
    }

    /// <summary>
    /// The place in the container is an empty file, made now or left by an earlier container of the same root, or the device itself;
    /// anything else there is not what was asked for (DEV-02).
    /// </summary>
    private SyscallResult OpenOrMakePlace(RootfsPath path, in HostNode node)
    {
        SyscallResult parent = OpenParent(path);
        if (parent.Failed)
        {
            return parent;
        }

        CString name = path.Levels[^1].Name;
        SyscallResult made = MakeFile(parent.Fd, name);
        SyscallResult place = made.Failed && made.Errno != Errno.EEXIST
            ? Part(Stage.MakeDestination, made)
            : Part(Stage.OpenDestination, Files.OpenAt(parent.Fd, name, OpenFlags.Path | OpenFlags.NoFollow));
        Files.Close(parent.Fd);
        if (place.Failed)
        {
            return place;
        }

        SyscallResult status = Files.Status(place.Fd, Empty, AtFlags.EmptyPath, out FileStatus found);
        bool fits = !status.Failed && (found is { Type: FileType.Regular, Size: 0 } || node.IsSame(found));
        return fits ? place : Part(Stage.DeviceDiffers, SyscallResult.Failure(status.Failed ? status.Errno : Errno.EEXIST));
    }

    /// <summary>
    /// Opening a device can already have an effect, so it is opened by O_PATH first. A container that lacks this device, or in which it cannot
    /// be opened, keeps the host's: that is no worse than what it was given.
    /// </summary>
    private SyscallResult Perform(ReopenNullDevice reopen)
    {
        SyscallResult named = OpenInside(NullDevicePath, OpenFlags.Path);
        if (named.Failed)
        {
            return default;
        }

        bool isNull = IsNullDevice(named.Fd);
        Files.Close(named.Fd);
        SyscallResult opened = isNull ? OpenInside(NullDevicePath, OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal) : named;
        if (!isNull || opened.Failed)
        {
            return default;
        }

        SyscallResult result = default;
        for (var stream = 0; stream <= 2 && IsNullDevice(opened.Fd) && !result.Failed; stream++)
        {
            if ((reopen.Streams & (1 << stream)) != 0)
            {
                result = Descriptors.Duplicate(opened.Fd, stream, 0);
            }
        }

        Files.Close(opened.Fd);
        return result;
    }

    private bool IsNullDevice(Fd file) => !Files.Status(file, Empty, AtFlags.EmptyPath, out FileStatus found).Failed && IsNullDevice(found);

    private static bool IsNullDevice(in FileStatus found) => found.Type == FileType.CharacterDevice && found.Device == new DeviceNumber(1, 3);

    private SyscallResult Perform(MakeSymbolicLink link)
    {
        SyscallResult parent = OpenParent(link.Path);
        if (parent.Failed)
        {
            return parent;
        }

        CString name = link.Path.Levels[^1].Name;
        SyscallResult made = Files.MakeSymbolicLink(link.Target, parent.Fd, name);
        if (made.Errno == Errno.EEXIST)
        {
            made = link.Replace ? Replace(link, parent.Fd, name) : default;
        }

        Files.Close(parent.Fd);
        return made;
    }

    private static SyscallResult Replace(MakeSymbolicLink link, Fd parent, CString name)
    {
        SyscallResult removed = Files.Unlink(parent, name);
        return removed.Failed ? removed : Files.MakeSymbolicLink(link.Target, parent, name);
    }

    private SyscallResult Perform(MakeDirectory directory)
    {
        SyscallResult made = OpenOrMakeDirectory(directory.Path);
        if (!made.Failed)
        {
            Files.Close(made.Fd);
        }

        return made;
    }
}
