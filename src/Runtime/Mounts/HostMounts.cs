using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Mounts that the container process cannot open itself, and a process of the host (the mount helper) opens for it, in the order of use: sources that the
/// root of a user namespace has no right to open, mounts whose owners are mapped, which needs power over their file system (IDM-01), and
/// mounts that stay shared with the host (MNT-18).
/// </summary>
internal sealed class HostMounts(ResolvedContainer container, HostFacts facts)
{
    private readonly ImmutableArray<HostMount>.Builder _noted = ImmutableArray.CreateBuilder<HostMount>();
    private Origin _first;

    /// <summary>The mounts are of a container that runs: no source can be opened from within it any more.</summary>
    public bool OfRunning { get; init; }

    /// <summary>What the host opens, in order.</summary>
    public ImmutableArray<HostMount> Noted => _noted.ToImmutable();

    /// <summary>Whether the host opens the container's root and makes it a mount, being first of all; notes it then.</summary>
    public bool OpensRoot()
    {
        bool outOfReach = container.Namespaces.Has(NamespaceKinds.User) && container.Namespaces.IsNew(NamespaceKinds.Mount)
            && facts is { HasSystemAdministration: true, IsRootReachable: false };
        if (outOfReach)
        {
            var root = new HostMount(container.Rootfs + "/", Recursive: true, NoFollow: false, FromHost: false, Owners: null) { Attach = true };
            Note(root, Origins.Root("path", "ROOT-02"));
        }

        return outOfReach;
    }

    /// <summary>The container process, in a user namespace, has no right to come to this path of the host, and the host may open it instead.</summary>
    public bool IsOutOfReach(string path) => container.Namespaces.Has(NamespaceKinds.User) && facts.HasSystemAdministration && facts.OutOfReach.Contains(path);

    /// <summary>Whether the host opens a device node that is shown; notes it then.</summary>
    public bool OpensDevice(string path, Origin origin)
    {
        bool opens = IsOutOfReach(path);
        if (opens)
        {
            Note(new HostMount(path, Recursive: false, NoFollow: true, FromHost: false, Owners: null), origin);
        }

        return opens;
    }

    /// <summary>Whether the host opens a directory that an overlay is made of; notes it then.</summary>
    public bool OpensLayer(string path, Origin origin)
    {
        bool opens = IsOutOfReach(path);
        if (opens)
        {
            Note(new HostMount(path, Recursive: false, NoFollow: false, FromHost: false, Owners: null) { IsLayer = true }, origin);
        }

        return opens;
    }

    /// <summary>Where a source is in the container's own root, lexically; null for a source of the host.</summary>
    public RootfsPath? OwnSource(string source)
    {
        string path = RootfsPath.Parse(source).ToString();
        string root = RootfsPath.Parse(container.Rootfs).ToString();
        return path == root || path.StartsWith(root + "/", StringComparison.Ordinal) ? RootfsPath.Parse(path[root.Length..]) : null;
    }

    /// <summary>Whether the host opens the source of a bind mount; notes it then.</summary>
    public bool OpensHostMounts(Mount mount, MountOptions options, string source, int index)
    {
        RootfsPath? own = OwnSource(source);
        MountOwners? owners = OwnersOf(mount, options, index);
        bool outOfReach = container.Namespaces.Has(NamespaceKinds.User) && facts.HasSystemAdministration && !options.CopyLink;

        // Our own copy of the host's mounts only follows them; the one that is to give as well comes from where the host's are. Across
        // user namespaces the kernel allows no giving. What the container's own root holds, mounts included, the host does not have.
        bool shared = own is null && options.Propagation.Exists(kind => (kind & MountFlags.Shared) != 0)
            && container.Namespaces.IsNew(NamespaceKinds.Mount) && !container.Namespaces.Has(NamespaceKinds.User);
        bool outside = OfRunning && own is null;
        if (owners is null && !outOfReach && !shared && !outside)
        {
            return false;
        }

        var noted = new HostMount(source, options.Recursive, options.SourceNoFollow, FromHost: shared, owners)
        {
            OwnSource = own,
            Root = own is null ? null : container.Rootfs,
        };
        Note(noted, Origins.Mount(index, owners is null ? "MNT-01" : "IDM-01"));
        return true;
    }

    /// <summary>Whether the owners in a new file system are mapped, by a user namespace that the host makes; notes it then.</summary>
    public bool MapsOwners(Mount mount, MountOptions options, int index)
    {
        if (OwnersOf(mount, options, index) is not { } owners)
        {
            return false;
        }

        Note(new HostMount(null, Recursive: false, NoFollow: false, FromHost: false, owners), Origins.Mount(index, "IDM-01"));
        return true;
    }

    /// <summary>Plans the mount helper, if it has something to open.</summary>
    public void Start(PlanBuilder plan)
    {
        if (_noted.Count > 0)
        {
            plan.HostBefore(new OpenMountHelper(), _first);
            plan.Host(new ServeMounts(_noted.ToImmutable()), _first);
        }
    }

    private void Note(HostMount mount, Origin origin)
    {
        _first = _noted.Count == 0 ? origin : _first;
        _noted.Add(mount);
    }

    private MountOwners? OwnersOf(Mount mount, MountOptions options, int index)
    {
        if (mount.UidMappings is { Count: > 0 } users && mount.GidMappings is { Count: > 0 } groups)
        {
            return new MountOwners([.. users], [.. groups], options.MapOwnersBelow);
        }

        if (options.Mappings is { } text)
        {
            return OwnerMappings.Parse(text, container, Origins.Mount(index, "IDM-04")) with { Below = options.MapOwnersBelow };
        }

        return options.MapOwners ? new MountOwners([], [], options.MapOwnersBelow) : null;
    }
}
