using System.Collections.Immutable;

namespace Hull.Oci;

/// <summary>
/// Checks what the values of a document mean together: every rule of the specification, and of the practice of its runtimes, that needs
/// no knowledge of the host. Reports all violations, not the first one.
/// </summary>
public static class Validator
{
    /// <summary>Every violation in a configuration.</summary>
    public static ImmutableArray<Violation> Validate(Config config) => Validate(config, out _);

    /// <summary>Every violation in a configuration, and what is worth a warning.</summary>
    public static ImmutableArray<Violation> Validate(Config config, out ImmutableArray<Warning> warnings)
    {
        Findings findings = new();
        SpecPath linux = SpecPath.Root.Property("linux");
        NamespaceSet namespaces = NamespaceSet.Of(config.Linux);
        DocumentChapter.Check(config, findings);
        MountChapter.Check(config, namespaces, findings);
        if (config.Process is Process process)
        {
            ProcessChapter.Check(process, SpecPath.Root.Property("process"), findings);
        }

        HookChapter.Check(config.Hooks, findings);
        NamespaceChapter.Check(config, namespaces, findings);
        if (config.Linux is LinuxConfig linuxConfig)
        {
            DeviceChapter.Check(linuxConfig, namespaces, linux, findings);
            LinuxChapter.Check(linuxConfig, namespaces, linux, findings);
            SysctlChapter.Check(config, namespaces, linux, findings);
            ResourcesChapter.Check(linuxConfig.Resources, linux.Property("resources"), findings);
            SeccompChapter.Check(linuxConfig.Seccomp, linux.Property("seccomp"), findings);
        }

        warnings = findings.Warnings;
        return findings.Violations;
    }

    /// <summary>Every violation in a process alone, as <c>exec --process</c> gets it, and what is worth a warning.</summary>
    public static ImmutableArray<Violation> Validate(Process process, out ImmutableArray<Warning> warnings)
    {
        Findings findings = new();
        ProcessChapter.Check(process, SpecPath.Root, findings);
        warnings = findings.Warnings;
        return findings.Violations;
    }

    /// <summary>Every violation in resources alone, as <c>update --resources</c> gets them, and what is worth a warning.</summary>
    public static ImmutableArray<Violation> Validate(Resources resources, out ImmutableArray<Warning> warnings)
    {
        Findings findings = new();
        ResourcesChapter.Check(resources, SpecPath.Root, findings);
        warnings = findings.Warnings;
        return findings.Violations;
    }

    internal static bool IsAbsolute(string path) => path.Length > 0 && path[0] == '/';
}
