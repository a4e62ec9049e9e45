using System.Text;
using CommandLine;
using Hull.Oci;

namespace Hull.Runtime;

internal enum ValidateFormat { Text, Json }

[Verb("validate", HelpText = "say everything that is wrong with a bundle's config.json, and do nothing")]
[Example("--bundle /bundles/web", "everything that is wrong with it, one line each")]
[Example("--format json", "the same for programs")]
[EndsWith("0 when nothing is wrong, warnings aside; 1 with all that is wrong on standard output")]
internal sealed class ValidateOptions : Command
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Option('f', "format", MetaValue = "text|json", HelpText = "how to say it")]
    public ValidateFormat Format { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => ValidateCommand.Run(this);
}

/// <summary>
/// <c>hull validate</c>: every rule that a bundle's config.json breaks, by the same code that create asks. Needs no privileges. Exit
/// status 0 only when nothing is wrong; warnings do not count.
/// </summary>
internal static class ValidateCommand
{
    internal static int Run(ValidateOptions options)
    {
        Inspection inspection = Inspection.Of(Bundle.ReadDocument(Bundle.AbsolutePath(options.Bundle)));
        StandardStreams.WriteOut(options.Format == ValidateFormat.Json ? AsJson(inspection) : AsText(inspection));
        return inspection.Violations.IsEmpty ? ExitStatus.Success : ExitStatus.Failure;
    }

    private static string AsText(Inspection inspection)
    {
        var text = new StringBuilder();
        foreach (Violation violation in inspection.Violations)
        {
            text.Append(violation).Append('\n').Append("    ").Append(violation.Rule).Append('\n');
        }

        foreach (Warning warning in inspection.Warnings)
        {
            text.Append(warning.Severity == Severity.Warning ? "warning: " : "note: ").Append(warning).Append('\n');
        }

        int count = inspection.Violations.Length;
        return text.Append(count == 0 ? "valid" : $"{count} {(count == 1 ? "violation" : "violations")}").Append('\n').ToString();
    }

    private static string AsJson(Inspection inspection)
    {
        var json = new JsonText(indented: true);
        json.Open('{');
        json.Member("valid", inspection.Violations.IsEmpty);
        json.Name("violations");
        json.Open('[');
        foreach (Violation violation in inspection.Violations)
        {
            Write(json, violation.Rule, violation.Path, violation.Text, null);
        }

        json.Close(']');
        json.Name("warnings");
        json.Open('[');
        foreach (Warning warning in inspection.Warnings)
        {
            Write(json, warning.Rule, warning.Path, warning.Text, warning.Severity);
        }

        json.Close(']');
        json.Close('}');
        return Encoding.UTF8.GetString(json.ToUtf8()) + "\n";
    }

    private static void Write(JsonText json, Rule rule, SpecPath path, string text, Severity? severity)
    {
        json.Open('{');
        json.Member("path", path.ToString());
        json.Member("rule", rule.Id);
        if (severity is { } level)
        {
            json.Member("severity", level == Severity.Warning ? "warning" : "note");
        }

        json.Member("text", text);
        json.Member("sentence", rule.Sentence);
        json.Member("source", $"{rule.Page}#{rule.Anchor}");
        json.Close('}');
    }
}
