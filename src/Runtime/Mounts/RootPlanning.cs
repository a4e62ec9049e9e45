using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The root file system: opened first, entered when everything in it is in place.</summary>
internal static class RootPlanning
{
    /// <summary>Without a mount namespace of its own, what the container changes about its root would change the host's mount.</summary>
    /// <exception cref="RuntimeError">The configuration asks for that.</exception>
    public static void Check(ResolvedContainer container)
    {
        if (container.Namespaces.IsNew(NamespaceKinds.Mount))
        {
            CheckMove(container);
            return;
        }

        const string hint = "add a mount namespace without a path to linux.namespaces, or remove the property";
        if (container.RootReadOnly && container.Namespaces.Has(NamespaceKinds.User) && !container.Namespaces.Has(NamespaceKinds.Mount))
        {
            // Not even a copy of the host's mounts is for a user namespace to make.
            throw Origins.Root("readonly", "ROOT-04").Refuse("cannot make the root read-only in a mount namespace that is not the container's own", hint);
        }

        if (container.RootPropagation is not null)
        {
            throw Origins.Linux("rootfsPropagation", "PROP-01").Refuse("cannot change the root in a mount namespace that is not the container's own", hint);
        }
    }

    /// <summary>A root that is moved leaves the host's mounts in place; as private copies they would be held for as long as the container is.</summary>
    private static void CheckMove(ResolvedContainer container)
    {
        if (container.RootChange == RootChange.Move && container.RootPropagation is RootfsPropagation.Private or RootfsPropagation.RecursivePrivate)
        {
            throw Origins.Linux("rootfsPropagation", "PROP-02").Refuse(
                "a private root is not possible with --no-pivot: copies of the host's mounts would stay", "leave --no-pivot out, or use slave");
        }
    }

    /// <summary>
    /// A mount namespace of our own starts as a copy whose mounts may be shared with the host. As slaves they send nothing
    /// back, and still pass on what the host mounts later to binds that ask for it.
    /// </summary>
    public static void Open(ResolvedContainer container, HostMounts hostMounts, PlanBuilder plan)
    {
        Origin origin = Origins.Root("path", "ROOT-02");
        if (container.Namespaces.IsNew(NamespaceKinds.Mount))
        {
            bool unrelated = container.RootPropagation is RootfsPropagation.Private or RootfsPropagation.RecursivePrivate;
            MountFlags propagation = (unrelated ? MountFlags.Private : MountFlags.Slave) | MountFlags.Recursive;
            plan.Container(new SetPropagation("/", propagation), Origins.Linux("rootfsPropagation", "PROP-01"));
        }

        var open = new OpenRootfs(container.Rootfs + "/", MakeMount: container.Namespaces.IsNew(NamespaceKinds.Mount))
        {
            FromMountHelper = hostMounts.OpensRoot(),
        };
        plan.Container(open, origin);
    }

    /// <summary>Makes the root file system <c>/</c>; from here on no path leads to the host.</summary>
    public static void Enter(ResolvedContainer container, HostFacts facts, PlanBuilder plan)
    {
        Origin origin = Origins.Root("path", "ROOT-02");
        if (container.RootChange == RootChange.Move)
        {
            // A process that keeps the whole mount table must not find a full /proc or /sys in it: with one in sight the
            // kernel would let a nested user namespace mount another without the masks.
            foreach (string mount in facts.KernelFilesystemMounts)
            {
                plan.Container(new DetachMount(mount), origin);
            }
        }

        plan.Container(new EnterRootfs(container.RootChange), origin);
    }

    /// <summary>
    /// Makes the root read-only. runc and crun leave it writable in a mount namespace that is not the container's own; the specification
    /// says that it MUST be read-only. So there the container gets mounts of its own as its root, in which it cannot mount anything (ROOT-04).
    /// </summary>
    public static void Close(ResolvedNamespaces namespaces, PlanBuilder plan) =>
        plan.Container(namespaces.IsNew(NamespaceKinds.Mount) ? new MakeRootReadOnly() : new EnterReadOnlyRoot(), Origins.Root("readonly", "ROOT-04"));

    /// <summary>
    /// The propagation that stays. After the masks: they are binds of parts of the root, and an unbindable root, with all below
    /// it, could no longer be bound.
    /// </summary>
    public static void Propagate(ResolvedContainer container, PlanBuilder plan)
    {
        if (container.RootPropagation is { } propagation)
        {
            plan.Container(new SetPropagation("/", FlagsOf(propagation)), Origins.Linux("rootfsPropagation", "PROP-01"));
        }
    }

    private static MountFlags FlagsOf(RootfsPropagation propagation) => propagation switch
    {
        RootfsPropagation.Shared => MountFlags.Shared,
        RootfsPropagation.Slave => MountFlags.Slave,
        RootfsPropagation.Private => MountFlags.Private,
        RootfsPropagation.Unbindable => MountFlags.Unbindable,
        RootfsPropagation.RecursiveShared => MountFlags.Shared | MountFlags.Recursive,
        RootfsPropagation.RecursiveSlave => MountFlags.Slave | MountFlags.Recursive,
        RootfsPropagation.RecursivePrivate => MountFlags.Private | MountFlags.Recursive,
        RootfsPropagation.RecursiveUnbindable => MountFlags.Unbindable | MountFlags.Recursive,
    };
}
