using Hull.Oci;
using static Hull.Runtime.Planning.Cgroups.ResourceSteps;

namespace Hull.Runtime.Planning.Cgroups;

/// <summary><c>linux.resources</c> as writes to the files of cgroup v1 controllers.</summary>
/// <param name="steps">Where the writes go.</param>
/// <param name="directoryOf">The container's cgroup of a controller, or null where the host has no such controller.</param>
internal sealed class LegacyResources(ResourceSteps steps, Func<string, string?> directoryOf)
{
    /// <summary>Adds everything, in the order in which the kernel accepts it in a new cgroup.</summary>
    public void Add(Resources resources)
    {
        if (resources.Memory is { } memory)
        {
            AddMemory(memory);
        }

        if (resources.Cpu is { } cpu)
        {
            AddProcessorTime(cpu);
            AddRealtime(cpu);
            AddProcessors(cpu);
        }

        if (PidsMaximum(resources.Pids) is { } maximum)
        {
            steps.Write(DirectoryOf("pids", PidsLimit), "pids.max", maximum, PidsLimit, "PID-01");
        }
    }

    private void AddMemory(MemoryResources memory)
    {
        long limit = Limit(memory.Limit, Memory.Property("limit"));
        long swap = Limit(memory.Swap, Memory.Property("swap"));
        long reservation = Limit(memory.Reservation, Memory.Property("reservation"));
        CheckSwap(limit, swap);

        // A new cgroup is unlimited, and memory may never exceed memory+swap: so memory comes first (MEM-10).
        AddMemoryFile("limit", "memory.limit_in_bytes", limit, "MEM-01");
        AddMemoryFile("swap", "memory.memsw.limit_in_bytes", swap, "MEM-03");
        AddMemoryFile("reservation", "memory.soft_limit_in_bytes", reservation, "MEM-02");
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

        if (memory.DisableOomKiller is true)
        {
            SpecPath path = Memory.Property("disableOOMKiller");
            steps.Write(DirectoryOf("memory", path), "memory.oom_control", "1", path, "MEM-07");
        }

        if (memory.UseHierarchy is { } useHierarchy)
        {
            // Kernels since 5.11 always count children.
            SpecPath path = Memory.Property("useHierarchy");
            steps.Write(DirectoryOf("memory", path), "memory.use_hierarchy", useHierarchy ? "1" : "0", path, "MEM-08", mayBeMissing: useHierarchy);
        }
    }

    private void AddMemoryFile(string property, string file, long value, string rule)
    {
        if (value != 0)
        {
            SpecPath path = Memory.Property(property);
            steps.Write(DirectoryOf("memory", path), file, value, path, rule);
        }
    }

    private void AddProcessorTime(CpuResources cpu)
    {
        bool? idle = Idle(cpu);
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

        if (cpu.Period is { } period and not 0)
        {
            SpecPath path = Cpu.Property("period");
            steps.Write(DirectoryOf("cpu", path), "cpu.cfs_period_us", Text(period), path, "CPU-02");
        }

        if (cpu.Quota is { } quota and not 0)
        {
            SpecPath path = Cpu.Property("quota");
            steps.Write(DirectoryOf("cpu", path), "cpu.cfs_quota_us", Math.Max(quota, -1), path, "CPU-02");
        }

        if (cpu.Burst is { } burst)
        {
            // Burst may not exceed the quota, which therefore comes first.
            SpecPath path = Cpu.Property("burst");
            steps.Write(DirectoryOf("cpu", path), "cpu.cfs_burst_us", Text(burst), path, "CPU-03", mayBeMissing: burst == 0);
        }

        if (idle is { } wanted)
        {
            SpecPath path = Cpu.Property("idle");
            steps.Write(DirectoryOf("cpu", path), "cpu.idle", wanted ? "1" : "0", path, "CPU-06", mayBeMissing: !wanted);
        }
    }

    private void AddRealtime(CpuResources cpu)
    {
        if (cpu.RealtimePeriod is { } period and not 0)
        {
            SpecPath path = Cpu.Property("realtimePeriod");
            steps.Write(DirectoryOf("cpu", path), "cpu.rt_period_us", Text(period), path, "CPU-04");
        }

        if (cpu.RealtimeRuntime is { } runtime and not 0)
        {
            SpecPath path = Cpu.Property("realtimeRuntime");
            steps.Write(DirectoryOf("cpu", path), "cpu.rt_runtime_us", runtime, path, "CPU-04");
        }
    }

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
