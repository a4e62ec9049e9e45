namespace Hull.Oci;

// The limits of the cgroup.
public static partial class Rules
{
    /// <summary>CGD-01.</summary>
    public static Rule DeviceRuleIsValid => new(
        "CGD-01", "config-linux.md", "configLinuxDeviceAllowedlist",
        "A device rule says whether it allows, and for which type and numbers.");

    /// <summary>CGD-02.</summary>
    public static Rule DeviceAccessIsValid => new(
        "CGD-02", "config-linux.md", "configLinuxDeviceAllowedlist",
        "The access of a device rule is a composition of r, w and m.");

    /// <summary>MEM-01.</summary>
    public static Rule MemoryLimitIsValid => new(
        "MEM-01", "config-linux.md", "configLinuxMemory",
        "A limit of memory is a number of bytes, or -1.");

    /// <summary>MEM-03.</summary>
    public static Rule SwapCoversMemory => new(
        "MEM-03", "config-linux.md", "configLinuxMemory",
        "The limit of memory and swap together is not below the limit of memory.");

    /// <summary>MEM-06.</summary>
    public static Rule SwappinessIsInRange => new("MEM-06", "config-linux.md", "configLinuxMemory", "The swappiness is from 0 to 100.");

    /// <summary>CPU-02.</summary>
    public static Rule CpuTimeIsInRange => new(
        "CPU-02", "config-linux.md", "configLinuxCPU",
        "A period is from 1000 to 1000000 microseconds and a positive quota at least 1000.");

    /// <summary>CPU-03.</summary>
    public static Rule BurstFitsQuota => new("CPU-03", "config-linux.md", "configLinuxCPU", "A burst is not above a positive quota.");

    /// <summary>CPU-04.</summary>
    public static Rule RealtimeFitsPeriod => new(
        "CPU-04", "config-linux.md", "configLinuxCPU",
        "A real-time run time is -1 or more and not above its period.");

    /// <summary>CPU-05.</summary>
    public static Rule CpusetIsList => new("CPU-05", "config-linux.md", "configLinuxCPU", "Processors and memory nodes are lists.");

    /// <summary>CPU-06.</summary>
    public static Rule IdleIsFlag => new("CPU-06", "config-linux.md", "configLinuxCPU", "The idle setting is 0 or 1.");

    /// <summary>BIO-01.</summary>
    public static Rule BlockWeightIsInRange => new("BIO-01", "config-linux.md", "configLinuxBlockIO", "A weight is from 10 to 1000.");

    /// <summary>BIO-02.</summary>
    public static Rule BlockWeightIsComplete => new(
        "BIO-02", "config-linux.md", "configLinuxBlockIO",
        "The weight of a device has the numbers of a device and at least one weight.");

    /// <summary>BIO-03.</summary>
    public static Rule BlockThrottleIsComplete => new(
        "BIO-03", "config-linux.md", "configLinuxBlockIO",
        "The limit of a device has the numbers of a device and a rate.");

    /// <summary>HUG-01.</summary>
    public static Rule HugepageLimitIsValid => new(
        "HUG-01", "config-linux.md", "configLinuxHugePageLimits",
        "A limit of huge pages has a size such as 2MB and a limit.");

    /// <summary>NCL-01.</summary>
    public static Rule InterfacePriorityIsComplete => new(
        "NCL-01", "config-linux.md", "configLinuxNetwork",
        "The priority of an interface has a name and a priority.");

    /// <summary>PID-02.</summary>
    public static Rule ZeroPidsAreALimit => new("PID-02", "config-linux.md", "configLinuxPIDS", "0 is a limit of tasks like any other.");

    /// <summary>PID-01.</summary>
    public static Rule PidsLimitIsValid => new("PID-01", "config-linux.md", "configLinuxPIDS", "The limit of tasks is a number, or -1.");

    /// <summary>RDMA-01.</summary>
    public static Rule RdmaLimitIsComplete => new(
        "RDMA-01", "config-linux.md", "configLinuxRDMA",
        "The limit of an RDMA device has handles or objects.");

    /// <summary>UNI-01.</summary>
    public static Rule UnifiedNamesFile => new(
        "UNI-01", "config-linux.md", "configLinuxUnified",
        "A unified setting names a file of the cgroup.");
}
