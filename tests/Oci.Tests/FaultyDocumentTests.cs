using System.Text;

namespace Hull.Oci.Tests;

/// <summary>A fault of form hides no fault of meaning, and makes none up.</summary>
public sealed class FaultyDocumentTests
{
    private const string Mount = """{ "destination": "/data", "type": "bind", "source": "/data", "options": ["bind"] }""";

    [Fact]
    public void A_value_of_another_type_hides_no_other_fault() =>
        Faults("""
            "process": { "user": { "uid": "root", "gid": 0 }, "cwd": "tmp", "args": [], "oomScoreAdj": 2000 }, "hostname": "web"
            """).Should().BeEquivalentTo("process.user.uid", "process.cwd", "process.args", "process.oomScoreAdj", "hostname");

    [Theory]
    [InlineData("""{ "ociVersion": 1, "root": { "path": "rootfs" }, "process": { "cwd": "tmp", "args": ["sh"] } }""", "ociVersion", "process.cwd")]
    [InlineData("""{ "root": { "path": "rootfs" }, "process": { "cwd": "tmp", "args": ["sh"] } }""", "ociVersion", "process.cwd")]
    [InlineData("""{ "ociVersion": "1.3.0", "process": { "cwd": "tmp", "args": ["sh"] } }""", "root", "process.cwd")]
    [InlineData("""{ "ociVersion": "1.3.0", "root": { "path": 7 }, "process": { "cwd": "tmp", "args": ["sh"] } }""", "root.path", "process.cwd")]
    [InlineData("""{ "ociVersion": "1.3.0", "root": { "path": "rootfs" }, "process": { "cwd": 7, "args": ["sh"], "oomScoreAdj": 2000 } }""", "process.cwd", "process.oomScoreAdj")]
    public void A_required_value_that_is_missing_or_faulty_hides_no_other_fault(string document, params string[] paths) =>
        FaultsOf(document).Should().Equal(paths);

    [Fact]
    public void A_faulty_value_is_not_also_said_to_be_missing() =>
        Faults(""" "linux": { "namespaces": [{ "type": "user" }], "uidMappings": 5, "gidMappings": [{ "containerID": 0, "hostID": 1, "size": 1 }] } """)
            .Should().Equal("linux.uidMappings");

    [Theory]
    [InlineData(""" "hostname": "web", "linux": { "namespaces": [{ "type": "usd" }] } """, "linux.namespaces[0].type")]
    [InlineData(""" "hostname": "web", "linux": { "namespaces": 5, "maskedPaths": ["/proc/kcore"] } """, "linux.namespaces")]
    [InlineData(""" "hostname": "web", "linux": [] """, "linux")]
    public void What_may_only_be_wrong_because_a_namespace_could_not_be_read_is_not_said(string members, string path) =>
        Faults(members).Should().Equal(path);

    [Fact]
    public void What_is_wrong_whatever_namespaces_there_are_is_said() =>
        Faults(""" "linux": { "namespaces": [{ "type": "usd" }, { "type": "pid", "path": "ns" }], "cgroupsPath": "/a/../b" } """)
            .Should().Equal("linux.namespaces[0].type", "linux.namespaces[1].path", "linux.cgroupsPath");

    [Fact]
    public void Items_behind_one_that_could_not_be_read_keep_their_places() =>
        Faults(""" "process": { "cwd": "/", "args": ["sh"], "env": [1, "A=1", 2, "B"], "rlimits": [3, { "type": "RLIMIT_CORE", "soft": 2, "hard": 1 }] } """)
            .Should().Equal("process.env[0]", "process.env[2]", "process.rlimits[0]", "process.env[3]", "process.rlimits[1].soft");

    [Fact]
    public void A_double_is_not_counted_where_its_place_in_the_list_is_uncertain() =>
        Faults(""" "linux": { "namespaces": [7, { "type": "pid" }, { "type": "pid" }] } """).Should().Equal("linux.namespaces[0]");

    [Fact]
    public void A_document_without_a_fault_of_form_has_no_remainder()
    {
        ParseResult<Config> parsed = ConfigDocument.Parse(Encoding.UTF8.GetBytes($$"""{ "ociVersion": "1.3.0", "root": { "path": "rootfs" }, "mounts": [{{Mount}}] }"""));

        parsed.Value.Should().NotBeNull();
        parsed.Remainder.Should().BeNull();
    }

    [Theory]
    [InlineData("{]")]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("[]")]
    public void Where_nothing_could_be_read_nothing_more_is_said(string document) => FaultsOf(document).Should().ContainSingle();

    private static string[] Faults(string members) => FaultsOf($$"""{ "ociVersion": "1.3.0", "root": { "path": "rootfs" }, {{members}} }""");

    private static string[] FaultsOf(string document)
    {
        ParseResult<Config> parsed = ConfigDocument.Parse(Encoding.UTF8.GetBytes(document));
        parsed.Value.Should().BeNull();
        return [.. parsed.Violations.Concat(FaultyDocument.Check(parsed)).Select(violation => violation.Path.ToString())];
    }
}
