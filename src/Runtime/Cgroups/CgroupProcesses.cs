using System.Buffers.Text;
using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The processes of a container, as its cgroups know them.</summary>
internal static class CgroupProcesses
{
    /// <summary>The processes in a cgroup and those below it; none when it does not exist.</summary>
    public static List<int> In(string directory)
    {
        var pids = new List<int>();
        Add(directory, pids);
        return pids;
    }

    /// <summary>The processes in any of a container's cgroups, each once: one may have left some of them.</summary>
    public static HashSet<int> In(ImmutableArray<RecordedCgroup> cgroups)
    {
        var all = new HashSet<int>();
        var pids = new List<int>();
        foreach (RecordedCgroup cgroup in cgroups)
        {
            Add(cgroup.Directory, pids);
        }

        all.UnionWith(pids);
        return all;
    }

    /// <summary>The names of the cgroups directly below one.</summary>
    public static List<string> Children(string directory)
    {
        var children = new List<string>();
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened.Errno == Errno.ENOENT)
        {
            return children;
        }

        using OwnedFd parent = opened.OwnedOrThrow($"open {directory}");
        Files.Status(parent, "", AtFlags.EmptyPath, out FileStatus status).OrThrow($"statx {directory}");

        // Two links, "." and the name, and one for each directory inside: usually there is none, and no need to look.
        if (status.LinkCount == 2)
        {
            return children;
        }

        foreach (string name in Names(parent))
        {
            if (!Files.Status(parent, name, AtFlags.SymlinkNoFollow, out FileStatus entry).Failed && entry.Type == FileType.Directory)
            {
                children.Add(name);
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
        catch (KernelException removed) when (removed.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return [];
        }
    }

    private static void Add(string directory, List<int> pids)
    {
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, directory + "/cgroup.procs", OpenFlags.ReadOnly);
        if (opened.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            // ENODEV: it is being removed at this moment, by systemd for example.
            return;
        }

        using (OwnedFd file = opened.OwnedOrThrow($"open {directory}/cgroup.procs"))
        {
            Parse(Read(file, directory), pids);
        }

        foreach (string child in Children(directory))
        {
            Add($"{directory}/{child}", pids);
        }
    }

    private static ReadOnlySpan<byte> Read(Fd file, string directory)
    {
        try
        {
            return HostFiles.ReadOpened(file, directory + "/cgroup.procs");
        }
        catch (KernelException failure) when (failure.Errno is Errno.ENODEV or Errno.EOPNOTSUPP)
        {
            // Removed meanwhile; or a threaded cgroup, whose processes are listed by the one above it.
            return default;
        }
    }

    /// <summary>Reads numbers, one per line. A 0 is a process that our pid namespace does not show.</summary>
    internal static void Parse(ReadOnlySpan<byte> text, List<int> pids)
    {
        while (Utf8Parser.TryParse(text, out int pid, out int used))
        {
            if (pid > 0)
            {
                pids.Add(pid);
            }

            text = used < text.Length ? text[(used + 1)..] : default;
        }
    }
}
