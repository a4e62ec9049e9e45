using System.Xml.Linq;
using Hull.Conformance.PublicSuite;
using Hull.Conformance.Reports;
using Hull.Conformance.Rules;
using Hull.Conformance.Suite;

namespace Hull.Conformance.Tests;

/// <summary>The rules, the coverage, and the forms in which results are written.</summary>
public sealed class ReportTests
{
    private static readonly RuntimeUnderTest SomeRuntime = new("/some/runtime", "some", "some 1.0", new Version(1, 3, 0));

    private static readonly Case SomeCase = new("Some", ["MNT-01", "MNT-05"], "It holds # always", "1.0.0", false, _ => { });

    [Fact]
    public void Rules_are_read_from_the_lines_of_a_checklist()
    {
        const string text = """
            Prose about ABC-01 [M] is no rule.
            - ABC-01 [M] first rule. {r: differs}
            - ABC-02..04 [S] three rules
            - ABC-05 [P] one. ABC-06 [E] and another on its line. ABC-07 `third`, see (ABC-01)
            """;

        Checklist.Parse(text).Should().Equal(
            new ChecklistRule("ABC-01", "M", "first rule."), new ChecklistRule("ABC-02", "S", "three rules"), new ChecklistRule("ABC-03", "S", "three rules"),
            new ChecklistRule("ABC-04", "S", "three rules"), new ChecklistRule("ABC-05", "P", "one."),
            new ChecklistRule("ABC-06", "E", "and another on its line."), new ChecklistRule("ABC-07", "P", "`third`, see (ABC-01)"));
    }

    [Fact]
    public void A_rule_of_a_checklist_has_the_sentence_that_the_project_carries()
    {
        var carried = Checklist.Carried.First(rule => rule.Id == "MNT-01");

        Checklist.Read("- MNT-01 [M] a note {r: differs}\n- NEW-01 [S] a new rule\n").Should().Equal(carried, new ChecklistRule("NEW-01", "S", "a new rule"));
    }

    [Theory]
    [InlineData("Hint: needs Linux 5.12 (mount_setattr); this is Linux 5.10.0-46-amd64, which lacks it", false, true)]
    [InlineData("Hint: needs Linux 5.2 (fsopen); this is Linux 4.18.0", false, true)]
    [InlineData("Hint: needs Linux 5.2 (fsopen); this is Linux 6.18.4", false, false)]
    [InlineData("Hint: needs Linux 5.2 (fsopen); this is Linux 6.18.4", true, true)]
    [InlineData("needs a newer kernel; this is Linux 5.10.0", true, false)]
    [InlineData("Expected Status to be 0", true, false)]
    public void What_a_kernel_lacks_counts_only_with_the_name_of_the_call(string text, bool lacksCalls, bool isRefusal) =>
        ((SomeRuntime with { LacksCalls = lacksCalls }).RefusedByName(text) is not null).Should().Be(isRefusal);

    // hull help and the report show them to users.
    [Fact]
    public void Every_rule_is_one_or_two_whole_sentences_of_at_most_220_characters()
    {
        Checklist.Carried.Where(rule => !IsSentence(rule.Sentence)).Select(rule => $"{rule.Id}: {rule.Sentence}").Should().BeEmpty();

        IsSentence("`a` is `b`, as in 1.x.y. There is no c.").Should().BeTrue();
        IsSentence(new string('a', 219) + ".").Should().BeFalse("it does not begin like a sentence");
        IsSentence("A" + new string('a', 218) + ".").Should().BeTrue();
        IsSentence("A" + new string('a', 219) + ".").Should().BeFalse("it is too long");
        IsSentence("It has no end").Should().BeFalse();
        IsSentence("It breaks off...").Should().BeFalse();
        IsSentence("It has  a hole.").Should().BeFalse();
        IsSentence("It has `one mark.").Should().BeFalse();
        IsSentence("It \u2265 that.").Should().BeFalse("it has a sign for a word");
        IsSentence("One. Two. Three.").Should().BeFalse("it is three sentences");
    }

    private static bool IsSentence(string text) =>
        text.Length <= 220 && text.EndsWith('.') && !text.Contains("...", StringComparison.Ordinal) && !text.Contains("  ", StringComparison.Ordinal)
        && text.All(letter => letter is >= ' ' and <= '~') && text.Count(letter => letter == '`') % 2 == 0
        && (text[0] == '`' || char.IsAsciiLetterUpper(text[0])) && text.Split(". ").Length <= 2;

    [Fact]
    public void Every_case_names_rules_that_exist_and_every_other_rule_has_a_reason()
    {
        var coverage = new Coverage(Checklist.Carried, Case.All);

        coverage.Rules.Length.Should().BeGreaterThan(300);
        coverage.Unknown.Should().BeEmpty();
        coverage.Uncovered.Where(entry => entry.Reason == "to do").Select(entry => entry.Rule.Id).Should().BeEmpty();
        Checklist.Uncovered.Keys.Should().BeSubsetOf(coverage.Uncovered.Select(entry => entry.Rule.Id), "a rule with a case needs no excuse");
    }

    [Fact]
    public void No_two_cases_have_the_same_name()
    {
        Case.All.Select(one => one.Name).Should().OnlyHaveUniqueItems();
        Case.All.Count.Should().BeGreaterThan(500);
    }

    [Theory]
    [InlineData("MNT", true)]
    [InlineData("MNT-05", true)]
    [InlineData("some", true)]
    [InlineData("holds", true)]
    [InlineData("MOPT", false)]
    public void A_filter_means_a_rule_a_chapter_or_words(string filter, bool meant)
    {
        SomeCase.Matches(filter).Should().Be(meant);
    }

    [Fact]
    public void Tap_escapes_and_skips()
    {
        Tap.Of([Of(Verdict.Passed), Of(Verdict.Failed, "first\nsecond"), Of(Verdict.Newer, "old")]).Should().Be("""
            TAP version 13
            1..3
            ok 1 - MNT-01 It holds \# always
            not ok 2 - MNT-01 It holds \# always
              ---
              message: |
                first
                second
              ...
            ok 3 - MNT-01 It holds \# always # SKIP old

            """);
    }

    [Fact]
    public void Junit_is_xml_whatever_a_container_printed()
    {
        var document = XDocument.Parse(JUnit.Of(SomeRuntime, [Of(Verdict.Passed), Of(Verdict.Failed, "\u0001 <&>"), Of(Verdict.Skipped, "no kernel")]));

        var suite = document.Root!.Element("testsuite")!;
        ((int?)suite.Attribute("failures"), (int?)suite.Attribute("skipped"), (int?)suite.Attribute("tests")).Should().Be((1, 1, 3));
        suite.Descendants("failure").Single().Value.Should().Be("? <&>");
    }

    [Fact]
    public void The_table_has_a_broken_rule_in_bold_and_a_newer_one_in_parentheses()
    {
        var coverage = new Coverage([new("MNT-01", "M", "a|b"), new("MNT-05", "M", "five")], [SomeCase]);

        new Matrix([SomeRuntime], [Of(Verdict.Passed), Of(Verdict.Failed)], coverage).Markdown().Should().Contain("| MNT-01 | M | a\\|b | **1/2** |");
        new Matrix([SomeRuntime], [Of(Verdict.Newer)], coverage).Markdown().Should().Contain("| MNT-05 | M | five | 0/1 (1) |");
        new Matrix([SomeRuntime], [Of(Verdict.Skipped)], coverage).Markdown().Should().Contain("| five | – |");
    }

    [Fact]
    public void The_public_suites_silent_failures_are_failures()
    {
        const string silent = "TAP version 13\nok 1 - one\n  ---\n  {\n    \"error\": \"belongs to the result\"\n  }\n  ...\n  ---\n  {\n    \"error\": \"alone\"\n  }\n  ...\nok 2 # SKIP unset\n1..2\n";

        var output = TapOutput.Parse(silent);

        (output.Ok, output.NotOk, output.Skipped).Should().Be((1, 0, 1));
        output.Failures.Should().Equal("silent: \"error\": \"alone\"");
    }

    private static Result Of(Verdict verdict, string text = "") => new(SomeRuntime, SomeCase, verdict, text, TimeSpan.FromSeconds(1), []);
}
