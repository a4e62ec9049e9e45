using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>Flags of the classic mount call. mount(2), linux/mount.h</summary>
[Flags]
public enum MountFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>MS_RDONLY</c></summary>
    ReadOnly = 1,
    /// <summary><c>MS_NOSUID</c></summary>
    NoSuid = 2,
    /// <summary><c>MS_NODEV</c></summary>
    NoDevices = 4,
    /// <summary><c>MS_NOEXEC</c></summary>
    NoExecute = 8,
    /// <summary><c>MS_SYNCHRONOUS</c></summary>
    Synchronous = 16,
    /// <summary><c>MS_REMOUNT</c>: change an existing mount.</summary>
    Remount = 32,
    /// <summary><c>MS_MANDLOCK</c>: ignored since kernel 5.15.</summary>
    MandatoryLocks = 64,
    /// <summary><c>MS_DIRSYNC</c></summary>
    DirectorySynchronous = 128,
    /// <summary><c>MS_NOSYMFOLLOW</c>: kernel 5.10.</summary>
    NoSymbolicLinks = 256,
    /// <summary><c>MS_NOATIME</c></summary>
    NoAccessTime = 1024,
    /// <summary><c>MS_NODIRATIME</c></summary>
    NoDirectoryAccessTime = 2048,
    /// <summary><c>MS_BIND</c>: show a file or directory at a second place.</summary>
    Bind = 4096,
    /// <summary><c>MS_MOVE</c></summary>
    Move = 8192,
    /// <summary><c>MS_REC</c>: the mounts below as well.</summary>
    Recursive = 16384,
    /// <summary><c>MS_SILENT</c></summary>
    Silent = 32768,
    /// <summary><c>MS_UNBINDABLE</c>: propagation.</summary>
    Unbindable = 1 << 17,
    /// <summary><c>MS_PRIVATE</c>: propagation.</summary>
    Private = 1 << 18,
    /// <summary><c>MS_SLAVE</c>: propagation.</summary>
    Slave = 1 << 19,
    /// <summary><c>MS_SHARED</c>: propagation.</summary>
    Shared = 1 << 20,
    /// <summary><c>MS_RELATIME</c></summary>
    RelativeAccessTime = 1 << 21,
    /// <summary><c>MS_I_VERSION</c></summary>
    InodeVersion = 1 << 23,
    /// <summary><c>MS_STRICTATIME</c></summary>
    StrictAccessTime = 1 << 24,
    /// <summary><c>MS_LAZYTIME</c></summary>
    LazyTime = 1 << 25,
}

/// <summary>Where mounts made later below a mount appear as well. mount_setattr(2), mount_namespaces(7), linux/mount.h</summary>
public enum MountPropagation : ulong
{
    /// <summary>Leave it as it is.</summary>
    Unchanged = 0,
    /// <summary><c>MS_UNBINDABLE</c></summary>
    Unbindable = 1 << 17,
    /// <summary><c>MS_PRIVATE</c></summary>
    Private = 1 << 18,
    /// <summary><c>MS_SLAVE</c></summary>
    Slave = 1 << 19,
    /// <summary><c>MS_SHARED</c></summary>
    Shared = 1 << 20,
}

/// <summary>Attributes of one mount, as opposed to those of its filesystem. mount_setattr(2), linux/mount.h</summary>
[Flags]
public enum MountAttributes : ulong
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>MOUNT_ATTR_RDONLY</c></summary>
    ReadOnly = 0x1,
    /// <summary><c>MOUNT_ATTR_NOSUID</c></summary>
    NoSuid = 0x2,
    /// <summary><c>MOUNT_ATTR_NODEV</c></summary>
    NoDevices = 0x4,
    /// <summary><c>MOUNT_ATTR_NOEXEC</c></summary>
    NoExecute = 0x8,
    /// <summary><c>MOUNT_ATTR_RELATIME</c>: zero, one of the values below <see cref="AccessTimeMask"/>.</summary>
    RelativeAccessTime = 0,
    /// <summary><c>MOUNT_ATTR_NOATIME</c></summary>
    NoAccessTime = 0x10,
    /// <summary><c>MOUNT_ATTR_STRICTATIME</c></summary>
    StrictAccessTime = 0x20,
    /// <summary><c>MOUNT_ATTR__ATIME</c>: must be cleared as a whole when an access time mode is set.</summary>
    AccessTimeMask = 0x70,
    /// <summary><c>MOUNT_ATTR_NODIRATIME</c></summary>
    NoDirectoryAccessTime = 0x80,
    /// <summary><c>MOUNT_ATTR_IDMAP</c>: map owners through a user namespace. Kernel 5.12, per filesystem.</summary>
    IdMap = 0x100000,
    /// <summary><c>MOUNT_ATTR_NOSYMFOLLOW</c>: kernel 5.14.</summary>
    NoSymbolicLinks = 0x200000,
}

/// <summary>An option of mount(8) that sets attributes of the mount: the bits of <see cref="Mask"/> become <see cref="Value"/>.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Mask">One attribute, or <see cref="MountAttributes.AccessTimeMask"/>.</param>
/// <param name="Value">The mask itself to set the attribute, 0 to clear it, or a mode of access times.</param>
public readonly record struct MountAttributeName(string Name, MountAttributes Mask, MountAttributes Value);

/// <summary>The attributes of mounts as mount(8) writes them, for configurations and for messages.</summary>
public static class MountAttributeNames
{
    /// <summary>One row for each name, in the order in which messages give them.</summary>
    public static ImmutableArray<MountAttributeName> All { get; } =
    [
        new("ro", MountAttributes.ReadOnly, MountAttributes.ReadOnly),
        new("rw", MountAttributes.ReadOnly, 0),
        new("nosuid", MountAttributes.NoSuid, MountAttributes.NoSuid),
        new("suid", MountAttributes.NoSuid, 0),
        new("nodev", MountAttributes.NoDevices, MountAttributes.NoDevices),
        new("dev", MountAttributes.NoDevices, 0),
        new("noexec", MountAttributes.NoExecute, MountAttributes.NoExecute),
        new("exec", MountAttributes.NoExecute, 0),
        new("noatime", MountAttributes.AccessTimeMask, MountAttributes.NoAccessTime),
        new("relatime", MountAttributes.AccessTimeMask, MountAttributes.RelativeAccessTime),
        new("strictatime", MountAttributes.AccessTimeMask, MountAttributes.StrictAccessTime),
        new("nodiratime", MountAttributes.NoDirectoryAccessTime, MountAttributes.NoDirectoryAccessTime),
        new("diratime", MountAttributes.NoDirectoryAccessTime, 0),
        new("nosymfollow", MountAttributes.NoSymbolicLinks, MountAttributes.NoSymbolicLinks),
        new("symfollow", MountAttributes.NoSymbolicLinks, 0),
    ];

    /// <summary>What is set and what is cleared by name, separated by commas.</summary>
    public static string Describe(MountAttributes set, MountAttributes clear)
    {
        var names = new List<string>();
        foreach (MountAttributeName row in All)
        {
            bool named = row.Value != 0 || (clear & row.Mask) != 0;
            if (named && (set & row.Mask) == row.Value)
            {
                names.Add(row.Name);
            }
        }

        return string.Join(",", names);
    }
}

/// <summary>The kinds of propagation as mount(8) writes them, for configurations and for messages. mount_namespaces(7)</summary>
public static class MountPropagationNames
{
    /// <summary>One row for each kind.</summary>
    public static ImmutableArray<(string Name, MountFlags Propagation)> All { get; } =
    [
        ("shared", MountFlags.Shared), ("slave", MountFlags.Slave), ("private", MountFlags.Private), ("unbindable", MountFlags.Unbindable),
    ];

    /// <summary>One kind, with <see cref="MountFlags.Recursive"/> or without.</summary>
    public static string Describe(MountFlags propagation)
    {
        string name = "";
        foreach ((string kind, MountFlags flag) in All)
        {
            name = (propagation & flag) != 0 ? kind : name;
        }

        return (propagation & MountFlags.Recursive) != 0 ? $"and all below {name}" : name;
    }

    /// <summary>The end of a sentence about a mount: the kinds that it is given in this order. Empty for none.</summary>
    public static string Then(ImmutableArray<MountFlags> propagation) =>
        propagation.IsDefaultOrEmpty ? "" : $"; make it {string.Join(", then ", propagation.Select(Describe))}";
}

/// <summary>How a mount is looked up or copied. open_tree(2), linux/mount.h, linux/fcntl.h</summary>
[Flags]
public enum OpenTreeFlags
{
    /// <summary>Only look it up, as with O_PATH.</summary>
    None = 0,
    /// <summary><c>OPEN_TREE_CLONE</c>: a copy that is mounted nowhere yet; it vanishes with its descriptor.</summary>
    Clone = 1,
    /// <summary><c>AT_SYMLINK_NOFOLLOW</c></summary>
    SymlinkNoFollow = 0x100,
    /// <summary><c>AT_NO_AUTOMOUNT</c></summary>
    NoAutomount = 0x800,
    /// <summary><c>AT_EMPTY_PATH</c>: an empty path means the descriptor itself.</summary>
    EmptyPath = 0x1000,
    /// <summary><c>AT_RECURSIVE</c>: the mounts below as well.</summary>
    Recursive = 0x8000,
    /// <summary><c>OPEN_TREE_CLOEXEC</c>: always added.</summary>
    CloseOnExec = 0x80000,
}

/// <summary>How a mount is moved. move_mount(2), linux/mount.h</summary>
[Flags]
public enum MoveMountFlags
{
    /// <summary>Neither path follows a final symbolic link.</summary>
    None = 0,
    /// <summary><c>MOVE_MOUNT_F_SYMLINKS</c></summary>
    FromSymlinks = 0x1,
    /// <summary><c>MOVE_MOUNT_F_AUTOMOUNTS</c></summary>
    FromAutomounts = 0x2,
    /// <summary><c>MOVE_MOUNT_F_EMPTY_PATH</c>: the descriptor itself is what moves.</summary>
    FromEmptyPath = 0x4,
    /// <summary><c>MOVE_MOUNT_T_SYMLINKS</c></summary>
    ToSymlinks = 0x10,
    /// <summary><c>MOVE_MOUNT_T_AUTOMOUNTS</c></summary>
    ToAutomounts = 0x20,
    /// <summary><c>MOVE_MOUNT_T_EMPTY_PATH</c>: the descriptor itself is the place.</summary>
    ToEmptyPath = 0x40,
    /// <summary><c>MOVE_MOUNT_SET_GROUP</c>: copy the propagation instead. Kernel 5.15.</summary>
    SetGroup = 0x100,
    /// <summary><c>MOVE_MOUNT_BENEATH</c>: below the mount that is on top. Kernel 6.5.</summary>
    Beneath = 0x200,
}

/// <summary>How an existing mount is picked for reconfiguration. fspick(2), linux/mount.h</summary>
[Flags]
public enum PickFlags
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>FSPICK_CLOEXEC</c>: always added.</summary>
    CloseOnExec = 1,
    /// <summary><c>FSPICK_SYMLINK_NOFOLLOW</c></summary>
    SymlinkNoFollow = 2,
    /// <summary><c>FSPICK_NO_AUTOMOUNT</c></summary>
    NoAutomount = 4,
    /// <summary><c>FSPICK_EMPTY_PATH</c></summary>
    EmptyPath = 8,
}

/// <summary>How a mount is taken away. umount2(2), sys/mount.h</summary>
[Flags]
public enum UnmountFlags
{
    /// <summary>Now, or EBUSY.</summary>
    None = 0,
    /// <summary><c>MNT_FORCE</c></summary>
    Force = 1,
    /// <summary><c>MNT_DETACH</c>: detached at once, unmounted when it is no longer in use.</summary>
    Detach = 2,
    /// <summary><c>MNT_EXPIRE</c></summary>
    Expire = 4,
    /// <summary><c>UMOUNT_NOFOLLOW</c></summary>
    NoFollow = 8,
}

/// <summary>What fsconfig does. fsconfig(2), linux/mount.h</summary>
internal enum FilesystemCommand
{
    /// <summary><c>FSCONFIG_SET_FLAG</c></summary>
    SetFlag = 0,
    /// <summary><c>FSCONFIG_SET_STRING</c></summary>
    SetString = 1,
    /// <summary><c>FSCONFIG_SET_FD</c></summary>
    SetDescriptor = 5,
    /// <summary><c>FSCONFIG_CMD_CREATE</c></summary>
    Create = 6,
    /// <summary><c>FSCONFIG_CMD_RECONFIGURE</c></summary>
    Reconfigure = 7,
}

/// <summary>How fsopen and fsmount make their descriptors. fsopen(2), fsmount(2), linux/mount.h</summary>
[Flags]
internal enum FilesystemOpenFlags
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>FSOPEN_CLOEXEC</c>; <c>FSMOUNT_CLOEXEC</c> is the same bit.</summary>
    CloseOnExec = 1,
}

/// <summary><c>struct mount_attr</c>. mount_setattr(2), linux/mount.h</summary>
internal struct MountAttributeChange
{
    /// <summary><c>attr_set</c></summary>
    internal ulong Set;

    /// <summary><c>attr_clr</c></summary>
    internal ulong Clear;

    /// <summary><c>propagation</c></summary>
    internal ulong Propagation;

    /// <summary><c>userns_fd</c></summary>
    internal ulong UserNamespace;
}
