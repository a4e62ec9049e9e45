using System.Globalization;
using System.Text;
using Hull.Conformance.Suite;

namespace Hull.Conformance.Reports;

/// <summary>The Test Anything Protocol, version 13.</summary>
internal static class Tap
{
    public static string Of(IReadOnlyList<Result> results)
    {
        var text = new StringBuilder("TAP version 13\n");
        text.Append(CultureInfo.InvariantCulture, $"1..{results.Count}\n");
        for (var number = 1; number <= results.Count; number++)
        {
            Append(text, number, results[number - 1]);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, int number, Result result)
    {
        var ok = result.Verdict == Verdict.Failed ? "not ok" : "ok";
        // '#' begins a directive.
        var name = result.Case.Name.Replace("#", "\\#", StringComparison.Ordinal);
        var directive = result.Verdict is Verdict.Skipped or Verdict.Newer ? " # SKIP " + result.Text.Split('\n')[0] : "";
        text.Append(CultureInfo.InvariantCulture, $"{ok} {number} - {name}{directive}\n");
        if (result.Verdict == Verdict.Failed)
        {
            text.Append("  ---\n  message: |\n");
            foreach (var line in result.Text.Split('\n'))
            {
                text.Append(CultureInfo.InvariantCulture, $"    {line}\n");
            }

            text.Append("  ...\n");
        }
    }
}
