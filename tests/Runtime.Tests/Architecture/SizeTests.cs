namespace Hull.Runtime.Tests.Architecture;

/// <summary>What can be read at once: files of 400 lines, functions of 60 (CONTRIBUTING.md, "How it is written").</summary>
public sealed class SizeTests
{
    private const int FileLines = 400;
    private const int FunctionLines = 60;

    /// <summary>Tables of the kernel's numbers and words are as long as the kernel makes them.</summary>
    private static readonly string[] Tables = ["SyscallNumber.X64.cs", "SyscallNumber.Arm64.cs", "Errno.cs"];

    private static string[] Files => [.. new[] { "src", "tests", "conformance" }
        .SelectMany(folder => Sources.In(SourceTree.Place(folder))).Where(file => !Tables.Contains(Path.GetFileName(file)))];

    [Fact]
    public void No_file_is_longer_than_can_be_read_at_once()
    {
        Files.Should().HaveCountGreaterThan(500);
        Files.Select(file => (Path.GetFileName(file), Lines: File.ReadLines(file).Count())).Where(file => file.Lines > FileLines).Should().BeEmpty();
    }

    [Fact]
    public void No_function_is_longer_than_a_screen()
    {
        (string File, string Header, int Line, int Length)[] functions = [.. Files.SelectMany(file => FunctionLengths.Of(File.ReadAllText(file))
            .Select(function => (Path.GetFileName(file), function.Header, function.Line, function.Length)))];

        functions.Should().HaveCountGreaterThan(3000);
        functions.Where(function => function.Length > FunctionLines).Should().BeEmpty();
    }

    [Fact]
    public void Functions_are_told_from_types_and_values_and_their_lines_counted()
    {
        const string source = """"
            namespace A;
            /// <summary>} not code {</summary>
            class B : C
            {
                private readonly int[] _field = new[]
                {
                    1,
                };

                [Attribute]
                int First(string text)
                {
                    if (text == "}" || text[0] == '{')
                    {
                        return $"{text} }} {(text is { Length: 1 } ? "{" : "}")}".Length;
                    }

                    return """ } """.Length; // }
                }

                int Second => _field[0] switch
                {
                    _ => 1,
                };

                record D(int E)
                {
                    void Third() { }
                }
            }
            """";

        FunctionLengths.Of(source).Select(function => (function.Line, function.Length)).Should().Equal((10, 10), (21, 4), (28, 1));
    }
}
