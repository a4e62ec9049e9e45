using System.Buffers.Binary;

namespace Hull.Linux;

/// <summary>Listing and removing directories.</summary>
public static partial class HostFiles
{
    /// <summary>No tree of the runtime is deeper; one that is was made to exhaust the descriptors.</summary>
    private const int MaximumDepth = 256;

    /// <summary>
    /// The names in a directory, without "." and "..", in the kernel's order. Bytes that are not UTF-8 survive the way through a string
    /// (<see cref="CString"/>): a container may name a cgroup as it likes, and must not escape a look at its processes so.
    /// </summary>
    public static List<string> ListDirectory(Fd directory, string path)
    {
        using var opened = OpenDirectory(directory, path);
        return ListOpened(opened, path);
    }

    /// <summary>
    /// Removes a directory and all that is in it, or a file. Follows no symbolic link and stays on its mount: something mounted below is
    /// left alone with all above it, and the error (EXDEV or EBUSY) names it. Nothing to remove is no error.
    /// </summary>
    public static void RemoveTree(Fd directory, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || name is "." or ".." || name.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException("one name, not a path", nameof(name));
        }

        RemoveTree(directory, name, name, 0);
    }

    private static void RemoveTree(Fd directory, string name, string shownAs, int depth)
    {
        var unlinked = Files.Unlink(directory, name);
        if (!unlinked.Failed || unlinked.Errno == Errno.ENOENT)
        {
            return;
        }

        // Linux says EISDIR for a directory where POSIX says EPERM.
        if (unlinked.Errno is not (Errno.EISDIR or Errno.EPERM) || depth >= MaximumDepth)
        {
            throw new KernelException($"unlinkat {shownAs}", depth >= MaximumDepth ? Errno.ELOOP : unlinked.Errno);
        }

        // An empty directory needs no look inside; a cgroup, whose files cannot be unlinked, is removed only so.
        var removed = Files.RemoveDirectory(directory, name);
        if (!removed.Failed || removed.Errno == Errno.ENOENT)
        {
            return;
        }

        if (removed.Errno is not (Errno.ENOTEMPTY or Errno.EEXIST))
        {
            throw new KernelException($"unlinkat {shownAs}", removed.Errno);
        }

        using (var opened = OpenInside(directory, name).OwnedOrThrow($"openat2 {shownAs}"))
        {
            foreach (var entry in ListOpened(opened, shownAs))
            {
                RemoveTree(opened, entry, $"{shownAs}/{entry}", depth + 1);
            }
        }

        removed = Files.RemoveDirectory(directory, name);
        if (removed.Failed && removed.Errno != Errno.ENOENT)
        {
            throw new KernelException($"unlinkat {shownAs}", removed.Errno);
        }
    }

    private static SyscallResult OpenInside(Fd directory, string name)
    {
        CString path = name;
        while (true)
        {
            var opened = Files.OpenAt2(
                directory, path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0,
                ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks | ResolveFlags.NoCrossDevice);
            // EAGAIN: something was renamed meanwhile, anywhere.
            if (opened.Errno is not (Errno.EAGAIN or Errno.EINTR))
            {
                return opened;
            }
        }
    }

    private static List<string> ListOpened(Fd opened, string shownAs)
    {
        // struct linux_dirent64: d_ino 8, d_off 8, d_reclen 2, d_type 1, d_name.
        const int LengthOffset = 16, NameOffset = 19;
        var names = new List<string>();
        var buffer = new byte[4096];
        while (true)
        {
            var filled = (int)Files.ReadDirectory(opened, buffer).OrThrow($"getdents64 {shownAs}");
            if (filled == 0)
            {
                return names;
            }

            for (var at = 0; at < filled;)
            {
                var record = buffer.AsSpan(at, BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + LengthOffset)));
                var name = record[NameOffset..];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add(CString.Decode(name));
                }

                at += record.Length;
            }
        }
    }
}
