using Hull.Oci;

namespace Hull.Runtime.Tests.Laws;

/// <summary>
/// Configurations made by chance. Most are valid; those that are not are thrown away by the caller, as create would refuse them.
/// </summary>
internal static partial class RandomConfig
{
    private static readonly string[] Destinations =
    [
        "/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup", "/tmp", "/run", "/run/lock", "/etc/hosts", "/etc//resolv.conf",
        "data", "/a/../b", "/deep/er/and/deeper", "/with space", "/ünïcode", "/run/", "/./x", "/proc/meminfo",
    ];

    internal static Config Make(Chance chance)
    {
        Namespace[] namespaces = Namespaces(chance);
        bool ownMounts = namespaces.Any(one => one.Type == NamespaceType.Mount && one.Path is null);
        bool uts = namespaces.Any(one => one.Type == NamespaceType.Uts);
        return new Config
        {
            OciVersion = chance.Of("1.0.0", "1.2.1", "1.3.0"),
            Root = new Root { Path = chance.Of("rootfs", "/images/one", "a/b"), Readonly = chance.Of<bool?>(null, true, false) },
            Mounts = chance.Percent(85) ? Mounts(chance) : null,
            Process = ProcessOf(chance),
            Hostname = uts && chance.Percent(50) ? chance.Of("box", "") : null,
            Domainname = uts && chance.Percent(30) ? "example.org" : null,
            Hooks = chance.Percent(50) ? HooksOf(chance) : null,
            Annotations = chance.Percent(20) ? new Map<string>(new KeyValuePair<string, string>("org.example", "value")) : null,
            Linux = chance.Percent(97) ? Linux(chance, namespaces, ownMounts) : null,
        };
    }

    private static Mount[] Mounts(Chance chance)
    {
        var mounts = new Mount[chance.Below(9)];
        for (var i = 0; i < mounts.Length; i++)
        {
            string destination = chance.Of(Destinations);
            Mount made = destination switch
            {
                "/proc" => new Mount { Destination = destination, Type = "proc", Source = "proc" },
                "/proc/meminfo" => Bind(chance, destination),
                "/sys/fs/cgroup" => new Mount { Destination = destination, Type = "cgroup", Source = "cgroup", Options = chance.Some("ro", "nosuid", "noexec") },
                _ => chance.Percent(50) ? Bind(chance, destination) : Filesystem(chance, destination),
            };
            mounts[i] = made with { GidMappings = made.UidMappings is null ? null : Mappings(chance) };
        }

        return mounts;
    }

    private static Mount Bind(Chance chance, string destination) => new()
    {
        Destination = destination,
        Source = chance.Of("/srv/data", "relative/source", "/dev", "/"),
        Type = chance.Of("bind", "none", null!, "tmpfs"),
        Options = [chance.Of("bind", "rbind"), .. Options(chance), .. chance.Few(1, "src-nofollow", "dest-nofollow", "idmap", "ridmap")],
        UidMappings = chance.Percent(10) ? Mappings(chance) : null,
    };

    private static Mount Filesystem(Chance chance, string destination) => new()
    {
        Destination = destination,
        Source = chance.Of("tmpfs", null!, "/dev/sda1"),
        Type = chance.Of("tmpfs", "sysfs", "devpts", "mqueue", "ext4", "overlay"),
        UidMappings = chance.Percent(5) ? Mappings(chance) : null,
        Options = chance.Percent(20) ? null : [.. Options(chance), .. chance.Some("mode=755", "size=64k,nr_inodes=8", "context=\"a,b\"", "sync", "async", "acl", "defaults")],
    };

    private static string[] Options(Chance chance) =>
    [
        .. chance.Few(
            5, "ro", "rw", "nosuid", "suid", "nodev", "dev", "noexec", "exec", "noatime", "atime", "strictatime", "relatime", "nodiratime", "nosymfollow",
            "rro", "rrw", "rnosuid", "rnoatime", "silent", "iversion"),
        .. chance.Few(2, "shared", "slave", "private", "rshared", "rslave", "rprivate", "unbindable", "runbindable"),
    ];

    private static Process ProcessOf(Chance chance) => new()
    {
        Terminal = chance.Percent(25) ? true : null,
        ConsoleSize = chance.Percent(20) ? new ConsoleSize { Height = (uint)chance.Below(100), Width = (uint)chance.Below(300) } : null,
        Cwd = chance.Of("/", "/srv", "/srv/../other", "/deep/er"),
        Args = [chance.Of("sh", "/bin/true", "./here", "bin/there"), .. chance.Few(3, "-c", "", "a b", "ü")],
        Env = chance.Percent(80) ? chance.Few(6, "PATH=/usr/bin:/bin", "PATH=", "A=1", "A=2", "B==", "HOME=/root", "TERM=xterm") : null,
        Rlimits = chance.Percent(50) ? Rlimits(chance) : null,
        Capabilities = chance.Percent(80) ? CapabilitiesOf(chance) : null,
        NoNewPrivileges = chance.Of<bool?>(null, true, false),
        Scheduler = chance.Percent(10) ? new Scheduler { Policy = SchedulerPolicy.Batch, Nice = 19, Flags = [SchedulerFlag.ResetOnFork] } : null,
        IoPriority = chance.Percent(10) ? new IoPriority { Class = IoPriorityClass.BestEffort, Priority = 7 } : null,
        ApparmorProfile = chance.Percent(10) ? "profile" : null,
        SelinuxLabel = chance.Percent(10) ? "system_u:system_r:container_t:s0" : null,
        OomScoreAdj = chance.Percent(30) ? (int)chance.Between(-1000, 1000) : null,
        User = chance.Percent(80) ? UserOf(chance) : null,
    };

    private static User UserOf(Chance chance) => new()
    {
        Uid = (uint)chance.Of(0, 0, 1000, 65534),
        Gid = (uint)chance.Of(0, 5, 1000),
        Umask = chance.Percent(30) ? (uint)chance.Below(512) : null,
        AdditionalGids = chance.Percent(30) ? [.. chance.Few(4, 0u, 10u, 20u, 4000000000u)] : null,
    };

    private static Rlimit[] Rlimits(Chance chance)
    {
        RlimitType[] types = chance.Some(Enum.GetValues<RlimitType>());
        return [.. types.Select(type =>
        {
            ulong hard = (ulong)chance.Of(0, 100, 4096, 1 << 20, long.MaxValue - 1);
            return new Rlimit { Type = type, Soft = hard == 0 ? 0 : (ulong)chance.Between(0, (long)hard), Hard = chance.Percent(20) ? ulong.MaxValue : hard };
        })];
    }

    private static Capabilities CapabilitiesOf(Chance chance) => new()
    {
        Effective = Names(chance),
        Bounding = Names(chance),
        Permitted = Names(chance),
        Inheritable = Names(chance),
        Ambient = Names(chance),
    };

    private static string[] Names(Chance chance) => chance.Some(
        "CAP_CHOWN", "CAP_KILL", "CAP_SETUID", "CAP_NET_BIND_SERVICE", "CAP_SYS_ADMIN", "CAP_CHECKPOINT_RESTORE", "CAP_BPF", "CAP_FLY");

    private static Hooks HooksOf(Chance chance) => new()
    {
        Prestart = Calls(chance, "prestart"),
        CreateRuntime = Calls(chance, "createRuntime"),
        CreateContainer = Calls(chance, "createContainer"),
        StartContainer = Calls(chance, "startContainer"),
        Poststart = Calls(chance, "poststart"),
        Poststop = Calls(chance, "poststop"),
    };

    private static Hook[]? Calls(Chance chance, string kind)
    {
        if (chance.Percent(40))
        {
            return null;
        }

        var hooks = new Hook[chance.Below(4)];
        for (var i = 0; i < hooks.Length; i++)
        {
            hooks[i] = new Hook
            {
                Path = $"/hooks/{kind}/{i}",
                Args = chance.Percent(50) ? [kind, "argument"] : null,
                Env = chance.Percent(30) ? ["X=1"] : null,
                Timeout = chance.Percent(30) ? chance.Of(1, 60, int.MaxValue) : null,
            };
        }

        return hooks;
    }
}
