namespace Hull.Linux;

/// <summary>Files and directories: opening, making, removing, renaming.</summary>
public static unsafe partial class Files
{
    /// <summary>
    /// <c>openat(directory, path, flags | O_CLOEXEC, mode)</c>: open a file. Follows symbolic links anywhere, so only for
    /// paths that only hull controls; inside a rootfs use <see cref="OpenAt2"/>. openat(2)
    /// </summary>
    public static SyscallResult OpenAt(Fd directory, CString path, OpenFlags flags, uint mode = 0) =>
        Kernel.Call(SyscallNumber.openat, directory.Number, path.Address, (nint)(flags | OpenFlags.CloseOnExec), (nint)mode);

    /// <summary>
    /// <c>openat2(directory, path, {flags | O_CLOEXEC, mode, resolve}, sizeof)</c>: open a file while the kernel guards the walk.
    /// Kernel 5.6, before that <see cref="PathWalk"/>. Stricter than openat: unknown flags, or a mode without <see cref="OpenFlags.Create"/>, are
    /// EINVAL; EAGAIN means that something was renamed during the walk: try again. openat2(2)
    /// </summary>
    public static SyscallResult OpenAt2(Fd directory, CString path, OpenFlags flags, uint mode, ResolveFlags resolve)
    {
        OpenHow how;
        how.Flags = (ulong)(uint)(flags | OpenFlags.CloseOnExec);
        how.Mode = mode;
        how.Resolve = (ulong)(uint)resolve;
        SyscallResult opened = NewerCalls.IsMissing(SyscallNumber.openat2)
            ? SyscallResult.Failure(Errno.ENOSYS)
            : Kernel.Call(SyscallNumber.openat2, directory.Number, path.Address, (nint)(&how), sizeof(OpenHow));
        return NewerCalls.Lacks(SyscallNumber.openat2, opened) ? PathWalk.Open(directory, path, flags, mode, resolve) : opened;
    }

    /// <summary>
    /// <c>close(fd)</c>: give a descriptor back. Never repeated after EINTR: Linux has closed it by then. close(2)
    /// </summary>
    public static SyscallResult Close(Fd fd) => Kernel.Call(SyscallNumber.close, fd.Number);

    /// <summary><c>read(fd, buffer, length)</c>: read; 0 is the end of the file. For what does not wait long. read(2)</summary>
    public static SyscallResult Read(Fd fd, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return Kernel.Call(SyscallNumber.read, fd.Number, (nint)bytes, buffer.Length);
        }
    }

    /// <summary>
    /// <c>read(fd, buffer, length)</c>: read from something that may keep us waiting; EINTR is retried. Host side only. read(2)
    /// </summary>
    public static SyscallResult ReadWaiting(Fd fd, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return Kernel.Wait(SyscallNumber.read, fd.Number, (nint)bytes, buffer.Length);
        }
    }

    /// <summary><c>write(fd, buffer, length)</c>: write; the result may be less than was asked for. write(2)</summary>
    public static SyscallResult Write(Fd fd, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return Kernel.Call(SyscallNumber.write, fd.Number, (nint)bytes, buffer.Length);
        }
    }

    /// <summary>
    /// <c>write(fd, buffer, length)</c>: write to something that may keep us waiting; EINTR is retried. Host side only. write(2)
    /// </summary>
    public static SyscallResult WriteWaiting(Fd fd, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return Kernel.Wait(SyscallNumber.write, fd.Number, (nint)bytes, buffer.Length);
        }
    }

    /// <summary><c>mkdirat(directory, path, mode)</c>: make a directory. The umask applies. mkdirat(2)</summary>
    public static SyscallResult MakeDirectory(Fd directory, CString path, uint mode) =>
        Kernel.Call(SyscallNumber.mkdirat, directory.Number, path.Address, (nint)mode);

    /// <summary>
    /// <c>mknodat(directory, path, modeWithType, device)</c>: make a device, a fifo, a socket or an empty file. The umask applies.
    /// In a user namespace device nodes are EPERM: bind them from the host. mknodat(2)
    /// </summary>
    public static SyscallResult MakeNode(Fd directory, CString path, uint modeWithType, DeviceNumber device) =>
        Kernel.Call(SyscallNumber.mknodat, directory.Number, path.Address, (nint)modeWithType, (nint)device.Encoded);

    /// <summary><c>symlinkat(target, directory, path)</c>: make a symbolic link at <paramref name="path"/>. symlinkat(2)</summary>
    public static SyscallResult MakeSymbolicLink(CString target, Fd directory, CString path) =>
        Kernel.Call(SyscallNumber.symlinkat, target.Address, directory.Number, path.Address);

    /// <summary><c>unlinkat(directory, path, 0)</c>: remove a name that is no directory. unlinkat(2)</summary>
    public static SyscallResult Unlink(Fd directory, CString path) =>
        Kernel.Call(SyscallNumber.unlinkat, directory.Number, path.Address);

    /// <summary><c>unlinkat(directory, path, AT_REMOVEDIR)</c>: remove an empty directory. unlinkat(2)</summary>
    public static SyscallResult RemoveDirectory(Fd directory, CString path) =>
        Kernel.Call(SyscallNumber.unlinkat, directory.Number, path.Address, (nint)AtFlags.RemoveDirectory);

    /// <summary><c>renameat2(fromDirectory, from, toDirectory, to, flags)</c>: give a file another name, atomically. renameat2(2)</summary>
    public static SyscallResult Rename(Fd fromDirectory, CString from, Fd toDirectory, CString to, RenameFlags flags = RenameFlags.None) =>
        Kernel.Call(SyscallNumber.renameat2, fromDirectory.Number, from.Address, toDirectory.Number, to.Address, (nint)flags);

    /// <summary>
    /// <c>readlinkat(directory, path, target, length)</c>: where a symbolic link points; the result is the number of bytes, without a final
    /// zero. An empty path reads the link that was opened with O_PATH | O_NOFOLLOW. A full buffer may mean a cut text. readlinkat(2)
    /// </summary>
    public static SyscallResult ReadLink(Fd directory, CString path, Span<byte> target)
    {
        fixed (byte* bytes = target)
        {
            return Kernel.Call(SyscallNumber.readlinkat, directory.Number, path.Address, (nint)bytes, target.Length);
        }
    }

    /// <summary>
    /// <c>fchownat(directory, path, userId, groupId, flags)</c>: change the owner; uint.MaxValue leaves an id as it is. fchownat(2)
    /// </summary>
    public static SyscallResult ChangeOwner(Fd directory, CString path, uint userId, uint groupId, AtFlags flags) =>
        Kernel.Call(SyscallNumber.fchownat, directory.Number, path.Address, (nint)userId, (nint)groupId, (nint)flags);

    /// <summary><c>fchmodat(directory, path, mode)</c>: change the permissions. Follows a symbolic link, always. fchmodat(2)</summary>
    public static SyscallResult ChangeMode(Fd directory, CString path, uint mode) =>
        Kernel.Call(SyscallNumber.fchmodat, directory.Number, path.Address, (nint)mode);

    /// <summary><c>fchmod(fd, mode)</c>: change the permissions of an open file. EBADF for one opened with O_PATH. fchmod(2)</summary>
    public static SyscallResult ChangeMode(Fd fd, uint mode) => Kernel.Call(SyscallNumber.fchmod, fd.Number, (nint)mode);

    /// <summary>
    /// <c>faccessat2(directory, path, mode, flags)</c>: whether we may. Kernel 5.8; before that faccessat asks for the real user, which with hull is the
    /// effective one, and execve has the last word. faccessat2(2)
    /// </summary>
    public static SyscallResult Access(Fd directory, CString path, AccessMode mode, AtFlags flags)
    {
        SyscallResult allowed = Kernel.Call(SyscallNumber.faccessat2, directory.Number, path.Address, (nint)mode, (nint)flags);
        return NewerCalls.Lacks(SyscallNumber.faccessat2, allowed)
            ? Kernel.Call(SyscallNumber.faccessat, directory.Number, path.Address, (nint)mode)
            : allowed;
    }

    /// <summary><c>ftruncate(fd, length)</c>: set the size. ftruncate(2)</summary>
    public static SyscallResult Truncate(Fd fd, long length) => Kernel.Call(SyscallNumber.ftruncate, fd.Number, (nint)length);

    /// <summary>
    /// <c>sendfile(to, from, NULL, count)</c>: copy the next bytes of a file into another within the kernel; the result is how many, 0 at
    /// the end. sendfile(2)
    /// </summary>
    public static SyscallResult Send(Fd to, Fd from, nint count) => Kernel.Call(SyscallNumber.sendfile, to.Number, from.Number, 0, count);

    /// <summary>
    /// <c>utimensat(fd, NULL, {UTIME_OMIT, modified}, 0)</c>: when the content of an open file changed last. Kernel 2.6.22. utimensat(2)
    /// </summary>
    public static SyscallResult SetModificationTime(Fd fd, FileTimestamp modified)
    {
        const long omit = (1 << 30) - 2;
        long* times = stackalloc long[4] { 0, omit, modified.Seconds, modified.Nanoseconds };
        return Kernel.Call(SyscallNumber.utimensat, fd.Number, 0, (nint)times);
    }

    /// <summary>
    /// <c>lseek(fd, offset, whence)</c>: move; the result is the new position. .NET's enum has the kernel's values. lseek(2)
    /// </summary>
    public static SyscallResult Seek(Fd fd, long offset, SeekOrigin whence) =>
        Kernel.Call(SyscallNumber.lseek, fd.Number, (nint)offset, (nint)whence);

    /// <summary>
    /// <c>flock(fd, operation)</c>: lock or unlock an open file. Add <see cref="LockOperation.NonBlocking"/> where a container process
    /// calls it. The lock belongs to the open file: copies of the descriptor share it, and the last close gives it up. flock(2)
    /// </summary>
    public static SyscallResult Lock(Fd fd, LockOperation operation) => Kernel.Call(SyscallNumber.flock, fd.Number, (nint)operation);

    /// <summary><c>flock(fd, operation)</c>: wait for the lock; EINTR is retried. Host side only. flock(2)</summary>
    public static SyscallResult LockWaiting(Fd fd, LockOperation operation) => Kernel.Wait(SyscallNumber.flock, fd.Number, (nint)operation);

    /// <summary><c>getdents64(fd, buffer, length)</c>: the next entries of a directory as the kernel's records. getdents64(2)</summary>
    public static SyscallResult ReadDirectory(Fd directory, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return Kernel.Call(SyscallNumber.getdents64, directory.Number, (nint)bytes, buffer.Length);
        }
    }

    /// <summary>
    /// <c>getcwd(buffer, length)</c>: the current directory; the result counts the final zero, unlike C's. A directory outside the
    /// root comes back as "(unreachable)/…", which must be refused, not used. getcwd(2)
    /// </summary>
    public static SyscallResult CurrentDirectory(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return Kernel.Call(SyscallNumber.getcwd, (nint)bytes, buffer.Length);
        }
    }

    /// <summary><c>chdir(path)</c>: change the current directory. chdir(2)</summary>
    public static SyscallResult ChangeDirectory(CString path) => Kernel.Call(SyscallNumber.chdir, path.Address);

    /// <summary><c>fchdir(directory)</c>: change the current directory. chdir(2)</summary>
    public static SyscallResult ChangeDirectory(Fd directory) => Kernel.Call(SyscallNumber.fchdir, directory.Number);

    /// <summary>
    /// <c>chroot(path)</c>: change the root directory. Leaves the current directory where it is: chdir as well. chroot(2)
    /// </summary>
    public static SyscallResult ChangeRoot(CString path) => Kernel.Call(SyscallNumber.chroot, path.Address);

    /// <summary><c>umask(mask)</c>: set the file mode creation mask; the result is the old one. Never fails. umask(2)</summary>
    public static SyscallResult SetUmask(uint mask) => Kernel.Call(SyscallNumber.umask, (nint)mask);

    /// <summary>
    /// <c>memfd_create(name, flags | MFD_CLOEXEC)</c>: a file that lives in memory; the name is for people only. memfd_create(2)
    /// </summary>
    public static SyscallResult MakeMemoryFile(CString name, MemoryFileFlags flags) =>
        Kernel.Call(SyscallNumber.memfd_create, name.Address, (nint)(flags | MemoryFileFlags.CloseOnExec));
}

/// <summary><c>struct open_how</c>. openat2(2), linux/openat2.h</summary>
internal struct OpenHow
{
    /// <summary><c>flags</c></summary>
    internal ulong Flags;

    /// <summary><c>mode</c></summary>
    internal ulong Mode;

    /// <summary><c>resolve</c></summary>
    internal ulong Resolve;
}
