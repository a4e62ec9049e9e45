using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>The limits of the container's cgroup (config-linux.md, "Control groups").</summary>
[Document]
[Merged]
public sealed record Resources
{
    /// <summary>
    /// What they mean in a document of this version. A <c>pids.limit</c> of 0 is a limit since 1.3.0 (PID-02). Documents before it say 0 where they
    /// mean none: Podman writes it for <c>--pids-limit 0</c>, and the runtimes of that time leave such a limit out.
    /// </summary>
    /// <param name="ociVersion">A valid <c>ociVersion</c>.</param>
    public Resources OfVersion(string ociVersion) => MeansNoLimitOfPids(ociVersion) ? this with { Pids = Pids! with { Limit = -1 } } : this;

    /// <summary>The limit of tasks is 0, and a document of this version means none by that.</summary>
    public bool MeansNoLimitOfPids(string ociVersion) => Pids?.Limit == 0 && SemanticVersion.IsBefore(ociVersion, 1, 3);

    /// <summary>The warning that goes with it.</summary>
    public static string NoLimitOfPids(string ociVersion) =>
        $"0 means no limit with ociVersion {Quoted.Text(ociVersion)} and is a limit since 1.3.0; -1 is none in every version";

    /// <summary>Rules for device access, the last one that matches wins (CGD-01).</summary>
    public IReadOnlyList<DeviceRule>? Devices { get; init; }

    /// <summary>Memory.</summary>
    public MemoryResources? Memory { get; init; }

    /// <summary>Processors.</summary>
    public CpuResources? Cpu { get; init; }

    /// <summary>Block devices.</summary>
    [JsonPropertyName("blockIO")]
    public BlockIoResources? BlockIo { get; init; }

    /// <summary>Huge pages (HUG-01).</summary>
    public IReadOnlyList<HugepageLimit>? HugepageLimits { get; init; }

    /// <summary>Marks on network traffic, cgroup v1 only (NCL-01).</summary>
    public NetworkResources? Network { get; init; }

    /// <summary>Number of tasks.</summary>
    public PidsResources? Pids { get; init; }

    /// <summary>Limits of RDMA devices by their name (RDMA-01).</summary>
    public Map<RdmaLimit>? Rdma { get; init; }

    /// <summary>Files of cgroup v2 and what is written to them, after everything else (UNI-01, UNI-03).</summary>
    public Map<string>? Unified { get; init; }
}

/// <summary>A rule for device access (CGD-01).</summary>
public sealed record DeviceRule
{
    /// <summary>Whether it allows or denies.</summary>
    [WhenMissing(nameof(Rules.DeviceRuleIsValid))]
    public required bool Allow { get; init; }

    /// <summary>The type of device; absent means all.</summary>
    [WhenUnknown(nameof(Rules.DeviceRuleIsValid))]
    public DeviceRuleType? Type { get; init; }

    /// <summary>The major number; absent or -1 means every one.</summary>
    [Range(nameof(Rules.DeviceRuleIsValid), -1, long.MaxValue, "is neither -1 nor a device number")]
    public long? Major { get; init; }

    /// <summary>The minor number; absent or -1 means every one.</summary>
    [Range(nameof(Rules.DeviceRuleIsValid), -1, long.MaxValue, "is neither -1 nor a device number")]
    public long? Minor { get; init; }

    /// <summary>A composition of <c>r</c>, <c>w</c> and <c>m</c> (mknod) (CGD-02).</summary>
    public string? Access { get; init; }
}

/// <summary>The types of device a rule covers, one letter in the document (CGD-01).</summary>
[LowerCaseNames]
[JsonConverter(typeof(SpecNameConverter<DeviceRuleType>))]
public enum DeviceRuleType
{
    /// <summary><c>a</c>.</summary>
    [SpecName("a")]
    All,

    /// <summary><c>c</c>.</summary>
    [SpecName("c")]
    Character,

    /// <summary><c>b</c>.</summary>
    [SpecName("b")]
    Block,
}

/// <summary>Limits of memory in bytes; -1 means unlimited, 0 not set (MEM-01, MEM-11).</summary>
public sealed record MemoryResources
{
    /// <summary>The limit (MEM-01).</summary>
    [ZeroKeeps]
    [Range(nameof(Rules.MemoryLimitIsValid), -1, long.MaxValue, "is neither -1 nor a number of bytes")]
    public long? Limit { get; init; }

    /// <summary>What is protected from reclaim (MEM-02).</summary>
    [ZeroKeeps]
    [Range(nameof(Rules.MemoryLimitIsValid), -1, long.MaxValue, "is neither -1 nor a number of bytes")]
    public long? Reservation { get; init; }

    /// <summary>The limit of memory and swap together (MEM-03).</summary>
    [ZeroKeeps]
    [Range(nameof(Rules.MemoryLimitIsValid), -1, long.MaxValue, "is neither -1 nor a number of bytes")]
    public long? Swap { get; init; }

    /// <summary>The limit of kernel memory, removed from kernels (MEM-04).</summary>
    [ZeroKeeps]
    [Range(nameof(Rules.MemoryLimitIsValid), -1, long.MaxValue, "is neither -1 nor a number of bytes")]
    public long? Kernel { get; init; }

    /// <summary>The limit of TCP buffers, cgroup v1 only (MEM-05).</summary>
    [JsonPropertyName("kernelTCP")]
    [ZeroKeeps]
    [Range(nameof(Rules.MemoryLimitIsValid), -1, long.MaxValue, "is neither -1 nor a number of bytes")]
    public long? KernelTcp { get; init; }

    /// <summary>The inclination to swap, 0 to 100, cgroup v1 only (MEM-06).</summary>
    [Range(nameof(Rules.SwappinessIsInRange), 0, 100, "is not from 0 to 100")]
    public ulong? Swappiness { get; init; }

    /// <summary>Whether a process waits instead of being killed, cgroup v1 only (MEM-07).</summary>
    [JsonPropertyName("disableOOMKiller")]
    public bool? DisableOomKiller { get; init; }

    /// <summary>Whether children are counted, cgroup v1 only (MEM-08).</summary>
    public bool? UseHierarchy { get; init; }

    /// <summary>Whether a limit below the current use is refused (MEM-09).</summary>
    public bool? CheckBeforeUpdate { get; init; }
}

/// <summary>Shares of the processors (CPU-01 to CPU-07).</summary>
public sealed record CpuResources
{
    /// <summary>The relative share, 2 to 262144; 0 means not set (CPU-01).</summary>
    [ZeroKeeps]
    public ulong? Shares { get; init; }

    /// <summary>The time per period in microseconds; below zero means unlimited, and so does 0, which in an update keeps what there is (CPU-02).</summary>
    [ZeroKeeps]
    public long? Quota { get; init; }

    /// <summary>The time that may be saved up in microseconds (CPU-03).</summary>
    public ulong? Burst { get; init; }

    /// <summary>The period in microseconds, 1000 to 1000000; 0 means not set (CPU-02).</summary>
    [ZeroKeeps]
    [Range(nameof(Rules.CpuTimeIsInRange), 1000, 1_000_000, "is not from 1000 to 1000000 microseconds")]
    public ulong? Period { get; init; }

    /// <summary>The real-time share per period in microseconds, cgroup v1 only (CPU-04).</summary>
    [ZeroKeeps]
    [Range(nameof(Rules.RealtimeFitsPeriod), -1, long.MaxValue, "is neither -1 nor a number of microseconds")]
    public long? RealtimeRuntime { get; init; }

    /// <summary>The real-time period in microseconds, cgroup v1 only (CPU-04).</summary>
    [ZeroKeeps]
    public ulong? RealtimePeriod { get; init; }

    /// <summary>The processors, a list such as <c>0-3,7</c> (CPU-05).</summary>
    public string? Cpus { get; init; }

    /// <summary>The memory nodes, a list such as <c>0-3,7</c> (CPU-05).</summary>
    public string? Mems { get; init; }

    /// <summary>1 makes the cgroup idle, 0 not (CPU-06).</summary>
    [Range(nameof(Rules.IdleIsFlag), 0, 1, "is not 0 or 1")]
    public long? Idle { get; init; }
}

/// <summary>Shares of the block devices (BIO-01 to BIO-03).</summary>
public sealed record BlockIoResources
{
    /// <summary>The weight, 10 to 1000; 0 means not set (BIO-01).</summary>
    [ZeroKeeps]
    [Range(nameof(Rules.BlockWeightIsInRange), 10, 1000, "is not from 10 to 1000")]
    public ushort? Weight { get; init; }

    /// <summary>The weight against child cgroups, cgroup v1 only (BIO-01).</summary>
    [ZeroKeeps]
    [Range(nameof(Rules.BlockWeightIsInRange), 10, 1000, "is not from 10 to 1000")]
    public ushort? LeafWeight { get; init; }

    /// <summary>Weights of single devices (BIO-02).</summary>
    public IReadOnlyList<BlockIoDeviceWeight>? WeightDevice { get; init; }

    /// <summary>Limits of reading, bytes per second (BIO-03).</summary>
    public IReadOnlyList<BlockIoDeviceThrottle>? ThrottleReadBpsDevice { get; init; }

    /// <summary>Limits of writing, bytes per second (BIO-03).</summary>
    public IReadOnlyList<BlockIoDeviceThrottle>? ThrottleWriteBpsDevice { get; init; }

    /// <summary>Limits of reading, operations per second (BIO-03).</summary>
    [JsonPropertyName("throttleReadIOPSDevice")]
    public IReadOnlyList<BlockIoDeviceThrottle>? ThrottleReadIopsDevice { get; init; }

    /// <summary>Limits of writing, operations per second (BIO-03).</summary>
    [JsonPropertyName("throttleWriteIOPSDevice")]
    public IReadOnlyList<BlockIoDeviceThrottle>? ThrottleWriteIopsDevice { get; init; }
}

/// <summary>The weight of one block device; at least one of the two weights is given (BIO-02).</summary>
[WhenMissing(nameof(Rules.BlockWeightIsComplete))]
public sealed record BlockIoDeviceWeight
{
    /// <summary>The major number.</summary>
    [Key]
    [Range(nameof(Rules.BlockWeightIsComplete), 0, long.MaxValue, "is not a device number")]
    public required long Major { get; init; }

    /// <summary>The minor number.</summary>
    [Key]
    [Range(nameof(Rules.BlockWeightIsComplete), 0, long.MaxValue, "is not a device number")]
    public required long Minor { get; init; }

    /// <summary>The weight, 10 to 1000.</summary>
    [Range(nameof(Rules.BlockWeightIsInRange), 10, 1000, "is not from 10 to 1000")]
    public ushort? Weight { get; init; }

    /// <summary>The weight against child cgroups, 10 to 1000, cgroup v1 only.</summary>
    [Range(nameof(Rules.BlockWeightIsInRange), 10, 1000, "is not from 10 to 1000")]
    public ushort? LeafWeight { get; init; }
}

/// <summary>The limit of one block device (BIO-03).</summary>
[WhenMissing(nameof(Rules.BlockThrottleIsComplete))]
public sealed record BlockIoDeviceThrottle
{
    /// <summary>The major number.</summary>
    [Key]
    [Range(nameof(Rules.BlockThrottleIsComplete), 0, long.MaxValue, "is not a device number")]
    public required long Major { get; init; }

    /// <summary>The minor number.</summary>
    [Key]
    [Range(nameof(Rules.BlockThrottleIsComplete), 0, long.MaxValue, "is not a device number")]
    public required long Minor { get; init; }

    /// <summary>Bytes or operations per second; 0 means unlimited.</summary>
    [ZeroEnds]
    public required ulong Rate { get; init; }
}

/// <summary>The limit of one size of huge pages (HUG-01).</summary>
[WhenMissing(nameof(Rules.HugepageLimitIsValid))]
public sealed record HugepageLimit
{
    /// <summary>The size of a page, such as <c>2MB</c>, base 1024.</summary>
    [Key]
    public required string PageSize { get; init; }

    /// <summary>The limit in bytes.</summary>
    public required ulong Limit { get; init; }
}

/// <summary>Marks on network traffic, cgroup v1 only (NCL-01).</summary>
public sealed record NetworkResources
{
    /// <summary>The class of every packet.</summary>
    [JsonPropertyName("classID")]
    [ZeroKeeps]
    public uint? ClassId { get; init; }

    /// <summary>The priority of packets by interface.</summary>
    public IReadOnlyList<InterfacePriority>? Priorities { get; init; }
}

/// <summary>The priority of packets that leave by one interface (NCL-01).</summary>
[WhenMissing(nameof(Rules.InterfacePriorityIsComplete))]
public sealed record InterfacePriority
{
    /// <summary>The interface, a name of the runtime's network namespace.</summary>
    [Key]
    public required string Name { get; init; }

    /// <summary>The priority.</summary>
    public required uint Priority { get; init; }
}

/// <summary>The number of tasks (PID-01).</summary>
public sealed record PidsResources
{
    /// <summary>
    /// The limit; -1 means unlimited, 0 is a limit since version 1.3.0 of the specification and none before (<see cref="Resources.OfVersion"/>),
    /// absent means leave it alone (PID-01 to PID-03).
    /// </summary>
    [Range(nameof(Rules.PidsLimitIsValid), -1, long.MaxValue, "is neither -1 nor a number of tasks")]
    public long? Limit { get; init; }
}

/// <summary>Limits of one RDMA device; at least one is given (RDMA-01).</summary>
public sealed record RdmaLimit
{
    /// <summary>The number of handles.</summary>
    public uint? HcaHandles { get; init; }

    /// <summary>The number of objects.</summary>
    public uint? HcaObjects { get; init; }
}
