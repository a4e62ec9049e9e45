namespace Hull.Oci;

/// <summary>The limits of the cgroup (CGD, MEM, CPU, PID, BIO, HUG, NCL, RDMA, UNI). A number's own range stands beside it in the record; what is checked here is anything else.</summary>
internal static class ResourcesValidator
{
    internal static void Check(Resources? resources, SpecPath path, Violations violations)
    {
        if (resources is null)
        {
            return;
        }

        resources.CheckRanges(path, violations);
        ReadOnlySpan<DeviceRule> rules = resources.Devices.Items();
        for (int index = 0; index < rules.Length; index++)
        {
            CheckDeviceRule(rules[index], path.Property("devices").Index(index), violations);
        }

        if (resources.Memory is MemoryResources memory)
        {
            CheckMemory(memory, path.Property("memory"), violations);
        }

        if (resources.Cpu is CpuResources cpu)
        {
            CheckCpu(cpu, path.Property("cpu"), violations);
        }

        CheckDevices(resources, path, violations);
        CheckUnified(resources.Unified, path, violations);
    }

    /// <summary>What the resources mean by the version of the document alone.</summary>
    internal static void CheckVersion(Resources? resources, string ociVersion, SpecPath path, Violations violations)
    {
        if (SemanticVersion.IsValid(ociVersion, out _) && resources?.MeansNoLimitOfPids(ociVersion) == true)
        {
            violations.Warn(Rules.ZeroPidsAreALimit, path.Property("pids").Property("limit"), Resources.NoLimitOfPids(ociVersion));
        }
    }

    private static void CheckDeviceRule(DeviceRule rule, SpecPath path, Violations violations)
    {
        if (rule.Type is null or DeviceRuleType.All && (rule.Major is >= 0 || rule.Minor is >= 0))
        {
            violations.Warn(Rules.DeviceRuleIsValid, path, "is for all types of devices and has a device number; the number is ignored");
        }

        string access = rule.Access ?? "";
        if (access.Length == 0 || access.AsSpan().IndexOfAnyExcept('r', 'w', 'm') >= 0)
        {
            violations.Add(
                Rules.DeviceAccessIsValid,
                path.Property("access"),
                $"{(rule.Access is null ? "is missing;" : Quoted.Text(access) + " is not valid:")} it must be composed of r, w and m");
        }
    }

    private static void CheckMemory(MemoryResources memory, SpecPath path, Violations violations)
    {
        if (memory.Limit is > 0 && memory.Swap is > 0 && memory.Swap < memory.Limit)
        {
            violations.Add(
                Rules.SwapCoversMemory,
                path.Property("swap"),
                $"{memory.Swap} is below the limit of memory, {memory.Limit}; it counts memory and swap together");
        }
    }

    private static void CheckCpu(CpuResources cpu, SpecPath path, Violations violations)
    {
        if (cpu.Quota is > 0 and < 1000)
        {
            violations.Add(Rules.CpuTimeIsInRange, path.Property("quota"), $"{cpu.Quota} is not at least 1000 microseconds");
        }

        if (cpu.Quota is > 0 && cpu.Burst is ulong burst && burst > (ulong)cpu.Quota.Value)
        {
            violations.Add(Rules.BurstFitsQuota, path.Property("burst"), $"{burst} is above the quota, {cpu.Quota}");
        }

        if (cpu.RealtimeRuntime is > 0 && cpu.RealtimePeriod is > 0 && (ulong)cpu.RealtimeRuntime.Value > cpu.RealtimePeriod)
        {
            violations.Add(
                Rules.RealtimeFitsPeriod,
                path.Property("realtimeRuntime"),
                $"{cpu.RealtimeRuntime} is above the period, {cpu.RealtimePeriod}");
        }

        CheckList(cpu.Cpus, "cpus", path, violations);
        CheckList(cpu.Mems, "mems", path, violations);
    }

    private static void CheckList(string? list, string name, SpecPath parent, Violations violations)
    {
        if (list is not null && !NumberList.IsValid(list))
        {
            violations.Add(Rules.CpusetIsList, parent.Property(name), $"{Quoted.Text(list)} is not a list such as 0-3,7");
        }
    }

    private static void CheckUnified(Map<string>? unified, SpecPath parent, Violations violations)
    {
        if (unified is null)
        {
            return;
        }

        foreach (KeyValuePair<string, string> entry in unified.Entries)
        {
            if (entry.Key is "" or "." or ".." || entry.Key.Contains('/'))
            {
                violations.Add(
                    Rules.UnifiedNamesFile,
                    parent.Property("unified").Property(entry.Key),
                    "is not the name of a file such as memory.high");
            }
        }
    }

    private static void CheckDevices(Resources resources, SpecPath path, Violations violations)
    {
        ReadOnlySpan<BlockIoDeviceWeight> weights = (resources.BlockIo?.WeightDevice).Items();
        for (int index = 0; index < weights.Length; index++)
        {
            if (weights[index].Weight is null && weights[index].LeafWeight is null)
            {
                violations.Add(
                    Rules.BlockWeightIsComplete, path.Property("blockIO").Property("weightDevice").Index(index), "has neither weight nor leafWeight");
            }
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

    private static bool IsPageSize(string size)
    {
        ReadOnlySpan<char> text = size;
        return text.Length >= 3 && text[^1] == 'B' && text[^2] is 'K' or 'M' or 'G' && text[0] is >= '1' and <= '9'
            && text[..^2].IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
