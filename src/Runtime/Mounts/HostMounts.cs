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

    /// <summary>Whether the host opens the source of a bind mount; notes it then.</summary>
    public bool OpensHostMounts(Mount mount, MountOptions options, string source, int index)
    {
        MountOwners? owners = OwnersOf(mount, options, index);
        bool outOfReach = container.Namespaces.Has(NamespaceKinds.User) && facts.HasSystemAdministration && !options.CopyLink;

        // Our own copy of the host's mounts only follows them; the one that is to give as well comes from where the host's are. Across
        // user namespaces the kernel allows no giving.
        bool shared = options.Propagation.Exists(kind => (kind & MountFlags.Shared) != 0)
            && container.Namespaces.IsNew(NamespaceKinds.Mount) && !container.Namespaces.Has(NamespaceKinds.User);
        if (owners is null && !outOfReach && !shared)
        {
            return false;
        }

        Note(new HostMount(source, options.Recursive, options.SourceNoFollow, FromHost: shared, owners), index);
        return true;
    }

    /// <summary>Whether the owners in a new file system are mapped, by a user namespace that the host makes; notes it then.</summary>
    public bool MapsOwners(Mount mount, MountOptions options, int index)
    {
        if (OwnersOf(mount, options, index) is not { } owners)
        {
            return false;
        }

        Note(new HostMount(null, Recursive: false, NoFollow: false, FromHost: false, owners), index);
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

    private void Note(HostMount mount, int index)
    {
        _first = _noted.Count == 0 ? Origins.Mount(index, mount.Owners is null ? "MNT-01" : "IDM-01") : _first;
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
