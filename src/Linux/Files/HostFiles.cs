namespace Hull.Linux;

/// <summary>
/// Whole files and directories for the host side: small files of /proc, /sys and the state directory. Failures are
/// <see cref="KernelException"/>s that name call and full path. A container process uses <see cref="Files"/>.
/// </summary>
public static partial class HostFiles
{
    /// <summary>No file that the runtime reads is larger, in bytes: a config.json of 16 MiB is an attack or a mistake.</summary>
    public const int DefaultLimit = 16 * 1024 * 1024;

    /// <summary>The content of a file. EFBIG when it is longer than <paramref name="limit"/>.</summary>
    public static byte[] ReadAll(Fd directory, string path, int limit = DefaultLimit) =>
        ReadAllOrNull(directory, path, limit) ?? throw Failure("openat", directory, path, Errno.ENOENT);

    /// <summary>The content of a file, or null when there is none.</summary>
    public static byte[]? ReadAllOrNull(Fd directory, string path, int limit = DefaultLimit)
    {
        var opened = Files.OpenAt(directory, path, OpenFlags.ReadOnly);
        if (opened.Errno == Errno.ENOENT)
        {
            return null;
        }

        using var file = Owned(opened, directory, path);
        return ReadOpened(file, directory, path, limit);
    }

    /// <summary>
    /// The same of a file that gives all it has in one read if it is shorter than 4096 bytes: any file of a disk, one value of /proc or /sys.
    /// That spares the read that only finds the end, and most of the memory.
    /// </summary>
    public static byte[]? ReadSmallOrNull(Fd directory, string path)
    {
        var opened = Files.OpenAt(directory, path, OpenFlags.ReadOnly);
        if (opened.Errno == Errno.ENOENT)
        {
            return null;
        }

        using var file = Owned(opened, directory, path);
        Span<byte> start = stackalloc byte[4096];
        var read = Files.ReadWaiting(file, start);
        if (read.Failed)
        {
            throw Failure("read", directory, path, read.Errno);
        }

        var count = (int)read.Value;
        return count < start.Length ? start[..count].ToArray() : [.. start, .. ReadOpened(file, directory, path, DefaultLimit)];
    }

    /// <summary>What remains to be read from an open file; <paramref name="name"/> is for the error only.</summary>
    public static byte[] ReadOpened(Fd file, string name, int limit = DefaultLimit) => ReadOpened(file, Fd.CurrentDirectory, name, limit);

    private static byte[] ReadOpened(Fd file, Fd directory, string name, int limit)
    {
        // Files of /proc and /sys say that their size is 0: read until the end, whatever the size, and one byte over the limit to see it.
        var buffer = new byte[Math.Min(limit, 4095) + 1];
        var length = 0;
        while (true)
        {
            var read = Files.ReadWaiting(file, buffer.AsSpan(length));
            length += read.Failed ? 0 : (int)read.Value;
            if (read.Failed || length > limit)
            {
                throw Failure("read", directory, name, read.Failed ? read.Errno : Errno.EFBIG);
            }

            if (read.Value == 0)
            {
                return buffer.AsSpan(0, length).ToArray();
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(limit, (long)buffer.Length * 4) + 1);
            }
        }
    }

    /// <summary>The content of a file as text.</summary>
    public static string ReadText(Fd directory, string path, int limit = DefaultLimit) =>
        System.Text.Encoding.UTF8.GetString(ReadAll(directory, path, limit));

    /// <summary>
    /// Writes all bytes to an existing file in one write, as the files of /proc and cgroups want it; a short write is an error (EIO).
    /// </summary>
    public static void WriteAll(Fd directory, string path, ReadOnlySpan<byte> bytes)
    {
        var written = TryWrite(directory, path, bytes);
        if (written.Failed)
        {
            throw Failure("write", directory, path, written.Errno);
        }
    }

    /// <summary>The same, and the caller looks at the result.</summary>
    public static SyscallResult TryWrite(Fd directory, string path, ReadOnlySpan<byte> bytes)
    {
        var opened = Files.OpenAt(directory, path, OpenFlags.WriteOnly);
        if (opened.Failed)
        {
            return opened;
        }

        var written = Files.WriteWaiting(opened.Fd, bytes);
        Files.Close(opened.Fd);
        return written.Failed || written.Value == bytes.Length ? written : SyscallResult.Failure(Errno.EIO);
    }

    /// <summary>
    /// Gives a file new content so that every reader sees the old or the new, never a part: a temporary file in the same directory, then
    /// rename. The temporary file is removed on failure.
    /// </summary>
    public static void ReplaceAtomically(Fd directory, string name, ReadOnlySpan<byte> bytes, uint mode)
    {
        // The process number makes the name ours; one that is left over came from a process that died, so it can go.
        var temporary = $".{name}.{Kernel.Call(SyscallNumber.getpid).Value}.tmp";
        var flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        var opened = Files.OpenAt(directory, temporary, flags, mode);
        if (opened.Errno == Errno.EEXIST)
        {
            var removed = Files.Unlink(directory, temporary);
            if (removed.Failed)
            {
                throw Failure("unlinkat", directory, temporary, removed.Errno);
            }

            opened = Files.OpenAt(directory, temporary, flags, mode);
        }

        using var file = Owned(opened, directory, temporary);
        var result = WriteFully(file, bytes);
        if (!result.Failed)
        {
            // The umask took part in the creation; the mode asked for is meant.
            result = Files.ChangeMode(file, mode);
        }

        if (!result.Failed)
        {
            result = Files.Rename(directory, temporary, directory, name);
        }

        if (result.Failed)
        {
            Files.Unlink(directory, temporary);
            throw Failure("write", directory, name, result.Errno);
        }
    }

    /// <summary>A file in memory that holds these bytes; its name is for people only. memfd_create(2)</summary>
    public static OwnedFd InMemory(string name, ReadOnlySpan<byte> content)
    {
        OwnedFd file = Files.MakeMemoryFile(name, MemoryFileFlags.CloseOnExec).OwnedOrThrow("memfd_create");
        SyscallResult written = content.IsEmpty ? default : Files.Write(file, content);
        if (written.Value == content.Length)
        {
            return file;
        }

        // A limit of file sizes cuts the file in memory, too (RLIMIT_FSIZE).
        file.Dispose();
        throw new KernelException("write", written.Failed ? written.Errno : Errno.EIO);
    }

    /// <summary>
    /// Something has that name, be it a dangling symbolic link. What cannot be looked at, for want of memory or because a file server is away,
    /// counts as there: what is taken for gone is deleted, or made anew.
    /// </summary>
    public static bool Exists(Fd directory, string path) =>
        Files.Status(directory, path, AtFlags.SymlinkNoFollow, out _).Errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG or Errno.ELOOP);

    /// <summary>An open directory.</summary>
    public static OwnedFd OpenDirectory(Fd directory, string path) =>
        Owned(Files.OpenAt(directory, path, OpenFlags.ReadOnly | OpenFlags.Directory), directory, path);

    /// <summary>Makes a directory and those above it that are missing; what exists is left as it is.</summary>
    public static void MakeDirectories(string absolutePath, uint mode)
    {
        ArgumentNullException.ThrowIfNull(absolutePath);
        var result = Files.MakeDirectory(Fd.CurrentDirectory, absolutePath, mode);
        if (result.Errno == Errno.ENOENT)
        {
            var parent = absolutePath.TrimEnd('/').LastIndexOf('/');
            if (parent > 0)
            {
                MakeDirectories(absolutePath[..parent], mode);
                result = Files.MakeDirectory(Fd.CurrentDirectory, absolutePath, mode);
            }
        }

        if (result.Errno == Errno.EEXIST
            && !Files.Status(Fd.CurrentDirectory, absolutePath, AtFlags.None, out var status).Failed
            && status.Type == FileType.Directory)
        {
            return;
        }

        result.OrThrow($"mkdirat {absolutePath}");
    }

    /// <summary>Where a descriptor leads, without links; null where the kernel does not say.</summary>
    public static string? PathOf(Fd descriptor)
    {
        Span<byte> place = stackalloc byte[4096];
        SyscallResult read = Files.ReadLink(Fd.CurrentDirectory, $"/proc/self/fd/{descriptor.Number}", place);
        return read.Failed ? null : System.Text.Encoding.UTF8.GetString(place[..(int)read.Value]);
    }

    private static OwnedFd Owned(SyscallResult opened, Fd directory, string path) =>
        opened.Failed ? throw Failure("openat", directory, path, opened.Errno) : new OwnedFd(opened.Fd.Number);

    /// <summary>A failure with the full path: below an open directory, the kernel is asked where that is.</summary>
    private static KernelException Failure(string call, Fd directory, string path, Errno errno) => new($"{call} {FullPath(directory, path)}", errno);

    private static string FullPath(Fd directory, string path)
    {
        if (directory == Fd.CurrentDirectory || path.StartsWith('/'))
        {
            return path;
        }

        return PathOf(directory) is not { } above ? path : path == "." ? above : $"{above}/{path}";
    }

    private static SyscallResult WriteFully(Fd file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Files.WriteWaiting(file, bytes);
            if (written.Failed)
            {
                return written;
            }

            bytes = bytes[(int)written.Value..];
        }

        return SyscallResult.Success();
    }
}
