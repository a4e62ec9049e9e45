namespace Hull.Linux;

/// <summary>
/// What stands in for a pidfd before Linux 5.3: the directory of the process in procfs. It stays that process's, whoever gets the number later: all
/// in it is gone once the process is. A signal goes to the number that it still names, which nobody else has as long as the process is not waited
/// for. proc(5)
/// </summary>
internal static unsafe class ProcessDescriptors
{
    /// <summary>Opens the directory; ESRCH when there is no such process.</summary>
    internal static SyscallResult Open(int pid)
    {
        byte* path = stackalloc byte[Procfs.LongestPath];
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, Procfs.Path(path, "/proc/"u8, pid, default), OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return SyscallResult.Failure(Errno.ESRCH);
        }

        if (!opened.Failed && !Procfs.IsOn(opened.Fd))
        {
            Files.Close(opened.Fd);
            return SyscallResult.Failure(Errno.ENODEV);
        }

        return opened;
    }

    /// <summary>A descriptor of a process is such a directory. Asks nothing where pidfds are.</summary>
    internal static bool IsDirectory(Fd process) => NewerCalls.IsMissing(SyscallNumber.pidfd_open) && Procfs.IsOn(process);

    /// <summary>Sends a signal by number: of a directory, or of a pidfd that the kernel tells the number of.</summary>
    internal static SyscallResult Signal(Fd process, int signal)
    {
        SyscallResult pid = PidOf(process, out _);
        return pid.Failed ? pid : Kernel.Call(SyscallNumber.kill, pid.Value, signal);
    }

    /// <summary>The number of the process; ESRCH when it has been waited for.</summary>
    /// <param name="process">The directory or pidfd.</param>
    /// <param name="ended">It only waits to be waited for.</param>
    internal static SyscallResult PidOf(Fd process, out bool ended)
    {
        byte* text = stackalloc byte[Procfs.Capacity];
        byte* name = stackalloc byte[Procfs.LongestPath];
        ended = false;
        SyscallResult opened = Files.OpenAt(process, Procfs.Path(name, "stat"u8, -1, default), OpenFlags.ReadOnly);
        if (opened.Errno == Errno.ENOTDIR)
        {
            // A pidfd: the kernel says -1 of a process that is gone.
            int number = (int)Procfs.NumberOf(Fd.None, process, "Pid:"u8);
            return number > 0 ? SyscallResult.Success(number) : SyscallResult.Failure(Errno.ESRCH);
        }

        SyscallResult read = opened;
        if (!opened.Failed)
        {
            read = Files.Read(opened.Fd, new Span<byte>(text, Procfs.Capacity));
            Files.Close(opened.Fd);
        }

        if (read.Failed || read.Value == 0)
        {
            return SyscallResult.Failure(read.Failed && read.Errno is not (Errno.ENOENT or Errno.ESRCH) ? read.Errno : Errno.ESRCH);
        }

        // "123 (name, which may hold anything) S …": the state follows the last parenthesis.
        int end = (int)read.Value - 1;
        while (end > 0 && text[end] != ')')
        {
            end--;
        }

        ended = end + 2 < (int)read.Value && text[end + 2] is (byte)'Z' or (byte)'X' or (byte)'x';
        return SyscallResult.Success((nint)Procfs.NumberAt(text, (int)read.Value));
    }

    /// <summary>
    /// Joins namespaces of a process one by one, for kernels before 5.8, where a descriptor of a process does not stand for all of them: those that
    /// we may join as we are, the user namespace, and then those that only its root may join.
    /// </summary>
    internal static SyscallResult EnterNamespaces(Fd process, NamespaceKinds kinds)
    {
        byte* path = stackalloc byte[Procfs.LongestPath];
        SyscallResult directory = Files.OpenAt(process, Procfs.Path(path, "ns"u8, -1, default), OpenFlags.Path | OpenFlags.Directory);
        if (directory.Errno == Errno.ENOTDIR)
        {
            SyscallResult pid = PidOf(process, out _);
            directory = pid.Failed ? pid
                : Files.OpenAt(Fd.CurrentDirectory, Procfs.Path(path, "/proc/"u8, (int)pid.Value, "/ns"u8), OpenFlags.Path | OpenFlags.Directory);

            // The number could be another process's by now, unless this one is still there.
            SyscallResult alive = directory.Failed ? directory : Processes.SendSignal(process, 0);
            directory = alive.Failed ? alive : directory;
        }

        if (directory.Failed)
        {
            return directory.Errno == Errno.ENOENT ? SyscallResult.Failure(Errno.ESRCH) : directory;
        }

        NamespaceKinds left = Enter(directory.Fd, kinds & ~NamespaceKinds.User, out SyscallResult entered);
        if ((kinds & NamespaceKinds.User) != 0)
        {
            Enter(directory.Fd, NamespaceKinds.User, out entered);
            left = entered.Failed ? left : Enter(directory.Fd, left, out entered);
        }

        Files.Close(directory.Fd);
        return entered;
    }

    /// <summary>Joins as many as can be joined, and tells which are left and why the last of them was refused.</summary>
    private static NamespaceKinds Enter(Fd directory, NamespaceKinds kinds, out SyscallResult result)
    {
        byte* name = stackalloc byte[Procfs.LongestPath];
        NamespaceKinds left = kinds;
        result = default;
        for (uint bit = 1; bit != 0; bit <<= 1)
        {
            var kind = (NamespaceKinds)((uint)kinds & bit);
            if (kind == 0)
            {
                continue;
            }

            SyscallResult entered = Files.OpenAt(directory, Procfs.Path(name, NamespaceNames.BytesOfFile(kind), -1, default), OpenFlags.ReadOnly);
            if (!entered.Failed)
            {
                Fd file = entered.Fd;
                entered = Kernel.Call(SyscallNumber.setns, file.Number, (nint)(uint)kind);
                Files.Close(file);
            }

            left &= entered.Failed ? left : ~kind;
            result = entered.Failed ? entered : result;
        }

        return left;
    }
}
