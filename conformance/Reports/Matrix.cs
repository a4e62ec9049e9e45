using System.Globalization;
using System.Net;
using System.Text;
using Hull.Conformance.Rules;
using Hull.Conformance.Suite;

namespace Hull.Conformance.Reports;

/// <summary>The table rule × runtime: what a runtime makes of all cases of a rule.</summary>
internal sealed class Matrix(IReadOnlyList<RuntimeUnderTest> runtimes, IReadOnlyList<Result> results, Coverage coverage)
{
    private readonly ILookup<(string Rule, string Runtime), Result> _byRule = results
        .SelectMany(result => result.Case.Rules.Select(rule => (Key: (rule, result.Runtime.Path), result)))
        .ToLookup(entry => entry.Key, entry => entry.result);

    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, Linux {Kernel()}, {coverage.Summary}.\n\n");
        Row(text, "| |", runtimes.Select(runtime => runtime.Name));
        Row(text, "|---|", runtimes.Select(_ => "---"));
        Row(text, "| version |", runtimes.Select(runtime => runtime.Version));
        Row(text, "| passed |", runtimes.Select(runtime => Number(runtime, Verdict.Passed)));
        Row(text, "| **failed** |", runtimes.Select(runtime => Number(runtime, Verdict.Failed)));
        Row(text, "| newer than the specification it implements |", runtimes.Select(runtime => Number(runtime, Verdict.Newer)));
        Row(text, "| skipped: the machine lacks something |", runtimes.Select(runtime => Number(runtime, Verdict.Skipped)));
        text.Append("\nEach cell: cases passed of cases tried. **Bold**: the rule is broken. (n): n cases failed on a rule newer than the specification\n"
            + "that the runtime says it implements. –: could not be tried here. Levels: M must, S should, m may, E must be an error, W must warn,\n"
            + "P practice of runtimes that the specification does not have.\n\n");
        Row(text, "| rule | level | |", runtimes.Select(runtime => runtime.Name));
        Row(text, "|---|---|---|", runtimes.Select(_ => "---"));
        foreach (var rule in coverage.Covered.Where(rule => runtimes.Any(runtime => _byRule[(rule.Id, runtime.Path)].Any())))
        {
            Row(text, $"| {rule.Id} | {rule.Level} | {rule.Sentence.Replace("|", "\\|", StringComparison.Ordinal)} |", runtimes.Select(runtime => Cell(rule.Id, runtime)));
        }

        return text.ToString();
    }

    /// <summary>Every failing case of every runtime.</summary>
    public string Failures()
    {
        var text = new StringBuilder();
        foreach (var runtime in runtimes)
        {
            var failed = results.Where(result => result.Runtime == runtime && result.Verdict == Verdict.Failed).ToArray();
            text.Append(CultureInfo.InvariantCulture, $"\n### {runtime.Name}: {failed.Length} cases failed\n\n");
            foreach (var result in failed)
            {
                text.Append(CultureInfo.InvariantCulture, $"* {result.Case.Name}\n");
            }
        }

        return text.ToString();
    }

    public string UncoveredRules()
    {
        var text = new StringBuilder("| rule | level | | why it has no case |\n|---|---|---|---|\n");
        foreach (var (rule, reason) in coverage.Uncovered)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {rule.Id} | {rule.Level} | {rule.Sentence.Replace("|", "\\|", StringComparison.Ordinal)} | {reason} |\n");
        }

        return text.ToString();
    }

    public string Html()
    {
        var text = new StringBuilder("""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Conformance to the OCI runtime specification</title>
            <style>
            body { font: 14px/1.4 sans-serif; margin: 2em; } table { border-collapse: collapse; } td, th { border: 1px solid #ccc; padding: 2px 8px; text-align: left; }
            .bad { background: #f8c8c8; font-weight: bold; } .good { background: #d4efd4; } .newer { background: #fdf0c8; } .none { color: #888; }
            </style></head><body><h1>Conformance to the OCI runtime specification</h1>
            """);
        text.Append(CultureInfo.InvariantCulture, $"<p>{DateTime.UtcNow:yyyy-MM-dd}, Linux {Kernel()}. {WebUtility.HtmlEncode(coverage.Summary)}.</p>\n<table><tr><th>rule<th>level<th>");
        runtimes.ToList().ForEach(runtime => text.Append(CultureInfo.InvariantCulture, $"<th>{WebUtility.HtmlEncode(runtime.Version)}"));
        foreach (var rule in coverage.Covered.Where(rule => runtimes.Any(runtime => _byRule[(rule.Id, runtime.Path)].Any())))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n<tr><td>{rule.Id}<td>{rule.Level}<td>{WebUtility.HtmlEncode(rule.Sentence)}");
            runtimes.ToList().ForEach(runtime => text.Append(HtmlCell(rule.Id, runtime)));
        }

        return text.Append("\n</table></body></html>\n").ToString();
    }

    private string HtmlCell(string rule, RuntimeUnderTest runtime)
    {
        var all = _byRule[(rule, runtime.Path)].ToArray();
        var kind = all.Any(result => result.Verdict == Verdict.Failed) ? "bad"
            : all.Any(result => result.Verdict == Verdict.Newer) ? "newer"
            : all.Any(result => result.Verdict == Verdict.Passed) ? "good" : "none";
        var details = string.Join('\n', all.Where(result => result.Verdict != Verdict.Passed).Select(result => $"{result.Case.Sentence}: {result.Text}"));
        return $"<td class=\"{kind}\" title=\"{WebUtility.HtmlEncode(details)}\">{Cell(rule, runtime).Replace("*", "", StringComparison.Ordinal)}";
    }

    private string Cell(string rule, RuntimeUnderTest runtime)
    {
        var all = _byRule[(rule, runtime.Path)].ToArray();
        int passed = Lines.Count(all, Verdict.Passed), failed = Lines.Count(all, Verdict.Failed), newer = Lines.Count(all, Verdict.Newer);
        if (passed + failed + newer == 0)
        {
            return "–";
        }

        var score = string.Create(CultureInfo.InvariantCulture, $"{passed}/{passed + failed + newer}");
        return failed > 0 ? $"**{score}**" : newer > 0 ? string.Create(CultureInfo.InvariantCulture, $"{score} ({newer})") : score;
    }

    private string Number(RuntimeUnderTest runtime, Verdict verdict) =>
        Lines.Count(results.Where(result => result.Runtime == runtime), verdict).ToString(CultureInfo.InvariantCulture);

    private static void Row(StringBuilder text, string head, IEnumerable<string> cells) =>
        text.Append(head).Append(string.Concat(cells.Select(cell => $" {cell} |"))).Append('\n');

    private static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
}
