namespace Hull.Oci;

/// <summary>Namespaces and what depends on them (NS, UMAP, TIME, HOST).</summary>
internal static class NamespaceValidator
{
    internal static void Check(Config config, NamespaceSet namespaces, Violations violations)
    {
        if (!namespaces.Has(NamespaceType.Uts))
        {
            CheckName(config.Hostname, "hostname", Rules.HostnameNeedsNamespace, violations);
            CheckName(config.Domainname, "domainname", Rules.DomainnameNeedsNamespace, violations);
        }

        if (config.Linux is LinuxConfig linux)
        {
            SpecPath path = SpecPath.Root.Property("linux");
            CheckNamespaces(linux.Namespaces, path, violations);
            CheckMappings(linux, namespaces, path, violations);
            CheckTimeOffsets(linux.TimeOffsets, namespaces, path, violations);
        }
    }

    private static void CheckName(string? name, string property, Rule rule, Violations violations)
    {
        if (name is { Length: > 0 })
        {
            violations.Add(
                rule,
                SpecPath.Root.Property(property),
                $"{Quoted.Text(name)} is given, but linux.namespaces has no uts; it would rename the host");
        }
    }

    private static void CheckNamespaces(IReadOnlyList<Namespace>? list, SpecPath parent, Violations violations)
    {
        ReadOnlySpan<Namespace> namespaces = list.Items();
        for (int index = 0; index < namespaces.Length; index++)
        {
            Namespace item = namespaces[index];
            if (item.Path is { Length: > 0 } path && !Validator.IsAbsolute(path))
            {
                violations.Add(
                    Rules.NamespacePathIsAbsolute,
                    parent.Property("namespaces").Index(index).Property("path"),
                    $"{Quoted.Text(path)} is not an absolute path");
            }

            for (int earlier = 0; earlier < index; earlier++)
            {
                if (namespaces[earlier].Type == item.Type)
                {
                    SpecPath place = parent.Property("namespaces");
                    violations.Add(
                        Rules.NamespaceIsUnique,
                        place.Index(index).Property("type"),
                        $"{item.Type.SpecName()} is given twice (first at {place.Index(earlier)})");
                    break;
                }
            }
        }
    }

    private static void CheckMappings(LinuxConfig linux, NamespaceSet namespaces, SpecPath path, Violations violations)
    {
        ReadOnlySpan<IdMapping> users = linux.UidMappings.Items();
        ReadOnlySpan<IdMapping> groups = linux.GidMappings.Items();
        CheckMapping(users, "uidMappings", namespaces, path, violations);
        CheckMapping(groups, "gidMappings", namespaces, path, violations);
        MappingCheck.Check(users, groups, path, violations);
    }

    private static void CheckMapping(
        ReadOnlySpan<IdMapping> mappings, string name, NamespaceSet namespaces, SpecPath parent, Violations violations)
    {
        if (mappings.IsEmpty && namespaces.Creates(NamespaceType.User))
        {
            violations.Add(Rules.MappingIsConsistent, parent.Property(name), "is missing; a new user namespace needs it");
        }
        else if (!mappings.IsEmpty && !namespaces.Has(NamespaceType.User))
        {
            // Generated configurations have them, and the other runtimes ignore them: nothing that was asked for is missing.
            violations.Warn(Rules.MappingIsConsistent, parent.Property(name), "is given, but linux.namespaces has no user; it is ignored");
        }
    }

    private static void CheckTimeOffsets(Map<TimeOffset>? offsets, NamespaceSet namespaces, SpecPath parent, Violations violations)
    {
        if (offsets is null || offsets.Count == 0)
        {
            return;
        }

        SpecPath path = parent.Property("timeOffsets");
        if (!namespaces.Creates(NamespaceType.Time))
        {
            violations.Add(Rules.TimeOffsetNeedsNamespace, path, "is given, but linux.namespaces has no time without a path");
        }

        foreach (KeyValuePair<string, TimeOffset> offset in offsets.Entries)
        {
            if (offset.Key is not ("monotonic" or "boottime"))
            {
                violations.Add(Rules.TimeOffsetIsValid, path.Property(offset.Key), "is not a clock; there are monotonic and boottime");
            }

            if (offset.Value.Nanosecs is > 999_999_999)
            {
                violations.Add(
                    Rules.TimeOffsetIsValid,
                    path.Property(offset.Key).Property("nanosecs"),
                    $"{offset.Value.Nanosecs} is not from 0 to 999999999");
            }
        }
    }
}

/// <summary>Which types of namespaces the container has of its own: new ones and joined ones.</summary>
internal readonly struct NamespaceSet
{
    private readonly int created;
    private readonly int joined;

    private const int Every = ~0;

    private NamespaceSet(int created, int joined)
    {
        this.created = created;
        this.joined = joined;
    }

    /// <summary>None, all of them new, all of them joined: what is wrong with each of these is wrong whatever namespaces there are.</summary>
    internal static NamespaceSet[] Extremes => [default, new(Every, 0), new(0, Every)];

    internal static NamespaceSet Of(LinuxConfig? linux)
    {
        int created = 0;
        int joined = 0;
        foreach (Namespace item in (linux?.Namespaces).Items())
        {
            created |= string.IsNullOrEmpty(item.Path) ? 1 << (int)item.Type : 0;
            joined |= string.IsNullOrEmpty(item.Path) ? 0 : 1 << (int)item.Type;
        }

        return new NamespaceSet(created, joined);
    }

    internal bool Has(NamespaceType type) => ((created | joined) & (1 << (int)type)) != 0;

    internal bool Creates(NamespaceType type) => (created & (1 << (int)type)) != 0;
}
