using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>
/// Creating a path of which something is missing, through links whose targets may not exist yet. The kernel follows links but creates
/// nothing on the way, so the path is resolved here, name by name. Each step is opened from the root again, by names that were no links: a
/// link that is put there in between is an error, never a way out of the root (CVE-2021-30465, CVE-2024-45310).
/// </summary>
internal sealed partial class Executor
{
    /// <summary>PATH_MAX of the kernel: the bytes of a path with its final zero.</summary>
    private const int PathCapacity = 4096;

    /// <summary>MAXSYMLINKS of the kernel.</summary>
    private const int MostLinks = 40;

    /// <summary>What is resolved already, free of links, and what is still ahead: texts on the stack.</summary>
    private unsafe struct PathWalk
    {
        internal byte* Done;
        internal int DoneLength;
        internal byte* Ahead;
        internal int AheadLength;
        internal int Position;
        internal int Links;

        /// <summary>Where in <see cref="Done"/> the last name starts.</summary>
        internal int NameStart;

        /// <summary>How much of <see cref="Done"/> is the directory of the last name, without the slash between them.</summary>
        internal int ParentLength;

        internal readonly bool IsLast => Position >= AheadLength;

        internal readonly CString Text => CString.Borrow(Done, DoneLength);

        internal readonly CString Name => CString.Borrow(Done + NameStart, DoneLength - NameStart);
    }

    [SkipLocalsInit]
    private unsafe SyscallResult CreatePath(CString path, bool directory)
    {
        byte* done = stackalloc byte[PathCapacity];
        byte* ahead = stackalloc byte[PathCapacity];
        if (path.Length >= PathCapacity)
        {
            return SyscallResult.Failure(Errno.ENAMETOOLONG);
        }

        PathWalk walk = default;
        walk.Done = done;
        walk.Ahead = ahead;
        walk.AheadLength = path.Length;
        Copy(path.Pointer, ahead, path.Length);
        SyscallResult walked = default;
        while (!walked.Failed && !walk.IsLast)
        {
            walked = NextName(ref walk);
            walked = walked.Failed || walked.Value == 0 ? walked : Step(ref walk, directory || !walk.IsLast);
        }

        return walked.Failed ? walked
            : walk.DoneLength == 0 ? OpenRootAgain()
            : OpenInside(walk.Text, directory ? PathOfDirectory : OpenFlags.Path, WithoutLinks);
    }

    /// <summary>Appends the next name to what is done. The value is 0 when it was <c>.</c> or <c>..</c>, or there was none.</summary>
    private static unsafe SyscallResult NextName(ref PathWalk walk)
    {
        while (walk.Position < walk.AheadLength && walk.Ahead[walk.Position] == '/')
        {
            walk.Position++;
        }

        int start = walk.Position;
        while (walk.Position < walk.AheadLength && walk.Ahead[walk.Position] != '/')
        {
            walk.Position++;
        }

        int length = walk.Position - start;

        // A name is the last one (IsLast) even if slashes follow it.
        while (walk.Position < walk.AheadLength && walk.Ahead[walk.Position] == '/')
        {
            walk.Position++;
        }

        bool up = length == 2 && walk.Ahead[start] == '.' && walk.Ahead[start + 1] == '.';
        if (length == 0 || (length == 1 && walk.Ahead[start] == '.'))
        {
            return SyscallResult.Success(0);
        }

        if (up)
        {
            // What is done holds no link, so its last name can be removed lexically; ".." of the root is the root.
            while (walk.DoneLength > 0 && walk.Done[--walk.DoneLength] != '/')
            {
            }

            walk.Done[walk.DoneLength] = 0;
            return SyscallResult.Success(0);
        }

        walk.ParentLength = walk.DoneLength;
        walk.NameStart = walk.DoneLength == 0 ? 0 : walk.DoneLength + 1;
        if (walk.NameStart + length >= PathCapacity)
        {
            return SyscallResult.Failure(Errno.ENAMETOOLONG);
        }

        if (walk.DoneLength > 0)
        {
            walk.Done[walk.DoneLength] = (byte)'/';
        }

        Copy(walk.Ahead + start, walk.Done + walk.NameStart, length);
        walk.DoneLength = walk.NameStart + length;
        walk.Done[walk.DoneLength] = 0;
        return SyscallResult.Success(1);
    }

    /// <summary>Looks at what is done so far: makes its last name when it is missing, and replaces a link by its target.</summary>
    private unsafe SyscallResult Step(ref PathWalk walk, bool directory)
    {
        _placeMade = false;
        for (var attempt = 0; attempt < PathAttempts; attempt++)
        {
            SyscallResult opened = OpenInside(walk.Text, OpenFlags.Path | OpenFlags.NoFollow, WithoutLinks);
            if (opened.Errno == Errno.ENOENT)
            {
                SyscallResult made = MakeLastName(ref walk, directory);
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
                status = TakeTarget(ref walk, opened.Fd);
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

    private unsafe SyscallResult MakeLastName(ref PathWalk walk, bool directory)
    {
        SyscallResult parent = OpenRootAgain();
        if (walk.ParentLength > 0)
        {
            byte separator = walk.Done[walk.ParentLength];
            walk.Done[walk.ParentLength] = 0;
            Files.Close(parent.Fd);
            parent = OpenInside(CString.Borrow(walk.Done, walk.ParentLength), PathOfDirectory, WithoutLinks);
            walk.Done[walk.ParentLength] = separator;
        }

        if (parent.Failed)
        {
            return parent;
        }

        SyscallResult made = directory ? Files.MakeDirectory(parent.Fd, walk.Name, NewDirectoryMode) : MakeFile(parent.Fd, walk.Name);
        Files.Close(parent.Fd);
        _placeMade = !made.Failed;
        return made;
    }

    /// <summary>Puts a link's target in front of what is still ahead; an absolute one starts at the container's root.</summary>
    [SkipLocalsInit]
    private unsafe SyscallResult TakeTarget(ref PathWalk walk, Fd link)
    {
        _throughLink = true;
        byte* target = stackalloc byte[PathCapacity];
        SyscallResult read = Files.ReadLink(link, Empty, new Span<byte>(target, PathCapacity));
        if (read.Failed)
        {
            return read;
        }

        int length = (int)read.Value;
        int left = walk.AheadLength - walk.Position;
        if (++walk.Links > MostLinks || length == 0)
        {
            return SyscallResult.Failure(Errno.ELOOP);
        }

        if (length + 1 + left >= PathCapacity)
        {
            return SyscallResult.Failure(Errno.ENAMETOOLONG);
        }

        // What is left moves behind the target, within one text: from its end when it moves up, from its start when it moves down.
        for (int i = left - 1; walk.Position < length + 1 && i >= 0; i--)
        {
            walk.Ahead[length + 1 + i] = walk.Ahead[walk.Position + i];
        }

        for (var i = 0; walk.Position > length + 1 && i < left; i++)
        {
            walk.Ahead[length + 1 + i] = walk.Ahead[walk.Position + i];
        }

        Copy(target, walk.Ahead, length);
        walk.Ahead[length] = (byte)'/';
        walk.AheadLength = length + 1 + left;
        walk.Position = 0;
        walk.DoneLength = target[0] == '/' ? 0 : walk.ParentLength;
        walk.Done[walk.DoneLength] = 0;
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
