namespace Hull.Oci;

/// <summary>The limits of the cgroup (CGD, MEM, CPU, PID, UNI); those of single devices are in the other part of this class.</summary>
internal static partial class ResourcesValidator
{
    internal static void Check(Resources? resources, SpecPath path, Violations violations)
    {
        if (resources is null)
        {
            return;
        }

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

        if (resources.Pids is { Limit: < -1 } pids)
        {
            violations.Add(
                Rules.PidsLimitIsValid,
                path.Property("pids").Property("limit"),
                $"{pids.Limit} is neither -1 nor a number of tasks");
        }

        CheckDevices(resources, path, violations);
        CheckUnified(resources.Unified, path, violations);
    }

    private static void CheckDeviceRule(DeviceRule rule, SpecPath path, Violations violations)
    {
        if (rule.Major is < -1)
        {
            violations.Add(Rules.DeviceRuleIsValid, path.Property("major"), $"{rule.Major} is neither -1 nor a device number");
        }

        if (rule.Minor is < -1)
        {
            violations.Add(Rules.DeviceRuleIsValid, path.Property("minor"), $"{rule.Minor} is neither -1 nor a device number");
        }

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
        CheckBytes(memory.Limit, "limit", path, violations);
        CheckBytes(memory.Reservation, "reservation", path, violations);
        CheckBytes(memory.Swap, "swap", path, violations);
        CheckBytes(memory.Kernel, "kernel", path, violations);
        CheckBytes(memory.KernelTcp, "kernelTCP", path, violations);
        if (memory.Limit is > 0 && memory.Swap is > 0 && memory.Swap < memory.Limit)
        {
            violations.Add(
                Rules.SwapCoversMemory,
                path.Property("swap"),
                $"{memory.Swap} is below the limit of memory, {memory.Limit}; it counts memory and swap together");
        }

        if (memory.Swappiness is > 100)
        {
            violations.Add(Rules.SwappinessIsInRange, path.Property("swappiness"), $"{memory.Swappiness} is not from 0 to 100");
        }
    }

    private static void CheckBytes(long? value, string name, SpecPath parent, Violations violations)
    {
        if (value is < -1)
        {
            violations.Add(Rules.MemoryLimitIsValid, parent.Property(name), $"{value} is neither -1 nor a number of bytes");
        }
    }

    private static void CheckCpu(CpuResources cpu, SpecPath path, Violations violations)
    {
        if (cpu.Period is > 0 and (< 1000 or > 1_000_000))
        {
            violations.Add(Rules.CpuTimeIsInRange, path.Property("period"), $"{cpu.Period} is not from 1000 to 1000000 microseconds");
        }

        if (cpu.Quota is > 0 and < 1000)
        {
            violations.Add(Rules.CpuTimeIsInRange, path.Property("quota"), $"{cpu.Quota} is not at least 1000 microseconds");
        }

        if (cpu.Quota is > 0 && cpu.Burst is ulong burst && burst > (ulong)cpu.Quota.Value)
        {
            violations.Add(Rules.BurstFitsQuota, path.Property("burst"), $"{burst} is above the quota, {cpu.Quota}");
        }

        if (cpu.RealtimeRuntime is < -1)
        {
            violations.Add(
                Rules.RealtimeFitsPeriod,
                path.Property("realtimeRuntime"),
                $"{cpu.RealtimeRuntime} is neither -1 nor a number of microseconds");
        }
        else if (cpu.RealtimeRuntime is > 0 && cpu.RealtimePeriod is > 0 && (ulong)cpu.RealtimeRuntime.Value > cpu.RealtimePeriod)
        {
            violations.Add(
                Rules.RealtimeFitsPeriod,
                path.Property("realtimeRuntime"),
                $"{cpu.RealtimeRuntime} is above the period, {cpu.RealtimePeriod}");
        }

        CheckList(cpu.Cpus, "cpus", path, violations);
        CheckList(cpu.Mems, "mems", path, violations);
        if (cpu.Idle is not (null or 0 or 1))
        {
            violations.Add(Rules.IdleIsFlag, path.Property("idle"), $"{cpu.Idle} is not 0 or 1");
        }
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
}
