using Microsoft.CodeAnalysis;

namespace Hull.Generators.Tests;

/// <summary>Whatever a class of options declares is read, or the build fails with a diagnostic at the member.</summary>
public sealed class OptionDiagnosticTests
{
    private const string Surroundings = """
        internal sealed class OptionsEndAtFirstArgumentAttribute : System.Attribute;

        internal enum Colour { Red, Blue }
        """;

    [Fact]
    public void Every_form_of_option_is_read()
    {
        Trial trial = Trial.OptionClass($$"""
            {{Surroundings}}
            [Verb("trial"), OptionsEndAtFirstArgument] internal sealed class Trial
            {
                [Option('f', "flag", HelpText = "x")] public bool Flag { get; set; }
                [Option("text", MetaValue = "X", Hidden = true)] public string? Text { get; set; }
                [Option("number")] public ulong? Number { get; set; }
                [Option("colour")] public Colour Colour { get; set; }
                [Option("list")] public IReadOnlyList<string> List { get; set; } = [];
                [Value(0, MetaName = "first", Required = true)] public string First { get; set; } = "";
                [Value(1)] public IReadOnlyList<string> Rest { get; set; } = [];
            }
            """);

        trial.Diagnostics.Should().BeEmpty();
        trial.Compilation.SyntaxTrees.Should().Contain(tree => tree.FilePath.EndsWith("TrialReader.g.cs", StringComparison.Ordinal))
            .And.Contain(tree => tree.FilePath.EndsWith("CommandTable.g.cs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[Option(\"odd\")] public double Odd { get; set; }", "HULL021")]
    [InlineData("[Option(\"odd\")] public bool? Odd { get; set; }", "HULL021")]
    [InlineData("[Option(\"odd\")] public Colour? Odd { get; set; }", "HULL021")]
    [InlineData("[Option(\"odd\")] public IReadOnlyList<int> Odd { get; set; } = [];", "HULL021")]
    [InlineData("[Option('o')] public bool Odd { get; set; }", "HULL022")]
    [InlineData("[Option(\"o\")] public bool Odd { get; set; }", "HULL022")]
    [InlineData("[Option(\"odd\")] public bool Known { get; set; } [Option(\"odd\")] public bool Odd { get; set; }", "HULL023")]
    [InlineData("[Option('o', \"known\")] public bool Known { get; set; } [Option('o', \"odd\")] public bool Odd { get; set; }", "HULL023")]
    [InlineData("[Option(\"odd\", Default = \"x\")] public string? Odd { get; set; }", "HULL024")]
    [InlineData("[Option(\"odd\", Required = true)] public string? Odd { get; set; }", "HULL024")]
    [InlineData("[Value(0)] public int Odd { get; set; }", "HULL025")]
    [InlineData("[Value(1)] public string? Odd { get; set; }", "HULL026")]
    [InlineData("[Value(0)] public IReadOnlyList<string> Odd { get; set; } = [];", "HULL027")]
    [InlineData("[Option(\"odd\")] public bool Odd { get; }", "HULL028")]
    [InlineData("[Option(\"odd\")] public string? Odd { get; init; }", "HULL028")]
    public void An_option_that_cannot_be_read_is_an_error_at_the_property(string property, string id)
    {
        Trial trial = Trial.OptionClass($$"""
            {{Surroundings}}
            [Verb("trial")] internal sealed class Trial { {{property}} }
            """);

        trial.Located().Should().Equal($"{id} Odd");
        trial.Diagnostics.Should().OnlyContain(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.GetLineSpan().Path == "Trial.cs");
    }

    [Fact]
    public void A_command_that_is_declared_twice_is_an_error() =>
        Trial.OptionClass($$"""
            {{Surroundings}}
            [Verb("trial")] internal sealed class Trial { }
            [Verb("trial")] internal sealed class Odd { }
            """).Located().Should().Equal("HULL029 Odd");
}
