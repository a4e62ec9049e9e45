namespace Hull.Oci;

/// <summary>Reads what concerns the scheduling of the process.</summary>
internal static class SchedulingReader
{
    internal static Scheduler? ReadScheduler(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        SchedulerPolicy? policy = null;
        int? nice = null, priority = null;
        IReadOnlyList<SchedulerFlag>? flags = null;
        ulong? runtime = null, deadline = null, period = null;
        while (reader.NextMember())
        {
            if (reader.Is("policy")) policy = (SchedulerPolicy?)reader.ReadName(SpecNames.SchedulerPolicies, Rules.SchedulerPolicyIsKnown);
            else if (reader.Is("nice")) nice = reader.ReadInt32();
            else if (reader.Is("priority")) priority = reader.ReadInt32();
            else if (reader.Is("flags")) flags = ReadFlags(ref reader);
            else if (reader.Is("runtime")) runtime = reader.ReadUInt64();
            else if (reader.Is("deadline")) deadline = reader.ReadUInt64();
            else if (reader.Is("period")) period = reader.ReadUInt64();
            else reader.SkipUnknown();
        }

        if (policy is null)
        {
            reader.Missing(Rules.SchedulerPolicyIsKnown, "policy");
            return null;
        }

        return new Scheduler
        {
            Policy = policy.Value,
            Nice = nice,
            Priority = priority,
            Flags = flags,
            Runtime = runtime,
            Deadline = deadline,
            Period = period,
        };
    }

    internal static IoPriority? ReadIoPriority(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        IoPriorityClass? ioClass = null;
        int? priority = null;
        while (reader.NextMember())
        {
            if (reader.Is("class")) ioClass = (IoPriorityClass?)reader.ReadName(SpecNames.IoPriorityClasses, Rules.IoPriorityIsValid);
            else if (reader.Is("priority")) priority = reader.ReadInt32();
            else reader.SkipUnknown();
        }

        if (ioClass is null)
        {
            reader.Missing(Rules.IoPriorityIsValid, "class");
            return null;
        }

        return new IoPriority { Class = ioClass.Value, Priority = priority };
    }

    internal static ExecCpuAffinity? ReadExecCpuAffinity(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        string? initial = null, final = null;
        while (reader.NextMember())
        {
            if (reader.Is("initial")) initial = reader.ReadString();
            else if (reader.Is("final")) final = reader.ReadString();
            else reader.SkipUnknown();
        }

        return new ExecCpuAffinity { Initial = initial, Final = final };
    }

    private static SchedulerFlag[]? ReadFlags(ref DocumentReader reader)
    {
        if (reader.ReadNames(SpecNames.SchedulerFlags, Rules.SchedulerFlagsAreKnown) is not List<int> values)
        {
            return null;
        }

        SchedulerFlag[] flags = new SchedulerFlag[values.Count];
        for (int index = 0; index < flags.Length; index++)
        {
            flags[index] = (SchedulerFlag)values[index];
        }

        return flags;
    }
}
