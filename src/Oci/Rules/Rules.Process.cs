namespace Hull.Oci;

// The process, its limits and its hooks.
public static partial class Rules
{
    /// <summary>PROC-02.</summary>
    public static Rule WorkingDirectoryIsAbsolute => new(
        "PROC-02", "config.md", "configProcess",
        "The working directory is given and absolute.");

    /// <summary>PROC-04.</summary>
    public static Rule EnvironmentIsAssignments => new(
        "PROC-04", "config.md", "configPOSIXProcess",
        "Every entry of an environment is NAME=value.");

    /// <summary>PROC-05.</summary>
    public static Rule ArgumentsAreGiven => new("PROC-05", "config.md", "configPOSIXProcess", "The arguments name at least the program.");

    /// <summary>PROC-08.</summary>
    public static Rule OomScoreIsInRange => new(
        "PROC-08", "config.md", "configLinuxProcess",
        "The OOM score adjustment is from -1000 to 1000.");

    /// <summary>TTY-03.</summary>
    public static Rule ConsoleSizeIsComplete => new("TTY-03", "config.md", "configProcess", "A console size has a height and a width.");

    /// <summary>RLIM-01.</summary>
    public static Rule RlimitIsComplete => new(
        "RLIM-01", "config.md", "configPOSIXProcess",
        "A resource limit has a type, a soft and a hard value.");

    /// <summary>RLIM-02.</summary>
    public static Rule RlimitIsSettable => new(
        "RLIM-02", "config.md", "configPOSIXProcess",
        "A resource limit is one of the kernel's, and its soft value is not above its hard value.");

    /// <summary>RLIM-03.</summary>
    public static Rule RlimitIsUnique => new("RLIM-03", "config.md", "configPOSIXProcess", "A type of resource limit is given once.");

    /// <summary>CAP-02.</summary>
    public static Rule CapabilityIsKnown => new(
        "CAP-02", "config.md", "configLinuxProcess",
        "A capability that cannot be granted is reported and left out.");

    /// <summary>USR-01.</summary>
    public static Rule UserIsComplete => new("USR-01", "config.md", "configUser", "A user has a user id and a group id.");

    /// <summary>SCHED-01.</summary>
    public static Rule SchedulerPolicyIsKnown => new(
        "SCHED-01", "config.md", "configLinuxProcess",
        "A scheduler has one of the kernel's policies.");

    /// <summary>SCHED-02.</summary>
    public static Rule NiceIsInRange => new("SCHED-02", "config.md", "configLinuxProcess", "A nice value is from -20 to 19.");

    /// <summary>SCHED-03.</summary>
    public static Rule PriorityFitsPolicy => new(
        "SCHED-03", "config.md", "configLinuxProcess",
        "Only the real-time policies have a priority, from 1 to 99.");

    /// <summary>SCHED-04.</summary>
    public static Rule SchedulerFlagsAreKnown => new(
        "SCHED-04", "config.md", "configLinuxProcess",
        "A scheduler flag is one of the kernel's.");

    /// <summary>SCHED-05.</summary>
    public static Rule DeadlineFitsPolicy => new(
        "SCHED-05", "config.md", "configLinuxProcess",
        "Only the deadline policy has a run time, a deadline and a period.");

    /// <summary>IOP-01.</summary>
    public static Rule IoPriorityIsValid => new(
        "IOP-01", "config.md", "configLinuxProcess",
        "An I/O priority has one of the kernel's classes and a priority from 0 to 7.");

    /// <summary>AFF-01.</summary>
    public static Rule AffinityIsList => new("AFF-01", "config.md", "configLinuxProcess", "An affinity is a list of processors.");

    /// <summary>HOST-01.</summary>
    public static Rule HostnameNeedsNamespace => new(
        "HOST-01", "config.md", "configHostname",
        "A host name needs a UTS namespace of the container.");

    /// <summary>HOST-02.</summary>
    public static Rule DomainnameNeedsNamespace => new(
        "HOST-02", "config.md", "configDomainname",
        "A domain name needs a UTS namespace of the container.");

    /// <summary>HOOK-01.</summary>
    public static Rule HookPathIsGiven => new("HOOK-01", "config.md", "configHooks", "A hook has a path.");

    /// <summary>HOOK-02.</summary>
    public static Rule HookIsCallable => new(
        "HOOK-02", "config.md", "configHooks",
        "The path of a hook is absolute and its timeout above zero.");
}
