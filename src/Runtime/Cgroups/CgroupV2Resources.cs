using System.Collections.Immutable;
using Hull.Oci;
using static Hull.Runtime.ResourceSteps;

namespace Hull.Runtime;

/// <summary>
/// <c>linux.resources</c> as writes to the files of cgroup v2. The specification has the terms of v1: what can be converted is (CONV-*),
/// what cannot is an error rather than a setting that silently does nothing (UNI-05).
/// </summary>
/// <param name="steps">Where the writes go.</param>
/// <param name="directory">The container's cgroup.</param>
/// <param name="controllers">The controllers that the host's cgroup v2 has.</param>
/// <param name="state">What the cgroup says now: it decides the order.</param>
internal sealed class CgroupV2Resources(ResourceSteps steps, string directory, ImmutableArray<string> controllers, CgroupState state) : CgroupResources(steps, state)
{
    // What a file is named after; other files belong to the cgroup itself or to a controller that this list does not know yet.
    private static readonly ImmutableArray<string> KnownControllers = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma", "misc", "dmem"];

    // Written for a new container, these would stop, kill or move processes.
    private static readonly ImmutableArray<string> Commands = ["cgroup.freeze", "cgroup.kill", "cgroup.procs", "cgroup.threads"];

    protected override string RdmaRule => "CONV-RDMA";

    /// <summary>The controller that a file belongs to, or null for one of the cgroup itself.</summary>
    public static string? ControllerOf(string file)
    {
        int dot = file.IndexOf('.', StringComparison.Ordinal);
        string first = dot < 0 ? file : file[..dot];
        return KnownControllers.Contains(first) ? first : null;
    }

    /// <summary>v1 limits memory and swap together, v2 swap alone (CONV-SWAP); null says nothing, the largest is unlimited.</summary>
    /// <param name="limit">The limit of memory: -1 is none, 0 not set.</param>
    /// <param name="swap">The limit of both, likewise.</param>
    internal static ulong? SwapLimit(long limit, long swap) => (limit, swap) switch
    {
        (-1, 0) => ulong.MaxValue,
        (_, 0) => null,
        (_, -1) => ulong.MaxValue,
        (-1, _) => (ulong)swap,
        _ => (ulong)(swap - limit),
    };

    /// <summary>The same as the kernel reads it.</summary>
    internal static string? SwapMaximum(long limit, long swap) => SwapLimit(limit, swap) is { } number ? number == ulong.MaxValue ? "max" : Text(number) : null;

    public override void AddMemory(Resources all)
    {
        ResourceValue limit = ResourceTable.MemoryLimit.Of(all), swap = ResourceTable.MemorySwap.Of(all);
        if (SwapMaximum(limit.Number, swap.Number) is { } maximum)
        {
            // Without swap accounting there is no file, and nothing that "max" or no swap would change (CONV-SWAP-02).
            SpecPath path = (swap.IsSet ? ResourceTable.MemorySwap : ResourceTable.MemoryLimit).Path;
            bool mayBeMissing = maximum is "max" or "0";
            CgroupFile file = ResourceTable.MemorySwap.V2!;
            Steps.Write(mayBeMissing ? directory : DirectoryOf(file.Controller, path), file.Name, maximum, path, file.Rule, mayBeMissing);
        }

        AddIfSet(ResourceTable.MemoryLimit, limit);
    }

    public override void AddRealtime(Resources all)
    {
        AddIfSet(ResourceTable.RealtimePeriod, ResourceTable.RealtimePeriod.Of(all));
        AddIfSet(ResourceTable.RealtimeRuntime, ResourceTable.RealtimeRuntime.Of(all));
    }

    public override void AddBlockDevices(BlockIoResources? io)
    {
        for (int i = 0; i < (io?.WeightDevice?.Count ?? 0); i++)
        {
            BlockIoDeviceWeight device = io!.WeightDevice![i];
            SpecPath path = BlockIo.Property("weightDevice").Index(i);
            if (device.LeafWeight is not (null or 0))
            {
                throw OnlyOnV1(path.Property("leafWeight"), "BIO-02");
            }

            if (device.Weight is { } weight and not 0)
            {
                AddWeight(device, weight, path.Property("weight"));
            }
        }

        AddThrottle(io?.ThrottleReadBpsDevice, "throttleReadBpsDevice", "rbps");
        AddThrottle(io?.ThrottleWriteBpsDevice, "throttleWriteBpsDevice", "wbps");
        AddThrottle(io?.ThrottleReadIopsDevice, "throttleReadIOPSDevice", "riops");
        AddThrottle(io?.ThrottleWriteIopsDevice, "throttleWriteIOPSDevice", "wiops");
    }

    public override void AddPriorities(IReadOnlyList<InterfacePriority>? priorities)
    {
        if (priorities is { Count: > 0 })
        {
            throw OnlyOnV1(Network.Property("priorities"), "NCL-01");
        }
    }

    /// <summary>Each line is a write of its own: the kernel reads one setting at a time (UNI-03).</summary>
    public override void AddUnified(Map<string>? unified)
    {
        foreach (KeyValuePair<string, string> entry in unified is null ? default : unified.Entries)
        {
            SpecPath path = All.Property("unified").Property(entry.Key);
            if (entry.Key.Contains('/', StringComparison.Ordinal) || entry.Key is "" or "." or "..")
            {
                throw Refusal.Of(path, "UNI-01", "is not the name of a file such as memory.high");
            }

            if (Commands.Contains(entry.Key))
            {
                throw Refusal.Of(path, "UNI-01", "acts on processes and is no setting: remove it");
            }

            string place = ControllerOf(entry.Key) is { } controller ? DirectoryOf(controller, path) : directory;
            foreach (string line in Lines(entry.Value))
            {
                Steps.Write(place, entry.Key, line, path, "UNI-03");
            }
        }
    }

    protected override CgroupFile? FileOf(ResourceField field) => field.V2;

    protected override string DirectoryOf(string controller, SpecPath path) => controllers.Contains(controller)
        ? directory
        : throw Refusal.Of(path, "UNI-04", $"this host's cgroup v2 has no controller \"{controller}\": enable it or remove the property");

    protected override string DirectoryOfOptional(string controller, SpecPath path) => directory;

    protected override long? NumberNow(ResourceField field) => State.Number(directory, field.V2!.Name);

    protected override void AddWithoutFile(ResourceField field, ResourceValue value)
    {
        if (value.Number != field.AlwaysOnV2)
        {
            throw OnlyOnV1(field.Path, field.V1!.Rule);
        }
    }

    /// <summary>Quota and period are one write.</summary>
    protected override void AddQuota(ResourceValue period, ResourceValue quota)
    {
        if (quota.IsSet || period.IsSet)
        {
            ResourceField field = quota.IsSet ? ResourceTable.CpuQuota : ResourceTable.CpuPeriod;
            SpecPath path = field.Path;
            string value = $"{(quota.Number > 0 ? quota.Text : "max")} {(period.IsSet ? period.Text : "100000")}";
            Steps.Write(DirectoryOf(field.V2!.Controller, path), field.V2.Name, value, path, field.V2.Rule);
        }
    }

    protected override void AddHugepages(string size, string limit, SpecPath path)
    {
        Steps.Write(DirectoryOf("hugetlb", path), $"hugetlb.{size}.max", limit, path, "CONV-HUG");
        Steps.Write(directory, $"hugetlb.{size}.rsvd.max", limit, path, "HUG-02", mayBeMissing: true);
    }

    private static RuntimeError OnlyOnV1(SpecPath path, string rule) =>
        Refusal.Of(path, rule, "exists on cgroup v1 only and has no counterpart on this host's cgroup v2 (UNI-05): remove the property");

    private void AddWeight(BlockIoDeviceWeight device, ushort weight, SpecPath path)
    {
        CgroupFile file = ResourceTable.BlockIoWeight.V2!, other = file.Otherwise!;
        Steps.WriteEither(
            DirectoryOf(file.Controller, path), new(file.Name, DeviceText(device.Major, device.Minor, file.TextOf((long?)weight))),
            new(other.Name, DeviceText(device.Major, device.Minor, other.TextOf((long?)weight))), path, file.Rule);
    }

    private void AddThrottle(IReadOnlyList<BlockIoDeviceThrottle>? throttles, string property, string key)
    {
        for (int i = 0; i < (throttles?.Count ?? 0); i++)
        {
            BlockIoDeviceThrottle throttle = throttles![i];
            SpecPath path = BlockIo.Property(property).Index(i);
            string rate = throttle.Rate == 0 ? "max" : Text(throttle.Rate);
            Steps.Write(DirectoryOf("io", path), "io.max", DeviceText(throttle.Major, throttle.Minor, $"{key}={rate}"), path, "BIO-03");
        }
    }

    // An empty value is one too, cpuset.cpus for example has it; the kernel does not see a write of nothing.
    private static string[] Lines(string value)
    {
        string[] lines = value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? ["\n"] : lines;
    }
}
