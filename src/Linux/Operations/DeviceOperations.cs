namespace Hull.Linux;

/// <summary>Which properties of a device node somebody wants as they are given, and not only by default.</summary>
[Flags]
public enum NodeProperties
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The permission bits.</summary>
    Mode = 1,

    /// <summary>The owner.</summary>
    User = 2,

    /// <summary>The group.</summary>
    Group = 4,
}

/// <summary>
/// Provide a device node. One that exists already is kept if it is the same device, and is an error otherwise. What the caller has no
/// right to make, for want of CAP_MKNOD or by the rules of its cgroups, is bound instead as by <see cref="BindDevice"/>. mknod(2)
/// </summary>
/// <param name="Path">Where inside the container.</param>
/// <param name="ModeWithType">Permission bits and S_IFCHR, S_IFBLK or S_IFIFO.</param>
/// <param name="Device">Major and minor number.</param>
/// <param name="UserId">Owner, as the container numbers users.</param>
/// <param name="GroupId">Group, as the container numbers groups.</param>
public sealed record MakeDevice(RootfsPath Path, uint ModeWithType, DeviceNumber Device, uint UserId, uint GroupId) : Operation
{
    /// <summary>The host's node that is bound instead; null for none.</summary>
    public CString Instead { get; init; }

    /// <summary>What of mode and owner is asked for.</summary>
    public NodeProperties Asked { get; init; }

    /// <inheritdoc/>
    public override string Describe()
    {
        string owner = UserId == 0 && GroupId == 0 ? "" : $", of user {UserId} and group {GroupId}";
        (string node, string number) = ((FileType)ModeWithType & FileType.Mask) switch
        {
            FileType.Fifo => ("fifo", ""),
            FileType.BlockDevice => ("device", $"b {Device}, "),
            _ => ("device", $"c {Device}, "),
        };
        return $"make {node} {Path} ({number}mode {ModeText.Octal(ModeWithType & ~(uint)FileType.Mask)}{owner})";
    }
}

/// <summary>
/// Provide a device node where mknod(2) is not permitted (a user namespace, a caller without CAP_MKNOD): the host's node, bound. Its mode
/// and owner are the host's and stay so; where others are asked for, that is a warning.
/// </summary>
/// <param name="Path">Where inside the container.</param>
/// <param name="Source">The node, as the host names it.</param>
/// <param name="ModeWithType">The type that the host's node must have, and the permission bits that are asked for.</param>
/// <param name="Device">The numbers that the host's node must have.</param>
/// <param name="UserId">The owner that is asked for, as the container numbers users.</param>
/// <param name="GroupId">The group that is asked for, as the container numbers groups.</param>
/// <param name="Asked">What of mode and owner is asked for.</param>
public sealed record BindDevice(
    RootfsPath Path, CString Source, uint ModeWithType, DeviceNumber Device, uint UserId, uint GroupId, NodeProperties Asked) : Operation
{
    /// <summary>The mount helper opens it: the container process has no right to.</summary>
    public bool FromMountHelper { get; init; }

    /// <inheritdoc/>
    public override string Describe() => $"bind the host's device {Source} to {Path}{(FromMountHelper ? ", opened by the mount helper" : "")}";
}

/// <summary>Provide a symbolic link. A file at <paramref name="Path"/> stays, or is replaced when <paramref name="Replace"/> says so.</summary>
public sealed record MakeSymbolicLink(CString Target, RootfsPath Path, bool Replace) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"link {Path} to {Target}";
}

/// <summary>
/// Standard streams that are the host's <c>/dev/null</c> become the container's, if it has one: the program keeps no descriptor of the host's
/// mounts (FD-03). The file at that path is verified before it is opened, and never changed.
/// </summary>
/// <param name="Streams">Bit n is descriptor n.</param>
public sealed record ReopenNullDevice(int Streams) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "open the container's own /dev/null in place of the host's"
        + ((Streams & 1) == 0 ? "" : ", for standard input")
        + ((Streams & 2) == 0 ? "" : ", for standard output")
        + ((Streams & 4) == 0 ? "" : ", for standard error");
}

/// <summary>Provide a directory, with the missing ones above it (0755).</summary>
public sealed record MakeDirectory(RootfsPath Path) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"make directory {Path} if it is missing";
}
