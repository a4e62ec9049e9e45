using Hull.Oci;
using static Hull.Runtime.ResourceSteps;

namespace Hull.Runtime;

/// <summary><c>linux.resources</c> as writes to the files of cgroup v1 controllers.</summary>
/// <param name="steps">Where the writes go.</param>
/// <param name="directoryOf">The container's cgroup of a controller, or null where the host has no such controller.</param>
/// <param name="state">What the cgroups say now: it decides the order.</param>
internal sealed class CgroupV1Resources(ResourceSteps steps, Func<string, string?> directoryOf, CgroupState state) : CgroupResources(steps, state)
{
    protected override string RdmaRule => "RDMA-01";

    /// <summary>Memory may at no time exceed memory and swap together: which of the two comes first depends on what holds now (MEM-10).</summary>
    public override void AddMemory(Resources all)
    {
        ResourceValue limit = ResourceTable.MemoryLimit.Of(all), swap = ResourceTable.MemorySwap.Of(all);
        long? together = limit.IsSet && swap.IsSet ? NumberNow(ResourceTable.MemorySwap) : null;
        if (together is > 0 && (limit.Number == -1 || limit.Number > together))
        {
            AddPair(ResourceTable.MemorySwap, swap, ResourceTable.MemoryLimit, limit);
        }
        else
        {
            AddPair(ResourceTable.MemoryLimit, limit, ResourceTable.MemorySwap, swap);
        }
    }

    public override void AddRealtime(Resources all) =>
        AddShareOfTime(ResourceTable.RealtimePeriod, ResourceTable.RealtimePeriod.Of(all), ResourceTable.RealtimeRuntime, ResourceTable.RealtimeRuntime.Of(all));

    /// <summary>
    /// The scheduler that knew weights on v1 is gone since Linux 5.0; BFQ, which came after it, has files of its own names. The weight
    /// against child cgroups went with the old one.
    /// </summary>
    public override void AddBlockDevices(BlockIoResources? io)
    {
        for (int i = 0; i < (io?.WeightDevice?.Count ?? 0); i++)
        {
            BlockIoDeviceWeight device = io!.WeightDevice![i];
            SpecPath path = BlockIo.Property("weightDevice").Index(i);
            if (device.Weight is { } weight and not 0)
            {
                string value = DeviceText(device.Major, device.Minor, Text((long)weight));
                SpecPath place = path.Property("weight");
                Steps.WriteEither(DirectoryOf("blkio", place), new("blkio.bfq.weight_device", value), new("blkio.weight_device", value), place, "BIO-02");
            }

            if (device.LeafWeight is { } leaf and not 0)
            {
                SpecPath place = path.Property("leafWeight");
                Steps.Write(DirectoryOf("blkio", place), "blkio.leaf_weight_device", DeviceText(device.Major, device.Minor, Text((long)leaf)), place, "BIO-02");
            }
        }

        AddThrottle(io?.ThrottleReadBpsDevice, "throttleReadBpsDevice", "blkio.throttle.read_bps_device");
        AddThrottle(io?.ThrottleWriteBpsDevice, "throttleWriteBpsDevice", "blkio.throttle.write_bps_device");
        AddThrottle(io?.ThrottleReadIopsDevice, "throttleReadIOPSDevice", "blkio.throttle.read_iops_device");
        AddThrottle(io?.ThrottleWriteIopsDevice, "throttleWriteIOPSDevice", "blkio.throttle.write_iops_device");
    }

    public override void AddPriorities(IReadOnlyList<InterfacePriority>? priorities)
    {
        for (int i = 0; i < (priorities?.Count ?? 0); i++)
        {
            InterfacePriority priority = priorities![i];
            SpecPath path = Network.Property("priorities").Index(i);
            Steps.Write(DirectoryOf("net_prio", path), "net_prio.ifpriomap", $"{priority.Name} {Text((long)priority.Priority)}", path, "NCL-01");
        }
    }

    public override void AddUnified(Map<string>? unified)
    {
        if (unified is { Count: > 0 })
        {
            throw Refusal.Of(
                All.Property("unified"), "UNI-04", "names files of cgroup v2, and this host's controllers are those of cgroup v1: remove the property");
        }
    }

    protected override CgroupFile? FileOf(ResourceField field) => field.V1;

    protected override string DirectoryOf(string controller, SpecPath path) =>
        directoryOf(controller) ?? throw Refusal.Of(path, "UNI-04", $"this host has no cgroup controller \"{controller}\": mount it or remove the property");

    protected override string DirectoryOfOptional(string controller, SpecPath path) => DirectoryOf(controller, path);

    protected override long? NumberNow(ResourceField field) =>
        directoryOf(field.V1!.Controller) is { } directory ? State.Number(directory, field.V1.Name) : null;

    protected override void Add(ResourceField field, ResourceValue value)
    {
        // The kernel would silently take the nearest number it knows.
        if (field == ResourceTable.CpuShares && value.Clamped is < 2 or > 262144)
        {
            throw Refusal.Of(field.Path, "CPU-01", $"{value.Text} must be from 2 to 262144");
        }

        // Engines send false for every container: it means something only where it was true.
        if (field == ResourceTable.DisableOomKiller && value.Number == 0 && !IsOomKillerDisabled(field.V1!))
        {
            return;
        }

        base.Add(field, value);
    }

    protected override void AddWithoutFile(ResourceField field, ResourceValue value) =>
        throw Refusal.Of(field.Path, field.V2!.Rule, "exists on cgroup v2 only, and this host's controllers are those of cgroup v1: remove the property");

    protected override void AddQuota(ResourceValue period, ResourceValue quota) => AddShareOfTime(ResourceTable.CpuPeriod, period, ResourceTable.CpuQuota, quota);

    protected override void AddHugepages(string size, string limit, SpecPath path)
    {
        string directory = DirectoryOf("hugetlb", path);
        Steps.Write(directory, $"hugetlb.{size}.limit_in_bytes", limit, path, "HUG-01");
        Steps.Write(directory, $"hugetlb.{size}.rsvd.limit_in_bytes", limit, path, "HUG-02", mayBeMissing: true);
    }

    private bool IsOomKillerDisabled(CgroupFile file) =>
        directoryOf(file.Controller) is { } directory && State.Text(directory, file.Name)?.StartsWith("oom_kill_disable 1", StringComparison.Ordinal) == true;

    /// <summary>
    /// The kernel compares time with period, here and in the cgroups above: a period that gets shorter comes after the time, one that gets
    /// longer before it, so that the share is never more than before or after (CPU-07).
    /// </summary>
    private void AddShareOfTime(ResourceField period, ResourceValue length, ResourceField time, ResourceValue share)
    {
        bool shorter = length.IsSet && share.IsSet && NumberNow(time) is > 0 && NumberNow(period) > length.Clamped;
        if (shorter)
        {
            AddPair(time, share, period, length);
        }
        else
        {
            AddPair(period, length, time, share);
        }
    }

    private void AddPair(ResourceField first, ResourceValue value, ResourceField second, ResourceValue other)
    {
        AddIfSet(first, value);
        AddIfSet(second, other);
    }

    private void AddThrottle(IReadOnlyList<BlockIoDeviceThrottle>? throttles, string property, string file)
    {
        for (int i = 0; i < (throttles?.Count ?? 0); i++)
        {
            BlockIoDeviceThrottle throttle = throttles![i];
            SpecPath path = BlockIo.Property(property).Index(i);
            Steps.Write(DirectoryOf("blkio", path), file, DeviceText(throttle.Major, throttle.Minor, Text(throttle.Rate)), path, "BIO-03");
        }
    }
}
