using System.Text.RegularExpressions;

namespace Hull.Runtime.Tests.CommandLines;

/// <summary>Patterns of names mean what they mean everywhere: .NET's expressions, which share this syntax, are the oracle.</summary>
public sealed class IdPatternTests
{
    [Theory]
    [InlineData("web", "web", true)]
    [InlineData("web", "my-web-1", true)]
    [InlineData("^web$", "my-web-1", false)]
    [InlineData("^web-[0-9]+$", "web-17", true)]
    [InlineData("^web-[^0-9]", "web-17", false)]
    [InlineData("^(a|b(c|d)*)x{2,3}$", "bcdcxx", true)]
    [InlineData("^(a|b(c|d)*)x{2,3}$", "bcdcx", false)]
    [InlineData("a\\.b", "axb", false)]
    [InlineData("a\\.b", "a.b", true)]
    [InlineData("[]x]", "x", true)]
    [InlineData("", "anything", true)]
    [InlineData("^$", "a", false)]
    [InlineData("(((((((((((((((a)))))))))))))))", "a", true)]
    public void A_pattern_is_found_in_a_name_or_not(string pattern, string name, bool found) => IdPattern.Parse(pattern).IsIn(name).Should().Be(found);

    [Fact]
    public void Random_patterns_agree_with_the_expressions_of_dotnet()
    {
        var random = new Random(18);
        for (var round = 0; round < 3000; round++)
        {
            string pattern = Pattern(random, depth: 3), name = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "ab.c"[random.Next(4)]));

            IdPattern.Parse(pattern).IsIn(name).Should().Be(Regex.IsMatch(name, pattern, RegexOptions.CultureInvariant, TimeSpan.FromMinutes(3)), $"{pattern} in {name}");
        }
    }

    [Theory]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("*a")]
    [InlineData("a|+")]
    [InlineData("a{2,1}")]
    [InlineData("a{x}")]
    [InlineData("a{3")]
    [InlineData("a{1,2,3}")]
    [InlineData("a\\")]
    [InlineData("((a{255}){255}){255}")]
    public void What_is_no_pattern_is_refused_with_the_reason(string pattern) =>
        FluentActions.Invoking(() => IdPattern.Parse(pattern)).Should().Throw<RuntimeError>().WithMessage("option --regex: \"*\" is no regular expression: *");

    [Fact]
    public void A_pattern_that_others_try_for_years_is_quick() =>
        IdPattern.Parse("^(a+)+(a+)+(a|a)*b$").IsIn(new string('a', 250)).Should().BeFalse();

    [Fact]
    public void A_pattern_of_brackets_alone_is_refused_and_does_not_end_the_program() =>
        FluentActions.Invoking(() => IdPattern.Parse(new string('(', 1_000_000))).Should().Throw<RuntimeError>();

    private static string Pattern(Random random, int depth) => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(depth == 0 ? 4 : 6) switch
    {
        0 => "a",
        1 => ".",
        2 => "[^b.]",
        3 => "\\.",
        4 => $"({Pattern(random, depth - 1)})",
        _ => $"({Pattern(random, depth - 1)}|{Pattern(random, depth - 1)})",
    } + random.Next(6) switch { 0 => "*", 1 => "+", 2 => "?", 3 => "{1,2}", _ => "" }));
}
