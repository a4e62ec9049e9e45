using Hull.Oci;
using static Hull.Runtime.ResourceSteps;

namespace Hull.Runtime;

/// <summary>
/// <c>linux.resources</c> as properties of a unit (SDC-03), so that systemd neither undoes the limits when it next looks at the unit nor
/// gives away what they promise. It rounds and knows only some of them: the files of the cgroup are written as well afterwards (SDC-05),
/// and it is the writers of those that refuse what is wrong.
/// </summary>
/// <param name="properties">Where they go.</param>
/// <param name="unified">The host has cgroup v2 alone.</param>
/// <param name="version">systemd's version: what it does not know yet it would refuse.</param>
internal sealed class UnitResources(UnitProperties properties, bool unified, int version)
{
    // What systemd takes for the length of a period that nobody has set.
    private const ulong DefaultPeriod = 100_000;

    /// <summary>Adds everything that systemd has a word for; <c>unified</c> comes last and wins (UNI-03).</summary>
    public void Add(Resources resources)
    {
        if (resources.Memory is { } memory)
        {
            AddMemory(memory);
        }

        if (resources.Cpu is { } cpu)
        {
            AddProcessorTime(cpu);
            AddProcessors(cpu);
        }

        if (resources.Pids?.Limit is { } tasks)
        {
            // It has no word for "none"; the file gets the 0 (PID-02).
            properties.Set("TasksMax", tasks < 0 ? ulong.MaxValue : Math.Max(1, (ulong)tasks));
        }

        if (resources.BlockIo?.Weight is { } weight and not 0)
        {
            properties.Set(unified ? "IOWeight" : "BlockIOWeight", unified ? BlockIoWeight.ToV2(weight) : weight);
        }

        if (unified && resources.Unified is { } files)
        {
            foreach ((string file, string value) in files)
            {
                CgroupV2UnitResources.Add(properties, version, file, value);
            }
        }
    }

    private void AddMemory(MemoryResources memory)
    {
        long limit = memory.Limit ?? 0, swap = memory.Swap ?? 0, reservation = memory.Reservation ?? 0;
        if (limit != 0)
        {
            properties.Set(unified ? "MemoryMax" : "MemoryLimit", Bytes(limit));
        }

        if (!unified)
        {
            return;
        }

        if (reservation != 0)
        {
            properties.Set("MemoryLow", Bytes(reservation));
        }

        if (CgroupV2Resources.SwapMaximum(limit, swap) is { } maximum)
        {
            properties.Set("MemorySwapMax", CgroupV2UnitResources.Number(maximum) ?? ulong.MaxValue);
        }
    }

    private void AddProcessorTime(CpuResources cpu)
    {
        bool idle = cpu.Idle == 1;
        if (cpu.Shares is { } shares and not 0 && !idle)
        {
            properties.Set(unified ? "CPUWeight" : "CPUShares", unified ? CpuWeight.FromShares(shares) : shares);
        }

        if (idle && unified && version >= 252)
        {
            properties.Set("CPUWeight", 0);
        }

        AddQuota(properties, version, cpu.Quota ?? 0, cpu.Period ?? 0);
    }

    private void AddProcessors(CpuResources cpu)
    {
        if (!unified || version < 244)
        {
            return;
        }

        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            properties.Set("AllowedCPUs", BusValue.Bytes(CpuMask.Parse(cpu.Cpus, Cpu.Property("cpus"))));
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            properties.Set("AllowedMemoryNodes", BusValue.Bytes(CpuMask.Parse(cpu.Mems, Cpu.Property("mems"))));
        }
    }

    /// <summary>A quota in microseconds of every period; 0 leaves each as it is, a negative quota is none.</summary>
    internal static void AddQuota(UnitProperties properties, int version, long quota, ulong period)
    {
        if (quota == 0 && period == 0)
        {
            return;
        }

        if (period != 0 && version >= 242)
        {
            properties.Set("CPUQuotaPeriodUSec", period);
        }

        properties.Set("CPUQuotaPerSecUSec", quota > 0 ? PerSecond((ulong)quota, period == 0 ? DefaultPeriod : period) : ulong.MaxValue);
    }

    /// <summary>Rounded up to what systemd can say, a percent of one processor: never less than was asked for.</summary>
    private static ulong PerSecond(ulong quota, ulong period)
    {
        const ulong percent = 10_000;
        UInt128 exact = (UInt128)quota * 1_000_000 / period;
        UInt128 rounded = (exact + percent - 1) / percent * percent;
        return rounded >= ulong.MaxValue ? ulong.MaxValue - 1 : Math.Max(percent, (ulong)rounded);
    }

    private static ulong Bytes(long limit) => limit < 0 ? ulong.MaxValue : (ulong)limit;
}
