using Hull.Oci;
using static Hull.Runtime.ResourceSteps;

namespace Hull.Runtime;

/// <summary><c>linux.resources</c> as writes to the files of cgroup v1 controllers; limits of single devices are in the other part of this class.</summary>
/// <param name="steps">Where the writes go.</param>
/// <param name="directoryOf">The container's cgroup of a controller, or null where the host has no such controller.</param>
/// <param name="state">What the cgroups say now: it decides the order.</param>
internal sealed partial class CgroupV1Resources(ResourceSteps steps, Func<string, string?> directoryOf, CgroupState state)
{
    /// <summary>Adds everything, in an order in which the kernel accepts it.</summary>
    public void Add(Resources resources)
    {
        if (resources.Memory is { } memory)
        {
            AddMemory(memory);
        }

        if (resources.Cpu is { } cpu)
        {
            AddShares(cpu);
            AddProcessorTime(cpu);
            AddRealtime(cpu);
            AddProcessors(cpu);
        }

        if (PidsMaximum(resources.Pids) is { } maximum)
        {
            steps.Write(DirectoryOf("pids", PidsLimit), "pids.max", maximum, PidsLimit, "PID-01");
        }

        AddDevices(resources);
        if (resources.Unified is { Count: > 0 })
        {
            throw Refusal.Of(All.Property("unified"), "UNI-04", "names files of cgroup v2, and this host's controllers are those of cgroup v1: remove the property");
        }
    }

    private void AddMemory(MemoryResources memory)
    {
        AddMemoryLimits(Limit(memory.Limit, Memory.Property("limit")), Limit(memory.Swap, Memory.Property("swap")));
        AddMemoryFile("reservation", "memory.soft_limit_in_bytes", Limit(memory.Reservation, Memory.Property("reservation")), "MEM-02");
        AddMemoryFile("kernelTCP", "memory.kmem.tcp.limit_in_bytes", Limit(memory.KernelTcp, Memory.Property("kernelTCP")), "MEM-05");
        steps.WarnOfKernelMemory(memory);
        if (memory.Swappiness is { } swappiness)
        {
            SpecPath path = Memory.Property("swappiness");
            if (swappiness > 100)
            {
                throw Refusal.Of(path, "MEM-06", $"{Text(swappiness)} must be from 0 to 100");
            }

            steps.Write(DirectoryOf("memory", path), "memory.swappiness", (long)swappiness, path, "MEM-06");
        }

        if (memory.DisableOomKiller is { } disabled)
        {
            AddOomControl(disabled, Memory.Property("disableOOMKiller"));
        }

        if (memory.UseHierarchy is { } useHierarchy)
        {
            // Kernels since 5.11 always count children.
            SpecPath path = Memory.Property("useHierarchy");
            steps.Write(DirectoryOf("memory", path), "memory.use_hierarchy", useHierarchy ? "1" : "0", path, "MEM-08", mayBeMissing: useHierarchy);
        }
    }

    /// <summary>Memory may at no time exceed memory and swap together: which of the two comes first depends on what holds now (MEM-10).</summary>
    private void AddMemoryLimits(long limit, long swap)
    {
        const string file = "memory.memsw.limit_in_bytes";
        long? together = limit == 0 || swap == 0 ? null : state.Number(DirectoryOf("memory", Memory.Property("limit")), file);
        bool swapFirst = together is > 0 && (limit == -1 || limit > together);
        if (swapFirst)
        {
            AddMemoryFile("swap", file, swap, "MEM-03", mayBeMissing: swap == -1);
        }

        AddMemoryFile("limit", "memory.limit_in_bytes", limit, "MEM-01");
        if (!swapFirst)
        {
            AddMemoryFile("swap", file, swap, "MEM-03", mayBeMissing: swap == -1);
        }
    }

    private void AddMemoryFile(string property, string file, long value, string rule, bool mayBeMissing = false)
    {
        if (value != 0)
        {
            SpecPath path = Memory.Property(property);
            steps.Write(DirectoryOf("memory", path), file, value, path, rule, mayBeMissing);
        }
    }

    // Engines send false for every container: it means something only where it was true.
    private void AddOomControl(bool disabled, SpecPath path)
    {
        const string file = "memory.oom_control";
        if (disabled || (directoryOf("memory") is { } place && state.Text(place, file)?.StartsWith("oom_kill_disable 1", StringComparison.Ordinal) == true))
        {
            steps.Write(DirectoryOf("memory", path), file, disabled ? "1" : "0", path, "MEM-07");
        }
    }

    private void AddShares(CpuResources cpu)
    {
        bool? idle = Idle(cpu);
        if (idle is { } wanted)
        {
            SpecPath path = Cpu.Property("idle");
            steps.Write(DirectoryOf("cpu", path), "cpu.idle", wanted ? "1" : "0", path, "CPU-06", mayBeMissing: !wanted);
        }

        // An idle cgroup has no shares, and one that ceases to be idle gets them anew (CPU-06).
        if (cpu.Shares is { } shares and not 0 && idle is not true)
        {
            SpecPath path = Cpu.Property("shares");

            // The kernel would silently take the nearest number it knows.
            if (shares is < 2 or > 262144)
            {
                throw Refusal.Of(path, "CPU-01", $"{Text(shares)} must be from 2 to 262144");
            }

            steps.Write(DirectoryOf("cpu", path), "cpu.shares", Text(shares), path, "CPU-01");
        }
    }

    /// <summary>A burst may at no time exceed the quota (CPU-03).</summary>
    private void AddProcessorTime(CpuResources cpu)
    {
        SpecPath path = Cpu.Property("burst");
        bool less = cpu.Burst is { } burst && state.Number(directoryOf("cpu") ?? "", "cpu.cfs_burst_us") >= (long)Math.Min(burst, long.MaxValue);
        if (less)
        {
            AddBurst(cpu, path);
        }

        AddTimePair(("period", "cpu.cfs_period_us", cpu.Period ?? 0), ("quota", "cpu.cfs_quota_us", Math.Max(cpu.Quota ?? 0, -1)), "CPU-02");
        if (!less)
        {
            AddBurst(cpu, path);
        }
    }

    private void AddBurst(CpuResources cpu, SpecPath path)
    {
        if (cpu.Burst is { } burst)
        {
            steps.Write(DirectoryOf("cpu", path), "cpu.cfs_burst_us", Text(burst), path, "CPU-03", mayBeMissing: burst == 0);
        }
    }

    private void AddRealtime(CpuResources cpu) => AddTimePair(
        ("realtimePeriod", "cpu.rt_period_us", cpu.RealtimePeriod ?? 0), ("realtimeRuntime", "cpu.rt_runtime_us", cpu.RealtimeRuntime ?? 0), "CPU-04");

    /// <summary>
    /// The kernel compares time with period, here and in the cgroups above: a period that gets shorter comes after the time, one that gets
    /// longer before it, so that the share is never more than before or after (CPU-07).
    /// </summary>
    private void AddTimePair((string Property, string File, ulong Value) period, (string Property, string File, long Value) time, string rule)
    {
        bool shorter = false;
        if (period.Value != 0 && time.Value != 0 && directoryOf("cpu") is { } directory)
        {
            shorter = state.Number(directory, time.File) is > 0 && state.Number(directory, period.File) > (long)Math.Min(period.Value, long.MaxValue);
        }

        if (shorter)
        {
            AddTime(time.Property, time.File, Text(time.Value), rule);
        }

        if (period.Value != 0)
        {
            AddTime(period.Property, period.File, Text(period.Value), rule);
        }

        if (time.Value != 0 && !shorter)
        {
            AddTime(time.Property, time.File, Text(time.Value), rule);
        }
    }

    private void AddTime(string property, string file, string value, string rule) =>
        steps.Write(DirectoryOf("cpu", Cpu.Property(property)), file, value, Cpu.Property(property), rule);

    private void AddProcessors(CpuResources cpu)
    {
        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            SpecPath path = Cpu.Property("cpus");
            steps.Write(DirectoryOf("cpuset", path), "cpuset.cpus", cpu.Cpus, path, "CPU-05");
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            SpecPath path = Cpu.Property("mems");
            steps.Write(DirectoryOf("cpuset", path), "cpuset.mems", cpu.Mems, path, "CPU-05");
        }
    }

    private string DirectoryOf(string controller, SpecPath path) =>
        directoryOf(controller) ?? throw Refusal.Of(path, "UNI-04", $"this host has no cgroup controller \"{controller}\": mount it or remove the property");
}
