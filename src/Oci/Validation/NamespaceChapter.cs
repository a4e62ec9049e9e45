namespace Hull.Oci;

/// <summary>Namespaces and what depends on them (NS, UMAP, TIME, HOST).</summary>
internal static class NamespaceChapter
{
    internal static void Check(Config config, NamespaceSet namespaces, Findings findings)
    {
        if (!namespaces.Has(NamespaceType.Uts))
        {
            CheckName(config.Hostname, "hostname", Rules.HostnameNeedsNamespace, findings);
            CheckName(config.Domainname, "domainname", Rules.DomainnameNeedsNamespace, findings);
        }

        if (config.Linux is LinuxConfig linux)
        {
            SpecPath path = SpecPath.Root.Property("linux");
            CheckNamespaces(linux.Namespaces, path, findings);
            CheckMappings(linux, namespaces, path, findings);
            CheckTimeOffsets(linux.TimeOffsets, namespaces, path, findings);
        }
    }

    private static void CheckName(string? name, string property, Rule rule, Findings findings)
    {
        if (name is { Length: > 0 })
        {
            findings.Add(
                rule,
                SpecPath.Root.Property(property),
                $"{Quoted.Text(name)} is given, but linux.namespaces has no uts; it would rename the host");
        }
    }

    private static void CheckNamespaces(IReadOnlyList<Namespace>? list, SpecPath parent, Findings findings)
    {
        ReadOnlySpan<Namespace> namespaces = list.Items();
        for (int index = 0; index < namespaces.Length; index++)
        {
            Namespace item = namespaces[index];
            if (item.Path is string path && !Validator.IsAbsolute(path))
            {
                findings.Add(
                    Rules.NamespacePathIsAbsolute,
                    parent.Property("namespaces").Index(index).Property("path"),
                    $"{Quoted.Text(path)} is not an absolute path");
            }

            for (int earlier = 0; earlier < index; earlier++)
            {
                if (namespaces[earlier].Type == item.Type)
                {
                    SpecPath place = parent.Property("namespaces");
                    findings.Add(
                        Rules.NamespaceIsUnique,
                        place.Index(index).Property("type"),
                        $"{SpecNames.At(SpecNames.NamespaceTypes, (int)item.Type)} is given twice (first at {place.Index(earlier)})");
                    break;
                }
            }
        }
    }

    private static void CheckMappings(LinuxConfig linux, NamespaceSet namespaces, SpecPath path, Findings findings)
    {
        ReadOnlySpan<IdMapping> users = linux.UidMappings.Items();
        ReadOnlySpan<IdMapping> groups = linux.GidMappings.Items();
        CheckMapping(users, "uidMappings", namespaces, path, findings);
        CheckMapping(groups, "gidMappings", namespaces, path, findings);
        MappingCheck.Check(users, groups, path, findings);
    }

    private static void CheckMapping(
        ReadOnlySpan<IdMapping> mappings, string name, NamespaceSet namespaces, SpecPath parent, Findings findings)
    {
        if (mappings.IsEmpty && namespaces.Creates(NamespaceType.User))
        {
            findings.Add(Rules.MappingIsConsistent, parent.Property(name), "is missing; a new user namespace needs it");
        }
        else if (!mappings.IsEmpty && !namespaces.Has(NamespaceType.User))
        {
            findings.Add(Rules.MappingIsConsistent, parent.Property(name), "is given, but linux.namespaces has no user");
        }
    }

    private static void CheckTimeOffsets(Map<TimeOffset>? offsets, NamespaceSet namespaces, SpecPath parent, Findings findings)
    {
        if (offsets is null || offsets.Count == 0)
        {
            return;
        }

        SpecPath path = parent.Property("timeOffsets");
        if (!namespaces.Creates(NamespaceType.Time))
        {
            findings.Add(Rules.TimeOffsetNeedsNamespace, path, "is given, but linux.namespaces has no time without a path");
        }

        foreach (KeyValuePair<string, TimeOffset> offset in offsets.Entries)
        {
            if (offset.Key is not ("monotonic" or "boottime"))
            {
                findings.Add(Rules.TimeOffsetIsValid, path.Property(offset.Key), "is not a clock; there are monotonic and boottime");
            }

            if (offset.Value.Nanosecs is > 999_999_999)
            {
                findings.Add(
                    Rules.TimeOffsetIsValid,
                    path.Property(offset.Key).Property("nanosecs"),
                    $"{offset.Value.Nanosecs} is not from 0 to 999999999");
            }
        }
    }
}
