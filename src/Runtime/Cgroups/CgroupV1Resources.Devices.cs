using Hull.Oci;
using static Hull.Runtime.ResourceSteps;

namespace Hull.Runtime;

/// <summary>Block devices, huge pages, networks and RDMA.</summary>
internal sealed partial class CgroupV1Resources
{
    private void AddDevices(Resources resources)
    {
        if (resources.BlockIo is { } io)
        {
            AddWeights(io);
            AddThrottle(io.ThrottleReadBpsDevice, "throttleReadBpsDevice", "blkio.throttle.read_bps_device");
            AddThrottle(io.ThrottleWriteBpsDevice, "throttleWriteBpsDevice", "blkio.throttle.write_bps_device");
            AddThrottle(io.ThrottleReadIopsDevice, "throttleReadIOPSDevice", "blkio.throttle.read_iops_device");
            AddThrottle(io.ThrottleWriteIopsDevice, "throttleWriteIOPSDevice", "blkio.throttle.write_iops_device");
        }

        for (int i = 0; i < (resources.HugepageLimits?.Count ?? 0); i++)
        {
            SpecPath path = All.Property("hugepageLimits").Index(i);
            string directory = DirectoryOf("hugetlb", path);
            string size = PageSize.Of(resources.HugepageLimits![i].PageSize, path.Property("pageSize"));
            string limit = Text(resources.HugepageLimits[i].Limit);
            steps.Write(directory, $"hugetlb.{size}.limit_in_bytes", limit, path, "HUG-01");
            steps.Write(directory, $"hugetlb.{size}.rsvd.limit_in_bytes", limit, path, "HUG-02", mayBeMissing: true);
        }

        if (resources.Network is { } network)
        {
            AddNetwork(network);
        }

        foreach (KeyValuePair<string, RdmaLimit> limit in resources.Rdma is { } rdma ? rdma.Entries : default)
        {
            SpecPath path = All.Property("rdma").Property(limit.Key);
            steps.Write(DirectoryOf("rdma", path), "rdma.max", RdmaMaximum(limit.Key, limit.Value), path, "RDMA-01");
        }
    }

    /// <summary>
    /// The scheduler that knew weights on v1 is gone since Linux 5.0; BFQ, which came after it, has files of its own names. The weight
    /// against child cgroups went with the old one.
    /// </summary>
    private void AddWeights(BlockIoResources io)
    {
        if (io.Weight is { } weight and not 0)
        {
            AddWeight("", Text((long)weight), BlockIo.Property("weight"));
        }

        if (io.LeafWeight is { } leaf and not 0)
        {
            SpecPath path = BlockIo.Property("leafWeight");
            steps.Write(DirectoryOf("blkio", path), "blkio.leaf_weight", leaf, path, "BIO-01");
        }

        for (int i = 0; i < (io.WeightDevice?.Count ?? 0); i++)
        {
            BlockIoDeviceWeight device = io.WeightDevice![i];
            SpecPath path = BlockIo.Property("weightDevice").Index(i);
            if (device.Weight is { } own and not 0)
            {
                AddWeight("_device", DeviceText(device.Major, device.Minor, Text((long)own)), path.Property("weight"));
            }

            if (device.LeafWeight is { } ownLeaf and not 0)
            {
                SpecPath place = path.Property("leafWeight");
                steps.Write(
                    DirectoryOf("blkio", place), "blkio.leaf_weight_device", DeviceText(device.Major, device.Minor, Text((long)ownLeaf)), place, "BIO-02");
            }
        }
    }

    private void AddWeight(string ending, string value, SpecPath path) => steps.WriteEither(
        DirectoryOf("blkio", path), new CgroupFileValue("blkio.bfq.weight" + ending, value), new CgroupFileValue("blkio.weight" + ending, value), path,
        ending.Length == 0 ? "BIO-01" : "BIO-02");

    private void AddThrottle(IReadOnlyList<BlockIoDeviceThrottle>? throttles, string property, string file)
    {
        for (int i = 0; i < (throttles?.Count ?? 0); i++)
        {
            BlockIoDeviceThrottle throttle = throttles![i];
            SpecPath path = BlockIo.Property(property).Index(i);
            steps.Write(DirectoryOf("blkio", path), file, DeviceText(throttle.Major, throttle.Minor, Text(throttle.Rate)), path, "BIO-03");
        }
    }

    private void AddNetwork(NetworkResources network)
    {
        if (network.ClassId is { } classId and not 0)
        {
            SpecPath path = Network.Property("classID");
            steps.Write(DirectoryOf("net_cls", path), "net_cls.classid", classId, path, "NCL-01");
        }

        for (int i = 0; i < (network.Priorities?.Count ?? 0); i++)
        {
            InterfacePriority priority = network.Priorities![i];
            SpecPath path = Network.Property("priorities").Index(i);
            steps.Write(DirectoryOf("net_prio", path), "net_prio.ifpriomap", $"{priority.Name} {Text((long)priority.Priority)}", path, "NCL-01");
        }
    }
}
