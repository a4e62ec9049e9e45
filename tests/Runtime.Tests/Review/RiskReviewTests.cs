namespace Hull.Runtime.Tests.Review;

/// <summary>What weakens the isolation is named with its property, and nothing else is.</summary>
public sealed class RiskReviewTests
{
    private const string WithoutUser = """[{"type":"mount"},{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},{"type":"cgroup"}]""";

    [Fact]
    public void A_strict_configuration_has_no_risk()
    {
        RisksOf(ReviewedContainer.Of()).Should().BeEmpty();
        Risk.Lines([]).Should().Be("nothing in this configuration weakens the isolation\n");
    }

    [Theory]
    [InlineData("mount", nameof(RiskLevel.High))]
    [InlineData("pid", nameof(RiskLevel.High))]
    [InlineData("network", nameof(RiskLevel.Medium))]
    [InlineData("ipc", nameof(RiskLevel.Medium))]
    [InlineData("user", nameof(RiskLevel.Medium))]
    [InlineData("uts", nameof(RiskLevel.Low))]
    [InlineData("cgroup", nameof(RiskLevel.Low))]
    public void A_namespace_of_the_hosts_is_a_risk(string type, string level)
    {
        string others = ReviewedContainer.Namespaces.Replace($$"""{"type":"{{type}}"},""", "", StringComparison.Ordinal).Replace($$"""{"type":"{{type}}"}""", "", StringComparison.Ordinal);
        ReviewedContainer container = type == "mount"
            ? ReviewedContainer.Of() with { Container = ReviewedContainer.Of().Container with { Namespaces = ReviewedContainer.Of().Container.Namespaces with { New = ReviewedContainer.Of().Container.Namespaces.New & ~Hull.Linux.NamespaceKinds.Mount } } }
            : ReviewedContainer.Of(namespaces: others);

        RisksOf(container).Where(risk => risk.Place.ToString() == "linux.namespaces").Should().ContainSingle().Which.Level.ToString().Should().Be(level);
    }

    [Fact]
    public void A_joined_namespace_is_shared() =>
        LinesOf(ReviewedContainer.Of(namespaces: ReviewedContainer.Namespaces.Replace("""{"type":"ipc"}""", """{"type":"ipc","path":"/proc/7/ns/ipc"}""", StringComparison.Ordinal)))
            .Should().Equal("low     linux.namespaces[3]: the ipc namespace is shared with whatever else is in /proc/7/ns/ipc");

    [Theory]
    [InlineData("CAP_SYS_ADMIN", nameof(RiskLevel.High))]
    [InlineData("CAP_SYS_MODULE", nameof(RiskLevel.High))]
    [InlineData("CAP_SYS_RAWIO", nameof(RiskLevel.High))]
    [InlineData("CAP_DAC_READ_SEARCH", nameof(RiskLevel.High))]
    [InlineData("CAP_SYS_PTRACE", nameof(RiskLevel.Medium))]
    [InlineData("CAP_NET_ADMIN", nameof(RiskLevel.Low))]
    public void A_capability_over_the_host_is_a_risk_only_where_it_reaches_the_host(string name, string level)
    {
        string capabilities = $$""" "capabilities": { "bounding": ["{{name}}"], "permitted": ["{{name}}"] }, """;

        RisksOf(ReviewedContainer.Of(namespaces: WithoutUser, process: capabilities)).Where(risk => risk.Text.StartsWith(name + ":", StringComparison.Ordinal))
            .Should().ContainSingle().Which.Should().Match<Risk>(risk => risk.Level.ToString() == level && risk.Place.ToString() == "process.capabilities");
        RisksOf(ReviewedContainer.Of(process: capabilities)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("/", "rw", "high    mounts[0]: / of the host can be written at /data")]
    [InlineData("/etc/", "rw", "high    mounts[0]: /etc of the host can be written at /data")]
    [InlineData("/srv/web", "rw", "medium  mounts[0]: /srv/web of the host can be written at /data")]
    [InlineData("/etc", "ro", "medium  mounts[0]: /etc of the host can be read at /data, secrets in it too")]
    [InlineData("/srv/web", "ro", null)]
    [InlineData("/srv/web", "rro", null)]
    [InlineData("/run/engine.sock", "ro", "high    mounts[0]: the socket /run/engine.sock: whoever listens there does what it is asked, and for an engine that is everything")]
    public void A_bind_of_the_host_is_ranked_by_what_it_shows_and_whether_it_can_be_written(string source, string option, string? line) =>
        LinesOf(ReviewedContainer.Of(mounts: $$"""{"destination":"/data","source":"{{source}}","options":["rbind","{{option}}"]}""")).Should().Equal(line is null ? [] : [line]);

    [Theory]
    [InlineData("""{"path":"/dev/sda","type":"b","major":8,"minor":0}""", "high    linux.devices[0]: /dev/sda is a disk: it is read and written beneath every file system")]
    [InlineData("""{"path":"/dev/mem","type":"c","major":1,"minor":1}""", "high    linux.devices[0]: /dev/mem is the machine's memory")]
    [InlineData("""{"path":"/dev/fuse","type":"c","major":10,"minor":229}""", null)]
    public void A_device_that_leads_below_the_file_systems_is_a_risk(string device, string? line) =>
        LinesOf(ReviewedContainer.Of(linux: $$""" "devices": [{{device}}], """)).Should().Equal(line is null ? [] : [line]);

    [Fact]
    public void What_is_not_confined_is_told_by_the_property_that_would_confine_it()
    {
        ReviewedContainer container = ReviewedContainer.Of(seccomp: "", privileges: "", root: """ "readonly": false """);

        RisksOf(container).Select(risk => $"{risk.Level} {risk.Place}").Should().Equal(
            "Medium linux.seccomp", "Low process.noNewPrivileges", "Low process", "Low root.readonly");
    }

    [Fact]
    public void The_gravest_comes_first_in_text_and_in_json()
    {
        IReadOnlyList<Risk> risks = RisksOf(ReviewedContainer.Of(
            namespaces: WithoutUser, seccomp: "", mounts: """{"destination":"/host","source":"/","options":["rbind"]}"""));

        risks.Select(risk => risk.Level).Should().BeInAscendingOrder().And.Contain([RiskLevel.High, RiskLevel.Medium]);
        System.Text.Json.JsonDocument.Parse(Risk.Json(risks)).RootElement.EnumerateArray().Select(risk => risk.GetProperty("property").GetString())
            .Should().Equal(risks.Select(risk => risk.Place.ToString()));
    }

    private static IReadOnlyList<Risk> RisksOf(ReviewedContainer container) => RiskReview.Of(container.Container, container.Plan);

    private static string[] LinesOf(ReviewedContainer container) => Risk.Lines(RisksOf(container)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        is ["nothing in this configuration weakens the isolation"] ? [] : Risk.Lines(RisksOf(container)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
