using System.Text;
using System.Text.Json;
using Hull.Oci;

namespace Hull.Runtime.Tests.Review;

/// <summary>The forms in which findings are told.</summary>
public sealed class FindingTextTests
{
    private static readonly byte[] Document = Encoding.UTF8.GetBytes(
        """
        {
          "ociVersion": "1.3.0", "root": { "path": "rootfs" },
          "process": { "cwd": "tmp", "args": ["sh"] },
          "linux": { "resource": {} }
        }
        """);

    [Fact]
    public void A_log_for_tools_names_the_file_and_the_place_of_each_finding()
    {
        using JsonDocument log = JsonDocument.Parse(FindingText.Sarif(All(), Document, "a b/config.json", "1.2.3"));

        log.RootElement.GetProperty("version").GetString().Should().Be("2.1.0");
        JsonElement run = log.RootElement.GetProperty("runs")[0];
        run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()).Should().Equal("PROC-02", "JSN-02");
        run.GetProperty("results").EnumerateArray().Select(Told).Should().Equal("error PROC-02 a b/config.json 3:23", "warning JSN-02 a b/config.json 4:26", "error host a b/config.json 1:1");
    }

    [Fact]
    public void Lines_count_faults_alone()
    {
        string text = FindingText.Lines(All());
        text.Should().StartWith("process.cwd: \"tmp\" is not an absolute path [PROC-02]\n    PROC-02: ").And.EndWith("2 violations\n");
        text.Should().Contain("warning: linux.resource: ").And.Contain("away. Hint: bring it back\n");
        FindingText.Lines([]).Should().Be("valid\n");
    }

    [Fact]
    public void A_strict_reader_takes_what_is_not_known_for_a_fault()
    {
        Inspection strict = Inspection.Of(Document).Strict();

        strict.Violations.Select(violation => violation.ToString()).Should().Contain(
            "linux.resource: is not a property this runtime knows; did you mean \"resources\"? [JSN-02]");
        strict.Warnings.Should().NotContain(warning => warning.Rule.Id == "JSN-02");
    }

    private static Finding[] All() =>
        [.. Finding.Of(Inspection.Of(Document)), Finding.Of(new RuntimeError("away") { Hint = "bring it back" })];

    private static string Told(JsonElement result)
    {
        JsonElement place = result.GetProperty("locations")[0].GetProperty("physicalLocation"), region = place.GetProperty("region");
        string file = Uri.UnescapeDataString(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!);
        return $"{result.GetProperty("level")} {result.GetProperty("ruleId")} {file} {region.GetProperty("startLine")}:{region.GetProperty("startColumn")}";
    }
}
