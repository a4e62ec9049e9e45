namespace Hull.Linux;

/// <summary>How a process is scheduled. sched(7), linux/sched.h</summary>
public enum SchedulingPolicy : uint
{
    /// <summary><c>SCHED_NORMAL</c>, which the specification calls SCHED_OTHER.</summary>
    Other = 0,
    /// <summary><c>SCHED_FIFO</c></summary>
    Fifo = 1,
    /// <summary><c>SCHED_RR</c></summary>
    RoundRobin = 2,
    /// <summary><c>SCHED_BATCH</c></summary>
    Batch = 3,
    /// <summary><c>SCHED_IDLE</c></summary>
    Idle = 5,
    /// <summary><c>SCHED_DEADLINE</c></summary>
    Deadline = 6,
}

/// <summary>What else sched_setattr is told. sched_setattr(2), linux/sched.h</summary>
[Flags]
public enum SchedulingFlags : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>SCHED_FLAG_RESET_ON_FORK</c></summary>
    ResetOnFork = 0x01,
    /// <summary><c>SCHED_FLAG_RECLAIM</c></summary>
    Reclaim = 0x02,
    /// <summary><c>SCHED_FLAG_DL_OVERRUN</c></summary>
    DeadlineOverrun = 0x04,
    /// <summary><c>SCHED_FLAG_KEEP_POLICY</c></summary>
    KeepPolicy = 0x08,
    /// <summary><c>SCHED_FLAG_KEEP_PARAMS</c></summary>
    KeepParameters = 0x10,
    /// <summary><c>SCHED_FLAG_UTIL_CLAMP_MIN</c></summary>
    UtilizationClampMinimum = 0x20,
    /// <summary><c>SCHED_FLAG_UTIL_CLAMP_MAX</c></summary>
    UtilizationClampMaximum = 0x40,
}

/// <summary><c>struct sched_attr</c>: how a process is scheduled. sched_setattr(2), linux/sched/types.h</summary>
public struct SchedulingAttributes
{
    /// <summary><c>size</c></summary>
    internal uint StructureSize;

    /// <summary><c>sched_policy</c></summary>
    private SchedulingPolicy _policy;

    /// <summary><c>sched_flags</c></summary>
    private SchedulingFlags _flags;

    /// <summary><c>sched_nice</c></summary>
    private int _nice;

    /// <summary><c>sched_priority</c></summary>
    private uint _priority;

    /// <summary><c>sched_runtime</c></summary>
    private ulong _runtime;

    /// <summary><c>sched_deadline</c></summary>
    private ulong _deadline;

    /// <summary><c>sched_period</c></summary>
    private ulong _period;

    /// <summary><c>sched_util_min</c></summary>
    private uint _utilizationMinimum;

    /// <summary><c>sched_util_max</c></summary>
    private uint _utilizationMaximum;

    /// <summary>The policy.</summary>
    public SchedulingPolicy Policy { readonly get => _policy; set => _policy = value; }

    /// <summary>The flags.</summary>
    public SchedulingFlags Flags { readonly get => _flags; set => _flags = value; }

    /// <summary>The nice value of <see cref="SchedulingPolicy.Other"/> and <see cref="SchedulingPolicy.Batch"/>.</summary>
    public int Nice { readonly get => _nice; set => _nice = value; }

    /// <summary>The static priority of <see cref="SchedulingPolicy.Fifo"/> and <see cref="SchedulingPolicy.RoundRobin"/>.</summary>
    public uint Priority { readonly get => _priority; set => _priority = value; }

    /// <summary>Nanoseconds, of <see cref="SchedulingPolicy.Deadline"/>.</summary>
    public ulong Runtime { readonly get => _runtime; set => _runtime = value; }

    /// <summary>Nanoseconds, of <see cref="SchedulingPolicy.Deadline"/>.</summary>
    public ulong Deadline { readonly get => _deadline; set => _deadline = value; }

    /// <summary>Nanoseconds, of <see cref="SchedulingPolicy.Deadline"/>.</summary>
    public ulong Period { readonly get => _period; set => _period = value; }

    /// <summary>With <see cref="SchedulingFlags.UtilizationClampMinimum"/>: 0 to 1024.</summary>
    public uint UtilizationMinimum { readonly get => _utilizationMinimum; set => _utilizationMinimum = value; }

    /// <summary>With <see cref="SchedulingFlags.UtilizationClampMaximum"/>: 0 to 1024.</summary>
    public uint UtilizationMaximum { readonly get => _utilizationMaximum; set => _utilizationMaximum = value; }
}

/// <summary>Classes of input and output. ioprio_set(2), linux/ioprio.h</summary>
public enum IoPriorityClass
{
    /// <summary><c>IOPRIO_CLASS_NONE</c></summary>
    None = 0,
    /// <summary><c>IOPRIO_CLASS_RT</c></summary>
    RealTime = 1,
    /// <summary><c>IOPRIO_CLASS_BE</c></summary>
    BestEffort = 2,
    /// <summary><c>IOPRIO_CLASS_IDLE</c></summary>
    Idle = 3,
}

/// <summary>Whom ioprio_set addresses. ioprio_set(2), linux/ioprio.h</summary>
internal enum IoPriorityTarget
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>IOPRIO_WHO_PROCESS</c></summary>
    Process = 1,
}

/// <summary>Where memory comes from. set_mempolicy(2), linux/mempolicy.h</summary>
public enum MemoryPolicyMode
{
    /// <summary><c>MPOL_DEFAULT</c></summary>
    Default = 0,
    /// <summary><c>MPOL_PREFERRED</c></summary>
    Preferred = 1,
    /// <summary><c>MPOL_BIND</c></summary>
    Bind = 2,
    /// <summary><c>MPOL_INTERLEAVE</c></summary>
    Interleave = 3,
    /// <summary><c>MPOL_LOCAL</c></summary>
    Local = 4,
    /// <summary><c>MPOL_PREFERRED_MANY</c>: kernel 5.15.</summary>
    PreferredMany = 5,
    /// <summary><c>MPOL_WEIGHTED_INTERLEAVE</c>: kernel 6.9.</summary>
    WeightedInterleave = 6,
}

/// <summary>How the nodes of a memory policy are meant. set_mempolicy(2), linux/mempolicy.h</summary>
[Flags]
public enum MemoryPolicyFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,
    /// <summary><c>MPOL_F_NUMA_BALANCING</c>: kernel 5.12.</summary>
    NumaBalancing = 1 << 13,
    /// <summary><c>MPOL_F_RELATIVE_NODES</c></summary>
    RelativeNodes = 1 << 14,
    /// <summary><c>MPOL_F_STATIC_NODES</c></summary>
    StaticNodes = 1 << 15,
}

/// <summary>Where and when a process runs, and where its memory comes from.</summary>
public static unsafe class Scheduling
{
    /// <summary>
    /// <c>sched_setaffinity(pid, length, mask)</c>: on which processors; bit n of byte n / 8. pid 0 is us. sched_setaffinity(2)
    /// </summary>
    public static SyscallResult SetAffinity(int pid, ReadOnlySpan<byte> mask)
    {
        fixed (byte* bytes = mask)
        {
            return Kernel.Call(SyscallNumber.sched_setaffinity, pid, mask.Length, (nint)bytes);
        }
    }

    /// <summary><c>sched_setattr(pid, attributes, 0)</c>: policy, priority, deadline. pid 0 is us. sched_setattr(2)</summary>
    public static SyscallResult SetScheduler(int pid, in SchedulingAttributes attributes)
    {
        var copy = attributes;
        copy.StructureSize = (uint)sizeof(SchedulingAttributes);
        return Kernel.Call(SyscallNumber.sched_setattr, pid, (nint)(&copy));
    }

    /// <summary>
    /// <c>ioprio_set(IOPRIO_WHO_PROCESS, pid, priorityClass &lt;&lt; 13 | level)</c>: input and output first or last. pid 0 is us.
    /// ioprio_set(2)
    /// </summary>
    public static SyscallResult SetIoPriority(int pid, IoPriorityClass priorityClass, int level) =>
        Kernel.Call(SyscallNumber.ioprio_set, (nint)IoPriorityTarget.Process, pid, ((nint)priorityClass << 13) | level);

    /// <summary>
    /// <c>set_mempolicy(mode | flags, nodes, bits + 1)</c>: which NUMA nodes memory comes from; bit n of word n / 64. The kernel reads one
    /// bit less than it is told, so one more is said here. set_mempolicy(2)
    /// </summary>
    public static SyscallResult SetMemoryPolicy(MemoryPolicyMode mode, MemoryPolicyFlags flags, ReadOnlySpan<ulong> nodes)
    {
        fixed (ulong* words = nodes)
        {
            return Kernel.Call(
                SyscallNumber.set_mempolicy, (nint)mode | (nint)flags, (nint)words, nodes.IsEmpty ? 0 : (nodes.Length * 64) + 1);
        }
    }
}
