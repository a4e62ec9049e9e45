namespace Hull.Oci;

/// <summary>Reads the platform-neutral part of the configuration.</summary>
internal static class ConfigReader
{
    internal static Config? ReadConfig(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        string? ociVersion = null, hostname = null, domainname = null;
        Root? root = null;
        IReadOnlyList<Mount>? mounts = null;
        Process? process = null;
        LinuxConfig? linux = null;
        Hooks? hooks = null;
        Map<string>? annotations = null;
        while (reader.NextMember())
        {
            if (reader.Is("ociVersion")) ociVersion = reader.ReadString();
            else if (reader.Is("root")) root = ReadRoot(ref reader);
            else if (reader.Is("mounts")) mounts = reader.ReadList(MountReader.ReadMount);
            else if (reader.Is("process")) process = ProcessReader.ReadProcess(ref reader);
            else if (reader.Is("hostname")) hostname = reader.ReadString();
            else if (reader.Is("domainname")) domainname = reader.ReadString();
            else if (reader.Is("linux")) linux = LinuxReader.ReadLinux(ref reader);
            else if (reader.Is("hooks")) hooks = HooksReader.ReadHooks(ref reader);
            else if (reader.Is("annotations")) annotations = reader.ReadMap<string>(ReadAnnotation);
            else reader.SkipUnknown();
        }

        if (ociVersion is null || root is null)
        {
            reader.Missing(Rules.VersionIsSemantic, ociVersion is null ? "ociVersion" : null);
            reader.Missing(Rules.RootIsGiven, root is null ? "root" : null);
            return null;
        }

        return new Config
        {
            OciVersion = ociVersion,
            Root = root,
            Mounts = mounts,
            Process = process,
            Hostname = hostname,
            Domainname = domainname,
            Linux = linux,
            Hooks = hooks,
            Annotations = annotations,
        };
    }

    private static Root? ReadRoot(ref DocumentReader reader)
    {
        if (!reader.EnterObject()) return null;

        string? path = null;
        bool? isReadonly = null;
        while (reader.NextMember())
        {
            if (reader.Is("path")) path = reader.ReadString();
            else if (reader.Is("readonly")) isReadonly = reader.ReadBoolean();
            else reader.SkipUnknown();
        }

        if (path is null)
        {
            reader.Missing(Rules.RootPathIsGiven, "path");
            return null;
        }

        return new Root { Path = path, Readonly = isReadonly };
    }

    private static string? ReadAnnotation(ref DocumentReader reader) => reader.ReadString(Rules.AnnotationsAreStrings);
}
