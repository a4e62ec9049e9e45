namespace Hull.Linux;

/// <summary>
/// What stands in for a pidfd before Linux 5.3: the directory of the process in procfs. It stays that process's, whoever gets the number later: all in
/// it is gone once the process is. A signal goes to the number that it still names, which nobody else has as long as the process is not waited
/// for. proc(5)
/// </summary>
internal static unsafe class ProcessDescriptors
{
    private const int LongestPath = 32;
    private const int StatCapacity = 1024;

    /// <summary>Opens the directory; ESRCH when there is no such process.</summary>
    internal static SyscallResult Open(int pid)
    {
        byte* path = stackalloc byte[LongestPath];
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, Numbered(path, "/proc/"u8, pid, default), OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return SyscallResult.Failure(Errno.ESRCH);
        }

        if (!opened.Failed && !IsProc(opened.Fd))
        {
            Files.Close(opened.Fd);
            return SyscallResult.Failure(Errno.ENODEV);
        }

        return opened;
    }

    /// <summary>A descriptor of a process is such a directory. Asks nothing where pidfds are.</summary>
    internal static bool IsDirectory(Fd process) => NewerCalls.IsMissing(SyscallNumber.pidfd_open) && IsProc(process);

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
        byte* text = stackalloc byte[StatCapacity];
        byte* name = stackalloc byte[LongestPath];
        ended = false;
        SyscallResult opened = Files.OpenAt(process, Numbered(name, "stat"u8, -1, default), OpenFlags.ReadOnly);
        if (opened.Errno == Errno.ENOTDIR)
        {
            // A pidfd: the kernel says -1 of a process that is gone.
            int number = (int)ReadNumber(Fd.None, process, "Pid:"u8);
            return number > 0 ? SyscallResult.Success(number) : SyscallResult.Failure(Errno.ESRCH);
        }

        SyscallResult read = opened;
        if (!opened.Failed)
        {
            read = Files.Read(opened.Fd, new Span<byte>(text, StatCapacity));
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
        return SyscallResult.Success((nint)NumberAt(text, (int)read.Value));
    }

    /// <summary>
    /// Joins namespaces of a process one by one, for kernels before 5.8, where a descriptor of a process does not stand for all of them: those that we may join
    /// as we are, the user namespace, and then those that only its root may join.
    /// </summary>
    internal static SyscallResult EnterNamespaces(Fd process, NamespaceKinds kinds)
    {
        byte* path = stackalloc byte[LongestPath];
        SyscallResult directory = Files.OpenAt(process, Numbered(path, "ns"u8, -1, default), OpenFlags.Path | OpenFlags.Directory);
        if (directory.Errno == Errno.ENOTDIR)
        {
            SyscallResult pid = PidOf(process, out _);
            directory = pid.Failed ? pid
                : Files.OpenAt(Fd.CurrentDirectory, Numbered(path, "/proc/"u8, (int)pid.Value, "/ns"u8), OpenFlags.Path | OpenFlags.Directory);

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
        byte* name = stackalloc byte[LongestPath];
        NamespaceKinds left = kinds;
        result = default;
        for (uint bit = 1; bit != 0; bit <<= 1)
        {
            var kind = (NamespaceKinds)((uint)kinds & bit);
            if (kind == 0)
            {
                continue;
            }

            SyscallResult entered = Files.OpenAt(directory, Numbered(name, FileOf(kind), -1, default), OpenFlags.ReadOnly);
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

    /// <summary>As <see cref="NamespaceNames.FileOf"/>, without a string.</summary>
    private static ReadOnlySpan<byte> FileOf(NamespaceKinds kind) => kind switch
    {
        NamespaceKinds.User => "user"u8,
        NamespaceKinds.Pid => "pid"u8,
        NamespaceKinds.Network => "net"u8,
        NamespaceKinds.Mount => "mnt"u8,
        NamespaceKinds.Ipc => "ipc"u8,
        NamespaceKinds.Uts => "uts"u8,
        NamespaceKinds.Cgroup => "cgroup"u8,
        NamespaceKinds.Time => "time"u8,
        _ => ""u8,
    };

    /// <summary>
    /// A number that procfs tells of one of our descriptors, as <c>mnt_id:</c>; 0 when it tells none. Read below <paramref name="root"/> where that
    /// is the root of a procfs, else below /proc where that is one. proc_pid_fdinfo(5)
    /// </summary>
    internal static ulong ReadNumber(Fd root, Fd file, ReadOnlySpan<byte> key)
    {
        byte* path = stackalloc byte[LongestPath];
        byte* text = stackalloc byte[StatCapacity];
        SyscallResult opened = SyscallResult.Failure(Errno.EBADF);
        if (root.IsOpen && IsProc(root))
        {
            opened = Files.OpenAt(root, Numbered(path, "self/fdinfo/"u8, file.Number, default), OpenFlags.ReadOnly);
        }

        opened = opened.Failed ? Files.OpenAt(Fd.CurrentDirectory, Numbered(path, "/proc/self/fdinfo/"u8, file.Number, default), OpenFlags.ReadOnly) : opened;
        if (opened.Failed)
        {
            return 0;
        }

        SyscallResult read = IsProc(opened.Fd) ? Files.Read(opened.Fd, new Span<byte>(text, StatCapacity)) : default;
        Files.Close(opened.Fd);
        int length = read.Failed ? 0 : (int)read.Value;
        for (var at = 0; at + key.Length < length; at++)
        {
            if ((at == 0 || text[at - 1] == '\n') && StartsWith(text + at, key))
            {
                return NumberAt(text + at + key.Length, length - at - key.Length);
            }
        }

        return 0;
    }

    private static bool IsProc(Fd file) =>
        !Files.FilesystemStatus(file, out FilesystemStatus filesystem).Failed && filesystem.Type == FilesystemType.Proc;

    private static bool StartsWith(byte* text, ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            if (text[i] != key[i])
            {
                return false;
            }
        }

        return true;
    }

    private static ulong NumberAt(byte* text, int length)
    {
        var at = 0;
        while (at < length && text[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        ulong value = 0;
        for (; at < length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            value = (value * 10) + text[at] - '0';
        }

        return value;
    }

    /// <summary>Puts a path together: a start, a number unless it is negative, an end.</summary>
    private static CString Numbered(byte* path, ReadOnlySpan<byte> start, int number, ReadOnlySpan<byte> end)
    {
        var length = 0;
        for (var i = 0; i < start.Length; i++)
        {
            path[length++] = start[i];
        }

        if (number >= 0)
        {
            int divisor = 1;
            while (number / divisor >= 10)
            {
                divisor *= 10;
            }

            for (; divisor > 0; divisor /= 10)
            {
                path[length++] = (byte)('0' + (number / divisor % 10));
            }
        }

        for (var i = 0; i < end.Length; i++)
        {
            path[length++] = end[i];
        }

        path[length] = 0;
        return CString.Borrow(path, length);
    }
}
