using System.Text;
using Hull.Linux;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>What three kinds of host say of their cgroups, as recorded.</summary>
internal static class CgroupFixtures
{
    internal const string V1Mounts = """
        24 29 0:22 / /proc rw,nosuid,nodev,noexec,relatime shared:13 - proc proc rw
        31 23 0:27 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
        32 31 0:28 / /sys/fs/cgroup/systemd rw,nosuid,nodev,noexec,relatime shared:10 - cgroup cgroup rw,xattr,release_agent=/usr/lib/systemd/systemd-cgroups-agent,name=systemd
        36 31 0:32 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid,nodev,noexec,relatime shared:15 - cgroup cgroup rw,cpu,cpuacct
        37 31 0:33 / /sys/fs/cgroup/memory rw,nosuid,nodev,noexec,relatime shared:16 - cgroup cgroup rw,memory
        38 31 0:34 / /sys/fs/cgroup/freezer rw,nosuid,nodev,noexec,relatime shared:17 - cgroup cgroup rw,freezer

        """;

    internal const string V1Places = """
        4:freezer:/
        3:memory:/user.slice/user-1000.slice
        2:cpu,cpuacct:/user.slice
        1:name=systemd:/user.slice/user-1000.slice/session-1.scope

        """;

    internal const string HybridMounts = """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
        33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
        34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
        37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
        38 31 0:35 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio
        39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw

        """;

    internal const string HybridPlaces = """
        9:name=systemd:/
        8:pids:/
        7:blkio:/
        6:freezer:/
        5:devices:/
        4:memory:/process_api/53579c43cca9ac65aa3a6e02755c1fde
        3:cpuset:/
        2:cpuacct:/
        1:cpu:/
        0::/

        """;

    internal const string V2Mounts = """
        23 30 0:21 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
        27 23 0:25 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot

        """;

    internal const string V2Places = "0::/user.slice/user-1000.slice/session-2.scope\n";

    internal static HostFacts V1 => Facts(V1Mounts, V1Places);

    internal static HostFacts Hybrid => Facts(HybridMounts, HybridPlaces);

    internal static HostFacts V2
    {
        get
        {
            HostFacts facts = Facts(V2Mounts, V2Places);
            CgroupHierarchy v2 = facts.Cgroups.V2! with { Controllers = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma", "misc"] };
            return facts with { Cgroups = facts.Cgroups with { V2 = v2 } };
        }
    }

    /// <summary>Like <see cref="Hybrid"/>, with the controllers that few hosts mount.</summary>
    internal static HostFacts HybridWithEverything
    {
        get
        {
            HostFacts facts = Hybrid;
            CgroupHierarchy[] more = [.. new[] { "hugetlb", "net_cls", "net_prio", "rdma" }.Select(name => new CgroupHierarchy("/sys/fs/cgroup/" + name, [name], "/"))];
            return facts with { Cgroups = facts.Cgroups with { V1 = [.. facts.Cgroups.V1, .. more] } };
        }
    }

    internal static HostFacts WithoutCgroups => Facts("", "");

    private static HostFacts Facts(string mounts, string places) => new()
    {
        UserId = 0,
        GroupId = 0,
        Kernel = new KernelVersion(6, 1),
        LastCapability = 40,
        InUserNamespace = false,
        Capabilities = CapabilitySet.UpTo(40),
        OpenFilesSoft = 1024,
        OpenFilesHard = 4096,
        Cgroups = CgroupHierarchies.Parse(Encoding.UTF8.GetBytes(mounts), Encoding.UTF8.GetBytes(places)),
    };
}
