namespace Hull.Conformance.PublicSuite;

/// <summary>
/// What a test of the public suite printed, counted. Its output is not quite TAP: a test may print several documents, and some
/// failures stand only in a block of YAML that belongs to no result.
/// </summary>
internal sealed record TapOutput(int Ok, int NotOk, int Skipped, IReadOnlyList<string> Failures)
{
    public static TapOutput Parse(string text)
    {
        int ok = 0, notOk = 0, skipped = 0;
        var failures = new List<string>();
        var afterResult = false;
        var inBlock = false;
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (line is "---" or "...")
            {
                inBlock = line == "---";
                // Only the first block after a result belongs to it.
                afterResult &= inBlock;
            }
            else if (inBlock)
            {
                if (!afterResult && line.StartsWith("\"error\":", StringComparison.Ordinal))
                {
                    failures.Add("silent: " + line);
                }
            }
            else if (line.StartsWith("not ok", StringComparison.Ordinal))
            {
                notOk++;
                failures.Add(line);
                afterResult = true;
            }
            else if (line.StartsWith("ok", StringComparison.Ordinal))
            {
                var skip = line.Contains("# SKIP", StringComparison.OrdinalIgnoreCase);
                skipped += skip ? 1 : 0;
                ok += skip ? 0 : 1;
                afterResult = true;
            }
        }

        return new TapOutput(ok, notOk, skipped, failures);
    }
}
