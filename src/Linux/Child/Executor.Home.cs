
namespace Hull.Linux;

/// <summary>The user's home directory.</summary>
internal sealed partial class Executor
{
    private const int ReadAtOnce = 4096;

    /// <summary>As much of /etc/passwd as is looked at: the image decides how long it is.</summary>
    private const int PasswordsLimit = 16 * 1024 * 1024;

    private unsafe SyscallResult Perform(FindHome find)
    {
        SyscallResult file = OpenPasswords();
        if (file.Failed)
        {
            return IsAbsence(file.Errno) ? default : Part(Stage.OpenSource, file);
        }

        var entries = new PasswordEntries(find.UserId, find.Home);
        byte* buffer = stackalloc byte[ReadAtOnce];
        int total = 0;
        SyscallResult read = default;
        while (total < PasswordsLimit && !entries.IsFound)
        {
            read = Files.Read(file.Fd, new Span<byte>(buffer, ReadAtOnce));
            if (read.Failed || read.Value == 0)
            {
                entries.EndOfFile();
                break;
            }

            total += (int)read.Value;
            for (var i = 0; i < (int)read.Value && !entries.IsFound; i++)
            {
                entries.Next(buffer[i]);
            }
        }

        entries.Cut();
        Files.Close(file.Fd);
        return read.Failed ? read : default;
    }

    /// <summary>The container has no such file, or its user namespace may not see it. Any other error is reported: a wrong HOME would go unnoticed.</summary>
    private static bool IsAbsence(Errno errno) => errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EACCES;

    /// <summary>
    /// Only a regular file: an image may put a FIFO or a device there, and opening one waits or does things. The walk follows no link
    /// that leads to what a process has open.
    /// </summary>
    private SyscallResult OpenPasswords()
    {
        SyscallResult place = OpenPasswords(OpenFlags.Path);
        if (place.Failed)
        {
            return place;
        }

        SyscallResult status = Files.Status(place.Fd, Empty, AtFlags.EmptyPath, out FileStatus found);
        Files.Close(place.Fd);
        if (status.Failed)
        {
            return status;
        }

        if (found.Type != FileType.Regular)
        {
            return SyscallResult.Failure(Errno.ENOENT);
        }

        SyscallResult file = OpenPasswords(OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal);
        if (file.Failed)
        {
            return file;
        }

        status = Files.Status(file.Fd, Empty, AtFlags.EmptyPath, out found);
        if (!status.Failed && found.Type == FileType.Regular)
        {
            return file;
        }

        Files.Close(file.Fd);
        return status.Failed ? status : SyscallResult.Failure(Errno.ENOENT);
    }

    /// <summary>By now the root of this process is the container's.</summary>
    private SyscallResult OpenPasswords(OpenFlags flags) =>
        Files.OpenAt2(Fd.CurrentDirectory, PasswordsFile, flags, 0, ResolveFlags.NoMagicLinks);
}
