using System.Collections.Immutable;
using Hull.Linux.Operations;

namespace Hull.Linux.Child;

/// <summary>Finding and making places inside the container. No path leads out of its root, whatever links the image holds.</summary>
internal sealed partial class Executor
{
    // A path walk that races with renames fails with EAGAIN; a container that keeps renaming must not stop us for ever.
    private const int PathAttempts = 128;

    private SyscallResult OpenInside(CString path, OpenFlags flags, ResolveFlags resolve = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks)
    {
        SyscallResult opened = default;
        for (var attempt = 0; attempt < PathAttempts; attempt++)
        {
            opened = Files.OpenAt2(_slots[Slot.Rootfs], path, flags | OpenFlags.CloseOnExec, 0, resolve);
            if (opened.Errno is not (Errno.EAGAIN or Errno.EINTR))
            {
                break;
            }
        }

        return opened;
    }

    private SyscallResult OpenOrMakeDirectory(RootfsPath path) => OpenOrMakeDirectory(path, path.Levels.Length);

    /// <summary>Opens the first <paramref name="depth"/> levels of a path, making the directories that are missing.</summary>
    private SyscallResult OpenOrMakeDirectory(RootfsPath path, int depth)
    {
        ImmutableArray<RootfsPath.Level> levels = path.Levels;
        const OpenFlags directory = OpenFlags.Path | OpenFlags.Directory;
        SyscallResult opened = depth == 0 ? OpenRootAgain() : OpenInside(levels[depth - 1].Path, directory);
        if (opened.Errno != Errno.ENOENT)
        {
            return Part(Stage.OpenDestination, opened);
        }

        // Upwards to the first directory that exists, and from there down again.
        int existing = depth - 1;
        SyscallResult parent = existing == 0 ? OpenRootAgain() : OpenInside(levels[existing - 1].Path, directory);
        while (parent.Errno == Errno.ENOENT)
        {
            existing--;
            parent = existing == 0 ? OpenRootAgain() : OpenInside(levels[existing - 1].Path, directory);
        }

        for (int level = existing; level < depth && !parent.Failed; level++)
        {
            SyscallResult made = Files.MakeDirectory(parent.Fd, levels[level].Name, 0x1ED);
            Files.Close(parent.Fd);
            if (made.Failed && made.Errno != Errno.EEXIST)
            {
                return Part(Stage.MakeDestination, made);
            }

            // Opened from the root again, not from its parent: what was there may be a link, and links count from the root.
            parent = OpenInside(levels[level].Path, directory);
        }

        return Part(Stage.MakeDestination, parent);
    }

    /// <summary>Opens a file that something will be mounted on, making it and its directories when missing.</summary>
    private SyscallResult OpenOrMakeFile(RootfsPath path)
    {
        SyscallResult opened = OpenInside(path.Text, OpenFlags.Path);
        if (opened.Errno != Errno.ENOENT || path.IsRoot)
        {
            return Part(Stage.OpenDestination, opened);
        }

        SyscallResult parent = OpenParent(path);
        if (parent.Failed)
        {
            return parent;
        }

        SyscallResult made = Files.OpenAt2(
            parent.Fd,
            path.Levels[^1].Name,
            OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow | OpenFlags.CloseOnExec,
            0x1A4,
            ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks);
        Files.Close(parent.Fd);
        if (!made.Failed)
        {
            Files.Close(made.Fd);
        }
        else if (made.Errno != Errno.EEXIST)
        {
            return Part(Stage.MakeDestination, made);
        }

        return Part(Stage.OpenDestination, OpenInside(path.Text, OpenFlags.Path));
    }

    private SyscallResult OpenParent(RootfsPath path) => OpenOrMakeDirectory(path, Math.Max(0, path.Levels.Length - 1));

    private SyscallResult OpenRootAgain() =>
        Files.OpenAt(_slots[Slot.Rootfs], Dot, OpenFlags.Path | OpenFlags.Directory | OpenFlags.CloseOnExec);
}
