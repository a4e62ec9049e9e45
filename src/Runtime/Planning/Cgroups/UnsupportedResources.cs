using Hull.Oci;
using static Hull.Runtime.Planning.Cgroups.ResourceSteps;

namespace Hull.Runtime.Planning.Cgroups;

/// <summary>The parts of <c>linux.resources</c> that this version cannot apply: an error, never a limit that is not there (JSN-03).</summary>
internal static class UnsupportedResources
{
    /// <summary>Throws for the first that asks for something. Engines send empty and zero values, which ask for nothing.</summary>
    public static void Refuse(Resources resources)
    {
        if (resources.BlockIo is { } io)
        {
            SpecPath path = All.Property("blockIO");
            RefuseIf(io.Weight is not (null or 0), path.Property("weight"), "BIO-01");
            RefuseIf(io.LeafWeight is not (null or 0), path.Property("leafWeight"), "BIO-01");
            RefuseIf(io.WeightDevice is { Count: > 0 }, path.Property("weightDevice"), "BIO-02");
            RefuseIf(io.ThrottleReadBpsDevice is { Count: > 0 }, path.Property("throttleReadBpsDevice"), "BIO-03");
            RefuseIf(io.ThrottleWriteBpsDevice is { Count: > 0 }, path.Property("throttleWriteBpsDevice"), "BIO-03");
            RefuseIf(io.ThrottleReadIopsDevice is { Count: > 0 }, path.Property("throttleReadIOPSDevice"), "BIO-03");
            RefuseIf(io.ThrottleWriteIopsDevice is { Count: > 0 }, path.Property("throttleWriteIOPSDevice"), "BIO-03");
        }

        RefuseIf(resources.HugepageLimits is { Count: > 0 }, All.Property("hugepageLimits"), "HUG-01");
        if (resources.Network is { } network)
        {
            RefuseIf(network.ClassId is not (null or 0), All.Property("network").Property("classID"), "NCL-01");
            RefuseIf(network.Priorities is { Count: > 0 }, All.Property("network").Property("priorities"), "NCL-01");
        }

        RefuseIf(resources.Rdma is { Count: > 0 }, All.Property("rdma"), "RDMA-01");
        RefuseIf(resources.Unified is { Count: > 0 }, All.Property("unified"), "UNI-01");
    }

    private static void RefuseIf(bool set, SpecPath path, string rule)
    {
        if (set)
        {
            throw Refusal.Of(path, rule, "not supported by this version: remove the property");
        }
    }
}
