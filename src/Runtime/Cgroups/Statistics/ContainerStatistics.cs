namespace Hull.Runtime;

/// <summary>
/// What a container uses and has used, as <c>events</c> tells it: the members of runc's document, which engines and monitoring read, in its
/// order. Times are nanoseconds, sizes bytes; <see cref="ulong.MaxValue"/> is "no limit".
/// </summary>
internal sealed record ContainerStatistics
{
    public CpuStatistics Cpu { get; init; } = new();

    public CpusetStatistics Cpuset { get; init; } = new();

    public MemoryStatistics Memory { get; init; } = new();

    /// <summary>Processes and threads; a limit of 0 is none.</summary>
    public (ulong Current, ulong Limit) Pids { get; init; }

    public BlockStatistics Block { get; init; } = new();

    /// <summary>By page size (<c>2MB</c>), sorted.</summary>
    public IReadOnlyList<(string Size, ulong Usage, ulong Peak, ulong Failures)> Hugetlb { get; init; } = [];

    /// <summary>What stands in rdma.current and rdma.max; empty where no device has any use.</summary>
    public RdmaStatistics Rdma { get; init; } = new([], []);

    public IntelRdtStatistics IntelRdt { get; init; } = new();
}

/// <summary>Processor time.</summary>
internal sealed record CpuStatistics
{
    public ulong Total { get; init; }

    public ulong Kernel { get; init; }

    public ulong User { get; init; }

    /// <summary>One number for each processor; v1 only.</summary>
    public IReadOnlyList<ulong> PerProcessor { get; init; } = [];

    public IReadOnlyList<ulong> PerProcessorKernel { get; init; } = [];

    public IReadOnlyList<ulong> PerProcessorUser { get; init; } = [];

    /// <summary>Periods of the quota that have begun, in how many the quota was used up, and how long processes waited then.</summary>
    public (ulong Periods, ulong Throttled, ulong Time) Throttling { get; init; }

    public Pressure? Pressure { get; init; }
}

/// <summary>Where processes may run and allocate. The flags exist in v1 only.</summary>
internal sealed record CpusetStatistics
{
    public IReadOnlyList<int> Cpus { get; init; } = [];

    public IReadOnlyList<int> Mems { get; init; } = [];

    /// <summary>The files <see cref="FlagFiles"/>, in that order.</summary>
    public IReadOnlyList<long> Flags { get; init; } = [0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Files of the v1 controller, named as the document's members are.</summary>
    public static string[] FlagFiles =>
    [
        "cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab", "memory_pressure",
        "sched_load_balance", "sched_relax_domain_level",
    ];
}

/// <summary>Memory. v2 has no separate account of kernel memory.</summary>
internal sealed record MemoryStatistics
{
    public ulong Cache { get; init; }

    public MemoryAccount Usage { get; init; }

    /// <summary>Memory and swap together, in both versions.</summary>
    public MemoryAccount Swap { get; init; }

    public MemoryAccount Kernel { get; init; }

    public MemoryAccount KernelTcp { get; init; }

    /// <summary>Everything in memory.stat, sorted by name.</summary>
    public IReadOnlyList<(string Name, ulong Value)> Raw { get; init; } = [];

    public Pressure? Pressure { get; init; }

    /// <summary>memory.events of v2, sorted as the kernel does; empty in v1.</summary>
    public IReadOnlyList<(string Name, ulong Value)> Events { get; init; } = [];
}

/// <summary>One account of memory.</summary>
internal readonly record struct MemoryAccount(ulong Limit, ulong Usage, ulong Peak, ulong Failures);

/// <summary>Reading and writing of block devices: the tables of v1. v2 has the first two.</summary>
internal sealed record BlockStatistics
{
    /// <summary>By the names of <see cref="TableNames"/>, in that order.</summary>
    public IReadOnlyList<IReadOnlyList<BlockEntry>> Tables { get; init; } = [[], [], [], [], [], [], [], []];

    public Pressure? Pressure { get; init; }

    /// <summary>The document's name of each table, and the v1 file's.</summary>
    public static (string Member, string File)[] TableNames =>
    [
        ("ioServiceBytesRecursive", "io_service_bytes"), ("ioServicedRecursive", "io_serviced"), ("ioQueueRecursive", "io_queued"),
        ("ioServiceTimeRecursive", "io_service_time"), ("ioWaitTimeRecursive", "io_wait_time"), ("ioMergedRecursive", "io_merged"),
        ("ioTimeRecursive", "time"), ("sectorsRecursive", "sectors"),
    ];
}

/// <summary>What one device did of one kind.</summary>
/// <param name="Operation"><c>Read</c>, <c>Write</c> …; empty where the kernel doesn't distinguish.</param>
internal readonly record struct BlockEntry(ulong Major, ulong Minor, string Operation, ulong Value);

/// <summary>How much time processes lost waiting for a resource. Kernel 4.20; Documentation/accounting/psi.rst</summary>
internal sealed record Pressure(PressureLine Some, PressureLine Full);

/// <summary>Percentages over 10, 60 and 300 seconds, and microseconds altogether.</summary>
internal readonly record struct PressureLine(double Average10, double Average60, double Average300, ulong Total);

/// <summary>Uses and limits of remote memory devices.</summary>
internal sealed record RdmaStatistics(IReadOnlyList<RdmaEntry> Current, IReadOnlyList<RdmaEntry> Limit);

/// <summary>One device; <see cref="uint.MaxValue"/> is "no limit".</summary>
internal readonly record struct RdmaEntry(string Device, uint Handles, uint Objects);

/// <summary>The container's group of Intel's Resource Director Technology; all absent where it has none.</summary>
internal sealed record IntelRdtStatistics
{
    /// <summary>cbm_mask, min_cbm_bits and num_closids.</summary>
    public (string Mask, ulong MinimumBits, ulong Groups)? CacheInfo { get; init; }

    public string? CacheSchemaRoot { get; init; }

    public string? CacheSchema { get; init; }

    /// <summary>bandwidth_gran, delay_linear, min_bandwidth and num_closids.</summary>
    public (ulong Granularity, ulong Linear, ulong Minimum, ulong Groups)? BandwidthInfo { get; init; }

    public string? BandwidthSchemaRoot { get; init; }

    public string? BandwidthSchema { get; init; }

    /// <summary>Bytes moved, one entry for each domain.</summary>
    public IReadOnlyList<(ulong Total, ulong Local)> Bandwidth { get; init; } = [];

    /// <summary>Bytes of cache, one entry for each domain.</summary>
    public IReadOnlyList<ulong> Occupancy { get; init; } = [];
}
