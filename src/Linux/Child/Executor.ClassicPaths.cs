namespace Hull.Linux;

/// <summary>
/// Names for what is open, for calls that know no descriptors: they go through a procfs that was opened while /proc was still the host's and is proved to be one,
/// never through what the container calls so. It is opened when a newer call has turned out to be missing, and not before.
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
            return SyscallResult.Failure(Errno.ENOSYS);
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

    private void CloseProcessFilesystem()
    {
        if (_processFilesystem.IsOpen)
        {
            Files.Close(_processFilesystem);
            _processFilesystem = Fd.None;
        }
    }
}
