using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>The program: which file it is, and becoming it.</summary>
internal sealed partial class Executor
{
    private CString _refused;

    /// <summary>
    /// execvp(3)'s search: a candidate that may not be executed is passed over, but remembered, so that the message is
    /// "permission denied" when nothing better is found.
    /// </summary>
    private SyscallResult Perform(FindExecutable find)
    {
        ImmutableArray<CString> candidates = find.Candidates;
        SyscallResult worst = SyscallResult.Failure(Errno.ENOENT);
        for (var i = 0; i < candidates.Length; i++)
        {
            SyscallResult found = IsExecutable(candidates[i]);
            if (!found.Failed)
            {
                _executable = i;
                return found;
            }

            if (found.Errno is not (Errno.ENOENT or Errno.ENOTDIR) || candidates.Length == 1)
            {
                worst = found;
            }
        }

        return worst;
    }

    private SyscallResult IsExecutable(CString path)
    {
        SyscallResult status = Files.Status(Fd.CurrentDirectory, path, 0, out FileStatus file);
        if (status.Failed)
        {
            return status;
        }

        if (file.Type != FileType.Regular)
        {
            return SyscallResult.Failure(Errno.EACCES);
        }

        SyscallResult allowed = Files.Access(Fd.CurrentDirectory, path, AccessMode.Execute, AtFlags.EffectiveAccess);
        if (allowed.Errno != Errno.EACCES || !IsOnMountWithoutExecution(path))
        {
            return allowed;
        }

        _refused = path;
        return Part(Stage.NoExecuteMount, allowed);
    }

    /// <summary>The kernel has one answer for a file without permission and for one on a mount with noexec.</summary>
    private static bool IsOnMountWithoutExecution(CString path)
    {
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.Path);
        if (opened.Failed)
        {
            return false;
        }

        SyscallResult asked = Files.FilesystemStatus(opened.Fd, out FilesystemStatus mount);
        Files.Close(opened.Fd);
        return !asked.Failed && (mount.MountFlags & FilesystemFlags.NoExecute) != 0;
    }

    /// <summary>For the report: where the mount is that <see cref="_refused"/> is on; nothing when a link leads the file there.</summary>
    private int ReadMountPoint(Span<byte> text)
    {
        if (IsMountRoot(_refused))
        {
            return Copy(_refused.Bytes, Math.Min(_refused.Length, text.Length), text);
        }

        bool entered = EnterDirectoryOf(_refused);
        for (var level = 0; entered && level < PathCapacity / 2 && !IsMountRoot(Dot); level++)
        {
            entered = !Files.ChangeDirectory(Above).Failed;
        }

        if (!entered || !IsOnMountWithoutExecution(Dot))
        {
            return 0;
        }

        // The result counts the final zero.
        SyscallResult place = Files.CurrentDirectory(text);
        return place.Failed ? 0 : (int)place.Value - 1;
    }

    private static bool IsMountRoot(CString path) =>
        !Files.Status(Fd.CurrentDirectory, path, AtFlags.None, out FileStatus found).Failed && found.IsMountRoot;

    [SkipLocalsInit]
    private unsafe bool EnterDirectoryOf(CString path)
    {
        byte* directory = stackalloc byte[PathCapacity];
        ReadOnlySpan<byte> name = path.Bytes;
        int length = name.Length - 1;
        while (length >= 0 && name[length] != '/')
        {
            length--;
        }

        if (length <= 0 || length >= PathCapacity)
        {
            return length < PathCapacity && !Files.ChangeDirectory(length == 0 ? Slash : Dot).Failed;
        }

        directory[Copy(name, length, new Span<byte>(directory, PathCapacity))] = 0;
        return !Files.ChangeDirectory(CString.Borrow(directory, length)).Failed;
    }

    private static int Copy(ReadOnlySpan<byte> from, int length, Span<byte> to)
    {
        for (var i = 0; i < length; i++)
        {
            to[i] = from[i];
        }

        return length;
    }

    private SyscallResult Perform(Execute execute)
    {
        if (execute.ListenPid >= 0)
        {
            execute.Environment.PutNumber(execute.ListenPid, Execute.ListenPidName.Length, Processes.ProcessId());
        }

        return Processes.Execute(execute.Candidates[_executable], execute.Arguments, execute.Environment);
    }
}
