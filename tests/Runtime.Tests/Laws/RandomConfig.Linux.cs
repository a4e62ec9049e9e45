using Hull.Oci;

namespace Hull.Runtime.Tests.Laws;

/// <content>What is specific to Linux.</content>
internal static partial class RandomConfig
{
    private static Namespace[] Namespaces(Chance chance)
    {
        NamespaceType[] types = chance.Percent(40)
            ? [NamespaceType.Pid, NamespaceType.Network, NamespaceType.Ipc, NamespaceType.Uts, NamespaceType.Mount]
            : chance.Some(Enum.GetValues<NamespaceType>());
        int joined = chance.Of(0, 0, 30, 100);
        return [.. types.Select(type => new Namespace
        {
            Type = type,
            Path = chance.Percent(joined) && (type != NamespaceType.Mount || chance.Percent(30)) ? $"/proc/4711/ns/{type}" : null,
        })];
    }

    private static LinuxConfig Linux(Chance chance, Namespace[] namespaces, bool ownMounts)
    {
        bool user = namespaces.Any(one => one.Type == NamespaceType.User && one.Path is null);
        bool clocks = namespaces.Any(one => one.Type == NamespaceType.Time && one.Path is null);
        bool mounts = namespaces.Any(one => one.Type == NamespaceType.Mount);
        return new LinuxConfig
        {
            Namespaces = namespaces,
            UidMappings = user ? Mappings(chance) : null,
            GidMappings = user ? Mappings(chance) : null,
            TimeOffsets = clocks && chance.Percent(60) ? Clocks(chance) : null,
            Devices = chance.Percent(40) ? Devices(chance) : null,
            CgroupsPath = chance.Of(null!, "/pods/one", "relative", "", "/a//b/./c"),
            Resources = chance.Percent(60) ? ResourcesOf(chance) : null,
            RootfsPropagation = ownMounts && chance.Percent(40) ? chance.Of(Enum.GetValues<RootfsPropagation>()) : null,
            MaskedPaths = mounts && chance.Percent(60) ? chance.Few(5, "/proc/kcore", "/proc//kcore", "/sys/firmware", "/etc/secret", "/") : null,
            ReadonlyPaths = mounts && chance.Percent(60) ? chance.Few(5, "/proc/sys", "/proc/sys/", "/proc/bus", "/usr") : null,
            Sysctl = chance.Percent(20) ? Parameters(chance, namespaces) : null,
            MemoryPolicy = chance.Percent(10) ? new MemoryPolicy { Mode = MemoryPolicyMode.Bind, Nodes = "0,64-65", Flags = [MemoryPolicyFlag.StaticNodes] } : null,
            Personality = chance.Percent(10) ? new Personality { Domain = chance.Of(Enum.GetValues<PersonalityDomain>()) } : null,
            NetDevices = chance.Percent(10) && namespaces.Any(one => one.Type == NamespaceType.Network) ? Interfaces() : null,
            IntelRdt = chance.Percent(10) ? Rdt(chance) : null,
            Seccomp = chance.Percent(30) ? Filter(chance) : null,
        };
    }

    private static Map<string> Parameters(Chance chance, Namespace[] namespaces)
    {
        var all = new List<KeyValuePair<string, string>>();
        if (namespaces.Any(one => one.Type == NamespaceType.Network))
        {
            all.Add(new("net.ipv4.ip_forward", "1"));
            all.Add(new("net/ipv4/conf/eth0.100/forwarding", "0"));
        }

        if (namespaces.Any(one => one.Type == NamespaceType.Ipc))
        {
            all.Add(new("kernel.shm_rmid_forced", "1"));
        }

        return new Map<string>(chance.Some(all.ToArray()));
    }

    private static Map<NetDevice> Interfaces() =>
        new(new KeyValuePair<string, NetDevice>("veth0", new NetDevice { Name = "eth%d" }), new KeyValuePair<string, NetDevice>("veth1", new NetDevice()));

    private static IntelRdt Rdt(Chance chance) => new()
    {
        ClosId = chance.Of(null!, "/", "shared"),
        L3CacheSchema = chance.Of(null!, "L3:0=f"),
        MemBwSchema = chance.Of(null!, "MB:0=50"),
        Schemata = chance.Percent(50) ? ["L2:0=3"] : null,
        EnableMonitoring = chance.Of<bool?>(null, true, false),
    };

    private static Oci.Seccomp Filter(Chance chance) => new()
    {
        DefaultAction = chance.Of(SeccompAction.Allow, SeccompAction.Errno, SeccompAction.Kill),
        Syscalls = [new SeccompSyscall { Names = ["read", "execve"], Action = SeccompAction.Log }],
        Flags = chance.Percent(50) ? [SeccompFlag.Log] : null,
    };

    private static IdMapping[] Mappings(Chance chance) => chance.Of<IdMapping[]>(
        [new IdMapping { ContainerId = 0, HostId = 1000, Size = 1 }],
        [new IdMapping { ContainerId = 0, HostId = 100000, Size = 65536 }],
        [new IdMapping { ContainerId = 0, HostId = 5000, Size = 10 }, new IdMapping { ContainerId = 10, HostId = 0, Size = 1 }]);

    private static Map<TimeOffset> Clocks(Chance chance) => new(
        [.. chance.Some("monotonic", "boottime").Select(clock => new KeyValuePair<string, TimeOffset>(
            clock, new TimeOffset { Secs = chance.Between(-1000, 1000), Nanosecs = chance.Percent(50) ? (uint)chance.Below(1000000000) : null }))]);

    private static Device[] Devices(Chance chance)
    {
        var devices = new Device[chance.Below(5)];
        for (var i = 0; i < devices.Length; i++)
        {
            DeviceType type = chance.Of(Enum.GetValues<DeviceType>());
            devices[i] = new Device
            {
                Type = type,
                Path = chance.Of("/dev/null", "/dev/net/tun", "/dev/fuse", "/dev/ptmx", "/elsewhere/node"),
                Major = type == DeviceType.Fifo ? null : chance.Below(4096),
                Minor = type == DeviceType.Fifo ? null : chance.Below(1 << 20),
                FileMode = chance.Percent(50) ? (uint)chance.Below(512) : null,
                Uid = chance.Percent(30) ? 1000u : null,
                Gid = chance.Percent(30) ? 1000u : null,
            };
        }

        return devices;
    }

    private static Resources ResourcesOf(Chance chance) => new()
    {
        Memory = chance.Percent(50) ? Memory(chance) : null,
        Cpu = chance.Percent(50) ? Cpu(chance) : null,
        Pids = chance.Percent(50) ? new PidsResources { Limit = chance.Of(-1, 0, 100) } : null,
        BlockIo = chance.Percent(10) ? BlockIo(chance) : null,
        HugepageLimits = chance.Percent(5) ? [new HugepageLimit { PageSize = chance.Of("2MB", "1024MB"), Limit = 1 << 30 }] : null,
        Unified = chance.Percent(5) ? new Map<string>(KeyValuePair.Create("memory.high", "max"), KeyValuePair.Create("cgroup.max.depth", "5")) : null,
        Devices = chance.Percent(30)
            ? [new DeviceRule { Allow = chance.Percent(30), Access = "rwm" }, new DeviceRule { Allow = true, Type = DeviceRuleType.Character, Major = 10, Access = "r" }]
            : null,
    };

    private static BlockIoResources BlockIo(Chance chance) => new()
    {
        Weight = chance.Of<ushort?>(null, 0, 500),
        WeightDevice = chance.Percent(30) ? [new BlockIoDeviceWeight { Major = 8, Minor = 0, Weight = 10 }] : null,
        ThrottleReadBpsDevice = chance.Percent(50) ? [new BlockIoDeviceThrottle { Major = 8, Minor = 0, Rate = 1 << 20 }] : null,
    };

    private static MemoryResources Memory(Chance chance)
    {
        long limit = chance.Of(-1, 1 << 20, 1 << 30);
        return new MemoryResources
        {
            Limit = limit,
            Swap = chance.Of<long?>(null, -1, limit > 0 ? limit * 2 : null),
            Reservation = chance.Of<long?>(null, 1 << 20),
            Kernel = chance.Percent(10) ? 1 << 20 : null,
            Swappiness = chance.Percent(10) ? 50 : null,
        };
    }

    private static CpuResources Cpu(Chance chance) => new()
    {
        Shares = chance.Of<ulong?>(null, 2, 1024, 262144),
        Quota = chance.Of<long?>(null, -1, 50000),
        Period = chance.Of<ulong?>(null, 100000),
        Cpus = chance.Of(null!, "0-1", ""),
        Mems = chance.Of(null!, "0"),
        Idle = chance.Percent(10) ? 1 : null,
    };
}
