namespace Hull.Linux;

/// <summary>Attributes of mounts in the words of mount(2) and statfs(2), for kernels without mount_setattr.</summary>
internal static class ClassicFlags
{
    private const MountAttributes AccessTimes = MountAttributes.AccessTimeMask | MountAttributes.NoDirectoryAccessTime;

    /// <summary>The flags of a remount that changes a mount and leaves the rest of it as it is.</summary>
    /// <param name="current">How it is mounted.</param>
    /// <param name="set">Attributes to set.</param>
    /// <param name="clear">Attributes to clear.</param>
    internal static MountFlags Of(FilesystemFlags current, MountAttributes set, MountAttributes clear)
    {
        MountAttributes now = AttributesOf(current);
        MountFlags flags = FlagsOf(((now & ~clear) | set) & ~AccessTimes);

        // Without a word about access times the kernel keeps them as they are.
        if (((set | clear) & AccessTimes) == 0)
        {
            return flags;
        }

        MountAttributes directories = ((now & ~clear) | set) & MountAttributes.NoDirectoryAccessTime;
        bool named = (clear & MountAttributes.AccessTimeMask) != 0 || (set & MountAttributes.AccessTimeMask) != 0;
        MountAttributes mode = named ? set & MountAttributes.AccessTimeMask : now & MountAttributes.AccessTimeMask;
        return flags | FlagsOf(directories) | (mode == MountAttributes.RelativeAccessTime ? MountFlags.RelativeAccessTime : FlagsOf(mode));
    }

    /// <summary>The mount has the attributes.</summary>
    internal static bool Has(FilesystemFlags current, MountAttributes attributes) => (AttributesOf(current) & attributes) == attributes;

    /// <summary>The flags of a new mount; relatime is what the kernel gives unasked.</summary>
    internal static MountFlags FlagsOf(MountAttributes attributes) =>
        (Has(attributes, MountAttributes.ReadOnly) ? MountFlags.ReadOnly : 0)
        | (Has(attributes, MountAttributes.NoSuid) ? MountFlags.NoSuid : 0)
        | (Has(attributes, MountAttributes.NoDevices) ? MountFlags.NoDevices : 0)
        | (Has(attributes, MountAttributes.NoExecute) ? MountFlags.NoExecute : 0)
        | (Has(attributes, MountAttributes.NoAccessTime) ? MountFlags.NoAccessTime : 0)
        | (Has(attributes, MountAttributes.StrictAccessTime) ? MountFlags.StrictAccessTime : 0)
        | (Has(attributes, MountAttributes.NoDirectoryAccessTime) ? MountFlags.NoDirectoryAccessTime : 0)
        | (Has(attributes, MountAttributes.NoSymbolicLinks) ? MountFlags.NoSymbolicLinks : 0);

    private static MountAttributes AttributesOf(FilesystemFlags current) =>
        (Has(current, FilesystemFlags.ReadOnly) ? MountAttributes.ReadOnly : 0)
        | (Has(current, FilesystemFlags.NoSuid) ? MountAttributes.NoSuid : 0)
        | (Has(current, FilesystemFlags.NoDevices) ? MountAttributes.NoDevices : 0)
        | (Has(current, FilesystemFlags.NoExecute) ? MountAttributes.NoExecute : 0)
        | (Has(current, FilesystemFlags.NoDirectoryAccessTime) ? MountAttributes.NoDirectoryAccessTime : 0)
        | (Has(current, FilesystemFlags.NoSymbolicLinks) ? MountAttributes.NoSymbolicLinks : 0)
        | (Has(current, FilesystemFlags.NoAccessTime) ? MountAttributes.NoAccessTime
            : Has(current, FilesystemFlags.RelativeAccessTime) ? 0 : MountAttributes.StrictAccessTime);

    private static bool Has(MountAttributes all, MountAttributes one) => (all & one) != 0;

    private static bool Has(FilesystemFlags all, FilesystemFlags one) => (all & one) != 0;
}
