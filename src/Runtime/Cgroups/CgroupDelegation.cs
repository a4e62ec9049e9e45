using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Gives a v2 cgroup to a user, so that what runs in it can make cgroups below. cgroups(7), "Cgroups delegation"</summary>
internal static class CgroupDelegation
{
    private const string ListOfFiles = "/sys/kernel/cgroup/delegate";
    private const uint GroupStays = uint.MaxValue;

    /// <summary>
    /// Changes the owner of the directory and of the files that the kernel lists (CGO-04), or of the three that every kernel has (CGO-05);
    /// of nothing else, as the limits are not the container's to change (CGO-06).
    /// </summary>
    public static void Delegate(DelegateCgroup action)
    {
        ChangeOwner(action.Directory, action.UserId).OrThrow($"chown {action.Directory}");
        byte[] listed = HostFiles.ReadAllOrNull(Fd.CurrentDirectory, ListOfFiles) ?? "cgroup.procs cgroup.subtree_control cgroup.threads"u8.ToArray();
        foreach (string file in CgroupHierarchies.Words(listed))
        {
            SyscallResult changed = ChangeOwner($"{action.Directory}/{file}", action.UserId);
            if (changed.Failed && changed.Errno != Errno.ENOENT)
            {
                throw new KernelException($"chown {action.Directory}/{file}", changed.Errno);
            }
        }
    }

    private static SyscallResult ChangeOwner(string path, uint user) =>
        Files.ChangeOwner(Fd.CurrentDirectory, path, user, GroupStays, AtFlags.SymlinkNoFollow);
}
