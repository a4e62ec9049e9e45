namespace Hull.Oci;

/// <summary>The root filesystem and the mounts (ROOT, MNT, IDM).</summary>
internal static class MountValidator
{
    internal static void Check(Config config, NamespaceSet namespaces, Violations violations)
    {
        if (config.Root.Path.Length == 0)
        {
            violations.Add(Rules.RootPathIsGiven, SpecPath.Root.Property("root").Property("path"), "is empty; it must name a directory");
        }

        ReadOnlySpan<Mount> mounts = config.Mounts.Items();
        for (int index = 0; index < mounts.Length; index++)
        {
            Mount mount = mounts[index];
            if (!Validator.IsAbsolute(mount.Destination))
            {
                CheckDestination(mount.Destination, PathOf(index).Property("destination"), violations);
            }

            CheckIdmap(mount, index, namespaces, violations);
        }
    }

    private static SpecPath PathOf(int index) => SpecPath.Root.Property("mounts").Index(index);

    private static void CheckDestination(string destination, SpecPath path, Violations violations)
    {
        if (destination.Length == 0)
        {
            violations.Add(Rules.MountDestination, path, "is empty; it must be an absolute path");
        }
        else
        {
            violations.Warn(Rules.MountDestination, path, $"{Quoted.Text(destination)} is relative, which is deprecated; taken from /");
        }
    }

    private static void CheckIdmap(Mount mount, int index, NamespaceSet namespaces, Violations violations)
    {
        ReadOnlySpan<IdMapping> users = mount.UidMappings.Items();
        ReadOnlySpan<IdMapping> groups = mount.GidMappings.Items();
        if (users.IsEmpty != groups.IsEmpty)
        {
            string missing = users.IsEmpty ? "uidMappings" : "gidMappings";
            string given = users.IsEmpty ? "gidMappings" : "uidMappings";
            violations.Add(
                Rules.IdmapIsPaired,
                PathOf(index).Property(missing),
                $"is missing, but {given} is given; an idmapped mount needs both");
        }
        else if (users.IsEmpty && !namespaces.Has(NamespaceType.User))
        {
            CheckOptions(mount, index, violations);
        }

        MappingCheck.Check(users, groups, PathOf(index), violations);
    }

    private static void CheckOptions(Mount mount, int index, Violations violations)
    {
        ReadOnlySpan<string> options = mount.Options.Items();
        for (int option = 0; option < options.Length; option++)
        {
            if (options[option] is "idmap" or "ridmap")
            {
                violations.Add(
                    Rules.IdmapHasMapping,
                    PathOf(index).Property("options").Index(option),
                    $"{options[option]} needs uidMappings and gidMappings, or a user namespace to take them from");
            }
        }
    }
}
