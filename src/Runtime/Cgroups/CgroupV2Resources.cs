using System.Collections.Immutable;
using Hull.Oci;
using static Hull.Runtime.ResourceSteps;

namespace Hull.Runtime;

/// <summary>
/// <c>linux.resources</c> as writes to the files of cgroup v2. The specification speaks the language of v1: what can be
/// converted is (CONV-*), what cannot is an error rather than a setting that silently does nothing (UNI-05). Limits of single devices
/// are in the other part of this class.
/// </summary>
/// <param name="steps">Where the writes go.</param>
/// <param name="directory">The container's cgroup.</param>
/// <param name="controllers">The controllers that the host's cgroup v2 has.</param>
/// <param name="state">What the cgroup says now: it decides the order.</param>
internal sealed partial class CgroupV2Resources(ResourceSteps steps, string directory, ImmutableArray<string> controllers, CgroupState state)
{
    /// <summary>Adds everything; <c>unified</c> comes last and overrides the rest (UNI-03).</summary>
    public void Add(Resources resources)
    {
        if (resources.Memory is { } memory)
        {
            RefuseV1Memory(memory);
            AddMemory(memory);
            steps.WarnOfKernelMemory(memory);
        }

        if (resources.Cpu is { } cpu)
        {
            RefuseRealtime(cpu);
            AddShares(cpu);
            AddProcessorTime(cpu);
            AddProcessors(cpu);
        }

        if (PidsMaximum(resources.Pids) is { } maximum)
        {
            Write("pids", "pids.max", maximum, PidsLimit, "CONV-PID");
        }

        AddDevices(resources);
        AddUnified(resources.Unified);
    }

    private void AddMemory(MemoryResources memory)
    {
        long limit = Limit(memory.Limit, Memory.Property("limit"));
        long swap = Limit(memory.Swap, Memory.Property("swap"));
        long reservation = Limit(memory.Reservation, Memory.Property("reservation"));
        if (SwapMaximum(limit, swap) is { } maximum)
        {
            // Without swap accounting there is no file, and nothing that "max" or no swap would change (CONV-SWAP-02).
            SpecPath path = Memory.Property(swap == 0 ? "limit" : "swap");
            Write("memory", "memory.swap.max", maximum, path, "CONV-SWAP", mayBeMissing: maximum is "max" or "0");
        }

        if (limit != 0)
        {
            Write("memory", "memory.max", Maximum(limit), Memory.Property("limit"), "CONV-MEM");
        }

        if (reservation != 0)
        {
            Write("memory", "memory.low", Maximum(reservation), Memory.Property("reservation"), "CONV-MEM");
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

    private void AddShares(CpuResources cpu)
    {
        bool? idle = Idle(cpu);
        if (idle is { } wanted)
        {
            Write("cpu", "cpu.idle", wanted ? "1" : "0", Cpu.Property("idle"), "CPU-06", mayBeMissing: !wanted);
        }

        // An idle cgroup has no weight, and one that ceases to be idle gets it anew (CPU-06).
        if (cpu.Shares is { } shares and not 0 && idle is not true)
        {
            Write("cpu", "cpu.weight", Text(CpuWeight.FromShares(shares)), Cpu.Property("shares"), "CONV-CPU-01");
        }
    }

    /// <summary>Quota and period are one write. A burst may at no time exceed the quota (CPU-03).</summary>
    private void AddProcessorTime(CpuResources cpu)
    {
        bool less = cpu.Burst is { } burst && state.Number(directory, "cpu.max.burst") >= (long)Math.Min(burst, long.MaxValue);
        if (less)
        {
            AddBurst(cpu);
        }

        long quota = cpu.Quota ?? 0;
        ulong period = cpu.Period ?? 0;
        if (quota != 0 || period != 0)
        {
            string value = $"{(quota > 0 ? Text(quota) : "max")} {Text(period == 0 ? 100000 : period)}";
            Write("cpu", "cpu.max", value, Cpu.Property(quota != 0 ? "quota" : "period"), "CONV-CPU-03");
        }

        if (!less)
        {
            AddBurst(cpu);
        }
    }

    private void AddBurst(CpuResources cpu)
    {
        if (cpu.Burst is { } burst)
        {
            Write("cpu", "cpu.max.burst", Text(burst), Cpu.Property("burst"), "CPU-03", mayBeMissing: burst == 0);
        }
    }

    private void AddProcessors(CpuResources cpu)
    {
        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            Write("cpuset", "cpuset.cpus", cpu.Cpus, Cpu.Property("cpus"), "CONV-CPUSET");
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            Write("cpuset", "cpuset.mems", cpu.Mems, Cpu.Property("mems"), "CONV-CPUSET");
        }
    }

    private static void RefuseV1Memory(MemoryResources memory)
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

    private void Write(string controller, string file, string value, SpecPath path, string rule, bool mayBeMissing = false)
    {
        if (!mayBeMissing)
        {
            Require(controller, path);
        }

        steps.Write(directory, file, value, path, rule, mayBeMissing);
    }

    private void Require(string controller, SpecPath path)
    {
        if (!controllers.Contains(controller))
        {
            throw Refusal.Of(path, "UNI-04", $"this host's cgroup v2 has no controller \"{controller}\": enable it or remove the property");
        }
    }
}
