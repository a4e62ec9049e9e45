using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The properties of <c>linux.resources</c>, a row for each: what it says, the file that takes it on cgroup v1 and on v2, the setting of
/// systemd's that goes with it, and the option of <c>update</c>. What a value may be and what zero means in a change stands beside the
/// property itself (src/Oci/Resources.cs). A property whose value is more than one file, or whose file takes more than one value, names
/// the method that writes it; every other one is written as its row says (<see cref="CgroupResources"/>, <see cref="UnitResources"/>).
/// </summary>
internal static class ResourceTable
{
    private static readonly ResourceHint Time = new("a period is from 1000 to 1000000, and a cgroup above may allow less time", Errno.EINVAL);
    private static readonly ResourceHint Burst = new("a burst must not exceed the quota", Errno.EINVAL);
    private static readonly ResourceHint Realtime = new("each cgroup above must have that much real-time, and those below not more", Errno.EINVAL);
    private static readonly ResourceHint Cpuset = new("the cgroup above has no such processors or memory nodes", Errno.EINVAL, Errno.EACCES, Errno.ERANGE);

    public static readonly ResourceField MemoryLimit = new("memory", "limit", static all => all.Memory?.Limit,
        v1: new("memory", "memory.limit_in_bytes", "MEM-01", hint: new("memory with swap (memory.swap) is limited to less", Errno.EINVAL)),
        v2: new("memory", "memory.max", "CONV-MEM", OrMax),
        unit: new("MemoryLimit", "MemoryMax"), option: "--memory", byHand: static (to, all) => to.AddMemory(all));

    public static readonly ResourceField MemoryReservation = new("memory", "reservation", static all => all.Memory?.Reservation,
        v1: new("memory", "memory.soft_limit_in_bytes", "MEM-02"), v2: new("memory", "memory.low", "CONV-MEM", OrMax),
        unit: new(null, "MemoryLow"), option: "--memory-reservation");

    public static readonly ResourceField MemorySwap = new("memory", "swap", static all => all.Memory?.Swap,
        v1: new("memory", "memory.memsw.limit_in_bytes", "MEM-03", mayLackFor: -1), v2: new("memory", "memory.swap.max", "CONV-SWAP"),
        unit: new(null, "MemorySwapMax", from: static (all, _) => UnitValues.SwapMaximum(all.Memory)), option: "--memory-swap", byHand: AddedAbove);

    public static readonly ResourceField MemoryKernelTcp = new("memory", "kernelTCP", static all => all.Memory?.KernelTcp,
        v1: new("memory", "memory.kmem.tcp.limit_in_bytes", "MEM-05"));

    // MEM-04
    public static readonly ResourceField MemoryKernel = new("memory", "kernel", static all => all.Memory?.Kernel,
        ignored: "kernels cannot limit kernel memory any more; ignored");

    public static readonly ResourceField MemorySwappiness = new("memory", "swappiness", static all => all.Memory?.Swappiness, zeroCounts: true,
        v1: new("memory", "memory.swappiness", "MEM-06"));

    public static readonly ResourceField DisableOomKiller = new("memory", "disableOOMKiller", static all => all.Memory?.DisableOomKiller, zeroCounts: true,
        v1: new("memory", "memory.oom_control", "MEM-07"), alwaysOnV2: 0);

    // Kernels since 5.11 always count children, and have no such file.
    public static readonly ResourceField UseHierarchy = new("memory", "useHierarchy", static all => all.Memory?.UseHierarchy, zeroCounts: true,
        v1: new("memory", "memory.use_hierarchy", "MEM-08", mayLackFor: 1), alwaysOnV2: 1);

    public static readonly ResourceField CpuIdle = new("cpu", "idle", static all => all.Cpu?.Idle, zeroCounts: true,
        v1: new("cpu", "cpu.idle", "CPU-06", mayLackFor: 0), v2: new("cpu", "cpu.idle", "CPU-06", mayLackFor: 0),
        unit: new(null, "CPUWeight", since: 252, from: static (all, _) => all.Cpu?.Idle == 1 ? 0 : null), option: "--cpu-idle",
        byHand: static (to, all) => to.AddShares(all));

    public static readonly ResourceField CpuShares = new("cpu", "shares", static all => all.Cpu?.Shares,
        v1: new("cpu", "cpu.shares", "CPU-01"), v2: new("cpu", "cpu.weight", "CONV-CPU-01", CgroupV2Weight.OfShares),
        unit: new("CPUShares", "CPUWeight", from: UnitValues.Shares), option: "--cpu-share", byHand: AddedAbove);

    public static readonly ResourceField CpuPeriod = new("cpu", "period", static all => all.Cpu?.Period,
        v1: new("cpu", "cpu.cfs_period_us", "CPU-02", hint: Time), v2: new("cpu", "cpu.max", "CONV-CPU-03", hint: Time),
        unit: new("CPUQuotaPeriodUSec", "CPUQuotaPeriodUSec", since: 242), option: "--cpu-period", byHand: static (to, all) => to.AddTime(all));

    // Any number below zero is no quota.
    public static readonly ResourceField CpuQuota = new("cpu", "quota", static all => all.Cpu?.Quota is { } quota ? Math.Max(quota, -1) : default(long?),
        v1: new("cpu", "cpu.cfs_quota_us", "CPU-02", hint: Time), v2: new("cpu", "cpu.max", "CONV-CPU-03", hint: Time),
        unit: new("CPUQuotaPerSecUSec", "CPUQuotaPerSecUSec", from: static (all, _) => UnitValues.QuotaPerSecond(all.Cpu?.Quota ?? 0, all.Cpu?.Period ?? 0)),
        option: "--cpu-quota", byHand: AddedAbove);

    public static readonly ResourceField CpuBurst = new("cpu", "burst", static all => all.Cpu?.Burst, zeroCounts: true,
        v1: new("cpu", "cpu.cfs_burst_us", "CPU-03", mayLackFor: 0, hint: Burst), v2: new("cpu", "cpu.max.burst", "CPU-03", mayLackFor: 0, hint: Burst),
        option: "--cpu-burst", byHand: AddedAbove);

    public static readonly ResourceField RealtimePeriod = new("cpu", "realtimePeriod", static all => all.Cpu?.RealtimePeriod,
        v1: new("cpu", "cpu.rt_period_us", "CPU-04", hint: Realtime), option: "--cpu-rt-period", byHand: static (to, all) => to.AddRealtime(all));

    public static readonly ResourceField RealtimeRuntime = new("cpu", "realtimeRuntime", static all => all.Cpu?.RealtimeRuntime,
        v1: new("cpu", "cpu.rt_runtime_us", "CPU-04", hint: Realtime), option: "--cpu-rt-runtime", byHand: AddedAbove);

    public static readonly ResourceField Cpus = new("cpu", "cpus", static all => all.Cpu?.Cpus,
        v1: new("cpuset", "cpuset.cpus", "CPU-05", hint: Cpuset), v2: new("cpuset", "cpuset.cpus", "CONV-CPUSET", hint: Cpuset),
        unit: new(null, "AllowedCPUs", since: 244), option: "--cpuset-cpus");

    public static readonly ResourceField Mems = new("cpu", "mems", static all => all.Cpu?.Mems,
        v1: new("cpuset", "cpuset.mems", "CPU-05", hint: Cpuset), v2: new("cpuset", "cpuset.mems", "CONV-CPUSET", hint: Cpuset),
        unit: new(null, "AllowedMemoryNodes", since: 244), option: "--cpuset-mems");

    // systemd cannot say 0; the file gets it (PID-02).
    public static readonly ResourceField PidsLimit = new("pids", "limit", static all => all.Pids?.Limit, zeroCounts: true,
        v1: new("pids", "pids.max", "PID-01", OrMax), v2: new("pids", "pids.max", "CONV-PID", OrMax),
        unit: new("TasksMax", "TasksMax", atLeast: 1), option: "--pids-limit");

    // BFQ takes v1's numbers on v2 as well; where it does not schedule, io.weight has a scale of its own.
    public static readonly ResourceField BlockIoWeight = new("blockIO", "weight", static all => (long?)all.BlockIo?.Weight,
        v1: new("blkio", "blkio.bfq.weight", "BIO-01", otherwise: new("blkio", "blkio.weight", "BIO-01")),
        v2: new("io", "io.bfq.weight", "CONV-BLK", otherwise: new("io", "io.weight", "CONV-BLK", CgroupV2Weight.OfBlockIo)),
        unit: new("BlockIOWeight", "IOWeight"), option: "--blkio-weight");

    public static readonly ResourceField BlockIoLeafWeight = new("blockIO", "leafWeight", static all => (long?)all.BlockIo?.LeafWeight,
        v1: new("blkio", "blkio.leaf_weight", "BIO-01", hint: new("kernels since 5.0 do not know it: remove the property", Errno.ENOENT)));

    public static readonly ResourceField BlockDevices = new(
        "blockIO",
        static all => all.BlockIo is { } io && (io.WeightDevice is { Count: > 0 } || io.ThrottleReadBpsDevice is { Count: > 0 } || io.ThrottleWriteBpsDevice is { Count: > 0 }
            || io.ThrottleReadIopsDevice is { Count: > 0 } || io.ThrottleWriteIopsDevice is { Count: > 0 }),
        static (to, all) => to.AddBlockDevices(all.BlockIo));

    public static readonly ResourceField HugepageLimits = new("hugepageLimits", static all => all.HugepageLimits is { Count: > 0 }, static (to, all) => to.AddHugepages(all.HugepageLimits));

    public static readonly ResourceField ClassId = new("network", "classID", static all => (long?)all.Network?.ClassId,
        v1: new("net_cls", "net_cls.classid", "NCL-01"));

    public static readonly ResourceField Priorities = new("network", static all => all.Network?.Priorities is { Count: > 0 }, static (to, all) => to.AddPriorities(all.Network?.Priorities));

    public static readonly ResourceField Rdma = new("rdma", static all => all.Rdma is { Count: > 0 }, static (to, all) => to.AddRdma(all.Rdma));

    // Last, and so it wins (UNI-03).
    public static readonly ResourceField Unified = new("unified", static all => all.Unified is { Count: > 0 }, static (to, all) => to.AddUnified(all.Unified));

    /// <summary>All rows, in the order in which they are written.</summary>
    public static readonly ResourceField[] Fields =
    [
        MemoryLimit, MemoryReservation, MemorySwap, MemoryKernelTcp, MemoryKernel, MemorySwappiness, DisableOomKiller, UseHierarchy,
        CpuIdle, CpuShares, CpuPeriod, CpuQuota, CpuBurst, RealtimePeriod, RealtimeRuntime, Cpus, Mems,
        PidsLimit, BlockIoWeight, BlockIoLeafWeight, BlockDevices, HugepageLimits, ClassId, Priorities, Rdma, Unified,
    ];

    /// <summary>Settings of systemd's for files of cgroup v2 that only <c>unified</c> names.</summary>
    public static readonly (string File, UnitSetting Unit)[] UnifiedUnits =
    [
        ("memory.min", new(null, "MemoryMin")), ("memory.high", new(null, "MemoryHigh")), ("memory.zswap.max", new(null, "MemoryZSwapMax", since: 253)),
    ];

    /// <summary>What to do when the kernel refuses a write to a file of the table; null where that cannot be said.</summary>
    public static string? HintFor(string file, Errno errno)
    {
        foreach (ResourceField field in Fields)
        {
            if ((field.V1?.HintFor(file, errno) ?? field.V2?.HintFor(file, errno)) is { } hint)
            {
                return hint;
            }
        }

        return null;
    }

    /// <summary>The properties that ask for something, in the order of the table; device rules, which have no row, first.</summary>
    public static List<SpecPath> Given(Resources all)
    {
        List<SpecPath> given = all.Devices is { Count: > 0 } ? [ResourceSteps.Devices] : [];
        foreach (ResourceField field in Fields)
        {
            if (field.IsGiven(all) && !given.Contains(field.Path))
            {
                given.Add(field.Path);
            }
        }

        return given;
    }

    // The method of a row above has written this one as well.
    private static void AddedAbove(CgroupResources to, Resources all)
    {
    }

    // -1 is no limit.
    private static ulong OrMax(long number) => number == -1 ? ulong.MaxValue : (ulong)number;
}
