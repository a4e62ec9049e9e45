using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>Finding and making places inside the container. No path leads out of its root, whatever links the image holds.</summary>
internal sealed partial class Executor
{
    // A path walk that races with renames fails with EAGAIN; a container that keeps renaming must not hold up this process without end.
    private const int PathAttempts = 128;

    private const uint NewDirectoryMode = 0b111_101_101;
    private const uint NewFileMode = 0b110_100_100;
    private const OpenFlags PathOfDirectory = OpenFlags.Path | OpenFlags.Directory;
    private const ResolveFlags WithoutLinks = ResolveFlags.InRoot | ResolveFlags.NoSymbolicLinks;

    /// <summary>This operation's place was reached through a link of the image.</summary>
    private bool _throughLink;

    /// <summary>This operation's place was not there before.</summary>
    private bool _placeMade;

    private SyscallResult OpenInside(CString path, OpenFlags flags, ResolveFlags resolve = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks)
    {
        SyscallResult opened = default;
        for (var attempt = 0; attempt < PathAttempts; attempt++)
        {
            opened = Files.OpenAt2(_slots[Slot.Rootfs], path, flags, 0, resolve);
            if (opened.Errno is not (Errno.EAGAIN or Errno.EINTR))
            {
                break;
            }
        }

        return opened;
    }

    /// <summary>The same, and sets <see cref="_throughLink"/>: false when the path leads where it says, lexically.</summary>
    private SyscallResult OpenAndNote(CString path, OpenFlags flags)
    {
        SyscallResult opened = OpenInside(path, flags, WithoutLinks);
        _throughLink = opened.Errno == Errno.ELOOP;
        return _throughLink ? OpenInside(path, flags) : opened;
    }

    /// <summary>The place of a mount of a directory.</summary>
    private SyscallResult OpenPlaceOfDirectory(RootfsPath path) => OutsideProc(OpenOrMakeDirectory(path));

    /// <summary>The place of a mount of anything else.</summary>
    private SyscallResult OpenPlaceOfFile(RootfsPath path) => OutsideProc(OpenOrMakeFile(path));

    /// <summary>
    /// The planner allows only a few places below /proc, lexically. A link in the image could lead any other path there, and what is mounted
    /// could hide what the runtime, or a mask, relies on (CVE-2019-16884, CVE-2023-28642).
    /// </summary>
    private SyscallResult OutsideProc(SyscallResult place)
    {
        if (place.Failed || !_throughLink)
        {
            return place;
        }

        SyscallResult asked = Files.FilesystemStatus(place.Fd, out FilesystemStatus filesystem);
        if (!asked.Failed && filesystem.Type != FilesystemType.Proc)
        {
            return place;
        }

        Files.Close(place.Fd);
        return Part(Stage.LeadsIntoProc, SyscallResult.Failure(asked.Failed ? asked.Errno : Errno.EXDEV));
    }

    /// <summary>The place itself, even where it is a link; made when it is missing.</summary>
    private SyscallResult OpenPlaceWithoutFollowing(RootfsPath path, bool directory)
    {
        SyscallResult opened = OpenInside(path.Text, OpenFlags.Path | OpenFlags.NoFollow);
        _throughLink = true;
        return opened.Errno == Errno.ENOENT
            ? OutsideProc(directory ? OpenOrMakeDirectory(path) : OpenOrMakeFile(path))
            : OutsideProc(Part(Stage.OpenDestination, opened));
    }

    private SyscallResult OpenOrMakeDirectory(RootfsPath path) => OpenOrMakeDirectory(path, path.Levels.Length);

    /// <summary>Opens the first <paramref name="depth"/> levels of a path, making the directories that are missing.</summary>
    private SyscallResult OpenOrMakeDirectory(RootfsPath path, int depth)
    {
        _placeMade = false;
        if (depth == 0)
        {
            return Part(Stage.OpenDestination, OpenRootAgain());
        }

        SyscallResult opened = OpenAndNote(path.Levels[depth - 1].Path, PathOfDirectory);
        return opened.Errno == Errno.ENOENT
            ? Part(Stage.MakeDestination, MakePlace(path, depth, directory: true))
            : Part(Stage.OpenDestination, opened);
    }

    /// <summary>Opens a file that something will be mounted on, making it and its directories when missing.</summary>
    private SyscallResult OpenOrMakeFile(RootfsPath path)
    {
        _placeMade = false;
        SyscallResult opened = OpenAndNote(path.Text, OpenFlags.Path);
        return opened.Errno == Errno.ENOENT && !path.IsRoot
            ? Part(Stage.MakeDestination, MakePlace(path, path.Levels.Length, directory: false))
            : Part(Stage.OpenDestination, opened);
    }

    /// <summary>Usually only the last name is missing; otherwise the path is created name by name.</summary>
    private SyscallResult MakePlace(RootfsPath path, int depth, bool directory)
    {
        ImmutableArray<RootfsPath.Level> levels = path.Levels;
        SyscallResult parent = depth == 1 ? OpenRootAgain() : OpenInside(levels[depth - 2].Path, PathOfDirectory, WithoutLinks);
        SyscallResult made = parent;
        if (!parent.Failed)
        {
            CString name = levels[depth - 1].Name;
            made = directory ? Files.MakeDirectory(parent.Fd, name, NewDirectoryMode) : MakeFile(parent.Fd, name);
            made = made.Failed ? made : OpenName(parent.Fd, name, directory);
            Files.Close(parent.Fd);
            _placeMade = !made.Failed;
        }

        // A link whose target does not exist, or a path of which more than the last name is missing or that goes through links.
        return made.Errno is Errno.ENOENT or Errno.ELOOP or Errno.EEXIST ? CreatePath(levels[depth - 1].Path, directory) : made;
    }

    private static SyscallResult MakeFile(Fd parent, CString name)
    {
        SyscallResult made = Files.OpenAt2(
            parent,
            name,
            OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow,
            NewFileMode,
            ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks);
        if (!made.Failed)
        {
            Files.Close(made.Fd);
        }

        return made;
    }

    private static SyscallResult OpenName(Fd parent, CString name, bool directory) => Files.OpenAt2(
        parent,
        name,
        (directory ? PathOfDirectory : OpenFlags.Path),
        0,
        ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks);

    private SyscallResult OpenParent(RootfsPath path) => OpenOrMakeDirectory(path, Math.Max(0, path.Levels.Length - 1));

    private SyscallResult OpenRootAgain() => Files.OpenAt(_slots[Slot.Rootfs], Dot, PathOfDirectory);
}
