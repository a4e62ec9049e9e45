using CommandLine;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Sizes are texts here: <c>50M</c> and <c>-1</c> are read where they are used.</summary>
[Verb("update", HelpText = "change the resource limits of a container")]
[Example("--memory 512M --pids-limit 100 web", "change two limits")]
[Example("--resources limits.json web", "all that a file says")]
internal sealed class UpdateOptions : ContainerOptions
{
    [Option('r', "resources", MetaValue = "FILE", HelpText = "take all limits from this JSON file (- is stdin) instead of from the options")]
    public string? Resources { get; set; }

    [Option("blkio-weight", MetaValue = "N", HelpText = "share of the block devices, 10 to 1000")]
    public uint? BlkioWeight { get; set; }

    [Option("cpu-period", MetaValue = "MICROSECONDS", HelpText = "the period that --cpu-quota counts in")]
    public ulong? CpuPeriod { get; set; }

    [Option("cpu-quota", MetaValue = "MICROSECONDS", HelpText = "processor time in a period; -1 is unlimited")]
    public long? CpuQuota { get; set; }

    [Option("cpu-burst", MetaValue = "MICROSECONDS", HelpText = "unused time that may be saved up")]
    public ulong? CpuBurst { get; set; }

    [Option("cpu-share", MetaValue = "N", HelpText = "share of the processors beside other containers")]
    public ulong? CpuShares { get; set; }

    [Option("cpu-rt-period", MetaValue = "MICROSECONDS", HelpText = "the period that --cpu-rt-runtime counts in")]
    public ulong? CpuRealtimePeriod { get; set; }

    [Option("cpu-rt-runtime", MetaValue = "MICROSECONDS", HelpText = "realtime processor time in a period")]
    public long? CpuRealtimeRuntime { get; set; }

    [Option("cpu-idle", MetaValue = "0|1", HelpText = "1: run only when nothing else does")]
    public long? CpuIdle { get; set; }

    [Option("cpuset-cpus", MetaValue = "LIST", HelpText = "the processors to run on: 0-2,7")]
    public string? CpusetCpus { get; set; }

    [Option("cpuset-mems", MetaValue = "LIST", HelpText = "the memory nodes to use: 0-2,7")]
    public string? CpusetMems { get; set; }

    [Option("memory", MetaValue = "SIZE", HelpText = "the memory limit: bytes, 50M, or -1 for none")]
    public string? Memory { get; set; }

    [Option("memory-reservation", MetaValue = "SIZE", HelpText = "the soft memory limit")]
    public string? MemoryReservation { get; set; }

    [Option("memory-swap", MetaValue = "SIZE", HelpText = "the limit of memory and swap together")]
    public string? MemorySwap { get; set; }

    [Option("kernel-memory", MetaValue = "SIZE", Hidden = true, HelpText = "accepted for old callers; kernels ignore it")]
    public string? KernelMemory { get; set; }

    [Option("kernel-memory-tcp", MetaValue = "SIZE", Hidden = true, HelpText = "accepted for old callers; kernels ignore it")]
    public string? KernelMemoryTcp { get; set; }

    [Option("pids-limit", MetaValue = "N", HelpText = "how many processes there may be; -1 is unlimited")]
    public long? PidsLimit { get; set; }

    [Option("l3-cache-schema", MetaValue = "SCHEMA", HelpText = "Intel RDT: share of the L3 cache")]
    public string? L3CacheSchema { get; set; }

    [Option("mem-bw-schema", MetaValue = "SCHEMA", HelpText = "Intel RDT: share of the memory bandwidth")]
    public string? MemoryBandwidthSchema { get; set; }

    /// <summary>What they ask for of <c>linux.resources</c>; the table of resources names the option of each property for errors.</summary>
    /// <exception cref="RuntimeError">One is no size, or too large for its property.</exception>
    internal Resources ToResources()
    {
        if (BlkioWeight > ushort.MaxValue)
        {
            throw new RuntimeError($"option --blkio-weight: {BlkioWeight} is not from 10 to 1000");
        }

        var memory = new MemoryResources
        {
            Limit = SizeText.Parse("--memory", Memory),
            Reservation = SizeText.Parse("--memory-reservation", MemoryReservation),
            Swap = SizeText.Parse("--memory-swap", MemorySwap),
        };
        var cpu = new CpuResources
        {
            Shares = CpuShares,
            Quota = CpuQuota,
            Burst = CpuBurst,
            Period = CpuPeriod,
            RealtimeRuntime = CpuRealtimeRuntime,
            RealtimePeriod = CpuRealtimePeriod,
            Cpus = CpusetCpus,
            Mems = CpusetMems,
            Idle = CpuIdle,
        };
        return new Resources
        {
            Memory = memory == new MemoryResources() ? null : memory,
            Cpu = cpu == new CpuResources() ? null : cpu,
            BlockIo = BlkioWeight is { } weight ? new BlockIoResources { Weight = (ushort)weight } : null,
            Pids = PidsLimit is { } pids ? new PidsResources { Limit = pids } : null,
        };
    }
}
