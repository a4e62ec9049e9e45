using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The mounts of the configuration, in their order (MNT-01).</summary>
internal static class MountPlanning
{
    /// <summary>What a bind mount that names none of them loses when the configuration names attributes.</summary>
    private const MountAttributes Restrictions =
        MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDevices | MountAttributes.NoExecute | MountAttributes.NoSymbolicLinks;

    /// <summary>Plans every mount.</summary>
    /// <exception cref="RuntimeError">A mount that cannot be allowed.</exception>
    public static void Mount(ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, HostMounts hostMounts, PlanBuilder plan)
    {
        if (container.MountLabel is not null)
        {
            Origin origin = Origins.Linux("mountLabel", "MLBL-01");
            plan.HostBefore(new RequireSecurityModule(SecurityModule.Selinux, origin), origin);
        }

        for (var i = 0; i < container.Mounts.Length; i++)
        {
            Mount mount = container.Mounts[i];
            MountOptions options = MountOptions.Of(mount);
            RootfsPath destination = RootfsPath.Parse(mount.Destination);
            Origin origin = Origins.Mount(i, "MNT-01");
            MountChecks.Check(mount, options, destination, Origins.Mount(i, "MNT-08"));
            if (options.Bind)
            {
                MountChecks.WarnOfOptions(mount, options, i, "a bind mount", plan);
            }

            if (options.Remount)
            {
                plan.Container(RemountOf(mount, options, destination), origin);
            }
            else if (options.Bind)
            {
                plan.Container(BindOf(container, mount, options, destination, hostMounts, i), origin);
            }
            else if (mount.Type is "cgroup" or "cgroup2")
            {
                // They can be shown only once they exist.
                plan.AwaitIfTold(Checkpoint.CgroupsMade, Origins.Mount(i, "MNT-14"));
                CgroupMountPlanning.Mount(container, facts, cgroup, mount, options, i, plan);
            }
            else
            {
                plan.Container(FilesystemOf(container, facts, mount, options, destination, hostMounts, i), origin);
            }
        }
    }

    /// <summary>
    /// A read-only /dev becomes so only when its nodes exist, a read-only tmpfs when what is mounted in it has found its place; the
    /// root itself comes last of all (MNT-15, ROOT-04).
    /// </summary>
    public static void Finish(ResolvedContainer container, PlanBuilder plan)
    {
        for (var i = 0; i < container.Mounts.Length; i++)
        {
            if (IsDelayed(container.Mounts[i], MountOptions.Of(container.Mounts[i])))
            {
                plan.Container(new MakeMountReadOnly(i), Origins.Mount(i, "MNT-15"));
            }
        }

        if (container.RootReadOnly)
        {
            RootPlanning.Close(container.Namespaces, plan);
        }
    }

    /// <summary>
    /// The changes that the options ask for, by the rule of mount(2)'s MS_REMOUNT and runc: without an option for an attribute the mount
    /// keeps all that its source has. With one, even one that only clears, it has those that are named, and loses the other restrictions
    /// where the kernel has not locked them. Access times are apart: they change together when a mode of them or <c>nodiratime</c> is set,
    /// with <c>relatime</c> where none is named, and stay when an option only clears one (MNT-16, MOPT-02).
    /// </summary>
    internal static MountChanges ChangesOf(MountOptions options)
    {
        const MountAttributes directories = MountAttributes.NoDirectoryAccessTime;
        bool setsAccessTimes = (options.Clear & MountAttributes.AccessTimeMask) != 0 || (options.Set & directories) != 0;
        MountAttributes clear = (options.Clear & ~directories) | (setsAccessTimes ? MountAttributes.AccessTimeMask : 0);
        MountAttributes lost = options.MentionsAttributes ? Restrictions | (setsAccessTimes ? directories : 0) : 0;
        return new MountChanges(
            options.Set, clear, lost & ~options.Set & ~clear, options.SetBelow, options.ClearBelow, PropagationOf(options));
    }

    internal static ImmutableArray<MountFlags> PropagationOf(MountOptions options) => [.. options.Propagation];

    private static bool IsDelayed(Mount mount, MountOptions options) =>
        !options.Bind && !options.Remount && (AttributesOf(options) & MountAttributes.ReadOnly) != 0
        && (mount.Type == "tmpfs" || RootfsPath.Parse(mount.Destination).ToString() == "/dev");

    private static Remount RemountOf(Mount mount, MountOptions options, RootfsPath destination)
    {
        if (options.Bind)
        {
            return new Remount(destination, ChangesOf(options), [], Superblock: false);
        }

        // Without bind, mount(8) means the file system too.
        string access = (options.Set & MountAttributes.ReadOnly) != 0 ? "ro" : "rw";
        bool mentionsAccess = ((options.Set | options.Clear) & MountAttributes.ReadOnly) != 0;
        ImmutableArray<MountParameter> parameters =
            mentionsAccess ? [.. options.Parameters, new MountParameter(access, default)] : [.. options.Parameters];
        return new Remount(destination, ChangesOf(options), parameters, Superblock: !parameters.IsEmpty);
    }

    private static BindMount BindOf(
        ResolvedContainer container, Mount mount, MountOptions options, RootfsPath destination, HostMounts hostMounts, int index)
    {
        string source = mount.Source!.StartsWith('/') ? mount.Source : container.Bundle + "/" + mount.Source;
        BindMountFlags traits =
            (options.Recursive ? BindMountFlags.Recursive : 0)
            | (options.SourceNoFollow ? BindMountFlags.SourceNoFollow : 0)
            | (options.DestinationNoFollow ? BindMountFlags.DestinationNoFollow : 0)
            | (options.CopyLink ? BindMountFlags.CopyLink : 0)
            | (destination.ToString() == "/proc" ? BindMountFlags.MustBeProc : 0)
            | (hostMounts.OpensHostMounts(mount, options, source, index) ? BindMountFlags.HostMounts : 0);
        return new BindMount(destination, source, traits, ChangesOf(options)) { OwnSource = hostMounts.OwnSource(source) };
    }

    private static MountFilesystem FilesystemOf(
        ResolvedContainer container, HostFacts facts, Mount mount, MountOptions options, RootfsPath destination, HostMounts hostMounts, int index)
    {
        bool delayed = IsDelayed(mount, options);

        // Layers come from the mount helper before the owners of what is made of them.
        Origin origin = Origins.Mount(index, "MNT-06");
        ImmutableArray<MountParameter> parameters = ParametersOf(container, facts, mount, options, hostMounts, origin);
        bool inherits = mount.Type == "tmpfs" && !options.Parameters.Exists(parameter => parameter.Key == "mode");
        FilesystemMountFlags traits =
            (inherits ? FilesystemMountFlags.InheritMode : 0)
            | (mount.Type is "proc" or "sysfs" ? FilesystemMountFlags.RealDirectory : 0)
            | (options.CopyUp ? FilesystemMountFlags.CopyUp : 0)
            | (options.DestinationNoFollow ? FilesystemMountFlags.DestinationNoFollow : 0)
            | (FilesystemParameters.GoAsText(container, facts, mount, parameters, origin) ? FilesystemMountFlags.OptionsAsText : 0)
            | (hostMounts.MapsOwners(mount, options, index) ? FilesystemMountFlags.MapOwners : 0);
        return new MountFilesystem(
            destination,
            mount.Type!,
            string.IsNullOrEmpty(mount.Source) ? mount.Type! : mount.Source,
            parameters,
            AttributesOf(options) & (delayed ? ~MountAttributes.ReadOnly : ~MountAttributes.None),
            traits,
            PropagationOf(options))
        {
            Instead = InsteadOf(container, facts, mount.Type!),
            Keep = delayed ? index : -1,
            Label = mount.Type == "mqueue" && container.MountLabel is { } label ? new CString(label) : default,
        };
    }

    /// <summary>Nothing is mounted below a mount that is being made: what is said of all below is said of itself, and said last (MOPT-04).</summary>
    internal static MountAttributes AttributesOf(MountOptions options) => (options.Set & ~options.ClearBelow) | options.SetBelow;

    /// <summary>
    /// The kernel lets a user namespace mount a sysfs only with a network, and a proc only with processes, that belong to it. With those of
    /// the host, the host's own is shown: the container sees nothing there that it could not see otherwise.
    /// </summary>
    private static CString InsteadOf(ResolvedContainer container, HostFacts facts, string type)
    {
        bool inside = container.Namespaces.Has(NamespaceKinds.User) || facts.InUserNamespace;
        bool sysfs = type == "sysfs" && !container.Namespaces.IsNew(NamespaceKinds.Network);
        bool proc = type == "proc" && !container.Namespaces.Has(NamespaceKinds.Pid);
        return inside && (sysfs || proc) ? new CString(sysfs ? "/sys" : "/proc") : default;
    }

    /// <summary>
    /// A read-only mount of a device also opens the device read-only: one that cannot be written to could not be mounted otherwise.
    /// Not so for the kernel's own file systems, whose superblock is shared with every mount of them. They have labels of their own
    /// too; and message queues take theirs only once they are mounted (MNT-20).
    /// </summary>
    private static ImmutableArray<MountParameter> ParametersOf(
        ResolvedContainer container, HostFacts facts, Mount mount, MountOptions options, HostMounts hostMounts, Origin origin)
    {
        List<MountParameter> parameters = FilesystemParameters.Fit(container, facts, mount, options.Parameters, hostMounts, origin);
        if ((options.Set & MountAttributes.ReadOnly) != 0 && mount.Source is ['/', ..])
        {
            parameters.Add(new MountParameter("ro", default));
        }

        if (mount.Type is not ("proc" or "sysfs" or "mqueue"))
        {
            AddLabel(container, parameters);
        }

        return [.. parameters];
    }

    /// <summary>The label of everything in a file system, unless its options hold one.</summary>
    internal static void AddLabel(ResolvedContainer container, List<MountParameter> parameters)
    {
        if (container.MountLabel is { } label && !parameters.Exists(parameter => parameter.Key == "context"))
        {
            parameters.Add(new MountParameter("context", label));
        }
    }
}
