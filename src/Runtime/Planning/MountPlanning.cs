using System.Collections.Immutable;
using Hull.Linux;
using Hull.Linux.Operations;
using Hull.Oci;

namespace Hull.Runtime.Planning;

/// <summary>The mounts of the configuration, in their order (MNT-01).</summary>
internal static class MountPlanning
{
    /// <summary>What a bind mount without any word about them loses when the configuration does speak of attributes.</summary>
    private const MountAttributes Restrictions =
        MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDevices | MountAttributes.NoExecute
        | MountAttributes.NoDirectoryAccessTime | MountAttributes.NoSymbolicLinks;

    /// <summary>Below a procfs only these files may be replaced, as lxcfs does: anything else could hide a mask (MNT-11).</summary>
    private static readonly string[] ReplaceableInProc =
    [
        "cpuinfo", "diskstats", "meminfo", "stat", "swaps", "uptime", "loadavg", "slabinfo", "sys/kernel/ns_last_pid", "sys/crypto/fips_enabled",
    ];

    /// <summary>Plans every mount.</summary>
    /// <exception cref="RuntimeError">A mount that cannot be allowed, or that this version does not carry out.</exception>
    public static void Mount(SettledContainer container, HostFacts facts, Cgroups.CgroupSteps cgroup, Lanes lanes)
    {
        for (var i = 0; i < container.Mounts.Length; i++)
        {
            Mount mount = container.Mounts[i];
            MountOptions options = MountOptions.Of(mount);
            RootfsPath destination = RootfsPath.Parse(mount.Destination);
            Check(mount, options, destination, i);
            if (!options.Bind && mount.Type is "cgroup" or "cgroup2")
            {
                // They can be shown only once they exist.
                lanes.AwaitIfPromised(Checkpoint.CgroupsMade, Origins.Mount(i, "MNT-14"));
                CgroupMountPlanning.Mount(container, facts, cgroup, destination, options, i, lanes);
            }
            else
            {
                Mount(container, mount, options, destination, i, lanes);
            }

            Refine(options, destination, i, lanes);
        }
    }

    /// <summary>
    /// A read-only /dev becomes so only when its nodes exist, a read-only tmpfs when what is mounted in it has found its place; the
    /// root itself comes last of all (MNT-15, ROOT-04).
    /// </summary>
    public static void Finish(SettledContainer container, Lanes lanes)
    {
        for (var i = 0; i < container.Mounts.Length; i++)
        {
            RootfsPath destination = RootfsPath.Parse(container.Mounts[i].Destination);
            MountOptions options = MountOptions.Of(container.Mounts[i]);
            if (IsDelayed(container, i, destination, options))
            {
                lanes.Inside(new ChangeMountAttributes(destination, MountAttributes.ReadOnly, 0, Recursive: false), Origins.Mount(i, "MNT-15"));
            }
        }

        if (container.RootReadOnly)
        {
            lanes.Inside(new MakeRootReadOnly(), new Origin(SpecPath.Root.Property("root").Property("readonly"), "ROOT-04"));
        }
    }

    private static bool IsDelayed(SettledContainer container, int index, RootfsPath destination, MountOptions options) =>
        !options.Bind && (options.Set & MountAttributes.ReadOnly) != 0
        && (container.Mounts[index].Type == "tmpfs" || destination.ToString() == "/dev")
        && !IsCovered(container, index, destination);

    /// <summary>A later mount lies over this one, which no path reaches any more.</summary>
    private static bool IsCovered(SettledContainer container, int index, RootfsPath destination)
    {
        for (var later = index + 1; later < container.Mounts.Length; later++)
        {
            string above = RootfsPath.Parse(container.Mounts[later].Destination).ToString();
            if (destination.ToString() == above || destination.ToString().StartsWith(above + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static void Mount(SettledContainer container, Mount mount, MountOptions options, RootfsPath destination, int index, Lanes lanes)
    {
        Origin origin = Origins.Mount(index, "MNT-01");
        if (options.Bind)
        {
            string source = mount.Source!.StartsWith('/') ? mount.Source : container.Bundle + "/" + mount.Source;
            MountAttributes implied = options.MentionsAttributes ? Restrictions & ~options.Set & ~options.Clear : 0;
            lanes.Inside(new BindMount(destination, source, options.Recursive, options.Set, options.Clear, implied), origin);
            return;
        }

        MountAttributes attributes =
            IsDelayed(container, index, destination, options) ? options.Set & ~MountAttributes.ReadOnly : options.Set;
        bool inheritMode = mount.Type == "tmpfs" && !options.Parameters.Exists(parameter => parameter.Key == "mode");
        bool kernelFilesystem = mount.Type is "proc" or "sysfs";
        lanes.Inside(
            new MountFilesystem(
                destination,
                mount.Type!,
                string.IsNullOrEmpty(mount.Source) ? mount.Type! : mount.Source,
                ParametersOf(mount, options),
                attributes,
                inheritMode,
                FollowLinks: !kernelFilesystem),
            origin);
    }

    /// <summary>
    /// A read-only mount of a device also opens the device read-only: one that cannot be written to could not be mounted otherwise.
    /// Not so for the kernel's own file systems, whose superblock is shared with everybody who mounts them.
    /// </summary>
    private static ImmutableArray<MountParameter> ParametersOf(Mount mount, MountOptions options) =>
        (options.Set & MountAttributes.ReadOnly) != 0 && mount.Source is ['/', ..]
            ? [.. options.Parameters, new MountParameter("ro", default)]
            : [.. options.Parameters];

    /// <summary>What is applied to a mount that is in place: propagation in order, then recursive attributes (MOPT-04).</summary>
    private static void Refine(MountOptions options, RootfsPath destination, int index, Lanes lanes)
    {
        foreach (MountFlags propagation in options.Propagation)
        {
            lanes.Inside(new ChangeMountPropagation(destination, propagation), Origins.Mount(index, "MNT-18"));
        }

        if ((options.SetBelow | options.ClearBelow) != 0)
        {
            lanes.Inside(
                new ChangeMountAttributes(destination, options.SetBelow, options.ClearBelow, Recursive: true), Origins.Mount(index, "MOPT-04"));
        }
    }

    private static void Check(Mount mount, MountOptions options, RootfsPath destination, int index)
    {
        Origin origin = Origins.Mount(index, "MNT-08");
        string where = destination.ToString();
        if (options.NotSupported is { } option)
        {
            throw origin.Refuse($"mount {where}: option {option} is not supported by this version of hull");
        }

        if (mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 })
        {
            throw origin.Refuse($"mount {where}: idmapped mounts are not supported by this version of hull");
        }

        if (destination.IsRoot)
        {
            throw origin.Refuse("mount over /: the container's root cannot be covered", hint: "set root.path instead");
        }

        if (options.Bind && string.IsNullOrEmpty(mount.Source))
        {
            throw origin.Refuse($"bind mount on {where}: source is required");
        }

        if (options.Bind && options.Parameters.Find(AsksForSomething) is { Key.IsNull: false } parameter)
        {
            throw origin.Refuse($"bind mount on {where}: option {parameter.Key} belongs to a file system, and a bind mount makes none");
        }

        if (!options.Bind && string.IsNullOrEmpty(mount.Type))
        {
            throw origin.Refuse($"mount {where}: type is required unless the options hold bind or rbind");
        }

        CheckProc(mount, options, where, origin);
    }

    /// <summary>Options that only take another one back, as <c>mount -o defaults</c> means them, ask nothing of a file system.</summary>
    private static bool AsksForSomething(MountParameter parameter) => parameter.Key.ToString() is not ("async" or "nolazytime" or "nomand");

    private static void CheckProc(Mount mount, MountOptions options, string where, Origin origin)
    {
        bool isProc = where == "/proc" && (options.Bind ? mount.Source!.TrimEnd('/') == "/proc" : mount.Type == "proc");
        if (isProc || (where != "/proc" && !where.StartsWith("/proc/", StringComparison.Ordinal)))
        {
            return;
        }

        if (where == "/proc" || Array.IndexOf(ReplaceableInProc, where["/proc/".Length..]) < 0)
        {
            throw origin.Refuse($"mount {where}: cannot be mounted because it is inside /proc",
                hint: "it could hide what is masked there; only files that describe the machine, such as /proc/meminfo, may be replaced");
        }
    }
}
