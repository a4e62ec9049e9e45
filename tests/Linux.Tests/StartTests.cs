using System.Text.RegularExpressions;

namespace Hull.Linux.Tests;

/// <summary>src/Runtime/start.c against the published binary.</summary>
public sealed partial class StartTests
{
    /// <summary>The linker drops what is not called: where a newer runtime gave the function another name, its replacement is missing.</summary>
    [Fact]
    public void Every_function_that_replaces_one_of_the_runtimes_is_called()
    {
        var symbols = PublishedBinary.Symbols();
        var source = PublishedBinary.FindUpwards("src/Runtime/start.c");
        Skip.Unless(source is not null, "needs the source tree beside the tests");
        var replacements = Replacement().Matches(File.ReadAllText(source!)).Select(match => match.Value).ToList();
        replacements.Should().HaveCountGreaterThan(4);
        replacements.Should().AllSatisfy(name => symbols.Should().MatchRegex(@"\b" + name + @"\b", "the linker should have kept {0}", name));
    }

    [GeneratedRegex(@"\b__wrap_\w+")]
    private static partial Regex Replacement();
}
