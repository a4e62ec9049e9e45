using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The cgroups at and below one, walked by descriptors of which two are open at a time. A container that may make cgroups can nest them
/// deeper than the longest path (4096 bytes) and than a process may have open files, and must not become undeletable by that.
/// </summary>
internal static class CgroupTree
{
    /// <summary>Visits a cgroup and then each below it; nothing when it does not exist. One that goes away meanwhile is left out.</summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="visit">Gets each cgroup's directory, before those below it.</param>
    /// <param name="leave">Gets each cgroup but the first as a directory and a name in it, after those below it.</param>
    /// <exception cref="KernelException">A cgroup could not be opened or listed.</exception>
    public static void Walk(string directory, Action<Fd> visit, Action<Fd, string>? leave = null)
    {
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened.Errno == Errno.ENOENT)
        {
            return;
        }

        OwnedFd current = opened.OwnedOrThrow($"open {directory}");
        try
        {
            visit(current);
            var path = new Stack<Level>();
            path.Push(new Level("", Children(current)));
            while (true)
            {
                Level level = path.Peek();
                if (level.Children.TryPop(out string? child))
                {
                    SyscallResult below = Files.OpenAt(current, child, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
                    if (!IsGone(below.Errno))
                    {
                        OwnedFd next = below.OwnedOrThrow($"open a cgroup below {directory}");
                        current.Dispose();
                        current = next;
                        visit(current);
                        path.Push(new Level(child, Children(current)));
                    }

                    continue;
                }

                path.Pop();
                if (path.Count == 0)
                {
                    return;
                }

                SyscallResult above = Files.OpenAt(current, "..", OpenFlags.ReadOnly | OpenFlags.Directory);
                if (IsGone(above.Errno))
                {
                    return;
                }

                OwnedFd parent = above.OwnedOrThrow($"open a cgroup below {directory}");
                current.Dispose();
                current = parent;
                leave?.Invoke(current, level.Name);
            }
        }
        finally
        {
            current.Dispose();
        }
    }

    private static Stack<string> Children(Fd directory)
    {
        var children = new Stack<string>();

        // Two links, "." and the name, and one for each directory inside: usually there is none, and no need to look.
        if (Files.Status(directory, "", AtFlags.EmptyPath, out FileStatus status).Failed || status.LinkCount == 2)
        {
            return children;
        }

        foreach (string name in Names(directory))
        {
            if (!Files.Status(directory, name, AtFlags.SymlinkNoFollow, out FileStatus entry).Failed && entry.Type == FileType.Directory)
            {
                children.Push(name);
            }
        }

        return children;
    }

    // systemd removes the cgroups of a unit that ends while we look at them.
    private static List<string> Names(Fd directory)
    {
        try
        {
            return HostFiles.ListDirectory(directory, ".");
        }
        catch (KernelException removed) when (IsGone(removed.Errno))
        {
            return [];
        }
    }

    private static bool IsGone(Errno errno) => errno is Errno.ENOENT or Errno.ENODEV;

    /// <summary>A cgroup on the way from the first to the current one.</summary>
    /// <param name="Name">In the one above; empty for the first.</param>
    /// <param name="Children">Those that are still to be visited.</param>
    private readonly record struct Level(string Name, Stack<string> Children);
}
