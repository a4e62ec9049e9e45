namespace Hull.Oci;

/// <summary>Paths, resctrl, memory policy and personality (NS-07, MASK, CGP, RDT, MPOL, PERS).</summary>
internal static class LinuxValidator
{
    /// <summary>The largest MAX_NUMNODES a kernel is built with is 1024.</summary>
    private const int HighestNode = 1023;

    internal static void Check(LinuxConfig linux, NamespaceSet namespaces, SpecPath path, Violations violations)
    {
        CheckPaths(linux.MaskedPaths, "maskedPaths", namespaces, path, violations);
        CheckPaths(linux.ReadonlyPaths, "readonlyPaths", namespaces, path, violations);
        if (linux.CgroupsPath is string cgroupsPath && LeadsUpwards(cgroupsPath))
        {
            violations.Add(Rules.CgroupPathStaysInside, path.Property("cgroupsPath"), $"{Quoted.Text(cgroupsPath)} has a component ..");
        }

        if (linux.IntelRdt is IntelRdt intelRdt)
        {
            CheckIntelRdt(intelRdt, path.Property("intelRdt"), violations);
        }

        if (linux.MemoryPolicy is MemoryPolicy memoryPolicy)
        {
            CheckMemoryPolicy(memoryPolicy, path.Property("memoryPolicy"), violations);
        }

        if (!(linux.Personality?.Flags).Items().IsEmpty)
        {
            violations.Add(
                Rules.PersonalityIsKnown,
                path.Property("personality").Property("flags"),
                "is given, but the specification defines no flags");
        }
    }

    private static void CheckPaths(IReadOnlyList<string>? list, string name, NamespaceSet namespaces, SpecPath parent, Violations violations)
    {
        ReadOnlySpan<string> paths = list.Items();
        if (!paths.IsEmpty && !namespaces.Has(NamespaceType.Mount))
        {
            violations.Add(
                Rules.HiddenPathsNeedNamespace,
                parent.Property(name),
                "is given, but linux.namespaces has no mount; the host itself would be changed");
        }

        for (int index = 0; index < paths.Length; index++)
        {
            if (!Validator.IsAbsolute(paths[index]))
            {
                violations.Add(
                    Rules.HiddenPathIsAbsolute, parent.Property(name).Index(index), $"{Quoted.Text(paths[index])} is not an absolute path");
            }
        }
    }

    internal static bool LeadsUpwards(string path) =>
        path == ".." || path.StartsWith("../", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal)
        || path.Contains("/../", StringComparison.Ordinal);

    private static void CheckIntelRdt(IntelRdt intelRdt, SpecPath path, Violations violations)
    {
        if (intelRdt.ClosId is string closId && closId != "/" && (closId is "" or "." or ".." || closId.Contains('/')))
        {
            violations.Add(
                Rules.RdtClassIsName, path.Property("closID"), $"{Quoted.Text(closId)} is neither / nor the name of a directory");
        }

        CheckSchema(intelRdt.L3CacheSchema, path.Property("l3CacheSchema"), violations);
        CheckSchema(intelRdt.MemBwSchema, path.Property("memBwSchema"), violations);
        if (intelRdt.MemBwSchema is string bandwidth && !bandwidth.StartsWith("MB:", StringComparison.Ordinal))
        {
            violations.Add(Rules.RdtSchemaIsOneLine, path.Property("memBwSchema"), $"{Quoted.Text(bandwidth)} does not start with MB:");
        }

        if (intelRdt.L3CacheSchema is string cache && !cache.StartsWith("L3:", StringComparison.Ordinal))
        {
            violations.Warn(
                Rules.RdtSchemaIsOneLine,
                path.Property("l3CacheSchema"),
                $"{Quoted.Text(cache)} does not start with L3:; written as it is");
        }

        ReadOnlySpan<string> schemata = intelRdt.Schemata.Items();
        for (int index = 0; index < schemata.Length; index++)
        {
            CheckSchema(schemata[index], path.Property("schemata").Index(index), violations);
        }
    }

    private static void CheckSchema(string? schema, SpecPath path, Violations violations)
    {
        if (schema is not null && schema.Contains('\n'))
        {
            violations.Add(Rules.RdtSchemaIsOneLine, path, $"{Quoted.Text(schema)} has more than one line");
        }
    }

    private static void CheckMemoryPolicy(MemoryPolicy policy, SpecPath path, Violations violations)
    {
        string mode = policy.Mode.SpecName();
        string nodes = policy.Nodes ?? "";
        bool isEmpty = NumberList.IsEmpty(nodes);
        if (!NumberList.IsValid(nodes))
        {
            violations.Add(
                Rules.MemoryPolicyNodesFitMode,
                path.Property("nodes"),
                $"{Quoted.Text(nodes)} is not a list of memory nodes such as 0-3,7");
        }
        else if (NumberList.Highest(nodes) > HighestNode)
        {
            violations.Add(Rules.MemoryPolicyNodesFitMode, path.Property("nodes"), $"{Quoted.Text(nodes)} goes beyond {HighestNode}, the highest node there can be");
        }
        else if (policy.Mode is MemoryPolicyMode.Default or MemoryPolicyMode.Local && !isEmpty)
        {
            violations.Add(Rules.MemoryPolicyNodesFitMode, path.Property("nodes"), $"{Quoted.Text(nodes)} is given, but {mode} chooses none");
        }
        else if (policy.Mode is not (MemoryPolicyMode.Default or MemoryPolicyMode.Local or MemoryPolicyMode.Preferred) && isEmpty)
        {
            violations.Add(Rules.MemoryPolicyNodesFitMode, path.Property("nodes"), $"is empty; {mode} needs at least one node");
        }

        bool isStatic = false, isRelative = false;
        foreach (MemoryPolicyFlag flag in policy.Flags.Items())
        {
            isStatic |= flag == MemoryPolicyFlag.StaticNodes;
            isRelative |= flag == MemoryPolicyFlag.RelativeNodes;
        }

        if (isStatic && isRelative)
        {
            violations.Add(
                Rules.MemoryPolicyFlagsAreKnown,
                path.Property("flags"),
                "has MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES, which exclude each other");
        }
    }
}
