using System.Globalization;
using System.Text;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Findings in the forms that <c>validate</c> knows.</summary>
internal static class FindingText
{
    /// <summary>The schema of SARIF 2.1.0, which editors and code hosts read.</summary>
    private const string SarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /// <summary>One line for each, the rule's sentence below a fault, and a line that sums up.</summary>
    public static string Lines(IReadOnlyList<Finding> findings)
    {
        var text = new StringBuilder();
        var faults = 0;
        foreach (Finding finding in findings)
        {
            bool isFault = finding.Weight == Weight.Fault;
            faults += isFault ? 1 : 0;
            text.Append(isFault ? "" : $"{NameOf(finding.Weight)}: ").Append(finding).Append('\n');
            if (isFault && finding.Rule is { } rule)
            {
                text.Append("    ").Append(rule).Append('\n');
            }
        }

        return text.Append(faults == 0 ? "valid" : $"{faults} {(faults == 1 ? "violation" : "violations")}").Append('\n').ToString();
    }

    /// <summary>An object with <c>valid</c>, <c>violations</c> and <c>warnings</c>.</summary>
    public static string Json(IReadOnlyList<Finding> findings)
    {
        var json = new JsonText(indented: true);
        json.Open('{');
        json.Member("valid", findings.All(finding => finding.Weight != Weight.Fault));
        Write(json, "violations", findings.Where(finding => finding.Weight == Weight.Fault));
        Write(json, "warnings", findings.Where(finding => finding.Weight != Weight.Fault));
        json.Close('}');
        return json.ToString();
    }

    /// <summary>A log of the Static Analysis Results Interchange Format 2.1.0 with one run.</summary>
    /// <param name="document">config.json, for lines and columns.</param>
    /// <param name="file">Its path, as the log names it.</param>
    /// <param name="version">Of hull.</param>
    public static string Sarif(IReadOnlyList<Finding> findings, ReadOnlySpan<byte> document, string file, string version)
    {
        var json = new JsonText(indented: true);
        json.Open('{');
        json.Member("$schema", SarifSchema);
        json.Member("version", "2.1.0");
        json.Name("runs");
        json.Open('[');
        json.Open('{');
        WriteTool(json, findings, version);
        json.Name("results");
        json.Open('[');
        foreach (Finding finding in findings)
        {
            WriteResult(json, finding, DocumentPosition.Of(document, finding.Place), file);
        }

        json.Close(']');
        json.Close('}');
        json.Close(']');
        json.Close('}');
        return json.ToString();
    }

    private static void Write(JsonText json, string name, IEnumerable<Finding> findings)
    {
        json.Name(name);
        json.Open('[');
        foreach (Finding finding in findings)
        {
            json.Open('{');
            json.Member("path", finding.Place.ToString());
            json.Member("rule", finding.Rule?.Id);
            json.Member("severity", finding.Weight == Weight.Fault ? null : NameOf(finding.Weight));
            json.Member("text", finding.Text);
            json.Member("hint", finding.Hint);
            json.Member("sentence", finding.Rule?.Sentence);
            json.Member("source", finding.Rule is { } rule ? $"{rule.Page}#{rule.Anchor}" : null);
            json.Close('}');
        }

        json.Close(']');
    }

    private static void WriteTool(JsonText json, IReadOnlyList<Finding> findings, string version)
    {
        json.Name("tool");
        json.Open('{');
        json.Name("driver");
        json.Open('{');
        json.Member("name", "hull");
        json.Member("version", version);
        json.Name("rules");
        json.Open('[');
        foreach (Rule rule in findings.Select(finding => finding.Rule).OfType<Rule>().Distinct())
        {
            json.Open('{');
            json.Member("id", rule.Id);
            json.Name("shortDescription");
            WriteText(json, rule.Sentence);
            json.Close('}');
        }

        json.Close(']');
        json.Close('}');
        json.Close('}');
    }

    private static void WriteResult(JsonText json, Finding finding, DocumentPosition position, string file)
    {
        json.Open('{');
        json.Member("ruleId", finding.Rule?.Id ?? "host");
        json.Member("level", finding.Weight switch { Weight.Fault => "error", Weight.Warning => "warning", Weight.Note => "note" });
        json.Name("message");
        WriteText(json, finding.ToString());
        json.Name("locations");
        json.Open('[');
        json.Open('{');
        json.Name("physicalLocation");
        json.Open('{');
        json.Name("artifactLocation");
        json.Open('{');
        json.Member("uri", Reference(file));
        json.Close('}');
        json.Name("region");
        json.Open('{');
        json.Member("startLine", position.Line);
        json.Member("startColumn", position.Column);
        json.Close('}');
        json.Close('}');
        json.Close('}');
        json.Close(']');
        json.Close('}');
    }

    /// <summary>A path as a relative reference of a URI: what is neither a letter, a digit nor one of a few signs is written as its bytes. RFC 3986</summary>
    private static string Reference(string path)
    {
        var text = new StringBuilder();
        foreach (byte unit in Encoding.UTF8.GetBytes(path))
        {
            bool isPlain = char.IsAsciiLetterOrDigit((char)unit) || "-._~/".Contains((char)unit, StringComparison.Ordinal);
            text.Append(isPlain ? $"{(char)unit}" : string.Create(CultureInfo.InvariantCulture, $"%{unit:X2}"));
        }

        return text.ToString();
    }

    private static void WriteText(JsonText json, string text)
    {
        json.Open('{');
        json.Member("text", text);
        json.Close('}');
    }

    private static string NameOf(Weight weight) => weight switch
    {
        Weight.Fault => "fault",
        Weight.Warning => "warning",
        Weight.Note => "note",
    };
}
