using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>
/// A copy of a directory into a file system that is not attached yet (tmpcopyup): owners, permissions, extended attributes and times of
/// change are kept, links are copied as links. Directory by directory on a stack of descriptors; the content is an image's, so nothing is
/// followed and nothing but files is opened.
/// </summary>
internal sealed partial class Executor
{
    /// <summary>How many directories deep a copy goes, two descriptors for each; images nest less.</summary>
    private const int DeepestCopy = 128;

    private const int EntriesCapacity = 8192;

    /// <summary>Bytes of a list of names and of a value. XATTR_LIST_MAX and XATTR_SIZE_MAX are larger; what does not fit is an error, never cut.</summary>
    private const int AttributesCapacity = 4096;

    /// <summary>The directories from the root of the copy down to the current one, of both sides.</summary>
    private unsafe struct Descent
    {
        internal int* From;
        internal int* To;
        internal int Depth;
    }

    [SkipLocalsInit]
    private unsafe SyscallResult CopyUp(Fd covered, Fd made)
    {
        int* from = stackalloc int[DeepestCopy];
        int* to = stackalloc int[DeepestCopy];
        Descent descent = default;
        descent.From = from;
        descent.To = to;
        SyscallResult result = Enter(ref descent, covered, made, Dot);
        while (!result.Failed && descent.Depth > 0)
        {
            result = CopyEntries(ref descent);
        }

        return result;
    }

    /// <summary>Opens a directory on both sides; it is the one that is copied next.</summary>
    private unsafe SyscallResult Enter(ref Descent descent, Fd from, Fd to, CString name)
    {
        if (descent.Depth == DeepestCopy)
        {
            return SyscallResult.Failure(Errno.ELOOP);
        }

        const OpenFlags flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
        SyscallResult source = Files.OpenAt(from, name, flags);
        SyscallResult target = source.Failed ? source : Files.OpenAt(to, name, flags);
        if (!target.Failed)
        {
            descent.From[descent.Depth] = source.Fd.Number;
            descent.To[descent.Depth] = target.Fd.Number;
            descent.Depth++;
        }

        return target;
    }

    /// <summary>Copies the entries of the innermost directory, until one of them is a directory itself, or none is left.</summary>
    [SkipLocalsInit]
    private unsafe SyscallResult CopyEntries(ref Descent descent)
    {
        byte* entries = stackalloc byte[EntriesCapacity];
        var from = new Fd(descent.From[descent.Depth - 1]);
        var to = new Fd(descent.To[descent.Depth - 1]);
        while (true)
        {
            SyscallResult read = Files.ReadDirectory(from, new Span<byte>(entries, EntriesCapacity));
            if (read.Failed || read.Value == 0)
            {
                return read.Failed ? read : Leave(ref descent, from, to);
            }

            for (nint at = 0; at < read.Value;)
            {
                // struct linux_dirent64: inode 8, offset of the next 8, length 2, type 1, name.
                byte* entry = entries + at;
                at += *(ushort*)(entry + 16);
                CString name = NameOf(entry + 19);
                if (IsDot(name))
                {
                    continue;
                }

                SyscallResult copied = CopyEntry(ref descent, from, to, name);
                if (copied.Failed)
                {
                    return copied;
                }

                if (copied.Value != 0)
                {
                    // The entry's own entries come first; this directory goes on behind it afterwards.
                    return Files.Seek(from, *(long*)(entry + 8), SeekOrigin.Begin);
                }
            }
        }
    }

    /// <summary>A directory is complete: its own properties come last, as writing to it changes them.</summary>
    private SyscallResult Leave(ref Descent descent, Fd from, Fd to)
    {
        descent.Depth--;
        SyscallResult result = default;
        if (descent.Depth > 0)
        {
            result = Files.Status(from, Empty, AtFlags.EmptyPath, out FileStatus status);
            result = result.Failed ? result : CopyProperties(from, to, status);
        }

        Files.Close(from);
        Files.Close(to);
        return result;
    }

    /// <summary>Copies one entry; the value is 1 when it is a directory, which has been entered.</summary>
    private SyscallResult CopyEntry(ref Descent descent, Fd from, Fd to, CString name)
    {
        SyscallResult status = Files.Status(from, name, AtFlags.SymlinkNoFollow, out FileStatus found);
        if (status.Failed)
        {
            return status;
        }

        switch (found.Type)
        {
            case FileType.Directory:
                SyscallResult made = Files.MakeDirectory(to, name, 0b111_000_000);
                made = made.Failed ? made : Enter(ref descent, from, to, name);
                return made.Failed ? made : SyscallResult.Success(1);
            case FileType.Regular:
                return CopyFile(from, to, name);
            case FileType.SymbolicLink:
                return CopySymbolicLink(from, to, name, found);
            default:
                SyscallResult node = Files.MakeNode(to, name, (uint)found.Type | found.Mode, found.Device);

                // Where the kernel forbids to make devices, the runtime's own are bound later.
                bool forbidden = node.Errno == Errno.EPERM && found.Type is FileType.CharacterDevice or FileType.BlockDevice;
                return forbidden ? SyscallResult.Success(0) : node.Failed ? node : ChangeOwner(to, name, found);
        }
    }

    private SyscallResult CopyFile(Fd from, Fd to, CString name)
    {
        // Not blocking: what was a file a moment ago could be a pipe by now.
        SyscallResult source = Files.OpenAt(from, name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        if (source.Failed)
        {
            return source;
        }

        SyscallResult result = Files.Status(source.Fd, Empty, AtFlags.EmptyPath, out FileStatus status);
        result = result.Failed ? result
            : status.Type != FileType.Regular ? SyscallResult.Failure(Errno.EAGAIN)
            : Files.OpenAt(to, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, 0b110_000_000);
        if (!result.Failed)
        {
            Fd target = result.Fd;
            do
            {
                result = Files.Send(target, source.Fd, 1 << 24);
            }
            while (result.Value > 0 || result.Errno == Errno.EINTR);

            result = result.Failed ? result : CopyProperties(source.Fd, target, status);
            Files.Close(target);
        }

        Files.Close(source.Fd);
        return result.Failed ? result : SyscallResult.Success(0);
    }

    [SkipLocalsInit]
    private unsafe SyscallResult CopySymbolicLink(Fd from, Fd to, CString name, in FileStatus status)
    {
        byte* target = stackalloc byte[PathCapacity];
        SyscallResult read = Files.ReadLink(from, name, new Span<byte>(target, PathCapacity - 1));
        if (read.Failed)
        {
            return read;
        }

        target[read.Value] = 0;
        SyscallResult made = Files.MakeSymbolicLink(CString.Borrow(target, (int)read.Value), to, name);
        return made.Failed ? made : ChangeOwner(to, name, status);
    }

    private static SyscallResult ChangeOwner(Fd directory, CString name, in FileStatus status)
    {
        AtFlags which = name.Length == 0 ? AtFlags.EmptyPath : AtFlags.SymlinkNoFollow;
        SyscallResult changed = Files.ChangeOwner(directory, name, status.UserId, status.GroupId, which);

        // An owner without a number in this user namespace cannot be given; the copy stays its root's.
        return changed.Failed && changed.Errno != Errno.EINVAL ? changed : SyscallResult.Success(0);
    }

    /// <summary>The owner first: changing it takes special bits and capabilities away.</summary>
    private SyscallResult CopyProperties(Fd from, Fd to, in FileStatus status)
    {
        SyscallResult result = ChangeOwner(to, Empty, status);
        result = result.Failed ? result : Files.ChangeMode(to, status.Mode);
        result = result.Failed ? result : CopyAttributes(from, to);
        return result.Failed ? result : Files.SetModificationTime(to, status.ModificationTime);
    }

    [SkipLocalsInit]
    private static unsafe SyscallResult CopyAttributes(Fd from, Fd to)
    {
        byte* names = stackalloc byte[AttributesCapacity];
        byte* value = stackalloc byte[AttributesCapacity];
        SyscallResult listed = ExtendedAttributes.List(from, new Span<byte>(names, AttributesCapacity));
        if (listed.Failed)
        {
            return listed.Errno == Errno.EOPNOTSUPP ? default : listed;
        }

        for (nint at = 0; at < listed.Value;)
        {
            CString name = NameOf(names + at);
            at += name.Length + 1;
            SyscallResult copied = ExtendedAttributes.Get(from, name, new Span<byte>(value, AttributesCapacity));
            copied = copied.Failed ? copied : ExtendedAttributes.Set(to, name, new ReadOnlySpan<byte>(value, (int)copied.Value));

            // Some file systems do not keep some kinds, and some kinds need privileges; they are left out, as by cp --archive.
            if (copied.Failed && copied.Errno is not (Errno.EOPNOTSUPP or Errno.EPERM or Errno.ENODATA))
            {
                return copied;
            }
        }

        return default;
    }

    private static unsafe CString NameOf(byte* text)
    {
        var length = 0;
        while (text[length] != 0)
        {
            length++;
        }

        return CString.Borrow(text, length);
    }

    private static unsafe bool IsDot(CString name) =>
        name.Pointer[0] == '.' && (name.Length == 1 || (name.Length == 2 && name.Pointer[1] == '.'));
}
