using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>When the program runs, where its memory comes from, and which machine it sees.</summary>
internal static class SchedulingPlanning
{
    private const int NodesPerWord = 64;

    /// <summary>
    /// Set from outside, when the process has nothing left to do but wait: in a user namespace it could not raise itself, and a process of
    /// the deadline policy may not fork. By then it is in its cgroups, where its processors are decided (SCHED-06).
    /// </summary>
    public static void Schedule(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Process.Scheduler is { } scheduler)
        {
            plan.Host(new SetScheduler(AttributesOf(scheduler)), Origins.Process("scheduler", "SCHED-06"));
        }

        SetIoPriority(program, plan);
    }

    /// <summary>Its I/O priority alone.</summary>
    public static void SetIoPriority(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Process.IoPriority is { } priority)
        {
            plan.Host(new SetIoPriority(ClassOf(priority.Class), priority.Priority ?? 0), Origins.Process("ioPriority", "IOP-01"));
        }
    }

    /// <summary>Before system calls are filtered: a profile may forbid this one (PERS-02).</summary>
    public static void ChooseDomain(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Personality is { } personality)
        {
            ExecutionDomain domain = personality.Domain == PersonalityDomain.Linux32 ? ExecutionDomain.Linux32 : ExecutionDomain.Linux;
            plan.Container(new SetPersonality(domain), Origins.Linux("personality", "PERS-02"));
        }
    }

    /// <summary>When the process is in its cpuset, which decides what the nodes mean.</summary>
    public static void ChooseMemory(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.MemoryPolicy is { } policy)
        {
            plan.Container(
                new SetMemoryPolicy(ModeOf(policy.Mode), FlagsOf(policy.Flags ?? []), NodesOf(policy.Nodes ?? "")),
                Origins.Linux("memoryPolicy", "MPOL-03"));
        }
    }

    private static SchedulingAttributes AttributesOf(Scheduler scheduler)
    {
        SchedulingFlags flags = SchedulingFlags.None;
        foreach (SchedulerFlag flag in scheduler.Flags ?? [])
        {
            flags |= FlagOf(flag);
        }

        return new SchedulingAttributes
        {
            Policy = PolicyOf(scheduler.Policy),
            Flags = flags,
            Nice = scheduler.Nice ?? 0,
            Priority = (uint)(scheduler.Priority ?? 0),
            Runtime = scheduler.Runtime ?? 0,
            Deadline = scheduler.Deadline ?? 0,
            Period = scheduler.Period ?? 0,
        };
    }

    private static SchedulingPolicy PolicyOf(SchedulerPolicy policy) => policy switch
    {
        SchedulerPolicy.Fifo => SchedulingPolicy.Fifo,
        SchedulerPolicy.RoundRobin => SchedulingPolicy.RoundRobin,
        SchedulerPolicy.Batch => SchedulingPolicy.Batch,
        SchedulerPolicy.Idle => SchedulingPolicy.Idle,
        SchedulerPolicy.Deadline => SchedulingPolicy.Deadline,
        SchedulerPolicy.Iso => throw Origins.Process("scheduler", "SCHED-01").Refuse("Linux reserves SCHED_ISO and does not implement it", "use SCHED_FIFO or SCHED_RR"),
        SchedulerPolicy.Other => SchedulingPolicy.Other,
    };

    private static SchedulingFlags FlagOf(SchedulerFlag flag) => flag switch
    {
        SchedulerFlag.ResetOnFork => SchedulingFlags.ResetOnFork,
        SchedulerFlag.Reclaim => SchedulingFlags.Reclaim,
        SchedulerFlag.DeadlineOverrun => SchedulingFlags.DeadlineOverrun,
        SchedulerFlag.KeepPolicy => SchedulingFlags.KeepPolicy,
        SchedulerFlag.KeepParameters => SchedulingFlags.KeepParameters,
        SchedulerFlag.UtilizationClampMinimum => SchedulingFlags.UtilizationClampMinimum,
        SchedulerFlag.UtilizationClampMaximum => SchedulingFlags.UtilizationClampMaximum,
    };

    private static Linux.IoPriorityClass ClassOf(Oci.IoPriorityClass ioClass) => ioClass switch
    {
        Oci.IoPriorityClass.RealTime => Linux.IoPriorityClass.RealTime,
        Oci.IoPriorityClass.BestEffort => Linux.IoPriorityClass.BestEffort,
        Oci.IoPriorityClass.Idle => Linux.IoPriorityClass.Idle,
    };

    private static Linux.MemoryPolicyMode ModeOf(Oci.MemoryPolicyMode mode) => mode switch
    {
        Oci.MemoryPolicyMode.Preferred => Linux.MemoryPolicyMode.Preferred,
        Oci.MemoryPolicyMode.Bind => Linux.MemoryPolicyMode.Bind,
        Oci.MemoryPolicyMode.Interleave => Linux.MemoryPolicyMode.Interleave,
        Oci.MemoryPolicyMode.Local => Linux.MemoryPolicyMode.Local,
        Oci.MemoryPolicyMode.PreferredMany => Linux.MemoryPolicyMode.PreferredMany,
        Oci.MemoryPolicyMode.WeightedInterleave => Linux.MemoryPolicyMode.WeightedInterleave,
        Oci.MemoryPolicyMode.Default => Linux.MemoryPolicyMode.Default,
    };

    private static MemoryPolicyFlags FlagsOf(IReadOnlyList<MemoryPolicyFlag> list)
    {
        MemoryPolicyFlags flags = MemoryPolicyFlags.None;
        foreach (MemoryPolicyFlag flag in list)
        {
            flags |= flag switch
            {
                MemoryPolicyFlag.NumaBalancing => MemoryPolicyFlags.NumaBalancing,
                MemoryPolicyFlag.RelativeNodes => MemoryPolicyFlags.RelativeNodes,
                MemoryPolicyFlag.StaticNodes => MemoryPolicyFlags.StaticNodes,
            };
        }

        return flags;
    }

    private static ImmutableArray<ulong> NodesOf(string list)
    {
        var words = new List<ulong>();
        foreach ((int first, int last) in NumberList.Ranges(list))
        {
            for (int node = first; node <= last; node++)
            {
                while (words.Count <= node / NodesPerWord)
                {
                    words.Add(0);
                }

                words[node / NodesPerWord] |= 1UL << (node % NodesPerWord);
            }
        }

        return [.. words];
    }
}
