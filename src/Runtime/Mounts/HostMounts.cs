using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// What the container process cannot make itself and a process of the host lends it, in the order in which it is wanted: sources that the
/// root of a user namespace has no right to open, mounts whose owners are mapped, which needs power over their file system (IDM-01), and
/// mounts that stay shared with the host (MNT-18).
/// </summary>
internal sealed class HostMounts(ResolvedContainer container, HostFacts facts)
{
    private readonly ImmutableArray<HostMount>.Builder _lent = ImmutableArray.CreateBuilder<HostMount>();
    private Origin _first;

    /// <summary>A bind mount is lent, and noted.</summary>
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

    /// <summary>The owners in a new file system are mapped, by a user namespace that is lent.</summary>
    public bool MapsOwners(Mount mount, MountOptions options, int index)
    {
        if (OwnersOf(mount, options, index) is not { } owners)
        {
            return false;
        }

        Note(new HostMount(null, Recursive: false, NoFollow: false, FromHost: false, owners), index);
        return true;
    }

    /// <summary>Plans the lender, if there is something to lend.</summary>
    public void Start(PlanBuilder plan)
    {
        if (_lent.Count > 0)
        {
            plan.HostBefore(new OpenMountHelper(), _first);
            plan.Host(new ServeMounts(_lent.ToImmutable()), _first);
        }
    }

    private void Note(HostMount lent, int index)
    {
        _first = _lent.Count == 0 ? Origins.Mount(index, lent.Owners is null ? "MNT-01" : "IDM-01") : _first;
        _lent.Add(lent);
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
