using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The host's procfs, for what must be written where the container cannot have put something else (CVE-2019-16884, CVE-2025-52881).
/// </summary>
internal static class ProcessFilesystem
{
    /// <summary>PROC_ROOT_INO: the number of procfs's own root, and of nothing else in it.</summary>
    private const ulong RootInode = 1;

    /// <summary>Its root.</summary>
    /// <exception cref="KernelException">/proc is something else.</exception>
    public static OwnedFd Open()
    {
        OwnedFd root = Files.OpenAt(Fd.CurrentDirectory, "/proc", OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow).OwnedOrThrow("open /proc");
        Files.FilesystemStatus(root, out FilesystemStatus filesystem).OrThrow("statfs /proc");
        Files.Status(root, "", AtFlags.EmptyPath, out FileStatus status).OrThrow("statx /proc");
        if (filesystem.Type != FilesystemType.Proc || status.Inode != RootInode)
        {
            root.Dispose();
            throw new KernelException("/proc is not the root of a procfs", Errno.ENODEV);
        }

        return root;
    }
}
