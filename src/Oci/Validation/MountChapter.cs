namespace Hull.Oci;

/// <summary>The root filesystem and the mounts (ROOT, MNT, IDM).</summary>
internal static class MountChapter
{
    internal static void Check(Config config, NamespaceSet namespaces, Findings findings)
    {
        if (config.Root.Path.Length == 0)
        {
            findings.Add(Rules.RootPathIsGiven, SpecPath.Root.Property("root").Property("path"), "is empty; it must name a directory");
        }

        ReadOnlySpan<Mount> mounts = config.Mounts.Items();
        for (int index = 0; index < mounts.Length; index++)
        {
            Mount mount = mounts[index];
            if (!Validator.IsAbsolute(mount.Destination))
            {
                CheckDestination(mount.Destination, PathOf(index).Property("destination"), findings);
            }

            CheckIdmap(mount, index, namespaces, findings);
        }
    }

    private static SpecPath PathOf(int index) => SpecPath.Root.Property("mounts").Index(index);

    private static void CheckDestination(string destination, SpecPath path, Findings findings)
    {
        if (destination.Length == 0)
        {
            findings.Add(Rules.MountDestination, path, "is empty; it must be an absolute path");
        }
        else
        {
            findings.Warn(Rules.MountDestination, path, $"{Quoted.Text(destination)} is relative, which is deprecated; taken from /");
        }
    }

    private static void CheckIdmap(Mount mount, int index, NamespaceSet namespaces, Findings findings)
    {
        ReadOnlySpan<IdMapping> users = mount.UidMappings.Items();
        ReadOnlySpan<IdMapping> groups = mount.GidMappings.Items();
        if (users.IsEmpty != groups.IsEmpty)
        {
            string missing = users.IsEmpty ? "uidMappings" : "gidMappings";
            string given = users.IsEmpty ? "gidMappings" : "uidMappings";
            findings.Add(
                Rules.IdmapIsPaired,
                PathOf(index).Property(missing),
                $"is missing, but {given} is given; an idmapped mount needs both");
        }
        else if (users.IsEmpty && !namespaces.Has(NamespaceType.User))
        {
            CheckOptions(mount, index, findings);
        }

        MappingCheck.Check(users, groups, PathOf(index), findings);
    }

    private static void CheckOptions(Mount mount, int index, Findings findings)
    {
        ReadOnlySpan<string> options = mount.Options.Items();
        for (int option = 0; option < options.Length; option++)
        {
            if (options[option] is "idmap" or "ridmap")
            {
                findings.Add(
                    Rules.IdmapHasMapping,
                    PathOf(index).Property("options").Index(option),
                    $"{options[option]} needs uidMappings and gidMappings, or a user namespace to take them from");
            }
        }
    }
}
