using System.Collections.Immutable;
using Hull.Oci;
using static Hull.Runtime.ResourceSteps;

namespace Hull.Runtime;

/// <summary>Block devices, huge pages, RDMA, and the files that the configuration names itself.</summary>
internal sealed partial class CgroupV2Resources
{
    // What a file is named after; other files belong to the cgroup itself or to a controller that this list does not know yet.
    private static readonly ImmutableArray<string> KnownControllers = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma", "misc", "dmem"];

    // Written for a new container, these would stop, kill or move processes.
    private static readonly ImmutableArray<string> Commands = ["cgroup.freeze", "cgroup.kill", "cgroup.procs", "cgroup.threads"];

    /// <summary>The controller that a file belongs to, or null for one of the cgroup itself.</summary>
    public static string? ControllerOf(string file)
    {
        int dot = file.IndexOf('.', StringComparison.Ordinal);
        string first = dot < 0 ? file : file[..dot];
        return KnownControllers.Contains(first) ? first : null;
    }

    private void AddDevices(Resources resources)
    {
        if (resources.BlockIo is { } io)
        {
            AddWeights(io);
            AddThrottle(io.ThrottleReadBpsDevice, "throttleReadBpsDevice", "rbps");
            AddThrottle(io.ThrottleWriteBpsDevice, "throttleWriteBpsDevice", "wbps");
            AddThrottle(io.ThrottleReadIopsDevice, "throttleReadIOPSDevice", "riops");
            AddThrottle(io.ThrottleWriteIopsDevice, "throttleWriteIOPSDevice", "wiops");
        }

        for (int i = 0; i < (resources.HugepageLimits?.Count ?? 0); i++)
        {
            SpecPath path = All.Property("hugepageLimits").Index(i);
            string size = PageSize.Of(resources.HugepageLimits![i].PageSize, path.Property("pageSize"));
            string limit = Text(resources.HugepageLimits[i].Limit);
            Write("hugetlb", $"hugetlb.{size}.max", limit, path, "CONV-HUG");
            Write("hugetlb", $"hugetlb.{size}.rsvd.max", limit, path, "HUG-02", mayBeMissing: true);
        }

        RefuseIf(resources.Network?.ClassId is not (null or 0), Network.Property("classID"), "NCL-01");
        RefuseIf(resources.Network?.Priorities is { Count: > 0 }, Network.Property("priorities"), "NCL-01");
        foreach (KeyValuePair<string, RdmaLimit> limit in resources.Rdma is { } rdma ? rdma.Entries : default)
        {
            Write("rdma", "rdma.max", RdmaMaximum(limit.Key, limit.Value), All.Property("rdma").Property(limit.Key), "CONV-RDMA");
        }
    }

    private void AddWeights(BlockIoResources io)
    {
        RefuseIf(io.LeafWeight is not (null or 0), BlockIo.Property("leafWeight"), "BIO-01");
        if (io.Weight is { } weight and not 0)
        {
            AddWeight("", weight, BlockIo.Property("weight"));
        }

        for (int i = 0; i < (io.WeightDevice?.Count ?? 0); i++)
        {
            BlockIoDeviceWeight device = io.WeightDevice![i];
            SpecPath path = BlockIo.Property("weightDevice").Index(i);
            RefuseIf(device.LeafWeight is not (null or 0), path.Property("leafWeight"), "BIO-02");
            if (device.Weight is { } own and not 0)
            {
                AddWeight(DeviceText(device.Major, device.Minor, ""), own, path.Property("weight"));
            }
        }
    }

    /// <summary>BFQ takes v1's numbers; where it does not schedule, <c>io.weight</c> has a scale of its own (CONV-BLK).</summary>
    private void AddWeight(string device, ushort weight, SpecPath path)
    {
        Require("io", path);
        steps.WriteEither(
            directory, new CgroupFileValue("io.bfq.weight", device + Text((long)weight)),
            new CgroupFileValue("io.weight", device + Text(BlockIoWeight.ToV2(weight))), path, "CONV-BLK");
    }

    private void AddThrottle(IReadOnlyList<BlockIoDeviceThrottle>? throttles, string property, string key)
    {
        for (int i = 0; i < (throttles?.Count ?? 0); i++)
        {
            BlockIoDeviceThrottle throttle = throttles![i];
            string rate = throttle.Rate == 0 ? "max" : Text(throttle.Rate);
            Write("io", "io.max", DeviceText(throttle.Major, throttle.Minor, $"{key}={rate}"), BlockIo.Property(property).Index(i), "BIO-03");
        }
    }

    /// <summary>Each line is a write of its own: the kernel reads one setting at a time (UNI-03).</summary>
    private void AddUnified(Map<string>? unified)
    {
        foreach (KeyValuePair<string, string> entry in unified is { } given ? given.Entries : default)
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

            if (ControllerOf(entry.Key) is { } controller)
            {
                Require(controller, path);
            }

            foreach (string line in Lines(entry.Value))
            {
                steps.Write(directory, entry.Key, line, path, "UNI-03");
            }
        }
    }

    // An empty value is one too, cpuset.cpus for example has it; the kernel does not see a write of nothing.
    private static string[] Lines(string value)
    {
        string[] lines = value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? ["\n"] : lines;
    }
}
