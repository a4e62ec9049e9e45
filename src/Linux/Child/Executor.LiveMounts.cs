
namespace Hull.Linux;

/// <summary>Mounts of a container that runs: its processes may change every path meanwhile, so a mount is known by its number alone.</summary>
internal sealed unsafe partial class Executor
{
    private SyscallResult Perform(TellMount _)
    {
        Report report = default;
        report.Kind = ReportKind.Checkpoint;
        report.Value = (long)Checkpoint.Mounted;
        report.Pid = (long)_attachedMount;
        return Send(ref report);
    }

    private SyscallResult Perform(RemoveMount remove)
    {
        SyscallResult place = Part(Stage.OpenDestination, OpenInside(remove.Destination.Text, OpenFlags.Path));
        if (place.Failed)
        {
            return place;
        }

        SyscallResult result = MountIdOf(place.Fd, out ulong found);
        result = result.Failed || found == remove.Mount ? result : Part(Stage.OtherMount, SyscallResult.Failure(Errno.ESTALE));
        result = result.Failed ? result : Unmount(place.Fd);
        Files.Close(place.Fd);
        return result;
    }

    /// <summary>By the descriptor: its path may lead to another mount by now. The host's procfs, for the container may have put anything on /proc.</summary>
    private SyscallResult Unmount(Fd mount)
    {
        byte* path = stackalloc byte[Procfs.LongestPath];
        SyscallResult directory = Files.OpenAt(_slots[Slot.ProcessFilesystem], Procfs.Path(path, "self/fd"u8, -1, default), OpenFlags.Path | OpenFlags.Directory);
        SyscallResult entered = directory.Failed ? directory : Files.ChangeDirectory(directory.Fd);
        return entered.Failed ? entered : Mounts.Unmount(Procfs.Path(path, default, mount.Number, default), UnmountFlags.Detach);
    }

    private SyscallResult MountIdOf(Fd mount, out ulong id)
    {
        SyscallResult asked = Files.MountIdOf(mount, Empty, out id);
        id = id == 0 ? Procfs.NumberOf(_slots[Slot.ProcessFilesystem], mount, "mnt_id:"u8) : id;
        return asked;
    }
}
