using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>Questions about files and the filesystems they are on.</summary>
public static unsafe partial class Files
{
    /// <summary>
    /// <c>statx(directory, path, flags, STATX_BASIC_STATS, status)</c>: what a file is. <paramref name="status"/> has no meaning when the call
    /// failed. Kernel 4.11. statx(2)
    /// </summary>
    public static SyscallResult Status(Fd directory, CString path, AtFlags flags, out FileStatus status)
    {
        Unsafe.SkipInit(out status);
        fixed (FileStatus* buffer = &status)
        {
            return Kernel.Call(
                SyscallNumber.statx, directory.Number, path.Address, (nint)flags,
                (nint)StatusMask.BasicStatus, (nint)buffer);
        }
    }

    /// <summary>
    /// <c>statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID | STATX_MNT_ID_UNIQUE, status)</c>: the number of the mount that a descriptor leads to; since
    /// Linux 6.8 one that no other mount ever gets. 0 before Linux 5.8. statx(2)
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="empty">An empty text: a forked process makes none.</param>
    /// <param name="id">The number.</param>
    public static SyscallResult MountIdOf(Fd fd, CString empty, out ulong id)
    {
        FileStatus status = default;
        SyscallResult asked = Kernel.Call(
            SyscallNumber.statx, fd.Number, empty.Address, (nint)AtFlags.EmptyPath, (nint)(StatusMask.MountId | StatusMask.UniqueMountId), (nint)(&status));
        id = asked.Failed ? 0 : status.MountId;
        return asked;
    }

    /// <summary>
    /// <c>fstatfs(fd, status)</c>: what kind of filesystem a file is on and how that is mounted. <paramref name="status"/> has no meaning
    /// when the call failed. A descriptor opened with O_PATH will do. fstatfs(2)
    /// </summary>
    public static SyscallResult FilesystemStatus(Fd fd, out FilesystemStatus status)
    {
        Unsafe.SkipInit(out status);
        fixed (FilesystemStatus* buffer = &status)
        {
            return Kernel.Call(SyscallNumber.fstatfs, fd.Number, (nint)buffer);
        }
    }
}

/// <summary><c>struct statx_timestamp</c>. statx(2), linux/stat.h</summary>
public readonly struct FileTimestamp
{
    /// <summary><c>tv_sec</c></summary>
    private readonly long _seconds;

    /// <summary><c>tv_nsec</c></summary>
    private readonly uint _nanoseconds;

    private readonly int _reserved;

    /// <summary>Seconds since 1970.</summary>
    public long Seconds => _seconds;

    /// <summary>And the fraction.</summary>
    public uint Nanoseconds => _nanoseconds;
}

/// <summary><c>struct statx</c>: what a file is, exactly as the kernel writes it. statx(2), linux/stat.h</summary>
public readonly struct FileStatus
{
    /// <summary><c>stx_mask</c></summary>
    private readonly uint _mask;

    /// <summary><c>stx_blksize</c></summary>
    private readonly uint _blockSize;

    /// <summary><c>stx_attributes</c></summary>
    private readonly ulong _attributes;

    /// <summary><c>stx_nlink</c></summary>
    private readonly uint _linkCount;

    /// <summary><c>stx_uid</c></summary>
    private readonly uint _userId;

    /// <summary><c>stx_gid</c></summary>
    private readonly uint _groupId;

    /// <summary><c>stx_mode</c></summary>
    private readonly ushort _mode;

    private readonly ushort _spare0;

    /// <summary><c>stx_ino</c></summary>
    private readonly ulong _inode;

    /// <summary><c>stx_size</c></summary>
    private readonly ulong _size;

    /// <summary><c>stx_blocks</c></summary>
    private readonly ulong _blocks;

    /// <summary><c>stx_attributes_mask</c></summary>
    private readonly ulong _attributesMask;

    /// <summary><c>stx_atime</c></summary>
    private readonly FileTimestamp _accessTime;

    /// <summary><c>stx_btime</c></summary>
    private readonly FileTimestamp _birthTime;

    /// <summary><c>stx_ctime</c></summary>
    private readonly FileTimestamp _changeTime;

    /// <summary><c>stx_mtime</c></summary>
    private readonly FileTimestamp _modificationTime;

    /// <summary><c>stx_rdev_major</c></summary>
    private readonly uint _deviceMajor;

    /// <summary><c>stx_rdev_minor</c></summary>
    private readonly uint _deviceMinor;

    /// <summary><c>stx_dev_major</c></summary>
    private readonly uint _containingDeviceMajor;

    /// <summary><c>stx_dev_minor</c></summary>
    private readonly uint _containingDeviceMinor;

    /// <summary><c>stx_mnt_id</c></summary>
    private readonly ulong _mountId;

    // The kernel keeps the rest for later; it writes all 256 bytes.
    private readonly ulong _spare1, _spare2, _spare3, _spare4, _spare5, _spare6, _spare7;
    private readonly ulong _spare8, _spare9, _spare10, _spare11, _spare12, _spare13;

    /// <summary><c>STATX_ATTR_MOUNT_ROOT</c>: it is where something is mounted, as seen from the path it was asked by. Kernel 5.8.</summary>
    public bool IsMountRoot => (_attributes & 0x2000) != 0;

    /// <summary>The mount it is on, where that was asked for and the kernel knows it; else 0.</summary>
    internal ulong MountId => (_mask & (uint)(StatusMask.MountId | StatusMask.UniqueMountId)) == 0 ? 0 : _mountId;

    /// <summary>What kind of file.</summary>
    public FileType Type => (FileType)_mode & FileType.Mask;

    /// <summary>The permissions, without the type: 07777 at most.</summary>
    public uint Mode => _mode & 0xFFFu;

    /// <summary>Its owner, as seen from our user namespace.</summary>
    public uint UserId => _userId;

    /// <summary>Which group owns it.</summary>
    public uint GroupId => _groupId;

    /// <summary>Which device a device node stands for.</summary>
    public DeviceNumber Device => new(_deviceMajor, _deviceMinor);

    /// <summary>Which device the file is stored on.</summary>
    public DeviceNumber ContainingDevice => new(_containingDeviceMajor, _containingDeviceMinor);

    /// <summary>The number of the file on its device.</summary>
    public ulong Inode => _inode;

    /// <summary>How many bytes.</summary>
    public long Size => (long)_size;

    /// <summary>How many names it has.</summary>
    public uint LinkCount => _linkCount;

    /// <summary>When its content changed last.</summary>
    public FileTimestamp ModificationTime => _modificationTime;
}

/// <summary>What statx is asked for. statx(2), linux/stat.h</summary>
[Flags]
internal enum StatusMask
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>STATX_BASIC_STATS</c>: what stat(2) answers.</summary>
    BasicStatus = 0x7FF,
    /// <summary><c>STATX_MNT_ID</c>: the number of the mount. Linux 5.8.</summary>
    MountId = 0x1000,
    /// <summary><c>STATX_MNT_ID_UNIQUE</c>: one that is never used again. Linux 6.8.</summary>
    UniqueMountId = 0x4000,
}

/// <summary><c>struct statfs</c>: a mounted filesystem, exactly as the kernel writes it. statfs(2), asm/statfs.h</summary>
public readonly struct FilesystemStatus
{
    /// <summary><c>f_type</c></summary>
    private readonly long _type;

    /// <summary><c>f_bsize</c></summary>
    private readonly long _blockSize;

    /// <summary><c>f_blocks</c></summary>
    private readonly long _blocks;

    /// <summary><c>f_bfree</c></summary>
    private readonly long _blocksFree;

    /// <summary><c>f_bavail</c></summary>
    private readonly long _blocksAvailable;

    /// <summary><c>f_files</c></summary>
    private readonly long _files;

    /// <summary><c>f_ffree</c></summary>
    private readonly long _filesFree;

    /// <summary><c>f_fsid</c></summary>
    private readonly ulong _identity;

    /// <summary><c>f_namelen</c></summary>
    private readonly long _nameLength;

    /// <summary><c>f_frsize</c></summary>
    private readonly long _fragmentSize;

    /// <summary><c>f_flags</c></summary>
    private readonly long _flags;

    private readonly long _spare0, _spare1, _spare2, _spare3;

    /// <summary>What kind of filesystem.</summary>
    public FilesystemType Type => (FilesystemType)_type;

    /// <summary>What one without privileges may still write, in bytes.</summary>
    public ulong AvailableBytes => (ulong)_blocksAvailable * (ulong)_blockSize;

    /// <summary>How many files may still be made; as many as one wants where the filesystem does not count them.</summary>
    public ulong AvailableFiles => _files == 0 ? ulong.MaxValue : (ulong)_filesFree;

    /// <summary>How it is mounted there.</summary>
    public FilesystemFlags MountFlags => (FilesystemFlags)_flags;
}

/// <summary>The magic numbers of the filesystems a container runtime tells apart. statfs(2), linux/magic.h</summary>
public enum FilesystemType : long
{
    /// <summary>A filesystem without a number.</summary>
    None = 0,
    /// <summary><c>PROC_SUPER_MAGIC</c></summary>
    Proc = 0x9fa0,
    /// <summary><c>SYSFS_MAGIC</c></summary>
    Sysfs = 0x62656572,
    /// <summary><c>TMPFS_MAGIC</c></summary>
    Tmpfs = 0x01021994,
    /// <summary><c>RAMFS_MAGIC</c>: the root of an initramfs; pivot_root(2) is refused there.</summary>
    Ramfs = 0x858458f6,
    /// <summary><c>CGROUP_SUPER_MAGIC</c>: cgroup v1.</summary>
    Cgroup = 0x27e0eb,
    /// <summary><c>CGROUP2_SUPER_MAGIC</c>: cgroup v2.</summary>
    Cgroup2 = 0x63677270,
    /// <summary><c>NSFS_MAGIC</c>: a namespace file.</summary>
    Namespace = 0x6e736673,
    /// <summary><c>DEVPTS_SUPER_MAGIC</c></summary>
    PseudoTerminals = 0x1cd1,
    /// <summary><c>OVERLAYFS_SUPER_MAGIC</c></summary>
    Overlay = 0x794c7630,
    /// <summary><c>SELINUX_MAGIC</c></summary>
    SELinux = 0xf97cff8c,
    /// <summary><c>SECURITYFS_MAGIC</c></summary>
    Security = 0x73636673,
    /// <summary><c>RDTGROUP_SUPER_MAGIC</c>: resctrl, Intel RDT.</summary>
    ResourceControl = 0x7655821,
    /// <summary><c>BPF_FS_MAGIC</c></summary>
    Bpf = 0xcafe4a11,
}

/// <summary>
/// How a filesystem is mounted, as statfs tells it: the locked ones must be kept by a remount in a user namespace. statfs(2), sys/statvfs.h
/// </summary>
[Flags]
public enum FilesystemFlags : long
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>ST_RDONLY</c></summary>
    ReadOnly = 1,
    /// <summary><c>ST_NOSUID</c></summary>
    NoSuid = 2,
    /// <summary><c>ST_NODEV</c></summary>
    NoDevices = 4,
    /// <summary><c>ST_NOEXEC</c></summary>
    NoExecute = 8,
    /// <summary><c>ST_SYNCHRONOUS</c></summary>
    Synchronous = 16,
    /// <summary><c>ST_NOATIME</c></summary>
    NoAccessTime = 1024,
    /// <summary><c>ST_NODIRATIME</c></summary>
    NoDirectoryAccessTime = 2048,
    /// <summary><c>ST_RELATIME</c></summary>
    RelativeAccessTime = 4096,
    /// <summary><c>ST_NOSYMFOLLOW</c>: kernel 5.10.</summary>
    NoSymbolicLinks = 8192,
}

/// <summary>
/// Which device a node stands for. The kernel's numbers have 12 and 20 bits; <see cref="Encoded"/> has C's order of 64, which begins with
/// them. makedev(3)
/// </summary>
/// <param name="Major">Which driver.</param>
/// <param name="Minor">Which of its devices.</param>
public readonly record struct DeviceNumber(uint Major, uint Minor)
{
    /// <summary><c>makedev(major, minor)</c>: as mknod(2) takes it.</summary>
    public ulong Encoded =>
        (Minor & 0xFFUL) | ((Major & 0xFFFUL) << 8) | ((Minor & 0xFFFFFF00UL) << 12) | ((Major & 0xFFFFF000UL) << 32);

    /// <summary>The usual notation: <c>1:3</c>.</summary>
    public override string ToString() => $"{Major}:{Minor}";
}
