namespace Hull.Oci;

/// <summary>Reads the filter of system calls.</summary>
internal static class SeccompReader
{
    internal static Seccomp? ReadSeccomp(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        SeccompAction? defaultAction = null;
        uint? defaultErrnoRet = null;
        IReadOnlyList<SeccompArchitecture>? architectures = null;
        IReadOnlyList<SeccompFlag>? flags = null;
        string? listenerPath = null, listenerMetadata = null;
        IReadOnlyList<SeccompSyscall>? syscalls = null;
        while (reader.NextMember())
        {
            if (reader.Is("defaultAction")) defaultAction = ReadAction(ref reader);
            else if (reader.Is("defaultErrnoRet")) defaultErrnoRet = reader.ReadUInt32();
            else if (reader.Is("architectures")) architectures = ReadArchitectures(ref reader);
            else if (reader.Is("flags")) flags = ReadFlags(ref reader);
            else if (reader.Is("listenerPath")) listenerPath = reader.ReadString();
            else if (reader.Is("listenerMetadata")) listenerMetadata = reader.ReadString();
            else if (reader.Is("syscalls")) syscalls = reader.ReadList(ReadSyscall);
            else reader.SkipUnknown();
        }

        if (defaultAction is null)
        {
            reader.Missing(Rules.SeccompActionIsKnown, "defaultAction");
            return null;
        }

        return new Seccomp
        {
            DefaultAction = defaultAction.Value,
            DefaultErrnoRet = defaultErrnoRet,
            Architectures = architectures,
            Flags = flags,
            ListenerPath = listenerPath,
            ListenerMetadata = listenerMetadata,
            Syscalls = syscalls,
        };
    }

    private static SeccompSyscall? ReadSyscall(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        IReadOnlyList<string>? names = null;
        SeccompAction? action = null;
        uint? errnoRet = null;
        IReadOnlyList<SeccompArgument>? args = null;
        while (reader.NextMember())
        {
            if (reader.Is("names")) names = reader.ReadStrings();
            else if (reader.Is("action")) action = ReadAction(ref reader);
            else if (reader.Is("errnoRet")) errnoRet = reader.ReadUInt32();
            else if (reader.Is("args")) args = reader.ReadList(ReadArgument);
            else reader.SkipUnknown();
        }

        if (names is null || action is null)
        {
            reader.Missing(Rules.SeccompNamesAreGiven, names is null ? "names" : null);
            reader.Missing(Rules.SeccompActionIsKnown, action is null ? "action" : null);
            return null;
        }

        return new SeccompSyscall { Names = names, Action = action.Value, ErrnoRet = errnoRet, Args = args };
    }

    private static SeccompArgument? ReadArgument(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        uint? index = null;
        ulong? value = null, valueTwo = null;
        SeccompOperator? op = null;
        while (reader.NextMember())
        {
            if (reader.Is("index")) index = reader.ReadUInt32();
            else if (reader.Is("value")) value = reader.ReadUInt64();
            else if (reader.Is("valueTwo")) valueTwo = reader.ReadUInt64();
            else if (reader.Is("op")) op = (SeccompOperator?)reader.ReadName(SpecNames.SeccompOperators, Rules.SeccompArgumentIsValid);
            else reader.SkipUnknown();
        }

        if (index is null || value is null || op is null)
        {
            reader.Missing(
                Rules.SeccompArgumentIsValid, index is null ? "index" : null, value is null ? "value" : null, op is null ? "op" : null);
            return null;
        }

        return new SeccompArgument { Index = index.Value, Value = value.Value, ValueTwo = valueTwo, Op = op.Value };
    }

    private static SeccompAction? ReadAction(ref DocumentReader reader) =>
        (SeccompAction?)reader.ReadName(SpecNames.SeccompActions, Rules.SeccompActionIsKnown);

    private static SeccompArchitecture[]? ReadArchitectures(ref DocumentReader reader)
    {
        if (reader.ReadNames(SpecNames.SeccompArchitectures, Rules.SeccompArchitecturesAreKnown) is not List<int> values)
        {
            return null;
        }

        SeccompArchitecture[] architectures = new SeccompArchitecture[values.Count];
        for (int index = 0; index < architectures.Length; index++)
        {
            architectures[index] = (SeccompArchitecture)values[index];
        }

        return architectures;
    }

    private static SeccompFlag[]? ReadFlags(ref DocumentReader reader)
    {
        if (reader.ReadNames(SpecNames.SeccompFlags, Rules.SeccompFlagsAreKnown) is not List<int> values)
        {
            return null;
        }

        SeccompFlag[] flags = new SeccompFlag[values.Count];
        for (int index = 0; index < flags.Length; index++)
        {
            flags[index] = (SeccompFlag)values[index];
        }

        return flags;
    }
}
