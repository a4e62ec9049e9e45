using System.Collections.Immutable;
using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Collects the writes that <c>linux.resources</c> asks for, each with its property and rule.</summary>
internal sealed class ResourceSteps
{
    private readonly ImmutableArray<LimitStep>.Builder _steps = ImmutableArray.CreateBuilder<LimitStep>();
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();

    /// <summary>The property <c>linux.resources</c>.</summary>
    public static SpecPath All => SpecPath.Root.Property("linux").Property("resources");

    /// <summary>The property <c>linux.resources.memory</c>.</summary>
    public static SpecPath Memory => All.Property("memory");

    /// <summary>The property <c>linux.resources.blockIO</c>.</summary>
    public static SpecPath BlockIo => All.Property("blockIO");

    /// <summary>The property <c>linux.resources.network</c>.</summary>
    public static SpecPath Network => All.Property("network");

    /// <summary>The property <c>linux.resources.devices</c>.</summary>
    public static SpecPath Devices => All.Property("devices");

    /// <summary>The writes, in order.</summary>
    public ImmutableArray<LimitStep> Steps => _steps.ToImmutable();

    /// <summary>What the user should know although it stops nothing (ERR-02).</summary>
    public ImmutableArray<string> Warnings => _warnings.ToImmutable();

    /// <summary>Adds a step.</summary>
    public void Add(LimitAction action, SpecPath path, string rule) => _steps.Add(new LimitStep(action, new Origin(path, rule)));

    /// <summary>Adds a write.</summary>
    public void Write(string directory, string file, string value, SpecPath path, string rule, bool mayBeMissing = false) =>
        Add(new WriteCgroupFile(directory, file, value, mayBeMissing), path, rule);

    /// <summary>Adds a write to the first of two files that the kernel has.</summary>
    public void WriteEither(string directory, CgroupFileValue first, CgroupFileValue otherwise, SpecPath path, string rule) =>
        Add(new WriteCgroupFile(directory, first.File, first.Value, Otherwise: otherwise), path, rule);

    /// <summary>Adds the device filter of a v2 cgroup.</summary>
    public void Filter(string directory, DeviceFilter filter) =>
        Add(new AttachDeviceFilter(directory, filter.Rules.Length, filter.Instructions), Devices, "CGD-03");

    /// <summary>Adds a warning.</summary>
    public void Warn(SpecPath path, string text) => _warnings.Add($"{path}: {text}");

    /// <summary>Swap is memory and swap together: without memory, or less than it, it says nothing (MEM-03).</summary>
    public static void CheckSwap(MemoryResources memory)
    {
        long limit = memory.Limit ?? 0, swap = memory.Swap ?? 0;
        if (swap <= 0 || limit < 0)
        {
            return;
        }

        if (limit == 0)
        {
            throw Refusal.Of(ResourceTable.MemorySwap.Path, "CONV-SWAP", "unable to set swap limit without memory limit: set linux.resources.memory.limit as well");
        }

        if (swap < limit)
        {
            throw Refusal.Of(ResourceTable.MemorySwap.Path, "CONV-SWAP", $"{Text(swap)} is memory and swap together and cannot be less than memory.limit {Text(limit)}");
        }
    }

    /// <summary>A number for the kernel.</summary>
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number for the kernel.</summary>
    public static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The error for a property that cannot be applied.</summary>
internal static class Refusal
{
    /// <summary>Names the property, what is wrong with it and the rule.</summary>
    public static RuntimeError Of(SpecPath path, string rule, string text) => new($"{text} [{rule}]") { Property = path.ToString() };
}
