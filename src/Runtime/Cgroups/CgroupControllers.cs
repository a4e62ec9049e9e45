using System.Collections.Immutable;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>cgroup v2: a cgroup has the controllers that each one above it hands down. cgroups(7), "Cgroups v2 subtree control"</summary>
internal static class CgroupControllers
{
    /// <summary>
    /// Hands controllers down from the mount to the cgroup. One that cannot be (a cgroup between holds processes, or is not ours to
    /// change) is passed over: if a limit needs it, the write of that limit fails and says so.
    /// </summary>
    public static void Enable(string mount, string path, ImmutableArray<string> controllers)
    {
        if (Missing(mount + path + "/cgroup.controllers", controllers).Count == 0)
        {
            return;
        }

        for (int end = 0; end < path.Length; end = path.IndexOf('/', end + 1) is var next && next < 0 ? path.Length : next)
        {
            string file = string.Concat(mount, path.AsSpan(0, end), "/cgroup.subtree_control");
            List<string> missing = Missing(file, controllers);
            if (missing.Count == 0 || !HandDown(file, missing).Failed)
            {
                continue;
            }

            foreach (string controller in missing)
            {
                HandDown(file, [controller]);
            }
        }
    }

    private static SyscallResult HandDown(string file, List<string> controllers) =>
        HostFiles.TryWrite(Fd.CurrentDirectory, file, Encoding.ASCII.GetBytes("+" + string.Join(" +", controllers)));

    private static List<string> Missing(string file, ImmutableArray<string> wanted)
    {
        ImmutableArray<string> present = CgroupHierarchies.Words(HostFiles.ReadAllOrNull(Fd.CurrentDirectory, file));
        var missing = new List<string>();
        foreach (string controller in wanted)
        {
            if (!present.Contains(controller))
            {
                missing.Add(controller);
            }
        }

        return missing;
    }
}
