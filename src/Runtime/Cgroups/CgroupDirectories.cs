using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Makes the directories of cgroups, and counts which of them are ours.</summary>
internal static class CgroupDirectories
{
    private const uint Mode = 0x1ED;

    /// <summary>
    /// Makes a cgroup and those above it that are missing. The result says how many: 0 when it was there already. Only what this
    /// call made is counted, whatever other processes make at the same time. After a failure nothing that it made is left.
    /// </summary>
    /// <param name="mount">Where the hierarchy is mounted.</param>
    /// <param name="path">The cgroup below it, starting with a slash.</param>
    public static int Make(string mount, string path)
    {
        // Another container's deletion may take a common parent away just when it is empty: begin again.
        for (int attempt = 0; ; attempt++)
        {
            (int made, string lowest) = (0, "");
            SyscallResult result = MakeLevel(mount, path, ref made, ref lowest);
            if (!result.Failed)
            {
                return made;
            }

            RemoveMade(mount, lowest, made);
            if (result.Errno != Errno.ENOENT || attempt == 10)
            {
                throw new KernelException($"mkdir {mount}{path}", result.Errno);
            }
        }
    }

    /// <summary>How many levels at the end of the path do not exist now.</summary>
    public static int MissingLevels(string mount, string path)
    {
        int missing = 0;
        while (path.Length > 1 && !HostFiles.Exists(Fd.CurrentDirectory, mount + path))
        {
            missing++;
            path = Parent(path);
        }

        return missing;
    }

    /// <summary>The path one level up; the mount itself is <c>/</c>.</summary>
    public static string Parent(string path) => path[..Math.Max(1, path.LastIndexOf('/'))];

    /// <param name="made">How many directories have been made, one below the other.</param>
    /// <param name="lowest">The last of them, below the mount.</param>
    private static SyscallResult MakeLevel(string mount, string path, ref int made, ref string lowest)
    {
        if (path == "/")
        {
            return SyscallResult.Success();
        }

        SyscallResult result = Files.MakeDirectory(Fd.CurrentDirectory, mount + path, Mode);
        if (result.Errno == Errno.ENOENT)
        {
            SyscallResult parent = MakeLevel(mount, Parent(path), ref made, ref lowest);
            if (parent.Failed)
            {
                return parent;
            }

            result = Files.MakeDirectory(Fd.CurrentDirectory, mount + path, Mode);
        }

        if (result.Errno == Errno.EEXIST)
        {
            // A level below a level that was there cannot be above one of ours.
            made = 0;
            return SyscallResult.Success();
        }

        if (!result.Failed)
        {
            made++;
            lowest = path;
        }

        return result;
    }

    // What another container uses by now stays: the kernel refuses to remove it.
    private static void RemoveMade(string mount, string lowest, int made)
    {
        for (; made > 0; made--, lowest = Parent(lowest))
        {
            Files.RemoveDirectory(Fd.CurrentDirectory, mount + lowest);
        }
    }
}
