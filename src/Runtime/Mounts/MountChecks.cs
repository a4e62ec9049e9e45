using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Mounts that must not be made, whatever the host would allow.</summary>
internal static class MountChecks
{
    /// <summary>Below a procfs only these files may be replaced, as lxcfs does: anything else could hide a mask (MNT-11).</summary>
    private static readonly string[] ReplaceableInProc =
    [
        "cpuinfo", "diskstats", "meminfo", "stat", "swaps", "uptime", "loadavg", "slabinfo", "sys/kernel/ns_last_pid", "sys/crypto/fips_enabled",
    ];

    /// <exception cref="RuntimeError">Why it must not.</exception>
    public static void Check(Mount mount, MountOptions options, RootfsPath destination, Origin origin)
    {
        string where = destination.ToString();
        if (options.Remount)
        {
            CheckRemount(mount, options, where, origin);
            return;
        }

        // What covers the root would not be the root that was opened before (MNT-10).
        if (destination.IsRoot)
        {
            throw origin.Refuse("mount over /: the container's root cannot be covered", hint: "set root.path instead");
        }

        if (options.Bind)
        {
            CheckBind(mount, options, where, origin);
        }
        else
        {
            CheckFilesystem(mount, options, where, origin);
        }

        CheckProc(mount, options, where, origin);
    }

    private static void CheckRemount(Mount mount, MountOptions options, string where, Origin origin)
    {
        string? other = options.CopyUp ? "tmpcopyup" : options.CopyLink ? "copy-symlink" : MapsOwners(mount, options) ? "idmap" : null;
        if (other is not null)
        {
            throw origin.Refuse($"remount {where}: {other} is for a new mount, and a remount changes one that exists");
        }
    }

    private static void CheckBind(Mount mount, MountOptions options, string where, Origin origin)
    {
        if (string.IsNullOrEmpty(mount.Source))
        {
            throw origin.Refuse($"bind mount on {where}: source is required");
        }

        if (options.CopyUp)
        {
            throw origin.Refuse($"bind mount on {where}: tmpcopyup copies into a new tmpfs, and a bind mount makes none");
        }

        if (options.CopyLink && (MapsOwners(mount, options) || options.Propagation.Exists(kind => (kind & MountFlags.Shared) != 0)))
        {
            throw origin.Refuse($"bind mount on {where}: copy-symlink may make a link, which can be neither idmapped nor shared");
        }
    }

    /// <summary>
    /// What is shown is a file system that has its options already. mount(2) takes others with a bind mount and does not look at them; callers
    /// have written such for years, so they are left out, and said to be (MNT-17).
    /// </summary>
    /// <param name="what">What is mounted, that makes no file system.</param>
    public static void WarnOfOptions(Mount mount, MountOptions options, int index, string what, PlanBuilder plan)
    {
        foreach (int place in options.ForFilesystem)
        {
            plan.Warn($"mounts[{index}].options[{place}]: {mount.Options![place]} is left out: it is for a file system, and {what} makes none");
        }
    }

    private static void CheckFilesystem(Mount mount, MountOptions options, string where, Origin origin)
    {
        if (string.IsNullOrEmpty(mount.Type))
        {
            throw origin.Refuse($"mount {where}: type is required unless the options hold bind or rbind");
        }

        if (options.CopyUp && mount.Type != "tmpfs")
        {
            throw origin.Refuse($"mount {where}: tmpcopyup needs the type tmpfs, not {mount.Type}");
        }

        if (options.CopyLink || options.SourceNoFollow)
        {
            throw origin.Refuse($"mount {where}: {(options.CopyLink ? "copy-symlink" : "src-nofollow")} is about the source of a bind mount, and this is none");
        }

        if (mount.Type is "cgroup" or "cgroup2" && MapsOwners(mount, options))
        {
            throw origin.Refuse($"mount {where}: the kernel maps no owners of cgroups");
        }
    }

    private static bool MapsOwners(Mount mount, MountOptions options) => options.MapOwners || mount.UidMappings is { Count: > 0 };

    private static void CheckProc(Mount mount, MountOptions options, string where, Origin origin)
    {
        // What is bound to /proc is looked at when it is open.
        bool isProc = where == "/proc" && (options.Bind || mount.Type == "proc");
        if (isProc || (where != "/proc" && !where.StartsWith("/proc/", StringComparison.Ordinal)))
        {
            return;
        }

        if (where == "/proc" || Array.IndexOf(ReplaceableInProc, where["/proc/".Length..]) < 0)
        {
            throw origin.Refuse(
                $"mount {where}: cannot be mounted because it is inside /proc",
                hint: "it could hide what is masked there; only files that describe the machine, such as /proc/meminfo, may be replaced");
        }
    }
}
