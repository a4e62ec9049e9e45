
namespace Hull.Runtime.Tests.CommandLines;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("1048576", 1048576)]
    [InlineData("50M", 52428800)]
    [InlineData("50m", 52428800)]
    [InlineData("50MB", 52428800)]
    [InlineData("50MiB", 52428800)]
    [InlineData("1g", 1073741824)]
    [InlineData("1.5G", 1610612736)]
    [InlineData("3 k", 3072)]
    [InlineData("10b", 10)]
    [InlineData("2T", 2199023255552)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_size_is_bytes_or_a_number_with_a_unit(string text, long expected) => SizeText.Parse("--memory", text).Should().Be(expected);

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-5M")]
    [InlineData("-2")]
    [InlineData("5X")]
    [InlineData("5MM")]
    [InlineData("0x10")]
    [InlineData("1e9")]
    [InlineData("1,5G")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("9000000P")]
    [InlineData("ten")]
    public void What_is_no_size_is_refused_by_the_name_of_the_option(string text) =>
        FluentActions.Invoking(() => SizeText.Parse("--memory", text)).Should().Throw<RuntimeError>().WithMessage("option --memory: \"*\" is not a size*");

    [Fact]
    public void An_option_that_is_not_given_is_nothing() => SizeText.Parse("--memory", null).Should().BeNull();
}
