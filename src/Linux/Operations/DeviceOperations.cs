namespace Hull.Linux;

/// <summary>
/// Provide a device node. One that exists already is taken if it is the same device, and is an error otherwise.
/// mknod(2)
/// </summary>
/// <param name="Path">Where inside the container.</param>
/// <param name="ModeWithType">Permission bits and S_IFCHR, S_IFBLK or S_IFIFO.</param>
/// <param name="Device">Major and minor number.</param>
/// <param name="UserId">Owner, as the container numbers users.</param>
/// <param name="GroupId">Group, as the container numbers groups.</param>
public sealed record MakeDevice(RootfsPath Path, uint ModeWithType, DeviceNumber Device, uint UserId, uint GroupId) : Operation;

/// <summary>Provide a device node where mknod(2) is not permitted (a user namespace): the host's node, bound.</summary>
/// <param name="Path">Where inside the container.</param>
/// <param name="Source">The node, as the host names it.</param>
/// <param name="ModeWithType">The type that the host's node must have.</param>
/// <param name="Device">The numbers that the host's node must have.</param>
public sealed record BindDevice(RootfsPath Path, CString Source, uint ModeWithType, DeviceNumber Device) : Operation;

/// <summary>Provide a symbolic link. What is at <paramref name="Path"/> already stays, or goes when <paramref name="Replace"/> says so.</summary>
public sealed record MakeSymbolicLink(CString Target, RootfsPath Path, bool Replace) : Operation;

/// <summary>
/// Standard streams that are the host's <c>/dev/null</c> become the container's, if it has one: nothing of the host's mounts stays in the
/// program's hands (FD-03). What is at that place is looked at before it is opened, and never changed.
/// </summary>
/// <param name="Streams">Bit n is descriptor n.</param>
public sealed record ReopenNullDevice(int Streams) : Operation;

/// <summary>Provide a directory, with the missing ones above it (0755).</summary>
public sealed record MakeDirectory(RootfsPath Path) : Operation;
