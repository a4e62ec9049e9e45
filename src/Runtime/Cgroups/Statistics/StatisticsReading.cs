using static Hull.Runtime.StatisticsText;

namespace Hull.Runtime;

/// <summary>
/// Turns the kernel's files into statistics. Each controller is looked at by itself: on a hybrid host some are of v1 and some of v2.
/// cgroups(7); Documentation/admin-guide/cgroup-v1, cgroup-v2.rst
/// </summary>
internal static class StatisticsReading
{
    // USER_HZ: the unit of cpuacct.stat, 100 on every processor that .NET knows.
    private const ulong TickNanoseconds = 10_000_000;

    /// <summary>All of them.</summary>
    public static ContainerStatistics Of(IStatisticsFiles files) => new()
    {
        Cpu = files.IsV1("cpuacct") || files.IsV1("cpu") ? V1Cpu(files) : V2Cpu(files),
        Cpuset = files.IsV1("cpuset") ? V1Cpuset(files) : V2Cpuset(files),
        Memory = files.IsV1("memory") ? V1Memory(files) : CgroupV2Memory.Of(files),
        Pids = (Number(files.Read("pids", "pids.current")), LimitOfPids(files.Read("pids", "pids.max"))),
        Block = files.IsV1("blkio") ? BlockReading.OfV1(files) : BlockReading.OfV2(files),
        Hugetlb = HugetlbReading.Of(files),
        Rdma = RdmaReading.Of(files),
        IntelRdt = IntelRdtReading.Of(files),
    };

    private static CpuStatistics V1Cpu(IStatisticsFiles files)
    {
        List<(string, ulong)> throttling = Pairs(files.Read("cpu", "cpu.stat")), times = Pairs(files.Read("cpuacct", "cpuacct.stat"));
        List<ulong> kernel = [], user = [];
        foreach (string[] words in Lines(files.Read("cpuacct", "cpuacct.usage_all")))
        {
            // The first line names the columns: cpu user system
            if (words is [[>= '0' and <= '9', ..], var inUser, var inKernel])
            {
                user.Add(Number(inUser));
                kernel.Add(Number(inKernel));
            }
        }

        return new CpuStatistics
        {
            Total = Number(files.Read("cpuacct", "cpuacct.usage")),
            Kernel = StatisticsText.Of(times, "system") * TickNanoseconds,
            User = StatisticsText.Of(times, "user") * TickNanoseconds,
            PerProcessor = Numbers(files.Read("cpuacct", "cpuacct.usage_percpu")),
            PerProcessorKernel = kernel,
            PerProcessorUser = user,
            Throttling = (
                StatisticsText.Of(throttling, "nr_periods"), StatisticsText.Of(throttling, "nr_throttled"), StatisticsText.Of(throttling, "throttled_time")),
            Pressure = ToPressure(files.Read("", "cpu.pressure")),
        };
    }

    private static CpuStatistics V2Cpu(IStatisticsFiles files)
    {
        const ulong Microsecond = 1000;
        List<(string, ulong)> cpu = Pairs(files.Read("cpu", "cpu.stat"));
        return new CpuStatistics
        {
            Total = StatisticsText.Of(cpu, "usage_usec") * Microsecond,
            Kernel = StatisticsText.Of(cpu, "system_usec") * Microsecond,
            User = StatisticsText.Of(cpu, "user_usec") * Microsecond,
            Throttling = (
                StatisticsText.Of(cpu, "nr_periods"), StatisticsText.Of(cpu, "nr_throttled"), StatisticsText.Of(cpu, "throttled_usec") * Microsecond),
            Pressure = ToPressure(files.Read("", "cpu.pressure")),
        };
    }

    private static CpusetStatistics V1Cpuset(IStatisticsFiles files) => new()
    {
        Cpus = Range(files.Read("cpuset", "cpuset.cpus")),
        Mems = Range(files.Read("cpuset", "cpuset.mems")),
        Flags = [.. CpusetStatistics.FlagFiles.Select(name => SignedNumber(files.Read("cpuset", "cpuset." + name)))],
    };

    private static CpusetStatistics V2Cpuset(IStatisticsFiles files) => new()
    {
        Cpus = Range(files.Read("cpuset", "cpuset.cpus.effective")),
        Mems = Range(files.Read("cpuset", "cpuset.mems.effective")),
    };

    private static MemoryStatistics V1Memory(IStatisticsFiles files)
    {
        List<(string, ulong)> raw = Pairs(files.Read("memory", "memory.stat"));
        return new MemoryStatistics
        {
            Cache = StatisticsText.Of(raw, "cache"),
            Usage = V1Account(files, "memory."),
            Swap = V1Account(files, "memory.memsw."),
            Kernel = V1Account(files, "memory.kmem."),
            KernelTcp = V1Account(files, "memory.kmem.tcp."),
            Raw = CgroupV2Memory.Sorted(raw),
            Pressure = ToPressure(files.Read("", "memory.pressure")),
        };
    }

    private static MemoryAccount V1Account(IStatisticsFiles files, string prefix) => new(
        Number(files.Read("memory", prefix + "limit_in_bytes")),
        Number(files.Read("memory", prefix + "usage_in_bytes")),
        Number(files.Read("memory", prefix + "max_usage_in_bytes")),
        Number(files.Read("memory", prefix + "failcnt")));

    private static ulong LimitOfPids(string? text) => Number(text) is var limit && limit == ulong.MaxValue ? 0 : limit;
}
