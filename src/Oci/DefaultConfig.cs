namespace Hull.Oci;

/// <summary>
/// The configuration <c>spec</c> writes: the one of the other runtimes, whose users and test suites edit it in known places
/// (process.args is <c>sh</c>, the host name <c>runc</c>, three capabilities, a deny-all device rule).
/// </summary>
public static class DefaultConfig
{
    /// <summary>The version of the specification this runtime implements.</summary>
    public const string SpecVersion = "1.3.0";

    /// <summary>A container of an ordinary runtime.</summary>
    /// <param name="cgroupNamespace">Whether it gets a cgroup namespace, as it should on a host with cgroup v2.</param>
    public static Config Create(bool cgroupNamespace) => new()
    {
        OciVersion = SpecVersion,
        Root = new Root { Path = "rootfs", Readonly = true },
        Mounts = Mounts(rootless: false),
        Process = Process(),
        Hostname = "hull",
        Linux = new LinuxConfig
        {
            Namespaces = Namespaces(rootless: false, cgroupNamespace),
            Resources = new Resources { Devices = [new DeviceRule { Allow = false, Access = "rwm" }] },
            MaskedPaths = MaskedPaths(),
            ReadonlyPaths = ReadonlyPaths(),
        },
    };

    /// <summary>
    /// A container of a runtime without privileges: the caller is root in it, the network and the cgroup stay the caller's.
    /// </summary>
    /// <param name="userId">The user id of the caller.</param>
    /// <param name="groupId">The group id of the caller.</param>
    /// <param name="cgroupNamespace">Whether it gets a cgroup namespace, as it should on a host with cgroup v2.</param>
    public static Config CreateRootless(uint userId, uint groupId, bool cgroupNamespace)
    {
        Config config = Create(cgroupNamespace);
        return config with
        {
            Mounts = Mounts(rootless: true),
            Linux = config.Linux! with
            {
                Namespaces = Namespaces(rootless: true, cgroupNamespace),
                UidMappings = [new IdMapping { ContainerId = 0, HostId = userId, Size = 1 }],
                GidMappings = [new IdMapping { ContainerId = 0, HostId = groupId, Size = 1 }],
                Resources = null,
            },
        };
    }

    private static Process Process() => new()
    {
        Terminal = true,
        Cwd = "/",
        Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
        Args = ["sh"],
        Rlimits = [new Rlimit { Type = RlimitType.Nofile, Soft = 1024, Hard = 1024 }],
        Capabilities = new Capabilities { Effective = Capabilities(), Bounding = Capabilities(), Permitted = Capabilities() },
        NoNewPrivileges = true,
        User = new User { Uid = 0, Gid = 0 },
    };

    private static string[] Capabilities() => ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    private static Mount[] Mounts(bool rootless) =>
    [
        Mount("/proc", "proc", "proc"),
        Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        Terminals(rootless),
        Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
        Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),

        // A new sysfs needs the network namespace's owner, which a user without privileges is not.
        rootless
            ? Mount("/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro")
            : Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
        Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"),
    ];

    // Group 5, tty, has no mapping in a user namespace of one group.
    private static Mount Terminals(bool rootless) => rootless
        ? Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620")
        : Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");

    private static Mount Mount(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options.Length > 0 ? options : null };

    private static List<Namespace> Namespaces(bool rootless, bool cgroupNamespace)
    {
        List<Namespace> namespaces = [new Namespace { Type = NamespaceType.Pid }];
        if (!rootless)
        {
            namespaces.Add(new Namespace { Type = NamespaceType.Network });
        }

        namespaces.Add(new Namespace { Type = NamespaceType.Ipc });
        namespaces.Add(new Namespace { Type = NamespaceType.Uts });
        namespaces.Add(new Namespace { Type = NamespaceType.Mount });
        if (cgroupNamespace)
        {
            namespaces.Add(new Namespace { Type = NamespaceType.Cgroup });
        }

        if (rootless)
        {
            namespaces.Add(new Namespace { Type = NamespaceType.User });
        }

        return namespaces;
    }

    private static string[] MaskedPaths() =>
    [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
        "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
    ];

    private static string[] ReadonlyPaths() => ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
}
