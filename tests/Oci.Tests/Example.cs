namespace Hull.Oci.Tests;

/// <summary>A document that breaks a rule in one place, and one beside it that keeps the rule.</summary>
/// <param name="Rule">The name of the constant in <see cref="Rules"/>.</param>
/// <param name="Path">Where the rule is broken.</param>
/// <param name="Violating">The faulty document, or members to add to the smallest one.</param>
/// <param name="Conforming">The good document, or members to add to the smallest one.</param>
/// <param name="IsWarning">Whether the rule only warns.</param>
public sealed record Example(string Rule, string Path, string Violating, string Conforming, bool IsWarning = false)
{
    /// <summary>Members of the configuration, of its process, of its linux part, of its resources or of its filter.</summary>
    internal static Example Root(string rule, string path, string violating, string conforming, bool isWarning = false) =>
        new(rule, path, Config(violating), Config(conforming), isWarning);

    internal static Example Process(string rule, string path, string violating, string conforming, bool isWarning = false) =>
        new(rule, "process." + path, ProcessOf(violating), ProcessOf(conforming), isWarning);

    internal static Example Linux(string rule, string path, string violating, string conforming, bool isWarning = false) =>
        new(rule, "linux." + path, LinuxOf(violating), LinuxOf(conforming), isWarning);

    internal static Example Resources(string rule, string path, string violating, string conforming, bool isWarning = false) =>
        new(rule, "linux.resources." + path, ResourcesOf(violating), ResourcesOf(conforming), isWarning);

    internal static Example Seccomp(string rule, string path, string violating, string conforming) =>
        new(rule, "linux.seccomp." + path, SeccompOf(violating), SeccompOf(conforming));

    /// <summary>Shows in test names.</summary>
    public override string ToString() => $"{Rule} at {Path}";

    private static string Config(string members) => $$"""{"ociVersion":"1.3.0","root":{"path":"rootfs"}{{Comma(members)}}}""";

    private static string ProcessOf(string members)
    {
        bool needsCwd = members != "-" && !members.Contains("\"cwd\"", StringComparison.Ordinal);
        bool needsArgs = !members.Contains("\"args\"", StringComparison.Ordinal);
        string[] parts = [members.Trim('-', ' '), needsCwd ? "\"cwd\":\"/\"" : "", needsArgs ? "\"args\":[\"sh\"]" : ""];
        return Config("\"process\":{" + string.Join(',', parts.Where(part => part.Length > 0)) + "}");
    }

    private static string LinuxOf(string members) => Config($$"""
        "linux":{{{members}}}
        """);

    private static string ResourcesOf(string members) => LinuxOf($$"""
        "resources":{{{members}}}
        """);

    private static string SeccompOf(string members)
    {
        bool needsAction = members != "-" && !members.Contains("\"defaultAction\"", StringComparison.Ordinal);
        string[] parts = [needsAction ? "\"defaultAction\":\"SCMP_ACT_ERRNO\"" : "", members.Trim('-', ' ')];
        return LinuxOf("\"seccomp\":{" + string.Join(',', parts.Where(part => part.Length > 0)) + "}");
    }

    private static string Comma(string members) => members.Length == 0 ? "" : "," + members;
}
