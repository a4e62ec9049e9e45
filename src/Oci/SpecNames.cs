namespace Hull.Oci;

/// <summary>
/// The names the specification gives to the values of each enumeration, in the order of the enumeration, separated by spaces: the one
/// table that reading, writing and error texts share. Text, not arrays: arrays would be made at start, by a static constructor.
/// </summary>
internal static class SpecNames
{
    internal const string NamespaceTypes = "pid network mount ipc uts user cgroup time";

    internal const string RlimitTypes =
        "RLIMIT_AS RLIMIT_CORE RLIMIT_CPU RLIMIT_DATA RLIMIT_FSIZE RLIMIT_LOCKS RLIMIT_MEMLOCK RLIMIT_MSGQUEUE RLIMIT_NICE "
        + "RLIMIT_NOFILE RLIMIT_NPROC RLIMIT_RSS RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SIGPENDING RLIMIT_STACK";

    internal const string SchedulerPolicies = "SCHED_OTHER SCHED_FIFO SCHED_RR SCHED_BATCH SCHED_ISO SCHED_IDLE SCHED_DEADLINE";

    internal const string SchedulerFlags =
        "SCHED_FLAG_RESET_ON_FORK SCHED_FLAG_RECLAIM SCHED_FLAG_DL_OVERRUN SCHED_FLAG_KEEP_POLICY SCHED_FLAG_KEEP_PARAMS "
        + "SCHED_FLAG_UTIL_CLAMP_MIN SCHED_FLAG_UTIL_CLAMP_MAX";

    internal const string IoPriorityClasses = "IOPRIO_CLASS_RT IOPRIO_CLASS_BE IOPRIO_CLASS_IDLE";

    internal const string DeviceTypes = "c b u p";

    internal const string DeviceRuleTypes = "a c b";

    internal const string SeccompActions =
        "SCMP_ACT_KILL SCMP_ACT_KILL_THREAD SCMP_ACT_KILL_PROCESS SCMP_ACT_TRAP SCMP_ACT_ERRNO SCMP_ACT_TRACE "
        + "SCMP_ACT_ALLOW SCMP_ACT_LOG SCMP_ACT_NOTIFY";

    internal const string SeccompOperators =
        "SCMP_CMP_NE SCMP_CMP_LT SCMP_CMP_LE SCMP_CMP_EQ SCMP_CMP_GE SCMP_CMP_GT SCMP_CMP_MASKED_EQ";

    internal const string SeccompArchitectures =
        "SCMP_ARCH_X86 SCMP_ARCH_X86_64 SCMP_ARCH_X32 SCMP_ARCH_ARM SCMP_ARCH_AARCH64 SCMP_ARCH_LOONGARCH64 SCMP_ARCH_M68K "
        + "SCMP_ARCH_MIPS SCMP_ARCH_MIPS64 SCMP_ARCH_MIPS64N32 SCMP_ARCH_MIPSEL SCMP_ARCH_MIPSEL64 SCMP_ARCH_MIPSEL64N32 "
        + "SCMP_ARCH_PPC SCMP_ARCH_PPC64 SCMP_ARCH_PPC64LE SCMP_ARCH_S390 SCMP_ARCH_S390X SCMP_ARCH_SH SCMP_ARCH_SHEB "
        + "SCMP_ARCH_PARISC SCMP_ARCH_PARISC64 SCMP_ARCH_RISCV64";

    internal const string SeccompFlags =
        "SECCOMP_FILTER_FLAG_TSYNC SECCOMP_FILTER_FLAG_LOG SECCOMP_FILTER_FLAG_SPEC_ALLOW "
        + "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV";

    internal const string RootfsPropagations = "shared slave private unbindable rshared rslave rprivate runbindable";

    internal const string PersonalityDomains = "LINUX LINUX32";

    internal const string MemoryPolicyModes =
        "MPOL_DEFAULT MPOL_PREFERRED MPOL_BIND MPOL_INTERLEAVE MPOL_LOCAL MPOL_PREFERRED_MANY MPOL_WEIGHTED_INTERLEAVE";

    internal const string MemoryPolicyFlags = "MPOL_F_NUMA_BALANCING MPOL_F_RELATIVE_NODES MPOL_F_STATIC_NODES";

    internal const string ContainerStatuses = "creating created running stopped paused";

    /// <summary>The value of the enumeration with this name, or -1.</summary>
    internal static int IndexOf(string names, ReadOnlySpan<char> name)
    {
        int index = 0;
        ReadOnlySpan<char> rest = names;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<char> first = First(rest);
            if (first.SequenceEqual(name))
            {
                return index;
            }

            rest = rest.Length == first.Length ? default : rest[(first.Length + 1)..];
            index++;
        }

        return -1;
    }

    /// <summary>The name of a value of the enumeration.</summary>
    internal static string At(string names, int index)
    {
        ReadOnlySpan<char> rest = names;
        for (; index > 0; index--)
        {
            rest = rest[(First(rest).Length + 1)..];
        }

        return First(rest).ToString();
    }

    /// <summary>All names, for an eye.</summary>
    internal static string Enumerate(string names) => names.Replace(" ", ", ", StringComparison.Ordinal);

    private static ReadOnlySpan<char> First(ReadOnlySpan<char> names)
    {
        int space = names.IndexOf(' ');
        return space < 0 ? names : names[..space];
    }
}
