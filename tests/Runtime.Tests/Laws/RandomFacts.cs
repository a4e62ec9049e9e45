using Hull.Linux;

namespace Hull.Runtime.Tests.Laws;

/// <summary>Hosts made by chance.</summary>
internal static class RandomFacts
{
    private static readonly CgroupHierarchy V2 =
        new("/sys/fs/cgroup", ["cpuset", "cpu", "io", "memory", "pids"], "/system.slice/caller.service");

    private static readonly CgroupHierarchy[] V1 =
    [
        new("/sys/fs/cgroup/systemd", ["name=systemd"], "/system.slice"),
        new("/sys/fs/cgroup/cpu,cpuacct", ["cpu", "cpuacct"], "/"),
        new("/sys/fs/cgroup/cpuset", ["cpuset"], "/"),
        new("/sys/fs/cgroup/memory", ["memory"], "/caller"),
        new("/sys/fs/cgroup/pids", ["pids"], "/"),
        new("/sys/fs/cgroup/devices", ["devices"], "/"),
    ];

    internal static HostFacts Make(Chance chance)
    {
        bool root = chance.Percent(75);
        int last = chance.Of(37, 40, 41);
        return new HostFacts
        {
            UserId = root ? 0u : 1000u,
            GroupId = root ? 0u : 1000u,
            Kernel = new KernelVersion(6, chance.Below(20)),
            LastCapability = last,
            InUserNamespace = chance.Percent(20),
            Capabilities = root ? CapabilitySet.UpTo(last) : chance.Of(CapabilitySet.Empty, CapabilitySet.UpTo(20)),
            OpenFilesSoft = (ulong)chance.Of(64, 1024),
            OpenFilesHard = (ulong)chance.Of(1024, 4096, 1 << 20),
            Cgroups = chance.Of(
                CgroupFacts.None,
                new CgroupFacts([], V2),
                new CgroupFacts([.. V1], null),
                new CgroupFacts([.. V1], V2 with { Mount = "/sys/fs/cgroup/unified", Controllers = [] })),
            KernelFilesystemMounts = ["/proc", "/sys"],
            NullStreams = chance.Below(8),
            HasKernelMemory = chance.Percent(80),
            IsRootReachable = chance.Percent(70),
        };
    }
}
