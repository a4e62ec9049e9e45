namespace Hull.Oci;

/// <summary>
/// The five capability sets of the container process (CAP-01). Names as in capabilities(7), with <c>CAP_</c>;
/// they stay strings because an unknown one is a warning, not an error (CAP-02).
/// </summary>
public sealed record Capabilities
{
    /// <summary>What the kernel checks.</summary>
    public IReadOnlyList<string>? Effective { get; init; }

    /// <summary>What can still be gained at exec.</summary>
    public IReadOnlyList<string>? Bounding { get; init; }

    /// <summary>What is kept over exec of a file that has them too.</summary>
    public IReadOnlyList<string>? Inheritable { get; init; }

    /// <summary>The ceiling of the effective set.</summary>
    public IReadOnlyList<string>? Permitted { get; init; }

    /// <summary>What is kept over exec of an ordinary file.</summary>
    public IReadOnlyList<string>? Ambient { get; init; }
}

/// <summary>The names of capabilities(7), to read a document (CAP-03); src/Linux has them to write messages.</summary>
public static class CapabilityNames
{
    /// <summary>The kernel's number of a capability, or -1 when the name is unknown.</summary>
    public static int NumberOf(string name) => name switch
    {
        "CAP_CHOWN" => 0,
        "CAP_DAC_OVERRIDE" => 1,
        "CAP_DAC_READ_SEARCH" => 2,
        "CAP_FOWNER" => 3,
        "CAP_FSETID" => 4,
        "CAP_KILL" => 5,
        "CAP_SETGID" => 6,
        "CAP_SETUID" => 7,
        "CAP_SETPCAP" => 8,
        "CAP_LINUX_IMMUTABLE" => 9,
        "CAP_NET_BIND_SERVICE" => 10,
        "CAP_NET_BROADCAST" => 11,
        "CAP_NET_ADMIN" => 12,
        "CAP_NET_RAW" => 13,
        "CAP_IPC_LOCK" => 14,
        "CAP_IPC_OWNER" => 15,
        "CAP_SYS_MODULE" => 16,
        "CAP_SYS_RAWIO" => 17,
        "CAP_SYS_CHROOT" => 18,
        "CAP_SYS_PTRACE" => 19,
        "CAP_SYS_PACCT" => 20,
        "CAP_SYS_ADMIN" => 21,
        "CAP_SYS_BOOT" => 22,
        "CAP_SYS_NICE" => 23,
        "CAP_SYS_RESOURCE" => 24,
        "CAP_SYS_TIME" => 25,
        "CAP_SYS_TTY_CONFIG" => 26,
        "CAP_MKNOD" => 27,
        "CAP_LEASE" => 28,
        "CAP_AUDIT_WRITE" => 29,
        "CAP_AUDIT_CONTROL" => 30,
        "CAP_SETFCAP" => 31,
        "CAP_MAC_OVERRIDE" => 32,
        "CAP_MAC_ADMIN" => 33,
        "CAP_SYSLOG" => 34,
        "CAP_WAKE_ALARM" => 35,
        "CAP_BLOCK_SUSPEND" => 36,
        "CAP_AUDIT_READ" => 37,
        "CAP_PERFMON" => 38,
        "CAP_BPF" => 39,
        "CAP_CHECKPOINT_RESTORE" => 40,
        _ => -1,
    };
}
