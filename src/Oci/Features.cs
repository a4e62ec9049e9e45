using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>
/// What this runtime can do whatever the host is (features.md; FEAT-01). Absent means unknown, which is not the same as empty.
/// </summary>
public sealed record Features
{
    /// <summary>The oldest version of the specification that is accepted (FEAT-02).</summary>
    public required string OciVersionMin { get; init; }

    /// <summary>The newest version of the specification that is accepted (FEAT-02).</summary>
    public required string OciVersionMax { get; init; }

    /// <summary>Names of the hooks.</summary>
    public IReadOnlyList<string>? Hooks { get; init; }

    /// <summary>Mount options that are not of a filesystem (FEAT-04).</summary>
    public IReadOnlyList<string>? MountOptions { get; init; }

    /// <summary>What is specific to Linux.</summary>
    public LinuxFeatures? Linux { get; init; }

    /// <summary>Facts about the runtime itself (FEAT-06).</summary>
    public Map<string>? Annotations { get; init; }

    /// <summary>Annotations that change behaviour; a name ending in a dot is a prefix (FEAT-07).</summary>
    public IReadOnlyList<string>? PotentiallyUnsafeConfigAnnotations { get; init; }
}

/// <summary>The Linux part of the features (features-linux.md; FEAT-05).</summary>
public sealed record LinuxFeatures
{
    /// <summary>Types of namespaces.</summary>
    public IReadOnlyList<NamespaceType>? Namespaces { get; init; }

    /// <summary>Names of capabilities.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Control groups.</summary>
    public CgroupFeatures? Cgroup { get; init; }

    /// <summary>Filters of system calls.</summary>
    public SeccompFeatures? Seccomp { get; init; }

    /// <summary>AppArmor.</summary>
    public Feature? Apparmor { get; init; }

    /// <summary>SELinux.</summary>
    public Feature? Selinux { get; init; }

    /// <summary>Intel RDT.</summary>
    public IntelRdtFeatures? IntelRdt { get; init; }

    /// <summary>NUMA memory policies.</summary>
    public MemoryPolicyFeatures? MemoryPolicy { get; init; }

    /// <summary>Extensions of mounts.</summary>
    public MountExtensions? MountExtensions { get; init; }

    /// <summary>Network interfaces that move into the container.</summary>
    public Feature? NetDevices { get; init; }
}

/// <summary>Whether something is supported at all.</summary>
public sealed record Feature
{
    /// <summary>Absent means unknown.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>Control groups (FEAT-05).</summary>
public sealed record CgroupFeatures
{
    /// <summary>Version 1.</summary>
    public bool? V1 { get; init; }

    /// <summary>Version 2.</summary>
    public bool? V2 { get; init; }

    /// <summary>The system's systemd.</summary>
    public bool? Systemd { get; init; }

    /// <summary>The user's systemd.</summary>
    public bool? SystemdUser { get; init; }

    /// <summary>The RDMA controller.</summary>
    public bool? Rdma { get; init; }
}

/// <summary>Filters of system calls (FEAT-05).</summary>
public sealed record SeccompFeatures
{
    /// <summary>Whether filters are supported at all.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Actions.</summary>
    public IReadOnlyList<SeccompAction>? Actions { get; init; }

    /// <summary>Comparisons.</summary>
    public IReadOnlyList<SeccompOperator>? Operators { get; init; }

    /// <summary>Architectures.</summary>
    public IReadOnlyList<SeccompArchitecture>? Archs { get; init; }

    /// <summary>Flags that are recognised.</summary>
    public IReadOnlyList<SeccompFlag>? KnownFlags { get; init; }

    /// <summary>Flags that have an effect, among the known ones (FEAT-08).</summary>
    public IReadOnlyList<SeccompFlag>? SupportedFlags { get; init; }
}

/// <summary>Intel RDT (FEAT-05).</summary>
public sealed record IntelRdtFeatures
{
    /// <summary>Whether it is supported at all.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether <c>schemata</c> is.</summary>
    public bool? Schemata { get; init; }

    /// <summary>Whether <c>enableMonitoring</c> is.</summary>
    public bool? Monitoring { get; init; }
}

/// <summary>NUMA memory policies (FEAT-05).</summary>
public sealed record MemoryPolicyFeatures
{
    /// <summary>Modes.</summary>
    public IReadOnlyList<MemoryPolicyMode>? Modes { get; init; }

    /// <summary>Flags.</summary>
    public IReadOnlyList<MemoryPolicyFlag>? Flags { get; init; }
}

/// <summary>Extensions of mounts (FEAT-05).</summary>
public sealed record MountExtensions
{
    /// <summary>Idmapped mounts (IDM-10).</summary>
    public Feature? Idmap { get; init; }
}
