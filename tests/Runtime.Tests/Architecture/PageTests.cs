using System.Text.RegularExpressions;

namespace Hull.Runtime.Tests.Architecture;

/// <summary>What the pages for readers say of the source.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Pages =>
    [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "conformance/README.md",
        "docs/checkpoint.md",
        "docs/compatibility.md",
        "docs/dependencies.md",
        "docs/errors.md",
        "docs/first-container.md",
        "docs/install.md",
        "docs/kernels.md",
        "docs/performance.md",
        "docs/plan.md",
        "docs/rootless.md",
        "docs/systemd.md",
        "docs/upgrade.md",
        "src/Generators/README.md",
        "src/Linux/Child/README.md",
        "src/Oci/README.md",
        "src/Runtime/README.md",
        "src/Runtime/Cgroups/Systemd/README.md",
        "src/Runtime/Seccomp/README.md",
        "src/Runtime/Seccomp/Tables/README.md",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_file_that_a_page_names_exists(string page)
    {
        string here = Path.GetDirectoryName(SourceTree.Place(page.Split('/')))!;
        string[] named = [.. NamedFile().Matches(File.ReadAllText(SourceTree.Place(page.Split('/')))).Select(match => match.Groups[1].Value).Distinct()];

        named.Where(name => !name.StartsWith("out/", StringComparison.Ordinal) && !name.Contains("NAME", StringComparison.Ordinal))
            .Where(name => !File.Exists(Path.Combine(here, name)) && !File.Exists(SourceTree.Place(name.Split('/')))).Should().BeEmpty();
    }

    [Fact]
    public void The_map_of_the_program_names_every_folder_of_it()
    {
        string map = File.ReadAllText(SourceTree.Place("src", "Runtime", "README.md"));

        Rooms.Of("Runtime").Values.Select(room => room.Split('/')[0]).Where(room => room.Length > 0).Distinct()
            .Where(room => !Regex.IsMatch(map, $@"\b{room}\b")).Should().BeEmpty();
    }

    /// <summary>A path in backquotes, or the target of a link.</summary>
    [GeneratedRegex(@"(?:`|\]\()((?:[\w.-]+/)+[\w.-]+\.(?:cs|c|sh|md|txt|props))[`)]")]
    private static partial Regex NamedFile();
}
