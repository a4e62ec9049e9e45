using Hull.Linux;

namespace Hull.Runtime;

/// <summary>A new v1 cpuset cgroup has no processors and no memory nodes, and takes no process until it has (CPU-05). cpuset(7)</summary>
internal static class CpusetInheritance
{
    /// <summary>Copies both lists down to the cgroup from the nearest one above it that has them.</summary>
    public static void Inherit(string mount, string path)
    {
        Inherit(mount, path, "/cpuset.cpus");
        Inherit(mount, path, "/cpuset.mems");
    }

    private static byte[] Inherit(string mount, string path, string file)
    {
        string name = path == "/" ? mount + file : mount + path + file;
        byte[] list = HostFiles.ReadSmallOrNull(Fd.CurrentDirectory, name) ?? throw new KernelException($"openat {name}", Errno.ENOENT);
        if (path == "/" || list.AsSpan().Trim("\n "u8).Length > 0)
        {
            return list;
        }

        list = Inherit(mount, CgroupDirectories.Parent(path), file);
        HostFiles.WriteAll(Fd.CurrentDirectory, name, list);
        return list;
    }
}
