namespace Hull.Oci;

/// <summary>Reads cache, bandwidth and NUMA settings.</summary>
internal static class MemoryReader
{
    internal static IntelRdt? ReadIntelRdt(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        string? closId = null, l3CacheSchema = null, memBwSchema = null;
        IReadOnlyList<string>? schemata = null;
        bool? enableMonitoring = null;
        while (reader.NextMember())
        {
            if (reader.Is("closID")) closId = reader.ReadString();
            else if (reader.Is("schemata")) schemata = reader.ReadStrings();
            else if (reader.Is("l3CacheSchema")) l3CacheSchema = reader.ReadString();
            else if (reader.Is("memBwSchema")) memBwSchema = reader.ReadString();
            else if (reader.Is("enableMonitoring")) enableMonitoring = reader.ReadBoolean();
            else reader.SkipUnknown();
        }

        return new IntelRdt
        {
            ClosId = closId,
            Schemata = schemata,
            L3CacheSchema = l3CacheSchema,
            MemBwSchema = memBwSchema,
            EnableMonitoring = enableMonitoring,
        };
    }

    internal static MemoryPolicy? ReadMemoryPolicy(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        MemoryPolicyMode? mode = null;
        string? nodes = null;
        IReadOnlyList<MemoryPolicyFlag>? flags = null;
        while (reader.NextMember())
        {
            if (reader.Is("mode")) mode = (MemoryPolicyMode?)reader.ReadName(SpecNames.MemoryPolicyModes, Rules.MemoryPolicyModeIsKnown);
            else if (reader.Is("nodes")) nodes = reader.ReadString();
            else if (reader.Is("flags")) flags = ReadFlags(ref reader);
            else reader.SkipUnknown();
        }

        if (mode is null)
        {
            reader.Missing(Rules.MemoryPolicyModeIsKnown, "mode");
            return null;
        }

        return new MemoryPolicy { Mode = mode.Value, Nodes = nodes, Flags = flags };
    }

    private static MemoryPolicyFlag[]? ReadFlags(ref DocumentReader reader)
    {
        if (reader.ReadNames(SpecNames.MemoryPolicyFlags, Rules.MemoryPolicyFlagsAreKnown) is not List<int> values)
        {
            return null;
        }

        MemoryPolicyFlag[] flags = new MemoryPolicyFlag[values.Count];
        for (int index = 0; index < flags.Length; index++)
        {
            flags[index] = (MemoryPolicyFlag)values[index];
        }

        return flags;
    }
}
