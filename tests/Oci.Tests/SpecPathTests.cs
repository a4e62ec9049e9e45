namespace Hull.Oci.Tests;

public sealed class SpecPathTests
{
    [Fact]
    public void A_path_prints_as_it_is_written_in_a_program()
    {
        SpecPath.Root.ToString().Should().BeEmpty();
        SpecPath.Root.Property("linux").Property("seccomp").Property("syscalls").Index(3).Property("action").ToString()
            .Should().Be("linux.seccomp.syscalls[3].action");
    }

    [Theory]
    [InlineData("a b", "annotations[\"a b\"]")]
    [InlineData("net.ipv4", "annotations[\"net.ipv4\"]")]
    [InlineData("", "annotations[\"\"]")]
    [InlineData("a\"\\\n", "annotations[\"a\\\"\\\\\\u000a\"]")]
    [InlineData("eth0_1", "annotations.eth0_1")]
    public void A_name_with_odd_characters_is_quoted_and_stays_on_one_line(string name, string text) =>
        SpecPath.Root.Property("annotations").Property(name).ToString().Should().Be(text);

    [Fact]
    public void Paths_are_equal_by_what_they_name()
    {
        SpecPath.Root.Property("a").Index(1).Should().Be(SpecPath.Root.Property("a").Index(1));
        SpecPath.Root.Property("a").Index(1).Should().NotBe(SpecPath.Root.Property("a").Index(2));
        (SpecPath.Root.Property("a") == SpecPath.Root).Should().BeFalse();
        default(SpecPath).Should().Be(SpecPath.Root);
    }

    [Fact]
    public void A_path_is_within_itself_and_its_parents()
    {
        SpecPath item = SpecPath.Root.Property("a").Index(1);

        item.IsWithin(item).Should().BeTrue();
        item.IsWithin(SpecPath.Root).Should().BeTrue();
        item.IsWithin(SpecPath.Root.Property("a")).Should().BeTrue();
        item.IsWithin(item.Property("b")).Should().BeFalse();
        item.IsWithin(SpecPath.Root.Property("b")).Should().BeFalse();
    }
}
