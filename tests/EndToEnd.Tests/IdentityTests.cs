using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Who the program is: user, groups, capabilities, limits.</summary>
public sealed class IdentityTests : EndToEndTest
{
    private const int Kill = 5;
    private const int NetBindService = 10;
    private const int AuditWrite = 29;
    private static readonly string[] Sets = ["bounding", "effective", "permitted", "inheritable", "ambient"];

    [Fact]
    public void The_program_is_the_configured_user_with_exactly_the_configured_groups()
    {
        var seen = NewBundle().With("process.user", JsonNode.Parse("""{"uid":1000,"gid":1001,"additionalGids":[5,6]}""")).Observe();

        seen.Numbers("uids").Should().Equal(1000, 1000, 1000);
        seen.Numbers("gids").Should().Equal(1001, 1001, 1001);
        seen.Numbers("groups").Should().BeEquivalentTo([5, 6]);
    }

    [Fact]
    public void Without_additional_groups_there_are_none()
    {
        NewBundle().With("process.user", JsonNode.Parse("""{"uid":1000,"gid":1000}""")).Observe().Numbers("groups").Should().BeEmpty();
    }

    [Theory]
    [InlineData(0b000_111_111)]
    [InlineData(0b000_000_010)]
    public void The_umask_is_the_configured_one(int mask)
    {
        NewBundle().With("process.user.umask", mask).Observe().Number("umask").Should().Be(mask);
    }

    [Fact]
    public void Each_capability_set_is_the_configured_one()
    {
        var seen = NewBundle()
            .With("process.capabilities", JsonNode.Parse("""
                {
                  "bounding": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
                  "permitted": ["CAP_AUDIT_WRITE", "CAP_KILL"],
                  "inheritable": ["CAP_KILL"],
                  "effective": ["CAP_KILL"],
                  "ambient": ["CAP_KILL"]
                }
                """))
            .With("process.user", JsonNode.Parse("""{"uid":1000,"gid":1000}"""))
            .Observe();

        // An unprivileged user's execve leaves what is ambient: permitted and effective are made of it (capabilities(7)).
        seen.Capabilities("bounding").Should().Equal(Kill, NetBindService, AuditWrite);
        seen.Capabilities("inheritable").Should().Equal(Kill);
        seen.Capabilities("ambient").Should().Equal(Kill);
        seen.Capabilities("permitted").Should().Equal(Kill);
        seen.Capabilities("effective").Should().Equal(Kill);
    }

    [Fact]
    public void Without_capabilities_every_set_is_empty()
    {
        var seen = NewBundle().With("process.capabilities", new JsonObject()).Observe();

        foreach (var set in Sets)
        {
            seen.Capabilities(set).Should().BeEmpty(set);
        }
    }

    [Theory]
    [InlineData(true, "1")]
    [InlineData(false, "0")]
    public void New_privileges_are_ruled_out_when_configured(bool configured, string seen)
    {
        NewBundle().With("process.noNewPrivileges", configured).Observe().Text("noNewPrivileges").Should().Be(seen);
    }

    [Fact]
    public void Limits_are_the_configured_ones()
    {
        var seen = NewBundle().With("process.rlimits", JsonNode.Parse("""
            [
              { "type": "RLIMIT_NOFILE", "soft": 100, "hard": 200 },
              { "type": "RLIMIT_CORE", "soft": 0, "hard": 4096 },
              { "type": "RLIMIT_STACK", "soft": 4194304, "hard": 8388608 }
            ]
            """)).Observe();

        seen.Limit("RLIMIT_NOFILE").Should().Be((100, 200));
        seen.Limit("RLIMIT_CORE").Should().Be((0, 4096));
        seen.Limit("RLIMIT_STACK").Should().Be((4194304, 8388608));
    }

    [Fact]
    public void A_limit_that_is_not_configured_is_the_callers()
    {
        Requires.Hull("runc's language raises RLIMIT_NOFILE at start");
        var bundle = NewBundle().Without("process.rlimits");
        bundle.Observing();
        var run = bundle.RunCommand().Prelude("ulimit -Sn 321; ulimit -Hn 654").Run().ShouldSucceed();

        new Observation(run.Output).Limit("RLIMIT_NOFILE").Should().Be((321, 654));
    }

    [Fact]
    public void A_limit_that_may_not_be_set_is_an_error()
    {
        // More than /proc/sys/fs/nr_open is refused to everybody.
        var bundle = NewBundle().With("process.rlimits", JsonNode.Parse("""[{ "type": "RLIMIT_NOFILE", "soft": 4294967295, "hard": 4294967295 }]""")).Args("true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().MatchEquivalentOf("*rlimit*");
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    [Fact]
    public void The_out_of_memory_score_is_the_configured_one()
    {
        NewBundle().With("process.oomScoreAdj", 500).Observe().Text("oomScoreAdj").Should().Be("500");
    }

    [Fact]
    public void An_unknown_capability_is_ignored()
    {
        // Since 1.1 of the specification: "runtimes SHOULD NOT fail", "MUST log a warning".
        var seen = NewBundle().Adding("process.capabilities.bounding", "CAP_TO_BE_INVENTED").Observe();

        seen.Capabilities("bounding").Should().Equal(Kill, NetBindService, AuditWrite);
    }
}
