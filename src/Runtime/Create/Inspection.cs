using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What is to be said about a config.json: the one place that create, run, plan and validate ask.</summary>
/// <param name="Config">What it says; null when its form is broken.</param>
/// <param name="Violations">Everything that is wrong with it.</param>
/// <param name="Warnings">What is odd but allowed.</param>
internal sealed record Inspection(Config? Config, ImmutableArray<Violation> Violations, ImmutableArray<Warning> Warnings)
{
    /// <summary>Reads and validates a document.</summary>
    public static Inspection Of(ReadOnlySpan<byte> document)
    {
        ParseResult<Config> parsed = ConfigDocument.Parse(document);
        if (parsed.Value is null)
        {
            return new Inspection(null, parsed.Violations.AddRange(FaultyDocument.Check(parsed)), parsed.Warnings);
        }

        ImmutableArray<Violation> violations = Validator.Validate(parsed.Value, out ImmutableArray<Warning> warnings);
        ImmutableArray<Warning> ofForm = parsed.Value.Linux?.Seccomp?.IsOfAnEngine() == true ? parsed.Warnings.RemoveAll(IsAboutProfile) : parsed.Warnings;
        return new Inspection(parsed.Value, violations, ofForm.AddRange(warnings));
    }

    /// <summary>The same for who wants every name to be known: a name that is not is a fault.</summary>
    public Inspection Strict()
    {
        IEnumerable<Violation> unknown = Warnings.Where(warning => warning.Rule == Rules.UnknownIsIgnored)
            .Select(warning => new Violation(warning.Rule, warning.Path, warning.Text.Replace("; ignored", "", StringComparison.Ordinal)));
        return this with { Violations = [.. Violations, .. unknown], Warnings = Warnings.RemoveAll(warning => warning.Rule == Rules.UnknownIsIgnored) };
    }

    /// <summary>An engine's profile has a hundred members of its own, which are one warning together.</summary>
    private static bool IsAboutProfile(Warning warning) =>
        warning.Severity == Severity.Debug && warning.Path.IsWithin(SpecPath.Root.Property("linux").Property("seccomp"));
}

/// <summary>What is wrong with a document of the caller's, told in one line.</summary>
internal static class DocumentFaults
{
    /// <summary>Tells what is odd but allowed.</summary>
    public static void Report(ImmutableArray<Warning> warnings, Log log)
    {
        foreach (Warning warning in warnings)
        {
            if (warning.Severity == Severity.Warning)
            {
                log.Warning(warning.ToString());
            }
            else if (log.IsDebug)
            {
                log.Debug(warning.ToString());
            }
        }
    }

    /// <summary>The error that names every fault of a file.</summary>
    public static RuntimeError Refuse(string file, ImmutableArray<Violation> violations) =>
        violations is [var only]
            ? new RuntimeError($"{file}: {only}")
            : new RuntimeError($"{file} has {violations.Length} faults: {string.Join("; ", violations)}");
}
