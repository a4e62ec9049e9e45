using System.Collections.Immutable;
using CommandLine;
using Hull.Linux;
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

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => UpdateCommand.Run(global, this, log);
}

/// <summary><c>hull update</c>: changes the limits of a container that runs, is created or paused.</summary>
internal static class UpdateCommand
{
    internal static int Run(GlobalOptions global, UpdateOptions options, Log log)
    {
        // What is asked for is read first: what is wrong with it needs no container.
        UpdateChange change = UpdateChange.Of(options, log);
        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), options.ContainerId);
        if (!directory.Lock(log) || directory.ReadRecord() is not { } record)
        {
            throw ContainerStore.DoesNotExist(options.ContainerId);
        }

        if (StatusReading.StatusOf(directory, record) is ContainerStatus.Stopped or ContainerStatus.Creating)
        {
            throw new RuntimeError($"cannot update container \"{record.Id}\": container not running");
        }

        ContainerUpdate.Run(directory, record, change.Resources, change.Rdt, log);
        return ExitStatus.Success;
    }
}

/// <summary>What <c>update</c> is asked for: by options, or by a JSON document.</summary>
/// <param name="Resources">Of <c>linux.resources</c>: absent is untouched.</param>
/// <param name="Rdt">Of <c>linux.intelRdt</c>, or null.</param>
internal sealed record UpdateChange(Resources Resources, IntelRdt? Rdt)
{
    /// <summary>Reads the options, and the document where they name one.</summary>
    /// <exception cref="RuntimeError">Something is wrong with them; every fault is named.</exception>
    public static UpdateChange Of(UpdateOptions options, Log log)
    {
        IntelRdt? rdt = RdtOf(options);
        if (options.KernelMemory is not null || options.KernelMemoryTcp is not null)
        {
            log.Warning("kernels cannot limit kernel memory any more: --kernel-memory and --kernel-memory-tcp are ignored");
        }

        Resources resources = options.ToResources();
        if (options.Resources is { } file)
        {
            if (resources != new Resources() || rdt is not null)
            {
                log.Warning($"with --resources {file} the other options are ignored");
            }

            return new UpdateChange(ReadDocument(file, log), null);
        }

        ImmutableArray<Violation> violations = Validator.Validate(resources, out _);
        return violations.IsEmpty ? new UpdateChange(resources, rdt)
            : throw new RuntimeError(string.Join("; ", violations.Select(violation => $"option {OptionOf(violation.Path)}: {violation.Text}")));
    }

    /// <summary>Which option a property comes from; the property where none does.</summary>
    private static string OptionOf(SpecPath path)
    {
        foreach (ResourceField field in ResourceTable.Fields)
        {
            if (field.Option is { } option && field.PathBelow(SpecPath.Root) == path)
            {
                return option;
            }
        }

        return path.ToString();
    }

    private static IntelRdt? RdtOf(UpdateOptions options)
    {
        CheckSchema("--l3-cache-schema", options.L3CacheSchema, "");
        CheckSchema("--mem-bw-schema", options.MemoryBandwidthSchema, "MB:");
        return options.L3CacheSchema is null && options.MemoryBandwidthSchema is null ? null
            : new IntelRdt { L3CacheSchema = options.L3CacheSchema, MemBwSchema = options.MemoryBandwidthSchema };
    }

    private static void CheckSchema(string option, string? schema, string start)
    {
        if (schema is not null && (schema.Contains('\n', StringComparison.Ordinal) || !schema.StartsWith(start, StringComparison.Ordinal)))
        {
            throw new RuntimeError($"option {option}: {CallerText.Quote(schema)} is not one line{(start.Length == 0 ? "" : $" that starts with {start}")}");
        }
    }

    private static Resources ReadDocument(string file, Log log)
    {
        string name = file == "-" ? "standard input" : file;
        ParseResult<Resources> parsed = ResourcesDocument.Parse(ReadBytes(file));
        Report(parsed.Warnings, name, log);
        if (parsed.Value is null)
        {
            throw DocumentFaults.Refuse(name, parsed.Violations);
        }

        ImmutableArray<Violation> violations = Validator.Validate(parsed.Value, out ImmutableArray<Warning> warnings);
        Report(warnings, name, log);
        return violations.IsEmpty ? parsed.Value : throw DocumentFaults.Refuse(name, violations);
    }

    private static byte[] ReadBytes(string file)
    {
        try
        {
            return file == "-" ? HostFiles.ReadOpened(StandardOutput.Input, "standard input") : HostFiles.ReadAll(Fd.CurrentDirectory, file);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"option --resources: {failure.Call}", failure.Errno);
        }
    }

    private static void Report(ImmutableArray<Warning> warnings, string name, Log log)
    {
        foreach (Warning warning in warnings)
        {
            if (warning.Severity == Severity.Warning)
            {
                log.Warning($"{name}: {warning}");
            }
        }
    }
}
