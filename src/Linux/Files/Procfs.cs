namespace Hull.Linux;

/// <summary>What is read of procfs by code that allocates nothing. proc(5)</summary>
internal static unsafe class Procfs
{
    /// <summary>Bytes for the longest path that <see cref="Path"/> puts together.</summary>
    internal const int LongestPath = 32;

    /// <summary>Bytes for the beginning of a file, in which everything is that is looked for.</summary>
    internal const int Capacity = 1024;

    /// <summary>
    /// A number that procfs tells of one of our descriptors, as <c>mnt_id:</c>; 0 when it tells none. Read below <paramref name="root"/> where that
    /// is the root of a procfs, else below /proc where that is one. proc_pid_fdinfo(5)
    /// </summary>
    internal static ulong NumberOf(Fd root, Fd file, ReadOnlySpan<byte> key)
    {
        byte* path = stackalloc byte[LongestPath];
        byte* text = stackalloc byte[Capacity];
        SyscallResult opened = SyscallResult.Failure(Errno.EBADF);
        if (root.IsOpen && IsOn(root))
        {
            opened = Files.OpenAt(root, Path(path, "self/fdinfo/"u8, file.Number, default), OpenFlags.ReadOnly);
        }

        opened = opened.Failed ? Files.OpenAt(Fd.CurrentDirectory, Path(path, "/proc/self/fdinfo/"u8, file.Number, default), OpenFlags.ReadOnly) : opened;
        if (opened.Failed)
        {
            return 0;
        }

        SyscallResult read = IsOn(opened.Fd) ? Files.Read(opened.Fd, new Span<byte>(text, Capacity)) : default;
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

    /// <summary>A file is on a procfs.</summary>
    internal static bool IsOn(Fd file) =>
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

    /// <summary>The decimal number that begins here, behind blanks; 0 where none does.</summary>
    internal static ulong NumberAt(byte* text, int length)
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
    internal static CString Path(byte* path, ReadOnlySpan<byte> start, int number, ReadOnlySpan<byte> end)
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
