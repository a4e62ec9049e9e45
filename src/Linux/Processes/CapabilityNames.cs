using System.Text;

namespace Hull.Linux;

/// <summary>The names of the capabilities. Host side: a container process only knows numbers. capabilities(7), linux/capability.h</summary>
public static class CapabilityNames
{
    /// <summary>How many there are names for.</summary>
    public const int Count = 41;

    /// <summary><c>CAP_CHOWN</c> for 0 and so on; null for a number without a name.</summary>
    public static string? NameOf(int capability) => capability switch
    {
        0 => "CAP_CHOWN",
        1 => "CAP_DAC_OVERRIDE",
        2 => "CAP_DAC_READ_SEARCH",
        3 => "CAP_FOWNER",
        4 => "CAP_FSETID",
        5 => "CAP_KILL",
        6 => "CAP_SETGID",
        7 => "CAP_SETUID",
        8 => "CAP_SETPCAP",
        9 => "CAP_LINUX_IMMUTABLE",
        10 => "CAP_NET_BIND_SERVICE",
        11 => "CAP_NET_BROADCAST",
        12 => "CAP_NET_ADMIN",
        13 => "CAP_NET_RAW",
        14 => "CAP_IPC_LOCK",
        15 => "CAP_IPC_OWNER",
        16 => "CAP_SYS_MODULE",
        17 => "CAP_SYS_RAWIO",
        18 => "CAP_SYS_CHROOT",
        19 => "CAP_SYS_PTRACE",
        20 => "CAP_SYS_PACCT",
        21 => "CAP_SYS_ADMIN",
        22 => "CAP_SYS_BOOT",
        23 => "CAP_SYS_NICE",
        24 => "CAP_SYS_RESOURCE",
        25 => "CAP_SYS_TIME",
        26 => "CAP_SYS_TTY_CONFIG",
        27 => "CAP_MKNOD",
        28 => "CAP_LEASE",
        29 => "CAP_AUDIT_WRITE",
        30 => "CAP_AUDIT_CONTROL",
        31 => "CAP_SETFCAP",
        32 => "CAP_MAC_OVERRIDE",
        33 => "CAP_MAC_ADMIN",
        34 => "CAP_SYSLOG",
        35 => "CAP_WAKE_ALARM",
        36 => "CAP_BLOCK_SUSPEND",
        37 => "CAP_AUDIT_READ",
        38 => "CAP_PERFMON",
        39 => "CAP_BPF",
        40 => "CAP_CHECKPOINT_RESTORE",
        _ => null,
    };

    /// <summary>All names, in the order of their numbers.</summary>
    public static string[] All()
    {
        var names = new string[Count];
        for (var capability = 0; capability < Count; capability++)
        {
            names[capability] = NameOf(capability)!;
        }

        return names;
    }

    /// <summary>The names of all members, in the order of their numbers; <c>none</c> for the empty set.</summary>
    public static string Describe(CapabilitySet set)
    {
        var text = new StringBuilder();
        for (var capability = 0; capability < 64; capability++)
        {
            if (set.Contains(capability))
            {
                text.Append(text.Length == 0 ? "" : " ").Append(NameOf(capability) ?? $"capability {capability}");
            }
        }

        return text.Length == 0 ? "none" : text.ToString();
    }
}
