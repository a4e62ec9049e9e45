using System.Collections.Immutable;
using System.Text;

namespace Hull.Oci.Tests;

public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("{\n  \"ociVersion\": \"1.3.0\",\n  \"root\" {}\n}", "line 3, column 10: unexpected '{', which is not JSON [JSN-01]")]
    [InlineData("{]", "line 1, column 2: unexpected ']', which is not JSON [JSN-01]")]
    [InlineData("{\"é\u4e16\": x}", "line 1, column 8: unexpected 'x', which is not JSON [JSN-01]")]
    [InlineData("{\"a\": 1,\r\n}", "line 2, column 1: unexpected '}', which is not JSON [JSN-01]")]
    [InlineData("{\"a\":\n tru}", "line 2, column 5: unexpected '}', which is not JSON [JSN-01]")]
    [InlineData("{\"a\": \"b\n\"}", "line 1, column 9: control character 0x0a, which is not JSON [JSN-01]")]
    [InlineData("{\"a\":", "line 1, column 6: the document ends too early, which is not JSON [JSN-01]")]
    [InlineData("", "line 1, column 1: the document is empty, which is not JSON [JSN-01]")]
    [InlineData(" \n ", "line 2, column 2: the document is empty, which is not JSON [JSN-01]")]
    [InlineData("\uFEFF{}", "line 1, column 1: unexpected '\uFEFF', which is not JSON [JSN-01]")]
    [InlineData("{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"}}\nx", "line 2, column 1: unexpected 'x' after the end of the document [JSN-06]")]
    public void A_syntax_error_tells_line_and_column_in_characters(string json, string line) =>
        Last(Encoding.UTF8.GetBytes(json)).Should().Be(line);

    [Fact]
    public void A_byte_that_is_not_UTF8_is_located() =>
        Last([.. "{\n\"é\": \""u8, 0xff, .. "\"}"u8]).Should().Be("line 2, column 7: byte 0xff is not UTF-8 [JSN-01]");

    [Theory]
    [InlineData(63, false)]
    [InlineData(64, true)]
    [InlineData(100_000, true)]
    public void Deep_nesting_is_refused_and_does_not_overflow_the_stack(int levels, bool refused)
    {
        string json = $$"""{"ociVersion":"1.0.0","root":{"path":"r"},"x":{{new string('[', levels)}}{{new string(']', levels)}}}""";
        ParseResult<Config> result = ConfigDocument.Parse(Encoding.UTF8.GetBytes(json));

        result.Violations.Select(violation => violation.Rule).Should().Equal(refused ? [Rules.NestingIsBounded] : []);
        (result.Value is null).Should().Be(refused);
    }

    [Theory]
    [InlineData("99999999999999999999999999999999999999999999999999999999999999999999999999")]
    [InlineData("1e400")]
    [InlineData("-0.0")]
    [InlineData("0.1")]
    [InlineData("1E0")]
    public void A_number_that_is_not_a_whole_one_in_range_is_refused_with_its_digits(string number)
    {
        ParseResult<Resources> result = ResourcesDocument.Parse(Encoding.UTF8.GetBytes($$$"""{"memory":{"limit":{{{number}}}}}"""));

        string line = result.Violations.Should().ContainSingle().Which.ToString();
        line.Should().StartWith($"memory.limit: {number[..Math.Min(40, number.Length)]} is not a whole number").And.EndWith("[JSN-04]");
    }

    [Fact]
    public void Paths_of_a_process_alone_start_at_the_process() =>
        ProcessDocument.Parse("""{"args":["sh"],"user":{"uid":"0","gid":0}}"""u8).Violations.Select(violation => violation.Path.ToString())
            .Should().Equal("user.uid", "cwd");

    [Fact]
    public void Many_entries_of_a_map_are_checked_for_duplicates_in_little_time()
    {
        string entries = string.Join(',', Enumerable.Range(0, 100_000).Select(index => $"\"k{index}\":\"v\""));
        ParseResult<Config> result = ConfigDocument.Parse(Encoding.UTF8.GetBytes(
            "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},\"annotations\":{" + entries + ",\"k77777\":\"w\"}}"));

        result.Violations.Should().ContainSingle().Which.Path.ToString().Should().Be("annotations.k77777");
    }

    [Fact]
    public void Many_unknown_members_are_checked_for_duplicates_in_little_time()
    {
        string members = string.Join(',', Enumerable.Range(0, 100_000).Select(index => $"\"unknown{index:d6}\":0"));
        ParseResult<Config> result = ConfigDocument.Parse(Encoding.UTF8.GetBytes(
            "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"}," + members + ",\"unknown077777\":1}"));

        result.Violations.Should().ContainSingle().Which.Path.ToString().Should().Be("unknown077777");
    }

    private static string Last(byte[] json) => ConfigDocument.Parse(json).Violations[^1].ToString();

    [Theory]
    [InlineData("""{ "linux": { "resource": {} } }""", "linux.resource", "resources")]
    [InlineData("""{ "linux": { "resources": { "memory": { "limits": 1 } } } }""", "linux.resources.memory.limits", "limit")]
    [InlineData("""{ "mount": [] }""", "mount", "mounts")]
    [InlineData("""{ "linux": { "maskedPath": [] } }""", "linux.maskedPath", "maskedPaths")]
    public void A_property_that_is_spelled_nearly_like_a_known_one_is_warned_of(string members, string path, string meant)
    {
        Warning warning = Warnings(members).Should().ContainSingle().Subject;

        warning.Severity.Should().Be(Severity.Warning);
        warning.Path.ToString().Should().Be(path);
        warning.Text.Should().EndWith($"did you mean \"{meant}\"?");
    }

    [Theory]
    [InlineData("""{ "mounts": [], "mount": [] }""")]
    [InlineData("""{ "com.example.extension": 1 }""")]
    [InlineData("""{ "vm": {}, "zos": {}, "windows": {}, "solaris": {} }""")]
    public void What_is_no_slip_is_ignored_quietly(string members)
    {
        Warnings(members).Should().NotBeEmpty().And.OnlyContain(warning => warning.Severity == Severity.Debug);
    }

    private static ImmutableArray<Warning> Warnings(string members) => ConfigDocument.Parse(System.Text.Encoding.UTF8.GetBytes(
        members.Insert(1, """ "ociVersion": "1.3.0", "root": { "path": "rootfs" }, """))).Warnings;
}
