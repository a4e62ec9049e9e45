namespace Hull.Oci;

// Namespaces, devices, kernel parameters and paths.
public static partial class Rules
{
    /// <summary>NS-01.</summary>
    public static Rule NamespaceTypeIsKnown => new(
        "NS-01", "config-linux.md", "configLinuxNamespaces",
        "A namespace has one of the kernel's types.");

    /// <summary>NS-03.</summary>
    public static Rule NamespacePathIsAbsolute => new(
        "NS-03", "config-linux.md", "configLinuxNamespaces",
        "The path of a namespace to join is absolute.");

    /// <summary>NS-05.</summary>
    public static Rule NamespaceIsUnique => new("NS-05", "config-linux.md", "configLinuxNamespaces", "A type of namespace is given once.");

    /// <summary>NS-07.</summary>
    public static Rule HiddenPathsNeedNamespace => new(
        "NS-07", "config-linux.md", "configLinuxMaskedPaths",
        "Masked and read-only paths need a mount namespace of the container.");

    /// <summary>UMAP-01.</summary>
    public static Rule MappingIsComplete => new(
        "UMAP-01", "config-linux.md", "configLinuxUserNamespaceMappings",
        "A mapping of ids has a container id, a host id and a size, and the kernel takes 340 of them.");

    /// <summary>UMAP-03.</summary>
    public static Rule MappingIsConsistent => new(
        "UMAP-03", "config-linux.md", "configLinuxUserNamespaceMappings",
        "A new user namespace has mappings, only a user namespace has them, and their ranges neither overlap nor are empty.");

    /// <summary>TIME-01.</summary>
    public static Rule TimeOffsetIsValid => new(
        "TIME-01", "config-linux.md", "configLinuxTimeOffset",
        "A time offset is for the monotonic or the boot-time clock and has less than a second of nanoseconds.");

    /// <summary>TIME-02.</summary>
    public static Rule TimeOffsetNeedsNamespace => new(
        "TIME-02", "config-linux.md", "configLinuxTimeOffset",
        "Time offsets need a new time namespace.");

    /// <summary>DEV-01.</summary>
    public static Rule DeviceIsComplete => new(
        "DEV-01", "config-linux.md", "configLinuxDevices",
        "A device has a type, an absolute path and, unless it is a FIFO, the numbers of a device.");

    /// <summary>DEV-03.</summary>
    public static Rule DeviceModeIsMode => new("DEV-03", "config-linux.md", "configLinuxDevices", "The mode of a device is a file mode.");

    /// <summary>NET-07.</summary>
    public static Rule InterfaceNameIsValid => new(
        "NET-07", "config-linux.md", "configLinuxNetDevices",
        "The name of a network interface has 1 to 15 bytes, is not . or .., and holds no slash, colon or white space.");

    /// <summary>NET-03.</summary>
    public static Rule InterfaceNameIsFree => new(
        "NET-03", "config-linux.md", "configLinuxNetDevices",
        "No two network interfaces get the same name.");

    /// <summary>NET-07.</summary>
    public static Rule InterfaceNeedsNamespace => new(
        "NET-07", "config-linux.md", "configLinuxNetDevices",
        "Network interfaces need a network namespace of the container to move into.");

    /// <summary>CGP-03.</summary>
    public static Rule CgroupPathStaysInside => new(
        "CGP-03", "config-linux.md", "configLinuxCgroupsPath",
        "The path of a cgroup does not lead upwards.");

    /// <summary>RDT-03.</summary>
    public static Rule RdtSchemaIsOneLine => new(
        "RDT-03", "config-linux.md", "configLinuxIntelRdt",
        "A resctrl schema is one line of its kind.");

    /// <summary>RDT-09.</summary>
    public static Rule RdtClassIsName => new(
        "RDT-09", "config-linux.md", "configLinuxIntelRdt",
        "A class of service is the name of a directory, or a single slash.");

    /// <summary>MPOL-01.</summary>
    public static Rule MemoryPolicyModeIsKnown => new(
        "MPOL-01", "config-linux.md", "configLinuxMemoryPolicy",
        "A memory policy has one of the kernel's modes.");

    /// <summary>MPOL-02.</summary>
    public static Rule MemoryPolicyNodesFitMode => new(
        "MPOL-02", "config-linux.md", "configLinuxMemoryPolicy",
        "The modes that choose nodes have a list of them, the others none.");

    /// <summary>MPOL-03.</summary>
    public static Rule MemoryPolicyFlagsAreKnown => new(
        "MPOL-03", "config-linux.md", "configLinuxMemoryPolicy",
        "A flag of a memory policy is one of the kernel's, and only one of the two node flags is given.");

    /// <summary>SYSC-01.</summary>
    public static Rule SysctlNameIsPath => new(
        "SYSC-01", "config-linux.md", "configLinuxSysctl",
        "The name of a kernel parameter is a path below /proc/sys with dots or slashes.");

    /// <summary>SYSC-02.</summary>
    public static Rule SysctlIsNamespaced => new(
        "SYSC-02", "config-linux.md", "configLinuxSysctl",
        "A kernel parameter belongs to a namespace of the container.");

    /// <summary>PROP-01.</summary>
    public static Rule PropagationIsKnown => new(
        "PROP-01", "config-linux.md", "configLinuxRootfsMountPropagation",
        "The propagation of the root filesystem is one of the kernel's.");

    /// <summary>MASK-03.</summary>
    public static Rule HiddenPathIsAbsolute => new(
        "MASK-03", "config-linux.md", "configLinuxMaskedPaths",
        "Masked and read-only paths are absolute.");

    /// <summary>PERS-01.</summary>
    public static Rule PersonalityIsKnown => new(
        "PERS-01", "config-linux.md", "configLinuxPersonality",
        "A personality has a domain the specification names and no flags.");
}
