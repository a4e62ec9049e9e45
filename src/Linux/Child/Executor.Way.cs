using System.Runtime.CompilerServices;
using Hull.Linux.Operations;

namespace Hull.Linux.Child;

/// <summary>
/// Making a way that is missing, through links that may lead nowhere yet. The kernel follows links, but makes nothing on the way; so
/// the way is walked name by name. Each step is opened from the root again, by names that were no links: a link that comes to lie there
/// in between is an error, never a way out (CVE-2021-30465, CVE-2024-45310).
/// </summary>
internal sealed partial class Executor
{
    /// <summary>PATH_MAX and MAXSYMLINKS of the kernel.</summary>
    private const int PathCapacity = 4096;
    private const int MostLinks = 40;

    /// <summary>What is walked already, free of links, and what is still ahead: texts on the stack.</summary>
    private unsafe struct Way
    {
        internal byte* Done;
        internal int DoneLength;
        internal byte* Ahead;
        internal int AheadLength;
        internal int Position;
        internal int Links;

        /// <summary>Where in <see cref="Done"/> the last name starts, and the length of the text before it.</summary>
        internal int NameStart;
        internal int ParentLength;

        internal readonly bool IsLast => Position >= AheadLength;

        internal readonly CString Text => CString.Borrow(Done, DoneLength);

        internal readonly CString Name => CString.Borrow(Done + NameStart, DoneLength - NameStart);
    }

    [SkipLocalsInit]
    private unsafe SyscallResult MakeWay(CString path, bool directory)
    {
        byte* done = stackalloc byte[PathCapacity];
        byte* ahead = stackalloc byte[PathCapacity];
        if (path.Length >= PathCapacity)
        {
            return SyscallResult.Failure(Errno.ENAMETOOLONG);
        }

        Way way = default;
        way.Done = done;
        way.Ahead = ahead;
        way.AheadLength = path.Length;
        Copy(path.Pointer, ahead, path.Length);
        SyscallResult walked = default;
        while (!walked.Failed && !way.IsLast)
        {
            walked = NextName(ref way);
            walked = walked.Failed || walked.Value == 0 ? walked : Step(ref way, directory || !way.IsLast);
        }

        return walked.Failed ? walked
            : way.DoneLength == 0 ? OpenRootAgain()
            : OpenInside(way.Text, directory ? PathOfDirectory : OpenFlags.Path, WithoutLinks);
    }

    /// <summary>Appends the next name to what is done. The value is 0 when there was none that leads anywhere.</summary>
    private static unsafe SyscallResult NextName(ref Way way)
    {
        while (way.Position < way.AheadLength && way.Ahead[way.Position] == '/')
        {
            way.Position++;
        }

        int start = way.Position;
        while (way.Position < way.AheadLength && way.Ahead[way.Position] != '/')
        {
            way.Position++;
        }

        int length = way.Position - start;

        // So that the last name knows that it is the last, whatever slashes follow it.
        while (way.Position < way.AheadLength && way.Ahead[way.Position] == '/')
        {
            way.Position++;
        }

        bool up = length == 2 && way.Ahead[start] == '.' && way.Ahead[start + 1] == '.';
        if (length == 0 || (length == 1 && way.Ahead[start] == '.'))
        {
            return SyscallResult.Success(0);
        }

        if (up)
        {
            // What is done holds no link, so its last name can be taken back; above the root there is only the root.
            while (way.DoneLength > 0 && way.Done[--way.DoneLength] != '/')
            {
            }

            way.Done[way.DoneLength] = 0;
            return SyscallResult.Success(0);
        }

        way.ParentLength = way.DoneLength;
        way.NameStart = way.DoneLength == 0 ? 0 : way.DoneLength + 1;
        if (way.NameStart + length >= PathCapacity)
        {
            return SyscallResult.Failure(Errno.ENAMETOOLONG);
        }

        if (way.DoneLength > 0)
        {
            way.Done[way.DoneLength] = (byte)'/';
        }

        Copy(way.Ahead + start, way.Done + way.NameStart, length);
        way.DoneLength = way.NameStart + length;
        way.Done[way.DoneLength] = 0;
        return SyscallResult.Success(1);
    }

    /// <summary>Looks at what is done so far: makes its last name when it is missing, and takes the target of a link instead of it.</summary>
    private unsafe SyscallResult Step(ref Way way, bool directory)
    {
        for (var attempt = 0; attempt < PathAttempts; attempt++)
        {
            SyscallResult opened = OpenInside(way.Text, OpenFlags.Path | OpenFlags.NoFollow, WithoutLinks);
            if (opened.Errno == Errno.ENOENT)
            {
                SyscallResult made = MakeLastName(ref way, directory);
                if (made.Failed && made.Errno != Errno.EEXIST)
                {
                    return made;
                }

                continue;
            }

            if (opened.Failed)
            {
                return opened;
            }

            SyscallResult status = Files.Status(opened.Fd, Empty, AtFlags.EmptyPath, out FileStatus found);
            if (!status.Failed && found.Type == FileType.SymbolicLink)
            {
                status = TakeTarget(ref way, opened.Fd);
            }
            else if (!status.Failed && found.Type != FileType.Directory && directory)
            {
                status = SyscallResult.Failure(Errno.ENOTDIR);
            }

            Files.Close(opened.Fd);
            return status;
        }

        return SyscallResult.Failure(Errno.EAGAIN);
    }

    private unsafe SyscallResult MakeLastName(ref Way way, bool directory)
    {
        SyscallResult parent = OpenRootAgain();
        if (way.ParentLength > 0)
        {
            byte separator = way.Done[way.ParentLength];
            way.Done[way.ParentLength] = 0;
            Files.Close(parent.Fd);
            parent = OpenInside(CString.Borrow(way.Done, way.ParentLength), PathOfDirectory, WithoutLinks);
            way.Done[way.ParentLength] = separator;
        }

        if (parent.Failed)
        {
            return parent;
        }

        SyscallResult made = directory ? Files.MakeDirectory(parent.Fd, way.Name, NewDirectoryMode) : MakeFile(parent.Fd, way.Name);
        Files.Close(parent.Fd);
        _placeMade = !made.Failed;
        return made;
    }

    /// <summary>Puts a link's target in front of what is still ahead; an absolute one counts from the container's root.</summary>
    [SkipLocalsInit]
    private unsafe SyscallResult TakeTarget(ref Way way, Fd link)
    {
        _throughLink = true;
        byte* target = stackalloc byte[PathCapacity];
        SyscallResult read = Files.ReadLink(link, Empty, new Span<byte>(target, PathCapacity));
        if (read.Failed)
        {
            return read;
        }

        int length = (int)read.Value;
        int left = way.AheadLength - way.Position;
        if (++way.Links > MostLinks || length == 0)
        {
            return SyscallResult.Failure(Errno.ELOOP);
        }

        if (length + 1 + left >= PathCapacity)
        {
            return SyscallResult.Failure(Errno.ENAMETOOLONG);
        }

        // From the end, as the two places in the same text may overlap.
        for (int i = left - 1; way.Position < length + 1 && i >= 0; i--)
        {
            way.Ahead[length + 1 + i] = way.Ahead[way.Position + i];
        }

        for (var i = 0; way.Position > length + 1 && i < left; i++)
        {
            way.Ahead[length + 1 + i] = way.Ahead[way.Position + i];
        }

        Copy(target, way.Ahead, length);
        way.Ahead[length] = (byte)'/';
        way.AheadLength = length + 1 + left;
        way.Position = 0;
        way.DoneLength = target[0] == '/' ? 0 : way.ParentLength;
        way.Done[way.DoneLength] = 0;
        return read;
    }

    private static unsafe void Copy(byte* from, byte* to, int length)
    {
        for (var i = 0; i < length; i++)
        {
            to[i] = from[i];
        }
    }
}
