namespace Hull.Oci;

/// <summary>The scheduling of the process (SCHED, IOP, AFF).</summary>
internal static class SchedulingValidator
{
    internal static void Check(Process process, SpecPath parent, Violations violations)
    {
        if (process.Scheduler is Scheduler scheduler)
        {
            CheckScheduler(scheduler, parent.Property("scheduler"), violations);
        }

        if (process.IoPriority is { Priority: < 0 or > 7 } ioPriority)
        {
            violations.Add(
                Rules.IoPriorityIsValid, parent.Property("ioPriority").Property("priority"), $"{ioPriority.Priority} is not from 0 to 7");
        }

        if (process.ExecCpuAffinity is ExecCpuAffinity affinity)
        {
            CheckAffinity(affinity.Initial, "initial", parent, violations);
            CheckAffinity(affinity.Final, "final", parent, violations);
        }
    }

    private static void CheckScheduler(Scheduler scheduler, SpecPath path, Violations violations)
    {
        string policy = scheduler.Policy.SpecName();
        if (scheduler.Policy is SchedulerPolicy.Other or SchedulerPolicy.Batch && scheduler.Nice is < -20 or > 19)
        {
            violations.Add(Rules.NiceIsInRange, path.Property("nice"), $"{scheduler.Nice} is not from -20 to 19");
        }

        int priority = scheduler.Priority ?? 0;
        bool isRealTime = scheduler.Policy is SchedulerPolicy.Fifo or SchedulerPolicy.RoundRobin;
        if (isRealTime && priority is < 1 or > 99)
        {
            violations.Add(Rules.PriorityFitsPolicy, path.Property("priority"), $"{priority} is not from 1 to 99, which {policy} needs");
        }
        else if (!isRealTime && priority != 0)
        {
            violations.Add(
                Rules.PriorityFitsPolicy,
                path.Property("priority"),
                $"{priority} is given, but {policy} has none; only SCHED_FIFO and SCHED_RR do");
        }

        if (scheduler.Policy != SchedulerPolicy.Deadline)
        {
            CheckDeadline(scheduler.Runtime, "runtime", policy, path, violations);
            CheckDeadline(scheduler.Deadline, "deadline", policy, path, violations);
            CheckDeadline(scheduler.Period, "period", policy, path, violations);
        }
    }

    private static void CheckDeadline(ulong? value, string name, string policy, SpecPath parent, Violations violations)
    {
        if (value is > 0)
        {
            violations.Add(
                Rules.DeadlineFitsPolicy, parent.Property(name), $"{value} is given, but {policy} has none; only SCHED_DEADLINE does");
        }
    }

    private static void CheckAffinity(string? list, string name, SpecPath parent, Violations violations)
    {
        if (list is not null && !NumberList.IsValid(list))
        {
            violations.Add(
                Rules.AffinityIsList,
                parent.Property("execCPUAffinity").Property(name),
                $"{Quoted.Text(list)} is not a list of processors such as 0-3,7");
        }
    }
}
