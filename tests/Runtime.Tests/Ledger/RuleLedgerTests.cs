using System.Text.RegularExpressions;
using Hull.Skipping;

namespace Hull.Runtime.Tests.Ledger;

/// <summary>
/// Every rule of the specification checklist is carried out somewhere and tested somewhere, or it is written down why not. What is found
/// by the rule's own name needs no line in rules.txt.
/// </summary>
public sealed partial class RuleLedgerTests
{
    private static readonly string Tests = SourceTree.Place("tests");
    private static readonly string Source = SourceTree.Place("src");

    private sealed record Entry(string Rule, string Kind, string Text);

    [Fact]
    public void Every_rule_of_the_checklist_is_covered() => Faults(Rules(Checklist()), Entries(), Evidence.Collect()).Should().BeEmpty();

    [Fact]
    public void A_rule_that_nobody_has_heard_of_is_noticed()
    {
        var evidence = new Evidence(new HashSet<string> { "AAA-01", "AAA-02", "AAA-03" }, new HashSet<string> { "AAA-01" }, new HashSet<string> { "Known" }, _ => false);

        Faults(["AAA-01"], [], evidence).Should().BeEmpty();
        Faults(["AAA-02"], [], evidence).Should().ContainSingle().Which.Should().Contain("AAA-02");
        Faults(["AAA-04"], [], evidence).Should().HaveCount(2);
        Faults(["AAA-02"], [new Entry("AAA-02", "test", "Known")], evidence).Should().BeEmpty();
        Faults(["AAA-02"], [new Entry("AAA-02", "test", "Forgotten")], evidence).Should().NotBeEmpty("the test is gone");
        Faults(["AAA-01"], [new Entry("AAA-01", "open", "somebody: a test")], evidence).Should().ContainSingle("it is done");
        Faults(["AAA-02"], [new Entry("AAA-02", "open", "somebody: a test")], evidence).Should().BeEmpty();
        Faults(["AAA-02"], [new Entry("AAA-02", "cannot", "no")], evidence).Should().BeEmpty();
        Faults(["AAA-01"], [new Entry("BBB-01", "cannot", "no")], evidence).Should().ContainSingle("there is no such rule");
    }

    [Fact]
    public void The_checklist_is_read_whole()
    {
        Rules("- ROOT-01 [M] a\n- DDEV-01..03 [M] b (ROOT-09)\n- CGO-01 [S] c. CGO-02 [S] d\n- CONV-MEM e\n- MOPT f").Should()
            .Equal("ROOT-01", "DDEV-01", "DDEV-02", "DDEV-03", "CGO-01", "CGO-02", "CONV-MEM", "MOPT");
        Rules(Checklist()).Should().HaveCountGreaterThan(300).And.OnlyHaveUniqueItems();
    }

    private static List<string> Faults(IReadOnlyList<string> rules, IReadOnlyList<Entry> entries, Evidence evidence)
    {
        var faults = new List<string>();
        ILookup<string, Entry> known = entries.ToLookup(entry => entry.Rule);
        faults.AddRange(entries.Where(entry => !rules.Contains(entry.Rule)).Select(entry => $"{entry.Rule} is no rule of the checklist"));
        foreach (string rule in rules)
        {
            Entry[] lines = [.. known[rule]];
            if (lines.Any(line => line.Kind == "cannot"))
            {
                continue;
            }

            bool placed = evidence.InSource.Contains(rule) || lines.Any(line => line.Kind == "place" && evidence.IsSource(line.Text));
            bool tested = evidence.InTests.Contains(rule) || lines.Any(line => line.Kind == "test" && evidence.TestNames.Contains(line.Text));
            bool open = lines.Any(line => line.Kind == "open");
            if (open && placed && tested)
            {
                faults.Add($"{rule} is done: take its line \"open\" out of rules.txt");
            }

            if (!open && !placed)
            {
                faults.Add($"{rule} is named nowhere below src, and rules.txt names no place of it");
            }

            if (!open && !tested)
            {
                faults.Add($"{rule} is named by no test, and rules.txt names none");
            }
        }

        return faults;
    }

    private static List<Entry> Entries() =>
        [.. File.ReadLines(Path.Combine(Tests, "Runtime.Tests", "Ledger", "rules.txt")).Where(line => line.Length > 0 && line[0] != '#').Select(line =>
        {
            string[] words = line.Split(' ', 3);
            words.Should().HaveCount(3, line);
            words[1].Should().BeOneOf("test", "place", "cannot", "open");
            return new Entry(words[0], words[1], words[2]);
        })];

    private static string Checklist()
    {
        string folder = Environment.GetEnvironmentVariable("HULL_SHARED") is { Length: > 0 } named ? named : SourceTree.Place("..", "shared");
        string path = Path.Combine(folder, "spec-checklist.md");
        Skip.Unless(File.Exists(path), "spec-checklist.md is not there; set HULL_SHARED");
        return File.ReadAllText(path);
    }

    private static List<string> Rules(string checklist)
    {
        var rules = new List<string>();
        foreach (string line in checklist.Split('\n'))
        {
            Match match = LeadingRule().Match(line);
            if (!match.Success)
            {
                continue;
            }

            string name = match.Groups[1].Value;
            int last = match.Groups[2].Success ? int.Parse(match.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;
            int first = last == 0 ? 0 : int.Parse(name.AsSpan(name.Length - 2), System.Globalization.CultureInfo.InvariantCulture);
            rules.AddRange(last == 0 ? [name] : Enumerable.Range(first, last - first + 1).Select(number => $"{name[..^2]}{number:00}"));
            rules.AddRange(InnerRule().Matches(line).Select(inner => inner.Groups[1].Value));
        }

        return [.. rules.Distinct()];
    }

    /// <summary>What the sources themselves say.</summary>
    private sealed record Evidence(IReadOnlySet<string> InSource, IReadOnlySet<string> InTests, IReadOnlySet<string> TestNames, Func<string, bool> IsSource)
    {
        internal static Evidence Collect()
        {
            string source = TextOf(Source);
            string tests = TextOf(Tests, SourceTree.Place("conformance"));

            // Oci.Tests demands an example of each of the validator's rules.
            IEnumerable<string> validated = ValidatorsRule().Matches(source).Select(match => match.Groups[1].Value);
            IEnumerable<string> named = Attribute().Matches(tests).SelectMany(match => Quoted().Matches(match.Value)).Select(match => match.Groups[1].Value);
            return new Evidence(
                AnyRule().Matches(source).Select(match => match.Value).ToHashSet(),
                validated.Concat(named).ToHashSet(),
                TestName().Matches(tests).Select(match => match.Groups[1].Value).ToHashSet(),
                file => File.Exists(Path.Combine(Source, file)));
        }

        private static string TextOf(params string[] folders) => string.Join(
            '\n',
            folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Ledger/", StringComparison.Ordinal)).Select(File.ReadAllText));
    }

    [GeneratedRegex(@"^- ([A-Z]+(?:-[A-Z]+)*(?:-\d\d)?)(?:\.\.(\d\d))?(?=[ \[])")]
    private static partial Regex LeadingRule();

    [GeneratedRegex(@"(?<=[.;] )([A-Z]+-\d\d)(?= [\[`])")]
    private static partial Regex InnerRule();

    [GeneratedRegex(@"\b[A-Z]+(?:-[A-Z]+)*-\d\d\b|\bCONV-[A-Z]+\b")]
    private static partial Regex AnyRule();

    [GeneratedRegex("=> new\\(\\s*\"([A-Z]+-\\d\\d)\"")]
    private static partial Regex ValidatorsRule();

    [GeneratedRegex(@"\[Rule\([^)]*\)\]")]
    private static partial Regex Attribute();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"public (?:async Task|void) ([A-Z]\w+)\(")]
    private static partial Regex TestName();
}
