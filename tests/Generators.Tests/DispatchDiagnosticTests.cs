using Microsoft.CodeAnalysis;

namespace Hull.Generators.Tests;

/// <summary>Every sealed record of a family is dispatched to an overload of its own, or the build fails with a diagnostic at the record.</summary>
public sealed class DispatchDiagnosticTests
{
    private const string Family = """
        internal abstract record Step;
        internal sealed record First : Step;
        internal sealed record Second(int Number) : Step;
        """;

    [Fact]
    public void Every_record_reaches_its_own_overload()
    {
        Trial trial = Trial.Dispatch($$"""
            {{Family}}
            internal sealed partial class Performer
            {
                [Dispatch] public partial string Perform(Step step);
                private string Perform(First _) => "first";
                private static string Perform(Second second) => second.Number.ToString();
            }
            """);

        trial.Diagnostics.Should().BeEmpty();
        trial.Errors.Should().BeEmpty();
        string code = trial.Compilation.SyntaxTrees.Single(tree => tree.FilePath.EndsWith("Performer.Perform.g.cs", StringComparison.Ordinal)).ToString();
        code.Should().Contain("case global::Trials.First one: return Perform(one);").And.Contain("Unsafe.As<global::Trials.Second>(step)");
    }

    [Fact]
    public void A_method_without_a_result_is_dispatched_too()
    {
        Trial trial = Trial.Dispatch($$"""
            {{Family}}
            internal sealed partial class Performer
            {
                [Dispatch] private partial void Perform(Step step);
                private void Perform(First _) { }
                private void Perform(Second _) { }
            }
            """);

        trial.Diagnostics.Should().BeEmpty();
        trial.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("private void Perform(First _) { }", "HULL042 Second")]
    [InlineData("private void Perform(First _) { } private int Perform(Second _) => 0;", "HULL042 Second")]
    [InlineData("private void Perform(First _) { } private void Carry(Second _) { }", "HULL042 Second")]
    public void A_record_without_an_overload_is_an_error_at_the_record(string overloads, string expected)
    {
        Trial trial = Trial.Dispatch($$"""
            {{Family}}
            internal sealed partial class Performer
            {
                [Dispatch] private partial void Perform(Step step);
                {{overloads}}
            }
            """);

        trial.Located().Should().Equal(expected);
        trial.Diagnostics.Should().OnlyContain(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("internal abstract record Step; internal record Open : Step;", "private void Perform(Open _) { }", "HULL043 Open")]
    [InlineData("public abstract record Step; internal sealed record One : Step;", "private void Perform(One _) { }", "HULL044 Step")]
    public void A_family_that_could_grow_elsewhere_is_an_error(string family, string overload, string expected)
    {
        Trial trial = Trial.Dispatch($$"""
            {{family}}
            internal sealed partial class Performer
            {
                [Dispatch] private partial void Perform(Step step);
                {{overload}}
            }
            """);

        trial.Located().Should().Equal(expected);
    }

    [Theory]
    [InlineData("[Dispatch] private partial void Perform(Step step, int other);")]
    [InlineData("[Dispatch] private partial void Perform(First first);")]
    [InlineData("[Dispatch] private partial void Perform(System.IO.Stream stream);")]
    public void A_method_that_cannot_be_dispatched_is_an_error(string method)
    {
        Trial trial = Trial.Dispatch($$"""
            {{Family}}
            internal sealed partial class Performer { {{method}} }
            """);

        trial.Located().Should().Equal("HULL041 Perform");
    }
}
