using System.Text.Json.Nodes;
using Hull.Oci;

namespace Hull.Runtime.Tests.Criu;

/// <summary>A restored process must not be able to do more than the configuration allows.</summary>
public sealed class RestoredRightsTests
{
    [Fact]
    public void A_process_as_the_configuration_has_it_is_accepted() => Excess(Status()).Should().BeEmpty();

    [Fact]
    public void A_process_with_fewer_rights_is_accepted() => Excess(Status(capabilities: "0000000000000000", user: "2000")).Should().BeEmpty();

    [Fact]
    public void A_filter_that_is_gone_is_noticed() => Excess(Status(seccomp: 0)).Should().ContainSingle().Which.Should().Contain("linux.seccomp");

    [Fact]
    public void Privileges_that_can_be_gained_again_are_noticed() => Excess(Status(noNewPrivileges: 0)).Should().ContainSingle().Which.Should().Contain("noNewPrivileges");

    [Fact]
    public void A_capability_that_nobody_gave_is_named() =>
        Excess(Status(capabilities: "0000000000200020")).Should().HaveCount(3).And.OnlyContain(text => text.Contains("CAP_SYS_ADMIN"));

    [Fact]
    public void Root_in_place_of_another_user_is_noticed() => Excess(Status(user: "0")).Should().ContainSingle().Which.Should().Contain("process.user");

    [Fact]
    public void A_status_without_the_fields_is_not_trusted() => Excess("Name:\tsh\n").Should().HaveCountGreaterThan(4);

    private static IReadOnlyList<string> Excess(string status)
    {
        JsonNode config = JsonNode.Parse("""
            {
              "ociVersion": "1.2.0", "root": {"path": "rootfs"},
              "process": {
                "cwd": "/", "args": ["sh"], "noNewPrivileges": true, "user": {"uid": 1000, "gid": 1000},
                "capabilities": {"bounding": ["CAP_KILL"], "permitted": ["CAP_KILL"], "effective": ["CAP_KILL"]}
              },
              "linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW"}}
            }
            """)!;
        Config parsed = ConfigDocument.Parse(System.Text.Encoding.UTF8.GetBytes(config.ToJsonString())).Value!;
        return RestoredRights.Excess(parsed, status);
    }

    private static string Status(int seccomp = 2, int noNewPrivileges = 1, string capabilities = "0000000000000020", string user = "1000") => $"""
        Name:	sh
        Uid:	{user}	{user}	{user}	{user}
        Gid:	1000	1000	1000	1000
        CapInh:	0000000000000000
        CapPrm:	{capabilities}
        CapEff:	{capabilities}
        CapBnd:	{capabilities}
        CapAmb:	0000000000000000
        NoNewPrivs:	{noNewPrivileges}
        Seccomp:	{seccomp}
        Seccomp_filters:	1

        """;
}
