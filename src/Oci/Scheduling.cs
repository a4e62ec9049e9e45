using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>The arguments of sched_setattr(2) (SCHED-01).</summary>
public sealed record Scheduler
{
    /// <summary>The policy (SCHED-01).</summary>
    [WhenMissing(nameof(Rules.SchedulerPolicyIsKnown))]
    [WhenUnknown(nameof(Rules.SchedulerPolicyIsKnown))]
    public required SchedulerPolicy Policy { get; init; }

    /// <summary>The nice value, -20 to 19, of the time-sharing policies; absent means 0 (SCHED-02).</summary>
    public int? Nice { get; init; }

    /// <summary>The static priority of the real-time policies; absent means 0 (SCHED-03).</summary>
    public int? Priority { get; init; }

    /// <summary>Flags (SCHED-04).</summary>
    [WhenUnknown(nameof(Rules.SchedulerFlagsAreKnown))]
    public IReadOnlyList<SchedulerFlag>? Flags { get; init; }

    /// <summary>Run time of the deadline policy, nanoseconds; absent means 0 (SCHED-05).</summary>
    public ulong? Runtime { get; init; }

    /// <summary>Deadline of the deadline policy, nanoseconds; absent means 0 (SCHED-05).</summary>
    public ulong? Deadline { get; init; }

    /// <summary>Period of the deadline policy, nanoseconds; absent means 0 (SCHED-05).</summary>
    public ulong? Period { get; init; }
}

/// <summary>The policies of sched(7); in the document with the prefix <c>SCHED_</c> (SCHED-01).</summary>
[UpperCaseNames("SCHED_")]
[JsonConverter(typeof(SpecNameConverter<SchedulerPolicy>))]
public enum SchedulerPolicy
{
    /// <summary>Time sharing, the default of every process.</summary>
    Other,

    /// <summary>Real time, first in first out.</summary>
    Fifo,

    /// <summary>Real time, round robin.</summary>
    [SpecName("RR")]
    RoundRobin,

    /// <summary>Time sharing without wake-up preemption.</summary>
    Batch,

    /// <summary>Reserved; the kernel refuses it.</summary>
    Iso,

    /// <summary>Only when nothing else runs.</summary>
    Idle,

    /// <summary>Earliest deadline first.</summary>
    Deadline,
}

/// <summary>The flags of sched_setattr(2); in the document with the prefix <c>SCHED_FLAG_</c> (SCHED-04).</summary>
[UpperCaseNames("SCHED_FLAG_")]
[JsonConverter(typeof(SpecNameConverter<SchedulerFlag>))]
public enum SchedulerFlag
{
    /// <summary>Children start with the default policy.</summary>
    ResetOnFork,

    /// <summary>Use bandwidth that other deadline processes leave.</summary>
    Reclaim,

    /// <summary>SIGXCPU on overrun.</summary>
    [SpecName("DL_OVERRUN")]
    DeadlineOverrun,

    /// <summary>Keep the policy.</summary>
    KeepPolicy,

    /// <summary>Keep the parameters.</summary>
    [SpecName("KEEP_PARAMS")]
    KeepParameters,

    /// <summary>Clamp the utilization from below.</summary>
    [SpecName("UTIL_CLAMP_MIN")]
    UtilizationClampMinimum,

    /// <summary>Clamp the utilization from above.</summary>
    [SpecName("UTIL_CLAMP_MAX")]
    UtilizationClampMaximum,
}

/// <summary>The arguments of ioprio_set(2) (IOP-01).</summary>
public sealed record IoPriority
{
    /// <summary>The class.</summary>
    [WhenMissing(nameof(Rules.IoPriorityIsValid))]
    [WhenUnknown(nameof(Rules.IoPriorityIsValid))]
    public required IoPriorityClass Class { get; init; }

    /// <summary>The priority within the class, 0 (highest) to 7; absent means 0, as the schema allows.</summary>
    public int? Priority { get; init; }
}

/// <summary>The classes of ioprio_set(2); in the document with the prefix <c>IOPRIO_CLASS_</c> (IOP-01).</summary>
[UpperCaseNames("IOPRIO_CLASS_")]
[JsonConverter(typeof(SpecNameConverter<IoPriorityClass>))]
public enum IoPriorityClass
{
    /// <summary>Real time.</summary>
    [SpecName("RT")]
    RealTime,

    /// <summary>Best effort.</summary>
    [SpecName("BE")]
    BestEffort,

    /// <summary>Only when nothing else uses the disk.</summary>
    Idle,
}

/// <summary>The processors of a process that joins the container; never those of the init process (AFF-01).</summary>
public sealed record ExecCpuAffinity
{
    /// <summary>The processors before it enters the cgroup, a list such as <c>0-3,7</c> (AFF-02).</summary>
    public string? Initial { get; init; }

    /// <summary>The processors after it entered the cgroup, a list such as <c>0-3,7</c> (AFF-02).</summary>
    public string? Final { get; init; }
}
