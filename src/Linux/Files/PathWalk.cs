using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>
/// What openat2 does, for kernels before 5.6: a path is walked name by name, each opened beneath the one before without following anything. Links
/// are resolved here, <c>..</c> is answered by the descriptors that were opened on the way, and what makes no sense to do so (links of procfs,
/// which lead to what a process has open) is refused. A rename in between can make the walk fail, or end elsewhere beneath the root, and never
/// outside of it. For the host and for container processes alike: it allocates nothing.
/// </summary>
internal static unsafe class PathWalk
{
    /// <summary>How deep a path may lead; a descriptor is open for each level.</summary>
    private const int Deepest = 128;

    /// <summary>MAXSYMLINKS of the kernel.</summary>
    private const int MostLinks = 40;

    /// <summary>PATH_MAX of the kernel.</summary>
    private const int PathCapacity = 4096;

    /// <summary>PROC_ROOT_INO: what is directly in the root of a procfs are links to names, as <c>self</c>.</summary>
    private const ulong ProcRootInode = 1;

    /// <summary>A walk: where it is and what is ahead of it.</summary>
    private struct Walk
    {
        internal int* Levels;
        internal int Depth;
        internal byte* Ahead;
        internal int Length;
        internal int Position;
        internal int Links;
        internal ResolveFlags Resolve;
        internal ulong Mount;
        internal DeviceNumber Device;

        internal readonly Fd Here => new(Levels[Depth]);
    }

    /// <summary>Opens a file as <see cref="Files.OpenAt2"/> does, with its errors.</summary>
    internal static SyscallResult Open(Fd directory, CString path, OpenFlags flags, uint mode, ResolveFlags resolve)
    {
        int* levels = stackalloc int[Deepest + 1];
        byte* ahead = stackalloc byte[PathCapacity];
        if (path.Length >= PathCapacity)
        {
            return SyscallResult.Failure(Errno.ENAMETOOLONG);
        }

        if (path.Length == 0)
        {
            return SyscallResult.Failure(Errno.ENOENT);
        }

        bool absolute = path.Pointer[0] == '/';
        if (absolute && (resolve & ResolveFlags.Beneath) != 0)
        {
            return SyscallResult.Failure(Errno.EXDEV);
        }

        SyscallResult root = OpenStart(absolute && (resolve & ResolveFlags.InRoot) == 0 ? Fd.None : directory);
        if (root.Failed)
        {
            return root;
        }

        Walk walk = default;
        walk.Levels = levels;
        walk.Levels[0] = root.Fd.Number;
        walk.Ahead = ahead;
        walk.Length = path.Length;
        walk.Resolve = resolve;
        for (var i = 0; i < path.Length; i++)
        {
            ahead[i] = path.Pointer[i];
        }

        SyscallResult opened = (resolve & ResolveFlags.NoCrossDevice) != 0 ? NoteMount(ref walk) : default;
        opened = opened.Failed ? opened : Follow(ref walk, flags, mode);
        for (var i = 0; i <= walk.Depth; i++)
        {
            Files.Close(new Fd(levels[i]));
        }

        return opened;
    }

    /// <summary>The walk begins at a directory, or at the root of this process.</summary>
    private static SyscallResult OpenStart(Fd directory)
    {
        byte* name = stackalloc byte[2] { directory.Number == -1 ? (byte)'/' : (byte)'.', 0 };
        Fd from = directory.Number == -1 ? Fd.CurrentDirectory : directory;
        return Files.OpenAt(from, CString.Borrow(name, 1), OpenFlags.Path | OpenFlags.Directory);
    }

    private static SyscallResult NoteMount(ref Walk walk)
    {
        SyscallResult asked = MountOf(walk.Here, walk.Here, out ulong mount, out DeviceNumber device);
        walk.Mount = mount;
        walk.Device = device;
        return asked;
    }

    private static SyscallResult Follow(ref Walk walk, OpenFlags flags, uint mode)
    {
        byte* name = stackalloc byte[PathCapacity];
        while (true)
        {
            int length = NextName(ref walk, name, out bool last, out bool mustBeDirectory);
            if (length == 0)
            {
                return OpenHere(ref walk, flags);
            }

            CString next = CString.Borrow(name, length);
            if (length == 2 && name[0] == '.' && name[1] == '.')
            {
                if (walk.Depth == 0 && (walk.Resolve & ResolveFlags.Beneath) != 0)
                {
                    return SyscallResult.Failure(Errno.EXDEV);
                }

                Ascend(ref walk);
                continue;
            }

            if (last && (flags & OpenFlags.Create) != 0)
            {
                return mustBeDirectory ? SyscallResult.Failure(Errno.EISDIR) : Files.OpenAt(walk.Here, next, flags | OpenFlags.NoFollow, mode);
            }

            SyscallResult found = Files.OpenAt(walk.Here, next, OpenFlags.Path | OpenFlags.NoFollow);
            if (found.Failed)
            {
                return found;
            }

            SyscallResult step = Step(ref walk, found.Fd, last && !mustBeDirectory, flags, next);
            if (step.Failed || step.Value != 0)
            {
                return step;
            }
        }
    }

    /// <summary>
    /// Goes on from what was found, which it takes over: into a directory, through a link, or, with the last name, to the end. The value is 0 when the
    /// walk goes on.
    /// </summary>
    private static SyscallResult Step(ref Walk walk, Fd found, bool last, OpenFlags flags, CString name)
    {
        byte empty = 0;
        SyscallResult status = Files.Status(found, CString.Borrow(&empty, 0), AtFlags.EmptyPath, out FileStatus kind);
        if (!status.Failed && (walk.Resolve & ResolveFlags.NoCrossDevice) != 0)
        {
            status = OnSameMount(ref walk, found);
        }

        bool isLink = !status.Failed && kind.Type == FileType.SymbolicLink;
        bool linkItself = last && (flags & OpenFlags.NoFollow) != 0;
        if (isLink && !linkItself)
        {
            status = TakeTarget(ref walk, found);
            Files.Close(found);
            return status.Failed ? status : SyscallResult.Success(0);
        }

        if (!status.Failed && !last)
        {
            status = kind.Type != FileType.Directory ? SyscallResult.Failure(Errno.ENOTDIR)
                : walk.Depth == Deepest ? SyscallResult.Failure(Errno.ENAMETOOLONG)
                : default;
            if (!status.Failed)
            {
                walk.Levels[++walk.Depth] = found.Number;
                return SyscallResult.Success(0);
            }
        }

        bool wrongKind = (flags & OpenFlags.Directory) != 0 && kind.Type != FileType.Directory;
        if (!status.Failed && (wrongKind || (isLink && (flags & OpenFlags.Path) == 0)))
        {
            status = SyscallResult.Failure(wrongKind ? Errno.ENOTDIR : Errno.ELOOP);
        }

        if (!status.Failed && (flags & OpenFlags.Path) != 0)
        {
            return SyscallResult.Success(found.Number);
        }

        // Again by its name, as a descriptor of a path cannot be read: a link that came there in between is refused.
        SyscallResult opened = status.Failed ? status : Files.OpenAt(walk.Here, name, flags | OpenFlags.NoFollow);
        Files.Close(found);
        return opened.Errno == Errno.ELOOP ? SyscallResult.Failure(Errno.EAGAIN) : opened;
    }

    /// <summary>Nothing is ahead any more: what was asked for is the directory where the walk is.</summary>
    private static SyscallResult OpenHere(ref Walk walk, OpenFlags flags)
    {
        if ((flags & OpenFlags.Create) != 0)
        {
            return SyscallResult.Failure(Errno.EISDIR);
        }

        byte* dot = stackalloc byte[2] { (byte)'.', 0 };
        return Files.OpenAt(walk.Here, CString.Borrow(dot, 1), flags);
    }

    /// <summary>
    /// Copies the next name; its length is 0 when there is none. <paramref name="last"/>: no name follows; what a slash follows must be a directory.
    /// </summary>
    private static int NextName(ref Walk walk, byte* name, out bool last, out bool mustBeDirectory)
    {
        last = false;
        mustBeDirectory = false;
        while (true)
        {
            SkipSlashes(ref walk);
            int length = 0;
            while (walk.Position < walk.Length && walk.Ahead[walk.Position] != '/')
            {
                name[length++] = walk.Ahead[walk.Position++];
            }

            name[length] = 0;
            mustBeDirectory = walk.Position < walk.Length;
            if (length == 1 && name[0] == '.')
            {
                continue;
            }

            SkipSlashes(ref walk);
            last = walk.Position >= walk.Length;
            return length;
        }
    }

    private static void SkipSlashes(ref Walk walk)
    {
        while (walk.Position < walk.Length && walk.Ahead[walk.Position] == '/')
        {
            walk.Position++;
        }
    }

    /// <summary>Up one level, from the root to the root.</summary>
    private static void Ascend(ref Walk walk)
    {
        if (walk.Depth > 0)
        {
            Files.Close(walk.Here);
            walk.Depth--;
        }
    }

    /// <summary>Puts a link's target in front of what is ahead.</summary>
    private static SyscallResult TakeTarget(ref Walk walk, Fd link)
    {
        if ((walk.Resolve & ResolveFlags.NoSymbolicLinks) != 0 || ++walk.Links > MostLinks)
        {
            return SyscallResult.Failure(Errno.ELOOP);
        }

        SyscallResult refused = RefuseMagic(ref walk, link);
        if (refused.Failed)
        {
            return refused;
        }

        byte empty = 0;
        byte* target = stackalloc byte[PathCapacity];
        SyscallResult read = Files.ReadLink(link, CString.Borrow(&empty, 0), new Span<byte>(target, PathCapacity));
        if (read.Failed || read.Value == 0)
        {
            return read.Failed ? read : SyscallResult.Failure(Errno.ENOENT);
        }

        int length = (int)read.Value, left = walk.Length - walk.Position;
        if (length + 1 + left >= PathCapacity)
        {
            return SyscallResult.Failure(Errno.ENAMETOOLONG);
        }

        if (target[0] == '/')
        {
            if ((walk.Resolve & ResolveFlags.Beneath) != 0)
            {
                return SyscallResult.Failure(Errno.EXDEV);
            }

            while (walk.Depth > 0)
            {
                Ascend(ref walk);
            }
        }

        // A slash that ended the path before still asks for a directory.
        bool asksForDirectory = walk.Position > 0 && walk.Ahead[walk.Position - 1] == '/';
        int start = length + (asksForDirectory ? 1 : 0);
        Move(walk.Ahead + walk.Position, walk.Ahead + start, left);
        Move(target, walk.Ahead, length);
        if (asksForDirectory)
        {
            walk.Ahead[length] = (byte)'/';
        }

        walk.Length = start + left;
        walk.Position = 0;
        return read;
    }

    /// <summary>
    /// Links of procfs and of security modules lead to what they stand for, whatever their text says; only those in the root of a procfs are
    /// ordinary ones.
    /// </summary>
    private static SyscallResult RefuseMagic(ref Walk walk, Fd link)
    {
        SyscallResult asked = Files.FilesystemStatus(link, out FilesystemStatus filesystem);
        if (asked.Failed || filesystem.Type is not (FilesystemType.Proc or FilesystemType.Security))
        {
            return asked;
        }

        byte empty = 0;
        asked = Files.Status(walk.Here, CString.Borrow(&empty, 0), AtFlags.EmptyPath, out FileStatus above);
        bool ordinary = filesystem.Type == FilesystemType.Proc && above.Inode == ProcRootInode;
        return asked.Failed || ordinary ? asked : SyscallResult.Failure(Errno.ELOOP);
    }

    private static SyscallResult OnSameMount(ref Walk walk, Fd found)
    {
        SyscallResult asked = MountOf(new Fd(walk.Levels[0]), found, out ulong mount, out DeviceNumber device);
        return asked.Failed || (mount == walk.Mount && device == walk.Device) ? asked : SyscallResult.Failure(Errno.EXDEV);
    }

    /// <summary>
    /// The mount that a file is in: the kernel tells its number since Linux 5.8. Before, it stands in fdinfo, which is read through the directory of the
    /// walk where that is the root of a procfs, and else by its usual path; where neither is a procfs, the device must do.
    /// </summary>
    private static SyscallResult MountOf(Fd root, Fd file, out ulong mount, out DeviceNumber device)
    {
        byte empty = 0;
        mount = 0;
        SyscallResult asked = Files.Status(file, CString.Borrow(&empty, 0), AtFlags.EmptyPath, out FileStatus status);
        device = asked.Failed ? default : status.ContainingDevice;
        if (!asked.Failed)
        {
            mount = ProcessDescriptors.ReadNumber(root, file, "mnt_id:"u8);
        }

        return asked;
    }

    private static void Move(byte* from, byte* to, int length)
    {
        if (from < to)
        {
            for (int i = length - 1; i >= 0; i--)
            {
                to[i] = from[i];
            }

            return;
        }

        for (var i = 0; i < length; i++)
        {
            to[i] = from[i];
        }
    }
}
