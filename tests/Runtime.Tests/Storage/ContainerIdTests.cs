
namespace Hull.Runtime.Tests.Storage;

public sealed class ContainerIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("A_b+c.d-e9")]
    [InlineData(".hidden")]
    [InlineData("...")]
    [InlineData("-x")]
    public void Letters_digits_and_four_signs_make_an_id(string id) => ContainerId.Check(id).Should().Be(id);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("/etc")]
    [InlineData("a\0b")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("ä")]
    [InlineData("~x")]
    [InlineData("%s")]
    public void Anything_else_is_refused_in_one_line_that_names_it(string id)
    {
        string message = FluentActions.Invoking(() => ContainerId.Check(id)).Should().Throw<RuntimeError>().Which.Message;

        message.Should().StartWith("invalid container ID \"").And.NotContain("\n").And.NotContain("\0");
    }

    [Fact]
    public void An_id_is_no_longer_than_a_file_name()
    {
        ContainerId.IsValid(new string('a', 255)).Should().BeTrue();
        ContainerId.IsValid(new string('a', 256)).Should().BeFalse();
        FluentActions.Invoking(() => ContainerId.Check(new string('a', 100_000))).Should().Throw<RuntimeError>().Which.Message.Length.Should().BeLessThan(300);
    }
}
