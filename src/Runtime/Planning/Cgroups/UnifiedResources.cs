using Hull.Oci;
using static Hull.Runtime.Planning.Cgroups.ResourceSteps;

namespace Hull.Runtime.Planning.Cgroups;

/// <summary>
/// <c>linux.resources</c> as writes to the files of cgroup v2. The specification speaks the language of v1: what can be
/// converted is (CONV-*), what cannot is an error rather than a setting that silently does nothing (UNI-05).
/// </summary>
/// <param name="steps">Where the writes go.</param>
/// <param name="directory">The container's cgroup.</param>
internal sealed class UnifiedResources(ResourceSteps steps, string directory)
{
    /// <summary>Adds everything.</summary>
    public void Add(Resources resources)
    {
        if (resources.Memory is { } memory)
        {
            RefuseLegacyMemory(memory);
            AddMemory(memory);
            steps.WarnOfKernelMemory(memory);
        }

        if (resources.Cpu is { } cpu)
        {
            RefuseRealtime(cpu);
            AddProcessorTime(cpu);
            AddProcessors(cpu);
        }

        if (PidsMaximum(resources.Pids) is { } maximum)
        {
            steps.Write(directory, "pids.max", maximum, PidsLimit, "CONV-PID");
        }
    }

    private void AddMemory(MemoryResources memory)
    {
        long limit = Limit(memory.Limit, Memory.Property("limit"));
        long swap = Limit(memory.Swap, Memory.Property("swap"));
        long reservation = Limit(memory.Reservation, Memory.Property("reservation"));
        CheckSwap(limit, swap);
        if (SwapMaximum(limit, swap) is { } maximum)
        {
            // Without swap accounting there is no file, and nothing that "max" or no swap would change (CONV-SWAP-02).
            steps.Write(directory, "memory.swap.max", maximum, Memory.Property("swap"), "CONV-SWAP", mayBeMissing: maximum is "max" or "0");
        }

        if (limit != 0)
        {
            steps.Write(directory, "memory.max", Maximum(limit), Memory.Property("limit"), "CONV-MEM");
        }

        if (reservation != 0)
        {
            steps.Write(directory, "memory.low", Maximum(reservation), Memory.Property("reservation"), "CONV-MEM");
        }
    }

    /// <summary>v1 limits memory and swap together, v2 swap alone (CONV-SWAP); null writes nothing.</summary>
    internal static string? SwapMaximum(long limit, long swap) => (limit, swap) switch
    {
        (-1, 0) => "max",
        (_, 0) => null,
        (_, -1) => "max",
        (-1, _) => Text(swap),
        _ => Text(swap - limit),
    };

    private static string Maximum(long limit) => limit == -1 ? "max" : Text(limit);

    private void AddProcessorTime(CpuResources cpu)
    {
        bool? idle = Idle(cpu);
        if (cpu.Shares is { } shares and not 0 && idle is not true)
        {
            // The weight of an idle cgroup cannot be set (CPU-06).
            steps.Write(directory, "cpu.weight", Text(CpuWeight.FromShares(shares)), Cpu.Property("shares"), "CONV-CPU-01");
        }

        long quota = cpu.Quota ?? 0;
        ulong period = cpu.Period ?? 0;
        if (quota != 0 || period != 0)
        {
            string value = $"{(quota > 0 ? Text(quota) : "max")} {Text(period == 0 ? 100000 : period)}";
            steps.Write(directory, "cpu.max", value, Cpu.Property(quota != 0 ? "quota" : "period"), "CONV-CPU-03");
        }

        if (cpu.Burst is { } burst)
        {
            steps.Write(directory, "cpu.max.burst", Text(burst), Cpu.Property("burst"), "CPU-03", mayBeMissing: burst == 0);
        }

        if (idle is { } wanted)
        {
            steps.Write(directory, "cpu.idle", wanted ? "1" : "0", Cpu.Property("idle"), "CPU-06", mayBeMissing: !wanted);
        }
    }

    private void AddProcessors(CpuResources cpu)
    {
        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            steps.Write(directory, "cpuset.cpus", cpu.Cpus, Cpu.Property("cpus"), "CONV-CPUSET");
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            steps.Write(directory, "cpuset.mems", cpu.Mems, Cpu.Property("mems"), "CONV-CPUSET");
        }
    }

    private static void RefuseLegacyMemory(MemoryResources memory)
    {
        RefuseIf(memory.KernelTcp is not (null or 0), Memory.Property("kernelTCP"), "MEM-05");
        RefuseIf(memory.Swappiness is not null, Memory.Property("swappiness"), "MEM-06");
        RefuseIf(memory.DisableOomKiller is true, Memory.Property("disableOOMKiller"), "MEM-07");
        RefuseIf(memory.UseHierarchy is false, Memory.Property("useHierarchy"), "MEM-08");
    }

    private static void RefuseRealtime(CpuResources cpu)
    {
        RefuseIf(cpu.RealtimeRuntime is not (null or 0), Cpu.Property("realtimeRuntime"), "CPU-04");
        RefuseIf(cpu.RealtimePeriod is not (null or 0), Cpu.Property("realtimePeriod"), "CPU-04");
    }

    private static void RefuseIf(bool set, SpecPath path, string rule)
    {
        if (set)
        {
            throw Refusal.Of(path, rule, "exists on cgroup v1 only and has no counterpart on this host's cgroup v2 (UNI-05): remove the property");
        }
    }
}
