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

    private static void Add(string directory, List<int> pids) => CgroupTree.Walk(directory, cgroup => AddThose(cgroup, directory, pids));

    /// <summary>Adds the processes in one cgroup, those below it left out.</summary>
    /// <param name="cgroup">Its directory.</param>
    /// <param name="directory">Where the walk began, for messages.</param>
    public static void AddThose(Fd cgroup, string directory, List<int> pids)
    {
        SyscallResult opened = Files.OpenAt(cgroup, "cgroup.procs", OpenFlags.ReadOnly);
        if (opened.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            // ENODEV: it is being removed at this moment, by systemd for example.
            return;
        }

        using OwnedFd file = opened.OwnedOrThrow($"open cgroup.procs of {directory} or below");
        try
        {
            Parse(HostFiles.ReadOpened(file, directory + "/cgroup.procs"), pids);
        }
        catch (KernelException failure) when (failure.Errno is Errno.ENODEV or Errno.EOPNOTSUPP)
        {
            // Removed meanwhile; or a threaded cgroup, whose processes are listed by the one above it.
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
