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
        Violations violations = Check(config, NamespaceSet.Of(config.Linux));
        warnings = violations.Warnings;
        return violations.All;
    }

    /// <summary>What is wrong with a configuration that has these namespaces.</summary>
    internal static Violations Check(Config config, NamespaceSet namespaces)
    {
        Violations violations = new();
        SpecPath linux = SpecPath.Root.Property("linux");
        CheckDocument(config, violations);
        MountValidator.Check(config, namespaces, violations);
        if (config.Process is Process process)
        {
            ProcessValidator.Check(process, SpecPath.Root.Property("process"), violations);
        }

        HookValidator.Check(config.Hooks, violations);
        NamespaceValidator.Check(config, namespaces, violations);
        if (config.Linux is LinuxConfig linuxConfig)
        {
            DeviceValidator.Check(linuxConfig, namespaces, linux, violations);
            LinuxValidator.Check(linuxConfig, namespaces, linux, violations);
            SysctlValidator.Check(config, namespaces, linux, violations);
            ResourcesValidator.Check(linuxConfig.Resources, linux.Property("resources"), violations);
            ResourcesValidator.CheckVersion(linuxConfig.Resources, config.OciVersion, linux.Property("resources"), violations);
            SeccompValidator.Check(linuxConfig.Seccomp, linux.Property("seccomp"), violations);
        }

        return violations;
    }

    /// <summary>Every violation in a process alone, as <c>exec --process</c> gets it, and what is worth a warning.</summary>
    public static ImmutableArray<Violation> Validate(Process process, out ImmutableArray<Warning> warnings)
    {
        Violations violations = new();
        ProcessValidator.Check(process, SpecPath.Root, violations);
        warnings = violations.Warnings;
        return violations.All;
    }

    /// <summary>Every violation in resources alone, as <c>update --resources</c> gets them, and what is worth a warning.</summary>
    public static ImmutableArray<Violation> Validate(Resources resources, out ImmutableArray<Warning> warnings)
    {
        Violations violations = new();
        ResourcesValidator.Check(resources, SpecPath.Root, violations);
        warnings = violations.Warnings;
        return violations.All;
    }

    /// <summary>Every violation in a seccomp profile alone, as a file of its own has it.</summary>
    public static ImmutableArray<Violation> Validate(Seccomp profile)
    {
        Violations violations = new();
        SeccompValidator.Check(profile, SpecPath.Root, violations);
        return violations.All;
    }

    internal static bool IsAbsolute(string path) => path.Length > 0 && path[0] == '/';

    /// <summary>The version and the annotations (VER, ANN).</summary>
    private static void CheckDocument(Config config, Violations violations)
    {
        SpecPath version = SpecPath.Root.Property("ociVersion");
        if (!SemanticVersion.IsValid(config.OciVersion, out bool isSupported))
        {
            violations.Add(
                Rules.VersionIsSemantic, version, $"{Quoted.Text(config.OciVersion)} is not a semantic version such as 1.3.0");
        }
        else if (!isSupported)
        {
            violations.Add(
                Rules.VersionIsSupported,
                version,
                $"{Quoted.Text(config.OciVersion)} is of a major version this runtime does not support; it supports 1");
        }

        if (config.Annotations is Map<string> annotations && annotations.ContainsKey(""))
        {
            violations.Add(Rules.AnnotationsAreStrings, SpecPath.Root.Property("annotations").Property(""), "has an empty name");
        }
    }
}
