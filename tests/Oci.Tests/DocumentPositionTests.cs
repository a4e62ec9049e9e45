using System.Text;

namespace Hull.Oci.Tests;

public sealed class DocumentPositionTests
{
    private const string Document = """
        {
          "ociVersion": "1.3.0",
          "Hooks": { "é": 1, "prestart": [ { "path": "a" }, { "path": "b" } ] },
          "root": {}
        }
        """;

    public static TheoryData<string, SpecPath, int, int> Places => new()
    {
        { "the document", SpecPath.Root, 1, 1 },
        { "a member", SpecPath.Root.Property("ociVersion"), 2, 17 },
        { "a member in other letters", SpecPath.Root.Property("hooks"), 3, 12 },
        { "an item, in characters", SpecPath.Root.Property("hooks").Property("prestart").Index(1).Property("path"), 3, 63 },
        { "what is missing, where it should be", SpecPath.Root.Property("root").Property("path"), 4, 11 },
        { "an item that is not there", SpecPath.Root.Property("hooks").Property("prestart").Index(7), 3, 34 },
        { "a member of what is no object", SpecPath.Root.Property("ociVersion").Property("x"), 2, 17 },
        { "an item of what is no list", SpecPath.Root.Property("root").Index(0), 4, 11 },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void A_path_leads_to_the_line_and_column_of_its_value(string what, SpecPath path, int line, int column) =>
        DocumentPosition.Of(Encoding.UTF8.GetBytes(Document), path).Should().Be(new DocumentPosition(line, column), what);

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("\n{]", 2, 1)]
    [InlineData("{\n \"a\": 1,\n \"b\" 2}", 1, 1)]
    [InlineData("{\"\\ud800\": 1, \"b\": 2}", 1, 1)]
    public void What_cannot_be_read_ends_the_way(string document, int line, int column) =>
        DocumentPosition.Of(Encoding.UTF8.GetBytes(document), SpecPath.Root.Property("b")).Should().Be(new DocumentPosition(line, column));

    [Fact]
    public void Of_a_member_given_twice_the_one_in_exact_letters_is_meant() =>
        DocumentPosition.Of("""{"A": 1, "a": 2}"""u8, SpecPath.Root.Property("a")).Should().Be(new DocumentPosition(1, 15));
}
