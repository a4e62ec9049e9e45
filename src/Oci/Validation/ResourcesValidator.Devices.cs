namespace Hull.Oci;

/// <summary>Limits of single devices (BIO, HUG, NCL, RDMA).</summary>
internal static partial class ResourcesValidator
{
    private static void CheckDevices(Resources resources, SpecPath path, Violations violations)
    {
        if (resources.BlockIo is BlockIoResources blockIo)
        {
            CheckBlockIo(blockIo, path.Property("blockIO"), violations);
        }

        ReadOnlySpan<HugepageLimit> limits = resources.HugepageLimits.Items();
        for (int index = 0; index < limits.Length; index++)
        {
            if (!IsPageSize(limits[index].PageSize))
            {
                violations.Add(
                    Rules.HugepageLimitIsValid,
                    path.Property("hugepageLimits").Index(index).Property("pageSize"),
                    $"{Quoted.Text(limits[index].PageSize)} is not a size such as 64KB, 2MB or 1GB");
            }
        }

        ReadOnlySpan<InterfacePriority> priorities = (resources.Network?.Priorities).Items();
        for (int index = 0; index < priorities.Length; index++)
        {
            if (priorities[index].Name.Length == 0)
            {
                violations.Add(
                    Rules.InterfacePriorityIsComplete,
                    path.Property("network").Property("priorities").Index(index).Property("name"),
                    "is empty; it must name an interface");
            }
        }

        foreach (KeyValuePair<string, RdmaLimit> entry in resources.Rdma is null ? default : resources.Rdma.Entries)
        {
            if (entry.Value.HcaHandles is null && entry.Value.HcaObjects is null)
            {
                violations.Add(Rules.RdmaLimitIsComplete, path.Property("rdma").Property(entry.Key), "has neither hcaHandles nor hcaObjects");
            }
        }
    }

    private static void CheckBlockIo(BlockIoResources blockIo, SpecPath path, Violations violations)
    {
        CheckWeight(blockIo.Weight, "weight", path, violations);
        CheckWeight(blockIo.LeafWeight, "leafWeight", path, violations);
        ReadOnlySpan<BlockIoDeviceWeight> weights = blockIo.WeightDevice.Items();
        for (int index = 0; index < weights.Length; index++)
        {
            BlockIoDeviceWeight weight = weights[index];
            SpecPath place = path.Property("weightDevice").Index(index);
            CheckNumber(weight.Major, "major", Rules.BlockWeightIsComplete, place, violations);
            CheckNumber(weight.Minor, "minor", Rules.BlockWeightIsComplete, place, violations);
            CheckWeight(weight.Weight, "weight", place, violations);
            CheckWeight(weight.LeafWeight, "leafWeight", place, violations);
            if (weight.Weight is null && weight.LeafWeight is null)
            {
                violations.Add(Rules.BlockWeightIsComplete, place, "has neither weight nor leafWeight");
            }
        }

        CheckThrottle(blockIo.ThrottleReadBpsDevice, path, "throttleReadBpsDevice", violations);
        CheckThrottle(blockIo.ThrottleWriteBpsDevice, path, "throttleWriteBpsDevice", violations);
        CheckThrottle(blockIo.ThrottleReadIopsDevice, path, "throttleReadIOPSDevice", violations);
        CheckThrottle(blockIo.ThrottleWriteIopsDevice, path, "throttleWriteIOPSDevice", violations);
    }

    private static void CheckThrottle(IReadOnlyList<BlockIoDeviceThrottle>? list, SpecPath parent, string name, Violations violations)
    {
        ReadOnlySpan<BlockIoDeviceThrottle> throttles = list.Items();
        for (int index = 0; index < throttles.Length; index++)
        {
            SpecPath place = parent.Property(name).Index(index);
            CheckNumber(throttles[index].Major, "major", Rules.BlockThrottleIsComplete, place, violations);
            CheckNumber(throttles[index].Minor, "minor", Rules.BlockThrottleIsComplete, place, violations);
        }
    }

    private static void CheckNumber(long number, string name, Rule rule, SpecPath parent, Violations violations)
    {
        if (number < 0)
        {
            violations.Add(rule, parent.Property(name), $"{number} is not a device number");
        }
    }

    /// <summary>0 means not set: engines write it for every container.</summary>
    private static void CheckWeight(ushort? weight, string name, SpecPath parent, Violations violations)
    {
        if (weight is > 0 and (< 10 or > 1000))
        {
            violations.Add(Rules.BlockWeightIsInRange, parent.Property(name), $"{weight} is not from 10 to 1000");
        }
    }

    private static bool IsPageSize(string size)
    {
        ReadOnlySpan<char> text = size;
        return text.Length >= 3 && text[^1] == 'B' && text[^2] is 'K' or 'M' or 'G' && text[0] is >= '1' and <= '9'
            && text[..^2].IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
