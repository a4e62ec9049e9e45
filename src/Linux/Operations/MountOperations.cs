using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>Give a mount of the host, and all below it, this propagation. mount(2)</summary>
public sealed record SetPropagation(CString Path, MountFlags Propagation) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"make mount {Path} {MountPropagationNames.Describe(Propagation)}";
}

/// <summary>
/// Make the root file system a mount of its own and keep it open: the base of every later path.
/// </summary>
/// <param name="Path">The directory, as the host names it; it ends in a slash, so that nothing but a directory will do (ROOT-03).</param>
/// <param name="MakeMount">False when the mount namespace is shared: then it is only opened.</param>
public sealed record OpenRootfs(CString Path, bool MakeMount) : Operation
{
    /// <summary>The mount helper makes the mount: the root of a user namespace may not search every directory above.</summary>
    public bool FromMountHelper { get; init; }

    /// <inheritdoc/>
    public override string Describe() => $"open the root file system {Path.ToString().TrimEnd('/')}{(FromMountHelper ? ", opened by the mount helper" : "")}";
}

/// <summary>A parameter of a file system: <c>size=64k</c>, or a flag without a value.</summary>
public readonly record struct MountParameter(CString Key, CString Value)
{
    /// <summary>The value is a directory of the host that goes to the kernel as a descriptor: a path may be longer than a string.</summary>
    public bool IsDirectory { get; init; }

    /// <summary>The value is a directory of the host that the mount helper opens: the container process has no right to.</summary>
    public bool FromMountHelper { get; init; }

    /// <summary>As an option writes it.</summary>
    public override string ToString() => Value.IsNull ? Key.ToString() : $"{Key}={Value}";
}

/// <summary>How a mount differs from what it is made of. mount_setattr(2)</summary>
/// <param name="Set">Attributes to set on the mount.</param>
/// <param name="Clear">Attributes that the configuration clears by name: an error where the kernel has locked them.</param>
/// <param name="ClearIfAllowed">Attributes that are merely not asked for: they stay where the kernel has locked them.</param>
/// <param name="SetBelow">Attributes to set on the mount and all below it, after those above (MOPT-04).</param>
/// <param name="ClearBelow">Attributes to clear on the mount and all below it.</param>
/// <param name="Propagation">Given in this order once it is in its place (MNT-18); <see cref="MountFlags.Recursive"/> includes those below.</param>
public sealed record MountChanges(
    MountAttributes Set,
    MountAttributes Clear,
    MountAttributes ClearIfAllowed,
    MountAttributes SetBelow,
    MountAttributes ClearBelow,
    ImmutableArray<MountFlags> Propagation)
{
    /// <summary>The attributes that change: <c> (ro,nosuid) and all below (ro)</c>. Empty for none.</summary>
    public string Describe()
    {
        string own = MountAttributeNames.Describe(Set, Clear);
        string below = MountAttributeNames.Describe(SetBelow, ClearBelow);
        return $"{(own.Length == 0 ? "" : $" ({own})")}{(below.Length == 0 ? "" : $" and all below ({below})")}";
    }
}

/// <summary>What is special about a file system that is mounted.</summary>
[Flags]
public enum FilesystemMountFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A tmpfs without <c>mode=</c>: give it the mode of the directory it covers, if that was there already (MNT-13).</summary>
    InheritMode = 1,

    /// <summary>Its place must be a real directory: a link of the image must not decide where /proc or /sys is (CVE-2019-19921).</summary>
    RealDirectory = 2,

    /// <summary>It starts with a copy of what it covers (MNT-19).</summary>
    CopyUp = 4,

    /// <summary>Its owners are mapped by a user namespace that the mount helper sends (IDM-01).</summary>
    MapOwners = 8,

    /// <summary>A link at the end of the destination is covered itself.</summary>
    DestinationNoFollow = 16,

    /// <summary>Its options go to the kernel as one text, of at most a page: fsconfig(2) takes no value as long as one of them. mount(2)</summary>
    OptionsAsText = 32,
}

/// <summary>Mount a new instance of a file system inside the container. fsopen(2), fsmount(2), move_mount(2)</summary>
/// <param name="Destination">Where; missing directories are made.</param>
/// <param name="Type">The file system, of /proc/filesystems.</param>
/// <param name="Source">What the mount table shows as its source.</param>
/// <param name="Parameters">Options of the file system and of its superblock.</param>
/// <param name="Attributes">Options of the mount.</param>
/// <param name="Flags">What is special about it.</param>
/// <param name="Propagation">Given in this order once it is in its place (MNT-18).</param>
public sealed record MountFilesystem(
    RootfsPath Destination,
    CString Type,
    CString Source,
    ImmutableArray<MountParameter> Parameters,
    MountAttributes Attributes,
    FilesystemMountFlags Flags,
    ImmutableArray<MountFlags> Propagation) : Operation
{
    /// <summary>
    /// The host's directory that is shown, with all below it, where the kernel does not let a user namespace mount this: a sysfs for the
    /// network of others, a proc for the processes of others. Null for none.
    /// </summary>
    public CString Instead { get; init; }

    /// <summary>The number under which the mount is kept at hand for <see cref="MakeMountReadOnly"/>; -1 for none.</summary>
    public int Keep { get; init; } = -1;

    /// <summary>The SELinux label that its root gets, for a file system that takes none as a parameter. Null for none (MNT-20).</summary>
    public CString Label { get; init; }

    /// <inheritdoc/>
    public override string Describe()
    {
        string parameters = string.Join(",", Parameters);
        string attributes = MountAttributeNames.Describe(Attributes, 0);
        string options = parameters.Length == 0 || attributes.Length == 0 ? parameters + attributes : $"{parameters}; {attributes}";
        return $"mount {Type} on {Destination}{(options.Length == 0 ? "" : $" ({options})")}"
            + (Has(FilesystemMountFlags.CopyUp) ? ", with a copy of what it covers" : "")
            + (Parameters.Any(parameter => parameter.FromMountHelper) ? ", of directories opened by the mount helper" : "")
            + (Has(FilesystemMountFlags.MapOwners) ? ", its owners mapped" : "")
            + (Has(FilesystemMountFlags.DestinationNoFollow) ? ", not through a link" : "")
            + (Has(FilesystemMountFlags.OptionsAsText) ? ", its options in one text" : "")
            + (Label.IsNull ? "" : $", labelled {Label}")
            + (Instead.IsNull ? "" : $", or show the host's {Instead} if the kernel forbids it")
            + MountPropagationNames.Then(Propagation);
    }

    private bool Has(FilesystemMountFlags flag) => (Flags & flag) != 0;
}

/// <summary>What is special about something of the host that is shown.</summary>
[Flags]
public enum BindMountFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>With the mounts below it.</summary>
    Recursive = 1,

    /// <summary>The mount helper opens it: the container process has no right to, or no power over its owners (IDM-01).</summary>
    HostMounts = 2,

    /// <summary>A link at the end of the source is shown itself.</summary>
    SourceNoFollow = 4,

    /// <summary>A link at the end of the destination is covered itself.</summary>
    DestinationNoFollow = 8,

    /// <summary>A link at the end of the source is made anew inside the container, instead of a mount.</summary>
    CopyLink = 16,

    /// <summary>It must be the root of a procfs: nothing else may take its place (MNT-11, CVE-2019-16884).</summary>
    MustBeProc = 32,

    /// <summary>A source that does not exist on the host is shown as an empty read-only directory (CVE-2023-25809).</summary>
    EmptyIfMissing = 64,
}

/// <summary>Show a file or directory of the host inside the container. open_tree(2), mount_setattr(2), move_mount(2)</summary>
/// <param name="Destination">Where; made if missing: a directory for a directory, an empty file for anything else.</param>
/// <param name="Source">What, as the host names it.</param>
/// <param name="Flags">What is special about it.</param>
/// <param name="Changes">How the mount differs from the one it comes from.</param>
public sealed record BindMount(RootfsPath Destination, CString Source, BindMountFlags Flags, MountChanges Changes) : Operation
{
    /// <summary>
    /// The source where it is in the container's own root: it is looked up there, by the container's links and among the mounts made so far,
    /// and no link of the image leads it to the host. Null for a source of the host.
    /// </summary>
    public RootfsPath? OwnSource { get; init; }

    /// <summary>What of the host is shown, read-only, where the source does not exist. Null for nothing.</summary>
    public CString ReadOnlyIfMissing { get; init; }

    /// <inheritdoc/>
    public override string Describe() =>
        $"bind {(OwnSource is null ? Source : $"the container's own {OwnSource}")} to {Destination}{(Has(BindMountFlags.Recursive) ? " with what is mounted below" : "")}{Changes.Describe()}"
        + (Has(BindMountFlags.HostMounts) ? ", opened by the mount helper" : "")
        + (Has(BindMountFlags.SourceNoFollow) ? ", a link itself" : "")
        + (Has(BindMountFlags.DestinationNoFollow) ? ", not through a link" : "")
        + (Has(BindMountFlags.CopyLink) ? ", a link as a link" : "")
        + (Has(BindMountFlags.MustBeProc) ? ", if it is a procfs" : "")
        + (ReadOnlyIfMissing.IsNull ? "" : $", or {ReadOnlyIfMissing} read-only")
        + (Has(BindMountFlags.EmptyIfMissing) ? ", or nothing if it does not exist" : "")
        + MountPropagationNames.Then(Changes.Propagation);

    private bool Has(BindMountFlags flag) => (Flags & flag) != 0;
}

/// <summary>Change a mount that exists inside the container. mount_setattr(2), fspick(2)</summary>
/// <param name="Destination">Where it is mounted.</param>
/// <param name="Changes">How it changes.</param>
/// <param name="Parameters">Options of its file system: only with <paramref name="Superblock"/>.</param>
/// <param name="Superblock">The file system itself is reconfigured too, for every mount of it.</param>
public sealed record Remount(RootfsPath Destination, MountChanges Changes, ImmutableArray<MountParameter> Parameters, bool Superblock) : Operation
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"change mount {Destination}{(Superblock ? $" and its file system ({string.Join(",", Parameters)})" : "")}"
        + Changes.Describe() + MountPropagationNames.Then(Changes.Propagation);
}

/// <summary>Make a mount read-only that was kept writable until everything in it was in place (MNT-15). mount_setattr(2)</summary>
/// <param name="Kept">Its number: <see cref="MountFilesystem.Keep"/>.</param>
public sealed record MakeMountReadOnly(int Kept) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "make the mount read-only";
}

/// <summary>
/// For the mount helper, a process with the host's rights: wait until the container process asks for the next mount, open and send it.
/// </summary>
/// <param name="Source">The source of the mount, as the host names it; null to send <paramref name="Owners"/> itself.</param>
/// <param name="Recursive">With the mounts below it.</param>
/// <param name="NoFollow">A link at the end of the source is opened itself.</param>
/// <param name="Owners">A user namespace that maps the owners of the mount, or none.</param>
/// <param name="OwnersBelow">Also those of the mounts below it (IDM-08).</param>
public sealed record OpenHostMount(CString Source, bool Recursive, bool NoFollow, Fd Owners, bool OwnersBelow) : Operation
{
    /// <summary>The container's root, beneath which the source is looked up; null for a path of the host.</summary>
    public CString Root { get; init; }

    /// <summary>Attach it where its source is before it is sent: the container's root must be a mount of its own, with a place.</summary>
    public bool Attach { get; init; }

    /// <summary>It is a directory that an overlay is made of: it is only opened.</summary>
    public bool IsLayer { get; init; }

    /// <inheritdoc/>
    public override string Describe() => Source.IsNull
        ? "open a user namespace"
        : $"open {Source}{(Recursive ? " with what is mounted below" : "")}{(Owners.IsOpen ? ", its owners mapped" : "")}";
}

/// <summary>
/// Open the host's <c>/dev/null</c>, which covers every masked file, and make sure that it is the character device 1:3; while the container
/// cannot change what that name means (CVE-2025-31133).
/// </summary>
public sealed record OpenNullDevice : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "open the host's /dev/null for masks";
}

/// <summary>
/// Nothing can be read at this path any more: a file becomes <c>/dev/null</c>, a directory an empty read-only tmpfs.
/// A path that does not exist stays so.
/// </summary>
public sealed record MaskPath(RootfsPath Path) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"mask {Path}";
}

/// <summary>
/// Nothing can be written at or below this path any more, but in what is mounted below it. A path that does not exist stays so.
/// </summary>
public sealed record MakePathReadOnly(RootfsPath Path) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"make {Path} read-only";
}

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

/// <summary>Detach a mount of the host, or cover it where the kernel forbids that.</summary>
public sealed record DetachMount(CString Path) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"detach the host's mount {Path}";
}

/// <summary>Make the root file system <c>/</c> and leave the old one behind.</summary>
public sealed record EnterRootfs(RootChange Change) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"make it the root ({Change switch
    {
        RootChange.Pivot => "pivot_root",
        RootChange.Move => "move and chroot",
        RootChange.ChangeRoot => "chroot",
    }})";
}

/// <summary>
/// Make <c>/</c> read-only for this process and those that it starts, where its mount is the host's and stays as it is: they get a root of
/// mounts of their own, attached nowhere.
/// </summary>
public sealed record EnterReadOnlyRoot : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "make a read-only copy of the root's mounts the root";
}

/// <summary>Make <c>/</c> read-only, after all that had to be written to it.</summary>
public sealed record MakeRootReadOnly : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "make the root read-only";
}

/// <summary>Tell the host the number of the mount that was attached last. statx(2)</summary>
public sealed record TellMount : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "tell which mount it is";
}

/// <summary>Unmount what is mounted inside the container, with all below it, if it is that mount and no other. umount2(2)</summary>
/// <param name="Destination">Where it was mounted.</param>
/// <param name="Mount">Its number, as <see cref="TellMount"/> told it.</param>
public sealed record RemoveMount(RootfsPath Destination, ulong Mount) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"unmount {Destination}";
}
