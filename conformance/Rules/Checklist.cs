using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hull.Conformance.Rules;

/// <param name="Level">M must, S should, m may, E must be an error, W must warn, P practice of runtimes that the specification does not have, X out of scope.</param>
internal sealed record ChecklistRule(string Id, string Level, string Sentence);

/// <summary>
/// The rules that coverage is computed from: those of the checklist when it is at hand, else of the table the project carries, and always in
/// the sentences of that table.
/// </summary>
internal static partial class Checklist
{
    public static ImmutableArray<ChecklistRule> Carried { get; } = [.. Lines("rules.txt").Select(line => line.Split('\t')).Select(fields => new ChecklistRule(fields[0], fields[1], fields[2]))];

    /// <summary>Why a rule has no case, by its id.</summary>
    public static ImmutableDictionary<string, string> Uncovered { get; } =
        Lines("uncovered.txt").Select(line => line.Split('\t')).ToImmutableDictionary(fields => fields[0], fields => fields[1]);

    /// <summary>The rules of a checklist, each in the sentence that the project carries; only a new rule has the checklist's own text.</summary>
    public static ImmutableArray<ChecklistRule> Read(string text)
    {
        var carried = Carried.ToImmutableDictionary(rule => rule.Id);
        return [.. Parse(text).Select(rule => carried.TryGetValue(rule.Id, out var known) ? rule with { Sentence = known.Sentence } : rule)];
    }

    /// <summary>Reads a checklist as it is: items "- ID [level] rule", several of which may share a line, and ranges "ID-01..06".</summary>
    public static ImmutableArray<ChecklistRule> Parse(string text) =>
    [
        .. text.Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).SelectMany(Items).DistinctBy(rule => rule.Id),
    ];

    /// <summary>The carried form: what `rules.txt` holds.</summary>
    public static string Write(IEnumerable<ChecklistRule> rules) => string.Concat(rules.Select(rule => $"{rule.Id}\t{rule.Level}\t{rule.Sentence}\n"));

    private static IEnumerable<ChecklistRule> Items(string line)
    {
        var starts = Start().Matches(line).Where(match => match.Index == 2 || match.Groups["level"].Success || line[..match.Index].EndsWith(". ", StringComparison.Ordinal)).ToArray();
        for (var number = 0; number < starts.Length; number++)
        {
            var start = starts[number];
            var from = start.Index + start.Length;
            var to = number + 1 < starts.Length ? starts[number + 1].Index : line.Length;
            var level = start.Groups["level"].Success ? start.Groups["level"].Value : "P";
            foreach (var id in Ids(start.Groups["id"].Value, start.Groups["last"].Value))
            {
                yield return new ChecklistRule(id, level, Sentence(line[from..to]));
            }
        }
    }

    private static IEnumerable<string> Ids(string first, string last)
    {
        if (last.Length == 0)
        {
            return [first];
        }

        var dash = first.LastIndexOf('-') + 1;
        int from = int.Parse(first[dash..], CultureInfo.InvariantCulture), to = int.Parse(last, CultureInfo.InvariantCulture);
        return Enumerable.Range(from, to - from + 1).Select(number => first[..dash] + number.ToString("00", CultureInfo.InvariantCulture));
    }

    // The table needs the beginning; remarks about runtimes are in braces.
    private static string Sentence(string text)
    {
        var plain = Remark().Replace(text, "").Replace('\t', ' ').Trim(' ', ':');
        return plain.Length <= 160 ? plain : plain[..157] + "...";
    }

    private static IEnumerable<string> Lines(string resource)
    {
        using var stream = typeof(Checklist).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
    }

    [GeneratedRegex(@"(?<id>[A-Z]{2,}(?:-[A-Z]{2,})*-(?:\d+|SCOPE|CLI|SWAP(?:-\d+)?|MEM|BLK|HUG|CPUSET|FREEZE|KILL|PID|RDMA))(?:\.\.(?<last>\d+))?\s*(?:\[(?<level>[^\]]+)\]|(?=\s))")]
    private static partial Regex Start();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Remark();
}
