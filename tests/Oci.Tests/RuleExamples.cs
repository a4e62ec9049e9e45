using System.Reflection;

namespace Hull.Oci.Tests;

public sealed class RuleExamples
{
    public static TheoryData<string, int> Table()
    {
        TheoryData<string, int> table = [];
        int index = 0;
        foreach (Example example in Examples.All())
        {
            table.Add(example.ToString(), index++);
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_violating_document_is_reported_by_its_rule_at_its_path_and_by_nothing_else(string name, int index)
    {
        Example example = Examples.All().ElementAt(index);
        Rule rule = AllRules()[example.Rule];
        Checked result = Checked.Config(example.Violating);

        if (example.IsWarning)
        {
            result.Violations.Should().BeEmpty(name);
            result.Warnings.Should().ContainSingle().Which.Should().Match<Warning>(
                warning => warning.Rule == rule && warning.Path.ToString() == example.Path, name);
        }
        else
        {
            result.Violations.Should().ContainSingle(example.Violating).Which.Should().Match<Violation>(
                violation => violation.Rule == rule && violation.Path.ToString() == example.Path, name);
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_conforming_document_is_accepted_in_silence(string name, int index)
    {
        Checked result = Checked.Config(Examples.All().ElementAt(index).Conforming);

        result.Lines.Should().BeEmpty(name);
        result.Warnings.Where(warning => warning.Severity == Severity.Warning).Should().BeEmpty(name);
    }

    [Fact]
    public void Every_rule_has_an_example() =>
        AllRules().Keys.Should().BeSubsetOf(Examples.All().Select(example => example.Rule));

    [Fact]
    public void Every_rule_can_be_looked_up_in_the_specification()
    {
        AllRules().Should().HaveCountGreaterThan(80);
        AllRules().Values.Should().OnlyContain(rule =>
            rule.Id.Length >= 5 && rule.Page.EndsWith(".md", StringComparison.Ordinal)
            && rule.Anchor.Length > 0 && rule.Sentence.EndsWith('.'));
    }

    [Fact]
    public void A_violation_is_one_line_that_says_where_what_and_by_which_rule()
    {
        Checked result = Checked.Config("""
            {"ociVersion":"1.3.0","root":{"path":"r"},"process":{"cwd":"/","args":["sh"],"rlimits":[
              {"type":"RLIMIT_NOFILE","soft":1,"hard":1},{"type":"RLIMIT_NOFILE","soft":1,"hard":1}]}}
            """);

        result.Lines.Should().Equal("process.rlimits[1].type: RLIMIT_NOFILE is given twice (first at process.rlimits[0]) [RLIM-03]");
    }

    [Fact]
    public void All_faults_of_a_document_are_reported_at_once()
    {
        Checked parsed = Checked.Config("""{"root":{"path":1},"mounts":[{"destination":[]},{}],"process":{"cwd":false}}""");
        Checked validated = Checked.Config("""
            {"ociVersion":"2.0.0","root":{"path":""},"hostname":"h","process":{"cwd":"x","args":[]}}
            """);

        parsed.Violations.Select(violation => violation.Path.ToString()).Should()
            .Equal("root.path", "mounts[0].destination", "mounts[1].destination", "process.cwd", "process.args", "ociVersion");
        validated.Violations.Select(violation => violation.Rule.Id).Should().Equal("VER-03", "ROOT-02", "PROC-02", "PROC-05", "HOST-01");
    }

    private static Dictionary<string, Rule> AllRules() => typeof(Rules)
        .GetProperties(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(property => property.Name, property => (Rule)property.GetValue(null)!);
}
