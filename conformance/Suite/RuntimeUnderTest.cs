using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hull.Conformance.Suite;

/// <summary>A runtime binary, what it calls itself, and the version of the specification it says it implements.</summary>
internal sealed partial record RuntimeUnderTest(string Path, string Name, string Version, Version Specification)
{
    public static RuntimeUnderTest At(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var said = Ask(full, "--version");
        var line = said.Split('\n')[0].Trim();
        var specification = SpecificationLine().Match(said);
        return new RuntimeUnderTest(
            full, System.IO.Path.GetFileName(full), line.Length > 0 ? line : "says no version",
            // A runtime that does not say counts as one that implements everything.
            specification.Success ? System.Version.Parse(specification.Groups[1].Value) : new Version(99, 0, 0));
    }

    /// <summary>It is called under a filter that takes newer system calls away.</summary>
    public bool LacksCalls { get; init; }

    /// <summary>What it refused by the name of a call that came after this kernel, or that the filter takes away; null for another failure.</summary>
    public string? RefusedByName(string text)
    {
        var refusal = MissingCall().Match(text);
        return refusal.Success && (LacksCalls || Number(refusal, 1) > Number(refusal, 3)) ? refusal.Value : null;

        static int Number(Match match, int first) =>
            (1000 * int.Parse(match.Groups[first].Value, CultureInfo.InvariantCulture)) + int.Parse(match.Groups[first + 1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the specification it says it implements has what came with a version.</summary>
    public bool Implements(string since) => Specification >= System.Version.Parse(since);

    private static string Ask(string path, string argument)
    {
        var start = new ProcessStartInfo(path, argument) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }

    [GeneratedRegex(@"^spec:\s*(\d+\.\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex SpecificationLine();

    [GeneratedRegex(@"needs Linux (\d+)\.(\d+) \(\w+\); this is Linux (\d+)\.(\d+)")]
    private static partial Regex MissingCall();
}
