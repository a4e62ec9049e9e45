using Microsoft.CodeAnalysis;

namespace Hull.Generators.Tests;

/// <summary>Whatever a record declares is read, or the build fails with a diagnostic at the member.</summary>
public sealed class RecordDiagnosticTests
{
    [Fact]
    public void What_every_form_of_property_declares_is_read_and_compiles()
    {
        Trial trial = Trial.Record("""
            [Document, WhenMissing(nameof(Rules.RootIsGiven))]
            public sealed record Trial
            {
                public required string Text { get; init; }
                public required ulong Number { get; init; }
                [WhenMissing(nameof(Rules.ValuesAreValid)), WhenUnknown(nameof(Rules.DeviceIsComplete))] public required Colour Colour { get; init; }
                public bool? Class { get; init; }
                public int? A { get; init; }
                public uint? B { get; init; }
                public long? C { get; init; }
                public ushort? D { get; init; }
                public Part? Part { get; init; }
                public IReadOnlyList<string>? Texts { get; init; }
                public IReadOnlyList<uint>? Numbers { get; init; }
                [WhenUnknown(nameof(Rules.DeviceIsComplete))] public IReadOnlyList<Colour>? Colours { get; init; }
                public IReadOnlyList<Part>? Parts { get; init; }
                public Map<string>? TextMap { get; init; }
                public Map<Part>? PartMap { get; init; }
                [ReadWith(nameof(DocumentReader.ReadAnnotations))] public Map<string>? Special { get; init; }
            }

            public sealed record Part { [JsonPropertyName("oddID")] public string? OddId { get; init; } }

            [UpperCaseNames("C_")] public enum Colour { DarkRed, [SpecName("BLEU")] Blue }
            """);

        trial.Diagnostics.Should().BeEmpty();
        trial.Errors.Should().BeEmpty();
        string readers = trial.Compilation.SyntaxTrees.Single(tree => tree.FilePath.EndsWith("RecordReaders.g.cs", StringComparison.Ordinal)).ToString();
        readers.Should().Contain("reader.Is(\"oddID\")").And.Contain("reader.Is(\"partMap\")").And.Contain("reader.Missing(Rules.ValuesAreValid, \"colour\")")
            .And.Contain("reader.Missing(Rules.RootIsGiven, \"number\")");
        trial.Compilation.SyntaxTrees.Single(tree => tree.FilePath.EndsWith("SpecNames.g.cs", StringComparison.Ordinal)).ToString()
            .Should().Contain("ColourNames = \"C_DARK_RED C_BLEU\"");
    }

    [Theory]
    [InlineData("public double? Odd { get; init; }", "HULL001")]
    [InlineData("public object? Odd { get; init; }", "HULL001")]
    [InlineData("public string[]? Odd { get; init; }", "HULL001")]
    [InlineData("public IReadOnlyList<long>? Odd { get; init; }", "HULL001")]
    [InlineData("public IReadOnlyList<IReadOnlyList<string>>? Odd { get; init; }", "HULL001")]
    [InlineData("public Map<uint>? Odd { get; init; }", "HULL001")]
    [InlineData("public required string Odd { get; init; }", "HULL002")]
    [InlineData("public Colour? Odd { get; init; }", "HULL003")]
    [InlineData("public IReadOnlyList<Colour>? Odd { get; init; }", "HULL003")]
    [InlineData("[WhenMissing(nameof(Rules.RootIsGiven))] public string? Odd { get; init; }", "HULL004")]
    [InlineData("[WhenUnknown(nameof(Rules.RootIsGiven))] public string? Odd { get; init; }", "HULL004")]
    [InlineData("[Range(nameof(Rules.RootIsGiven), 1, 2, \"is odd\")] public string? Odd { get; init; }", "HULL004")]
    [InlineData("[Range(nameof(Rules.RootIsGiven), 1, 2, \"is odd\")] public long? Odd { get; init; }", "HULL004")]
    [InlineData("public string? Odd { get; set; }", "HULL005")]
    [InlineData("public string? Odd { get; }", "HULL005")]
    [InlineData("internal string? Odd { get; init; }", "HULL005")]
    [InlineData("public string Odd { get; init; } = \"\";", "HULL006")]
    [InlineData("[WhenMissing(nameof(Rules.RootIsGiven))] public required string? Odd { get; init; }", "HULL006")]
    [InlineData("public string? Known { get; init; } [JsonPropertyName(\"KNOWN\")] public string? Odd { get; init; }", "HULL007")]
    [InlineData("[WhenUnknown(nameof(Rules.RootIsGiven))] public Nameless? Odd { get; init; }", "HULL009")]
    [InlineData("[ReadWith(\"ReadSoup\")] public string? Odd { get; init; }", "HULL012")]
    [InlineData("[ReadWith(nameof(DocumentReader.ReadAnnotations))] public Map<Root>? Odd { get; init; }", "HULL012")]
    [InlineData("[WhenMissing(\"NoSuchRule\")] public required string Odd { get; init; }", "HULL013")]
    [InlineData("public Shapeless? Odd { get; init; }", "HULL014")]
    [InlineData("public Version? Odd { get; init; }", "HULL014")]
    public void A_property_that_cannot_be_read_is_an_error_at_the_property(string property, string id)
    {
        Trial trial = Trial.Record($$"""
            [Document] public sealed record Trial { {{property}} }

            public abstract class Shapeless;

            [LowerCaseNames] public enum Colour { Red }

            public enum Nameless { A }
            """);

        trial.Located().Should().Equal($"{id} Odd");
        trial.Diagnostics.Should().OnlyContain(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.GetLineSpan().Path == "Trial.cs");
    }

    [Fact]
    public void A_property_of_a_record_deep_inside_a_document_that_cannot_be_read_is_an_error() =>
        Trial.Record("""
            [Document] public sealed record Trial { public IReadOnlyList<Outer>? Outer { get; init; } }

            public sealed record Outer { public Map<Inner>? Inner { get; init; } }

            public sealed record Inner { public decimal? Odd { get; init; } }
            """).Located().Should().Equal("HULL001 Odd");

    [Theory]
    [InlineData("[ZeroKeeps] public string? Odd { get; init; }", "HULL004")]
    [InlineData("[Range(nameof(Rules.RootIsGiven), 0, long.MaxValue, \"is odd\")] public ulong? Odd { get; init; }", "HULL004")]
    [InlineData("[Range(nameof(Rules.RootIsGiven), long.MinValue, long.MaxValue, \"is odd\")] public long? Odd { get; init; }", "HULL004")]
    [InlineData("[Range(\"NoSuchRule\", 1, 2, \"is odd\")] public long? Odd { get; init; }", "HULL013")]
    [InlineData("[WhenMissing(nameof(Rules.RootIsGiven))] public required string Odd { get; init; }", "HULL015")]
    public void A_property_that_cannot_be_merged_or_checked_is_an_error_at_the_property(string property, string id) =>
        Trial.Record($$"""
            [Document, Merged] public sealed record Trial { public Inner? Inner { get; init; } }

            public sealed record Inner { {{property}} }
            """).Located().Should().Equal($"{id} Odd");

    [Fact]
    public void A_record_with_more_properties_than_a_reader_tells_apart_is_an_error() =>
        Trial.Record($$"""
            [Document] public sealed record Trial { {{string.Concat(Enumerable.Range(0, 65).Select(number => $"public string? P{number} {{ get; init; }} "))}} }
            """).Located().Should().Equal("HULL008 Trial");

    [Theory]
    [InlineData("A, Odd = 7", "HULL010")]
    [InlineData("A, Odd = A", "HULL010")]
    [InlineData("A, [SpecName(\"x y\")] Odd", "HULL011")]
    [InlineData("A, [SpecName(\"\")] Odd", "HULL011")]
    [InlineData("A, [SpecName(\"a\")] Odd", "HULL007")]
    public void An_enumeration_whose_names_cannot_be_a_table_is_an_error_at_the_value(string values, string id) =>
        Trial.Record($$"""[LowerCaseNames] public enum Trial { {{values}} }""").Located().First().Should().Be($"{id} Odd");
}
