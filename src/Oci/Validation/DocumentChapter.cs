namespace Hull.Oci;

/// <summary>The version and the annotations (VER, ANN).</summary>
internal static class DocumentChapter
{
    internal static void Check(Config config, Findings findings)
    {
        SpecPath version = SpecPath.Root.Property("ociVersion");
        if (!SemanticVersion.IsValid(config.OciVersion, out bool isSupported))
        {
            findings.Add(
                Rules.VersionIsSemantic, version, $"{Quoted.Text(config.OciVersion)} is not a semantic version such as 1.3.0");
        }
        else if (!isSupported)
        {
            findings.Add(
                Rules.VersionIsSupported,
                version,
                $"{Quoted.Text(config.OciVersion)} is of a major version this runtime does not support; it supports 1");
        }

        if (config.Annotations is Map<string> annotations && annotations.ContainsKey(""))
        {
            findings.Add(Rules.AnnotationsAreStrings, SpecPath.Root.Property("annotations").Property(""), "has an empty name");
        }
    }
}
