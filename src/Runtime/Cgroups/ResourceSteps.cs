using System.Collections.Immutable;
using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Collects the writes that <c>linux.resources</c> asks for, each with its property and rule.</summary>
internal sealed class ResourceSteps
{
    private readonly ImmutableArray<HostStep>.Builder _steps = ImmutableArray.CreateBuilder<HostStep>();
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();

    /// <summary>The property <c>linux.resources</c>.</summary>
    public static SpecPath All => SpecPath.Root.Property("linux").Property("resources");

    /// <summary>The property <c>linux.resources.memory</c>.</summary>
    public static SpecPath Memory => All.Property("memory");

    /// <summary>The property <c>linux.resources.cpu</c>.</summary>
    public static SpecPath Cpu => All.Property("cpu");

    /// <summary>The property <c>linux.resources.blockIO</c>.</summary>
    public static SpecPath BlockIo => All.Property("blockIO");

    /// <summary>The property <c>linux.resources.network</c>.</summary>
    public static SpecPath Network => All.Property("network");

    /// <summary>The property <c>linux.resources.pids.limit</c>.</summary>
    public static SpecPath PidsLimit => All.Property("pids").Property("limit");

    /// <summary>The property <c>linux.resources.devices</c>.</summary>
    public static SpecPath Devices => All.Property("devices");

    /// <summary>The writes, in order.</summary>
    public ImmutableArray<HostStep> Steps => _steps.ToImmutable();

    /// <summary>What the user should know although it stops nothing (ERR-02).</summary>
    public ImmutableArray<string> Warnings => _warnings.ToImmutable();

    /// <summary>Adds a step.</summary>
    public void Add(HostAction action, SpecPath path, string rule) => _steps.Add(new HostStep(action, new Origin(path, rule)));

    /// <summary>Adds a write.</summary>
    public void Write(string directory, string file, string value, SpecPath path, string rule, bool mayBeMissing = false) =>
        Add(new WriteCgroupFile(directory, file, value, mayBeMissing), path, rule);

    /// <summary>Adds a write of a number.</summary>
    public void Write(string directory, string file, long value, SpecPath path, string rule, bool mayBeMissing = false) =>
        Write(directory, file, Text(value), path, rule, mayBeMissing);

    /// <summary>Adds a write to the first of two files that the kernel has.</summary>
    public void WriteEither(string directory, CgroupFileValue first, CgroupFileValue otherwise, SpecPath path, string rule) =>
        Add(new WriteCgroupFile(directory, first.File, first.Value, Otherwise: otherwise), path, rule);

    /// <summary>Adds the device filter of a v2 cgroup.</summary>
    public void Filter(string directory, DeviceFilter filter) =>
        Add(new AttachDeviceFilter(directory, filter.Rules.Length, filter.Instructions), Devices, "CGD-03");

    /// <summary>Adds a warning.</summary>
    public void Warn(SpecPath path, string text) => _warnings.Add($"{path}: {text}");

    /// <summary>A limit as it stands in the document: absent and 0 are the same (MEM-11), less than -1 is nothing (JSN-03).</summary>
    public static long Limit(long? value, SpecPath path) => value switch
    {
        null => 0,
        < -1 => throw Refusal.Of(path, "JSN-03", $"{Text(value.Value)} is no limit: give -1 for unlimited or a positive number"),
        _ => value.Value,
    };

    /// <summary>The value of pids.max: 0 is a limit as well (PID-01, PID-02).</summary>
    public static string? PidsMaximum(PidsResources? pids) => pids?.Limit switch
    {
        null => null,
        -1 => "max",
        < -1 => throw Refusal.Of(PidsLimit, "PID-01", $"{Text(pids.Limit.Value)} is no limit: give -1 for unlimited or a number from 0 on"),
        _ => Text(pids.Limit.Value),
    };

    /// <summary>Whether <c>cpu.idle</c> is asked for (CPU-06).</summary>
    public static bool? Idle(CpuResources cpu) => cpu.Idle switch
    {
        null => null,
        0 => false,
        1 => true,
        _ => throw Refusal.Of(Cpu.Property("idle"), "CPU-06", $"{Text(cpu.Idle.Value)} must be 0 or 1"),
    };

    /// <summary>The limit of one RDMA device, as both versions read it; what is not limited is said to be so (CONV-RDMA).</summary>
    public static string RdmaMaximum(string device, RdmaLimit limit) =>
        $"{device} hca_handle={RdmaNumber(limit.HcaHandles)} hca_object={RdmaNumber(limit.HcaObjects)}";

    /// <summary>Swap is memory and swap together: without memory, or less than it, it says nothing (MEM-03).</summary>
    public static void CheckSwap(MemoryResources memory)
    {
        long limit = Limit(memory.Limit, Memory.Property("limit"));
        long swap = Limit(memory.Swap, Memory.Property("swap"));
        if (swap <= 0 || limit < 0)
        {
            return;
        }

        if (limit == 0)
        {
            throw Refusal.Of(Memory.Property("swap"), "CONV-SWAP", "unable to set swap limit without memory limit: set linux.resources.memory.limit as well");
        }

        if (swap < limit)
        {
            throw Refusal.Of(Memory.Property("swap"), "CONV-SWAP", $"{Text(swap)} is memory and swap together and cannot be less than memory.limit {Text(limit)}");
        }
    }

    /// <summary>Kernel memory cannot be limited any more (MEM-04).</summary>
    public void WarnOfKernelMemory(MemoryResources memory)
    {
        if (memory.Kernel is not (null or 0))
        {
            Warn(Memory.Property("kernel"), "kernels cannot limit kernel memory any more; ignored");
        }
    }

    /// <summary>A block device and something about it: <c>8:0 100</c>.</summary>
    public static string DeviceText(long major, long minor, string value) => $"{Text(major)}:{Text(minor)} {value}";

    /// <summary>A number for the kernel.</summary>
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number for the kernel.</summary>
    public static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static string RdmaNumber(uint? limit) => limit is { } number ? Text((long)number) : "max";
}
