namespace Hull.Linux;

/// <summary>
/// Names for what is open, for calls that know no descriptors: they go through a procfs that was opened while /proc was still the host's and is
/// proved to be one, never through what the container calls so. It is opened when a newer call has turned out to be missing, and not before.
/// </summary>
internal sealed partial class Executor
{
    private Fd _processFilesystem = Fd.None;

    /// <summary>/ is the container's from here on.</summary>
    private bool _rootChanged;

    /// <summary>The root of a procfs in which this process finds itself.</summary>
    private SyscallResult OpenProcessFilesystem()
    {
        if (_processFilesystem.IsOpen)
        {
            return SyscallResult.Success(_processFilesystem.Number);
        }

        if (_rootChanged)
        {
            return MakeProcessFilesystem();
        }

        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, ProcessFilesystemPath, PathOfDirectory | OpenFlags.NoFollow);
        SyscallResult asked = opened.Failed ? opened : Files.FilesystemStatus(opened.Fd, out FilesystemStatus filesystem) is { Failed: true } refused ? refused
            : filesystem.Type != FilesystemType.Proc ? SyscallResult.Failure(Errno.ENODEV)
            : Files.Status(opened.Fd, Empty, AtFlags.EmptyPath, out FileStatus status) is { Failed: true } unknown ? unknown
            : status.Inode != ProcRootInode ? SyscallResult.Failure(Errno.ENODEV)
            : opened;
        if (asked.Failed)
        {
            Files.Close(opened.Fd);
            return asked;
        }

        _processFilesystem = opened.Fd;
        return opened;
    }

    /// <summary>What /proc is says the container by now: a new procfs of our own, attached nowhere, has the same names.</summary>
    private SyscallResult MakeProcessFilesystem()
    {
        SyscallResult context = LacksContexts ? NewerCalls.Refuse(SyscallNumber.fsopen) : Mounts.OpenFilesystem(ProcType);
        SyscallResult made = context.Failed ? context : Mounts.CreateFilesystem(context.Fd);
        made = made.Failed ? made : Mounts.MakeMount(context.Fd, MountAttributes.NoSuid | MountAttributes.NoDevices | MountAttributes.NoExecute);
        Files.Close(context.Fd);
        _processFilesystem = made.Failed ? Fd.None : made.Fd;
        return made;
    }

    /// <summary>
    /// <c>mount(source, place, type, flags, data)</c> by descriptors. A directory that nothing is bound or moved to needs no name: it becomes the working
    /// directory for that; unless we may not search it, such as what is closed to the root of a user namespace, or fdinfo before Linux 5.14.
    /// </summary>
    /// <param name="source">What is bound or moved; none where <paramref name="device"/> says it.</param>
    /// <param name="device">The source of a file system, or none.</param>
    /// <param name="place">Where, or of what mount.</param>
    /// <param name="type">The file system, or none.</param>
    /// <param name="flags">What to do.</param>
    /// <param name="data">The options of the file system, or none.</param>
    private unsafe SyscallResult MountClassic(Fd source, CString device, Fd place, CString type, MountFlags flags, CString data)
    {
        byte* from = stackalloc byte[LongestName];
        byte* to = stackalloc byte[LongestName];
        bool byWorkingDirectory = !source.IsOpen && IsDirectory(place);
        SyscallResult names = byWorkingDirectory ? SyscallResult.Success(place.Number) : OpenProcessFilesystem();
        SyscallResult back = names.Failed ? names : Files.OpenAt(Fd.CurrentDirectory, Dot, PathOfDirectory);
        SyscallResult result = names.Failed ? names : Files.ChangeDirectory(names.Fd);
        if (byWorkingDirectory && result.Errno == Errno.EACCES)
        {
            byWorkingDirectory = false;
            names = OpenProcessFilesystem();
            result = names.Failed ? names : Files.ChangeDirectory(names.Fd);
        }

        if (!result.Failed)
        {
            result = Mounts.MountClassic(
                source.IsOpen ? NameOf(from, source) : device, byWorkingDirectory ? Dot : NameOf(to, place), type, flags, data);
            SyscallResult returned = Return(back);
            result = result.Failed ? result : returned;
        }

        Files.Close(back.Fd);
        return result;
    }

    /// <summary>Takes a mount away, with all below it.</summary>
    private unsafe SyscallResult UnmountClassic(Fd mount)
    {
        byte* name = stackalloc byte[LongestName];
        SyscallResult names = OpenProcessFilesystem();
        SyscallResult back = names.Failed ? names : Files.OpenAt(Fd.CurrentDirectory, Dot, PathOfDirectory);
        SyscallResult result = names.Failed ? names : Files.ChangeDirectory(names.Fd);
        if (!result.Failed)
        {
            result = Mounts.Unmount(NameOf(name, mount), UnmountFlags.Detach);
            Return(back);
        }

        Files.Close(back.Fd);
        return result;
    }

    /// <summary>
    /// Where the root of a user namespace has no right to look at the directory, or to return to it, the root must do: every path from here on
    /// begins there.
    /// </summary>
    private SyscallResult Return(SyscallResult directory)
    {
        SyscallResult returned = directory.Failed ? directory : Files.ChangeDirectory(directory.Fd);
        return returned.Failed ? Files.ChangeDirectory(Slash) : returned;
    }

    private const int LongestName = 24;

    /// <summary><c>self/fd/7</c>, below the root of a procfs.</summary>
    private static unsafe CString NameOf(byte* name, Fd file)
    {
        ReadOnlySpan<byte> start = "self/fd/"u8;
        int length = 0, divisor = 1;
        for (; length < start.Length; length++)
        {
            name[length] = start[length];
        }

        while (file.Number / divisor >= 10)
        {
            divisor *= 10;
        }

        for (; divisor > 0; divisor /= 10)
        {
            name[length++] = (byte)('0' + (file.Number / divisor % 10));
        }

        name[length] = 0;
        return CString.Borrow(name, length);
    }

    private void CloseProcessFilesystem()
    {
        if (_processFilesystem.IsOpen)
        {
            Files.Close(_processFilesystem);
            _processFilesystem = Fd.None;
        }
    }
}
