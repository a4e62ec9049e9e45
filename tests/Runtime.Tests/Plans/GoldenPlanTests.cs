namespace Hull.Runtime.Tests.Plans;

/// <summary>
/// Plans as prose: each file here shows one part of planning. A changed plan is a change that is read: HULL_ACCEPT=1 writes the new text,
/// and the difference is reviewed with the rest of the commit.
/// </summary>
public sealed class GoldenPlanTests
{
    private const string Small = "--- config.json\n{}\n--- facts.json\n{}\n--- plan\none\n";

    public static TheoryData<string> Cases => [.. PlanFile.In(PlanCase.Home)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_configuration_on_a_host_has_exactly_this_plan(string name) =>
        GoldenPlan.Check(PlanCase.PathOf(name), document => new PlanCase(document).Print());

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_example_has_a_configuration_facts_and_a_plan(string name)
    {
        string[] required = [PlanFile.Configuration, PlanFile.Facts, PlanFile.Golden];
        string[] allowed = [.. required, PlanFile.Request];

        PlanFile document = PlanFile.Parse(File.ReadAllText(PlanCase.PathOf(name)));

        document.Names.Should().Contain(required).And.BeSubsetOf(allowed);
    }

    [Fact]
    public void Every_example_is_found()
    {
        Cases.Should().HaveCountGreaterThan(25);
        Directory.GetFileSystemEntries(PlanCase.Home).Select(entry => Path.GetExtension(entry)).Should().BeSubsetOf([PlanFile.Extension, ".cs"]);
    }

    [Fact]
    public void A_document_is_written_as_it_was_read()
    {
        PlanFile.Parse(Small).ToString().Should().Be(Small);
        PlanFile.Parse(Small).WithPlan("two\n").ToString().Should().Be(Small.Replace("one", "two", StringComparison.Ordinal));
        PlanFile.Parse("--- config.json\n{}\n").WithPlan("one\n").ToString().Should().Be("--- config.json\n{}\n--- plan\none\n");
    }

    [Theory]
    [InlineData("--- fact.json\n{}\n")]
    [InlineData("--- facts.json\n{}\n--- facts.json\n{}\n")]
    [InlineData("--- facts.json\n{}\n--- config.json\n{}\n")]
    [InlineData("{}\n--- plan\n")]
    public void A_section_that_is_not_known_or_out_of_order_is_an_error(string text)
    {
        FluentActions.Invoking(() => PlanFile.Parse(text)).Should().Throw<FormatException>();
    }

    [Fact]
    public void A_difference_shows_what_went_and_what_came()
    {
        LineDifference.Between("one\ntwo\nthree", "one\n2\nthree\nfour").Should().Be("  one\n- two\n+ 2\n  three\n+ four\n");
    }
}
