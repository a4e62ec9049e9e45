namespace Hull.Oci;

/// <summary>The scheduling of the process (SCHED, IOP, AFF).</summary>
internal static class SchedulingChapter
{
    internal static void Check(Process process, SpecPath parent, Findings findings)
    {
        if (process.Scheduler is Scheduler scheduler)
        {
            CheckScheduler(scheduler, parent.Property("scheduler"), findings);
        }

        if (process.IoPriority is { Priority: < 0 or > 7 } ioPriority)
        {
            findings.Add(
                Rules.IoPriorityIsValid, parent.Property("ioPriority").Property("priority"), $"{ioPriority.Priority} is not from 0 to 7");
        }

        if (process.ExecCpuAffinity is ExecCpuAffinity affinity)
        {
            CheckAffinity(affinity.Initial, "initial", parent, findings);
            CheckAffinity(affinity.Final, "final", parent, findings);
        }
    }

    private static void CheckScheduler(Scheduler scheduler, SpecPath path, Findings findings)
    {
        string policy = SpecNames.At(SpecNames.SchedulerPolicies, (int)scheduler.Policy);
        if (scheduler.Policy is SchedulerPolicy.Other or SchedulerPolicy.Batch && scheduler.Nice is < -20 or > 19)
        {
            findings.Add(Rules.NiceIsInRange, path.Property("nice"), $"{scheduler.Nice} is not from -20 to 19");
        }

        int priority = scheduler.Priority ?? 0;
        bool isRealTime = scheduler.Policy is SchedulerPolicy.Fifo or SchedulerPolicy.RoundRobin;
        if (isRealTime && priority is < 1 or > 99)
        {
            findings.Add(Rules.PriorityFitsPolicy, path.Property("priority"), $"{priority} is not from 1 to 99, which {policy} needs");
        }
        else if (!isRealTime && priority != 0)
        {
            findings.Add(
                Rules.PriorityFitsPolicy,
                path.Property("priority"),
                $"{priority} is given, but {policy} has none; only SCHED_FIFO and SCHED_RR do");
        }

        if (scheduler.Policy != SchedulerPolicy.Deadline)
        {
            CheckDeadline(scheduler.Runtime, "runtime", policy, path, findings);
            CheckDeadline(scheduler.Deadline, "deadline", policy, path, findings);
            CheckDeadline(scheduler.Period, "period", policy, path, findings);
        }
    }

    private static void CheckDeadline(ulong? value, string name, string policy, SpecPath parent, Findings findings)
    {
        if (value is > 0)
        {
            findings.Add(
                Rules.DeadlineFitsPolicy, parent.Property(name), $"{value} is given, but {policy} has none; only SCHED_DEADLINE does");
        }
    }

    private static void CheckAffinity(string? list, string name, SpecPath parent, Findings findings)
    {
        if (list is not null && !NumberList.IsValid(list))
        {
            findings.Add(
                Rules.AffinityIsList,
                parent.Property("execCPUAffinity").Property(name),
                $"{Quoted.Text(list)} is not a list of processors such as 0-3,7");
        }
    }
}
