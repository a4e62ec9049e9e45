namespace Hull.Runtime.Tests.Plans;

/// <summary>
/// Plans as prose: each folder here shows one chapter of planning. A changed plan is a change that somebody reads: HULL_ACCEPT=1 writes
/// the new text, and the difference is reviewed with the rest of the commit.
/// </summary>
public sealed class GoldenPlanTests
{
    public static TheoryData<string> Cases => [.. PlanCase.Names()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_configuration_on_a_host_has_exactly_this_plan(string name)
    {
        PlanCase example = PlanCase.Named(name);
        string actual = example.Print();
        if (IsAccepting)
        {
            Environment.GetEnvironmentVariable("CI").Should().NotBe("true", "what a plan should be is not decided by a machine");
            File.WriteAllText(example.GoldenPath, actual);
        }

        string expected = File.ReadAllText(example.GoldenPath);
        Assert.True(expected == actual, $"The plan is another one:\n{LineDifference.Between(expected, actual)}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_example_has_a_configuration_facts_and_a_plan(string name)
    {
        string[] required = [PlanCase.Configuration, PlanCase.Facts, PlanCase.Golden];
        string[] allowed = [.. required, "request.json"];

        string[] present = [.. Directory.GetFileSystemEntries(PlanCase.Named(name).Folder).Select(entry => Path.GetFileName(entry))];

        present.Should().Contain(required).And.BeSubsetOf(allowed);
    }

    [Fact]
    public void Every_example_is_found()
    {
        Cases.Should().HaveCountGreaterThan(25);
    }

    [Fact]
    public void A_difference_shows_what_went_and_what_came()
    {
        LineDifference.Between("one\ntwo\nthree", "one\n2\nthree\nfour").Should().Be("  one\n- two\n+ 2\n  three\n+ four\n");
    }

    private static bool IsAccepting => Environment.GetEnvironmentVariable("HULL_ACCEPT") == "1";
}
