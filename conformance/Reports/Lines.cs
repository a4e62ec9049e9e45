using System.Globalization;
using Hull.Conformance.Suite;

namespace Hull.Conformance.Reports;

/// <summary>What people read while it runs: one line per case, and the summary.</summary>
internal static class Lines
{
    public static string Of(Result result)
    {
        var word = result.Verdict switch
        {
            Verdict.Passed => "ok   ",
            Verdict.Failed => "FAIL ",
            Verdict.Skipped => "skip ",
            _ => "newer",
        };
        var reason = result.Verdict == Verdict.Passed ? "" : $"\n        {FirstLines(result.Text)}";
        var left = result.Left.Count == 0 ? "" : $"\n        left behind: {string.Join("; ", result.Left)}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{word} {result.Runtime.Name} {result.Case.Name} ({result.Duration.TotalMilliseconds:F0} ms){reason}{left}");
    }

    /// <summary>The closing line has the form of the tests': CI reads it.</summary>
    public static string Summary(IReadOnlyCollection<Result> results) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count(results, Verdict.Passed)} passed, {Count(results, Verdict.Failed)} failed, {Count(results, Verdict.Skipped) + Count(results, Verdict.Newer)} skipped");

    public static int Count(IEnumerable<Result> results, Verdict verdict) => results.Count(result => result.Verdict == verdict);

    private static string FirstLines(string text) =>
        string.Join("\n        ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(6));
}
