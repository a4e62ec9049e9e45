using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The v2 cgroup that a process is cloned into.</summary>
internal static class CloneCgroup
{
    /// <summary>
    /// Opens it and clones the process into it. One that exists no more, or that takes no processes because controllers are handed down
    /// from it, is replaced by the one where the container's first process is, if the plan says so. cgroups(7), "No internal processes"
    /// </summary>
    /// <param name="start">Makes the process, in the cgroup that is given or else in ours.</param>
    public static ClonedProcess Start(CloneRequest clone, Func<Fd, ClonedProcess> start)
    {
        if (clone.Cgroup.Length == 0)
        {
            return start(Fd.None);
        }

        try
        {
            return Start(clone.Cgroup, start);
        }
        catch (KernelException refused) when (Otherwise(clone, refused.Errno) is { } other)
        {
            return Start(other, start);
        }
    }

    private static string? Otherwise(CloneRequest clone, Errno refusal)
    {
        bool mayBeElsewhere = clone.CgroupOtherwiseOf != 0 && refusal is Errno.EBUSY or Errno.EOPNOTSUPP or Errno.ENOENT or Errno.ENODEV;
        string? other = mayBeElsewhere ? V2CgroupOf(clone.CgroupOtherwiseOf) : null;
        return other == clone.Cgroup ? null : other;
    }

    private static ClonedProcess Start(string directory, Func<Fd, ClonedProcess> start)
    {
        using OwnedFd cgroup = HostFiles.OpenDirectory(Fd.CurrentDirectory, directory);
        return start(cgroup);
    }

    private static string? V2CgroupOf(int pid)
    {
        CgroupHierarchy? v2 = HostProbe.ProbeCgroups().V2;
        byte[]? places = HostFiles.ReadAllOrNull(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cgroup"));
        return v2 is null || places is null ? null : v2.Mount + CgroupHierarchies.V2Place(places);
    }
}
