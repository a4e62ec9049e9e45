using System.Collections.Immutable;

namespace Hull.Linux.Operations;

/// <summary>Give a mount of the host, and all below it, this propagation. mount(2)</summary>
public sealed record SetPropagation(CString Path, MountFlags Propagation) : Operation;

/// <summary>
/// Make the root file system a mount of its own and keep it open: the base of every later path.
/// </summary>
/// <param name="Path">The directory, as the host names it.</param>
/// <param name="MakeMount">False when the mount namespace is shared: then it is only opened.</param>
public sealed record OpenRootfs(CString Path, bool MakeMount) : Operation;

/// <summary>A parameter of a file system: <c>size=64k</c>, or a flag without a value.</summary>
public readonly record struct MountParameter(CString Key, CString Value);

/// <summary>Mount a new instance of a file system inside the container. fsopen(2), fsmount(2), move_mount(2)</summary>
/// <param name="Destination">Where; missing directories are made.</param>
/// <param name="Type">The file system, of /proc/filesystems.</param>
/// <param name="Source">What the mount table shows as its source.</param>
/// <param name="Parameters">Options of the file system and of its superblock.</param>
/// <param name="Attributes">Options of the mount.</param>
/// <param name="InheritMode">A tmpfs without <c>mode=</c>: give it the mode of the directory it covers.</param>
/// <param name="FollowLinks">False for proc and sysfs, whose place must be a real directory (CVE-2019-19921).</param>
public sealed record MountFilesystem(
    RootfsPath Destination,
    CString Type,
    CString Source,
    ImmutableArray<MountParameter> Parameters,
    MountAttributes Attributes,
    bool InheritMode,
    bool FollowLinks) : Operation;

/// <summary>Show a file or directory of the host inside the container. open_tree(2), mount_setattr(2), move_mount(2)</summary>
/// <param name="Destination">Where; made if missing: a directory for a directory, an empty file for anything else.</param>
/// <param name="Source">What, as the host names it.</param>
/// <param name="Recursive">With the mounts below it.</param>
/// <param name="Set">Attributes to set on the top mount.</param>
/// <param name="Clear">Attributes that the configuration clears by name: an error where the kernel has locked them.</param>
/// <param name="ClearIfAllowed">Attributes that are merely not asked for: they stay where the kernel has locked them.</param>
public sealed record BindMount(
    RootfsPath Destination, CString Source, bool Recursive, MountAttributes Set, MountAttributes Clear, MountAttributes ClearIfAllowed) : Operation;

/// <summary>Change attributes of a mount that exists inside the container. mount_setattr(2)</summary>
public sealed record ChangeMountAttributes(RootfsPath Destination, MountAttributes Set, MountAttributes Clear, bool Recursive) : Operation;

/// <summary>Give a mount inside the container this propagation; <see cref="MountFlags.Recursive"/> includes those below it.</summary>
public sealed record ChangeMountPropagation(RootfsPath Destination, MountFlags Propagation) : Operation;

/// <summary>
/// Take hold of the host's <c>/dev/null</c>, and make sure that it is the character device 1:3, while the container has no say in
/// what that name means: it covers every masked file (CVE-2025-31133).
/// </summary>
public sealed record OpenNullDevice : Operation;

/// <summary>
/// Nothing can be read at this path any more: a file becomes <c>/dev/null</c>, a directory an empty read-only tmpfs.
/// A path that does not exist stays so.
/// </summary>
public sealed record MaskPath(RootfsPath Path) : Operation;

/// <summary>Nothing can be written at or below this path any more. A path that does not exist stays so.</summary>
public sealed record MakePathReadOnly(RootfsPath Path) : Operation;

/// <summary>How a container's root becomes <c>/</c>.</summary>
public enum RootChange
{
    /// <summary>pivot_root(2); the old root is unmounted.</summary>
    Pivot,

    /// <summary>MS_MOVE onto <c>/</c> and chroot(2): for a root file system on a ramdisk, which cannot be pivoted (<c>--no-pivot</c>).</summary>
    Move,

    /// <summary>chroot(2) alone: the mount namespace is shared, so nothing may be moved.</summary>
    ChangeRoot,
}

/// <summary>Take a mount of the host out of sight: unmounted, or covered where the kernel forbids that.</summary>
public sealed record HideMount(CString Path) : Operation;

/// <summary>Make the root file system <c>/</c> and leave the old one behind.</summary>
public sealed record EnterRootfs(RootChange Change) : Operation;

/// <summary>Make <c>/</c> read-only, after all that had to be written to it.</summary>
public sealed record MakeRootReadOnly : Operation;
