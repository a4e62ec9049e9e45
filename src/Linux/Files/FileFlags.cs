namespace Hull.Linux;

/// <summary>How a file is opened. Every function of this project adds <see cref="CloseOnExec"/> by itself. open(2), linux/fcntl.h</summary>
[Flags]
public enum OpenFlags
{
    /// <summary><c>O_RDONLY</c>: for reading.</summary>
    ReadOnly = 0,
    /// <summary><c>O_WRONLY</c>: for writing.</summary>
    WriteOnly = 0x1,
    /// <summary><c>O_RDWR</c>: for both.</summary>
    ReadWrite = 0x2,
    /// <summary><c>O_CREAT</c>: make the file when it does not exist.</summary>
    Create = 0x40,
    /// <summary><c>O_EXCL</c>: with <see cref="Create"/>, fail when it exists, even as a dangling symbolic link.</summary>
    Exclusive = 0x80,
    /// <summary><c>O_NOCTTY</c>: a terminal does not become the controlling one.</summary>
    NoControllingTerminal = 0x100,
    /// <summary><c>O_TRUNC</c>: empty the file.</summary>
    Truncate = 0x200,
    /// <summary><c>O_APPEND</c>: every write goes to the end.</summary>
    Append = 0x400,
    /// <summary><c>O_NONBLOCK</c>: EAGAIN rather than waiting.</summary>
    NonBlocking = 0x800,
    /// <summary><c>O_DIRECT</c>: bypass the page cache; on a pipe: keep the boundaries of packets. Differs between processors.</summary>
    Direct = ProcessorConstants.O_DIRECT,
    /// <summary><c>O_DIRECTORY</c>: fail with ENOTDIR when it is none. Differs between processors.</summary>
    Directory = ProcessorConstants.O_DIRECTORY,
    /// <summary><c>O_NOFOLLOW</c>: fail with ELOOP when the last component is a symbolic link. Differs between processors.</summary>
    NoFollow = ProcessorConstants.O_NOFOLLOW,
    /// <summary><c>O_NOATIME</c>: reading leaves the access time alone.</summary>
    NoAccessTime = 0x40000,
    /// <summary><c>O_CLOEXEC</c>: closed by execve(2).</summary>
    CloseOnExec = 0x80000,
    /// <summary><c>O_PATH</c>: a location only; nothing can be read or written, and no permission on the file is needed.</summary>
    Path = 0x200000,
    /// <summary><c>O_TMPFILE</c>: a file without a name in the given directory. Differs between processors.</summary>
    TemporaryFile = 0x400000 | ProcessorConstants.O_DIRECTORY,
}

/// <summary>What openat2 refuses while it walks a path. Kernel 5.6. openat2(2), linux/openat2.h</summary>
[Flags]
public enum ResolveFlags
{
    /// <summary>Walk as open(2) does.</summary>
    None = 0,
    /// <summary><c>RESOLVE_NO_XDEV</c>: no mount point is crossed (EXDEV).</summary>
    NoCrossDevice = 0x1,
    /// <summary><c>RESOLVE_NO_MAGICLINKS</c>: no link of /proc/pid/fd and its like is followed (ELOOP).</summary>
    NoMagicLinks = 0x2,
    /// <summary><c>RESOLVE_NO_SYMLINKS</c>: no symbolic link at all (ELOOP).</summary>
    NoSymbolicLinks = 0x4,
    /// <summary><c>RESOLVE_BENEATH</c>: leaving the directory is an error (EXDEV).</summary>
    Beneath = 0x8,
    /// <summary><c>RESOLVE_IN_ROOT</c>: the directory is "/" for absolute links and for "..", as in a chroot.</summary>
    InRoot = 0x10,
    /// <summary><c>RESOLVE_CACHED</c>: only what needs no waiting (EAGAIN). Kernel 5.12.</summary>
    Cached = 0x20,
}

/// <summary>How the *at calls look at their path. linux/fcntl.h</summary>
[Flags]
public enum AtFlags
{
    /// <summary>Follow symbolic links.</summary>
    None = 0,
    /// <summary><c>AT_SYMLINK_NOFOLLOW</c>: the link itself.</summary>
    SymlinkNoFollow = 0x100,
    /// <summary><c>AT_EACCESS</c>: faccessat2 asks for the effective ids.</summary>
    EffectiveAccess = 0x200,
    /// <summary><c>AT_REMOVEDIR</c>: unlinkat removes a directory.</summary>
    RemoveDirectory = 0x200,
    /// <summary><c>AT_SYMLINK_FOLLOW</c>: linkat follows the link.</summary>
    SymlinkFollow = 0x400,
    /// <summary><c>AT_NO_AUTOMOUNT</c>: don't trigger an automount.</summary>
    NoAutomount = 0x800,
    /// <summary><c>AT_EMPTY_PATH</c>: an empty path means the descriptor itself.</summary>
    EmptyPath = 0x1000,
    /// <summary><c>AT_RECURSIVE</c>: the mounts below as well.</summary>
    Recursive = 0x8000,
}

/// <summary>How a rename treats its target. renameat2(2), linux/fs.h</summary>
[Flags]
public enum RenameFlags
{
    /// <summary>Replace the target.</summary>
    None = 0,
    /// <summary><c>RENAME_NOREPLACE</c>: EEXIST when the target exists.</summary>
    NoReplace = 1,
    /// <summary><c>RENAME_EXCHANGE</c>: swap the two.</summary>
    Exchange = 2,
    /// <summary><c>RENAME_WHITEOUT</c>: leave an overlay whiteout behind.</summary>
    Whiteout = 4,
}

/// <summary>What is asked of faccessat2. access(2), unistd.h</summary>
[Flags]
public enum AccessMode
{
    /// <summary><c>F_OK</c>: it exists.</summary>
    Exists = 0,
    /// <summary><c>X_OK</c>: it may be executed or searched.</summary>
    Execute = 1,
    /// <summary><c>W_OK</c>: it may be written.</summary>
    Write = 2,
    /// <summary><c>R_OK</c>: it may be read.</summary>
    Read = 4,
}

/// <summary>What flock does. flock(2), linux/fcntl.h</summary>
[Flags]
public enum LockOperation
{
    /// <summary><c>LOCK_SH</c>: shared with other readers.</summary>
    Shared = 1,
    /// <summary><c>LOCK_EX</c>: one holder.</summary>
    Exclusive = 2,
    /// <summary><c>LOCK_NB</c>: EWOULDBLOCK (EAGAIN) rather than waiting.</summary>
    NonBlocking = 4,
    /// <summary><c>LOCK_UN</c>: give it up.</summary>
    Unlock = 8,
}

/// <summary>The kind of file, the top bits of a mode. inode(7), linux/stat.h</summary>
public enum FileType
{
    /// <summary>No type: a mode that holds permissions only.</summary>
    None = 0,
    /// <summary><c>S_IFIFO</c></summary>
    Fifo = 0x1000,
    /// <summary><c>S_IFCHR</c></summary>
    CharacterDevice = 0x2000,
    /// <summary><c>S_IFDIR</c></summary>
    Directory = 0x4000,
    /// <summary><c>S_IFBLK</c></summary>
    BlockDevice = 0x6000,
    /// <summary><c>S_IFREG</c></summary>
    Regular = 0x8000,
    /// <summary><c>S_IFLNK</c></summary>
    SymbolicLink = 0xA000,
    /// <summary><c>S_IFSOCK</c></summary>
    Socket = 0xC000,
    /// <summary><c>S_IFMT</c>: the bits of a mode that hold the type.</summary>
    Mask = 0xF000,
}

/// <summary>Host side: modes in messages.</summary>
public static class ModeText
{
    /// <summary>Permission bits as chmod(1) writes them: <c>0755</c>.</summary>
    public static string Octal(uint permissions) => "0" + Convert.ToString(permissions, 8);
}

/// <summary>How a file in memory is made. memfd_create(2), linux/memfd.h</summary>
[Flags]
public enum MemoryFileFlags
{
    /// <summary>An ordinary one.</summary>
    None = 0,
    /// <summary><c>MFD_CLOEXEC</c>: closed by execve(2). Always added.</summary>
    CloseOnExec = 1,
    /// <summary><c>MFD_ALLOW_SEALING</c>: seals can be added.</summary>
    AllowSealing = 2,
    /// <summary><c>MFD_NOEXEC_SEAL</c>: not executable, and sealed so. Kernel 6.3; EINVAL before.</summary>
    NoExecuteSeal = 8,
    /// <summary><c>MFD_EXEC</c>: executable, whatever vm.memfd_noexec says (except 2). Kernel 6.3; EINVAL before.</summary>
    Executable = 16,
}

/// <summary>What close_range does. close_range(2), linux/close_range.h</summary>
[Flags]
public enum CloseRangeFlags
{
    /// <summary>Close them.</summary>
    None = 0,
    /// <summary><c>CLOSE_RANGE_UNSHARE</c>: take a private copy of the table first.</summary>
    Unshare = 2,
    /// <summary><c>CLOSE_RANGE_CLOEXEC</c>: don't close, only mark close-on-exec. Kernel 5.11.</summary>
    CloseOnExec = 4,
}

/// <summary>What fcntl is asked. fcntl(2), linux/fcntl.h</summary>
internal enum FileControl
{
    /// <summary><c>F_GETFD</c></summary>
    GetDescriptorFlags = 1,
    /// <summary><c>F_SETFD</c></summary>
    SetDescriptorFlags = 2,
    /// <summary><c>F_GETFL</c></summary>
    GetStatusFlags = 3,
    /// <summary><c>F_SETFL</c></summary>
    SetStatusFlags = 4,
    /// <summary><c>F_DUPFD_CLOEXEC</c></summary>
    DuplicateCloseOnExec = 1030,
    /// <summary><c>F_ADD_SEALS</c></summary>
    AddSeals = 1033,
    /// <summary><c>F_GET_SEALS</c></summary>
    GetSeals = 1034,
}

/// <summary>The flags of a descriptor, as opposed to those of the open file behind it. fcntl(2), linux/fcntl.h</summary>
[Flags]
public enum DescriptorFlags
{
    /// <summary>It survives execve(2).</summary>
    None = 0,
    /// <summary><c>FD_CLOEXEC</c></summary>
    CloseOnExec = 1,
}
