namespace Hull.Linux;

/// <summary>The user, limits, capabilities and directory of the program.</summary>
internal sealed partial class Executor
{
    private SyscallResult Perform(SetResourceLimit limit)
    {
        SyscallResult result = Processes.SetResourceLimit(0, limit.Resource, limit.Soft, limit.Hard);
        if (result.Failed)
        {
            return result;
        }

        result = Processes.GetResourceLimit(0, limit.Resource, out ulong soft, out ulong hard);
        if (result.Failed)
        {
            return result;
        }

        return soft == limit.Soft && hard == limit.Hard ? result : Part(Stage.LimitDiffers, SyscallResult.Failure(Errno.EINVAL));
    }

    private static SyscallResult Perform(SetAffinity affinity)
    {
        SyscallResult set = Scheduling.SetAffinity(0, affinity.Mask.AsSpan());
        return affinity.Required ? set : default;
    }

    private unsafe SyscallResult Perform(ChangeDirectory directory)
    {
        if (_directoryEntered)
        {
            return default;
        }

        SyscallResult changed = Files.ChangeDirectory(directory.Path);
        if (changed.Failed)
        {
            return directory.Final ? changed : default;
        }

        // A path like /proc/self/fd/7 can lead to a directory of the host that was left open (CVE-2024-21626): the
        // kernel then says "(unreachable)" before the path.
        byte* path = stackalloc byte[PathCapacity];
        SyscallResult current = Files.CurrentDirectory(new Span<byte>(path, PathCapacity));
        if (current.Failed || path[0] != '/')
        {
            return Part(Stage.DirectoryOutside, current.Failed ? current : SyscallResult.Failure(Errno.ENOENT));
        }

        _directoryEntered = true;
        return default;
    }

    private static SyscallResult Perform(LimitCapabilities limit)
    {
        for (var capability = 0; capability <= limit.LastCapability; capability++)
        {
            if (limit.Kept.Contains(capability))
            {
                continue;
            }

            SyscallResult dropped = Capabilities.DropFromBounding(capability);
            if (dropped.Failed && Capabilities.IsInBounding(capability).Value != 0)
            {
                return dropped;
            }
        }

        return default;
    }

    private static SyscallResult Perform(ClearDumpable _) => Processes.SetDumpable(false);

    private static SyscallResult Perform(SetNoNewPrivileges _) => Credentials.SetNoNewPrivileges();

    private static SyscallResult Perform(SetUmask umask) => Files.SetUmask(umask.Mask);

    private SyscallResult Perform(SetUser user)
    {
        SyscallResult result = Credentials.SetKeepCapabilities(true);
        if (!result.Failed && !user.KeepGroups)
        {
            result = Part(Stage.SetGroups, Credentials.SetGroups(user.AdditionalGroups.AsSpan()));
        }

        result = result.Failed ? result : Part(Stage.SetGroup, Credentials.SetGroupIds(user.GroupId, user.GroupId, user.GroupId));
        return result.Failed ? result : Part(Stage.SetUser, Credentials.SetUserIds(user.UserId, user.UserId, user.UserId));
    }

    private static SyscallResult Perform(SetCapabilities capabilities)
    {
        SyscallResult result = Capabilities.Set(capabilities.Effective, capabilities.Permitted, capabilities.Inheritable);
        result = result.Failed ? result : Capabilities.ClearAmbient();
        for (var capability = 0; capability < CapabilityNames.Count && !result.Failed; capability++)
        {
            if (capabilities.Ambient.Contains(capability))
            {
                result = Capabilities.RaiseAmbient(capability);
            }
        }

        return result;
    }
}
