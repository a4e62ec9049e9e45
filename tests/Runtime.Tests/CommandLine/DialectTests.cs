
namespace Hull.Runtime.Tests.CommandLines;

public class DialectTests
{
    [Fact]
    public void Options_end_at_the_first_positional_of_exec()
    {
        ExecOptions options = Read<ExecOptions>("exec", "-t", "c1", "ls", "-d", "--help", "--", "-t=x", "");

        options.Should().BeEquivalentTo(new { Terminal = true, Detach = false, Help = false, ContainerId = "c1" });
        options.Program.Should().Equal("ls", "-d", "--help", "--", "-t=x", "");
    }

    [Fact]
    public void Options_end_at_the_first_positional_of_kill_and_ps()
    {
        Read<KillOptions>("kill", "c1", "-9").Signal.Should().Be("-9");
        Read<PsOptions>("ps", "c1", "-e", "-x", "-f", "json").Arguments.Should().Equal("-e", "-x", "-f", "json");
    }

    [Fact]
    public void Elsewhere_options_may_follow_the_container_id()
    {
        Read<CreateOptions>("create", "c1", "-b", "/b", "--no-pivot").Should().BeEquivalentTo(new { ContainerId = "c1", Bundle = "/b", NoPivot = true });
        Read<UpdateOptions>("update", "c1", "--memory", "50M").Should().BeEquivalentTo(new { ContainerId = "c1", Memory = "50M" });
    }

    [Theory]
    [InlineData("--bundle", "/b")]
    [InlineData("--bundle=/b")]
    [InlineData("-bundle", "/b")]
    [InlineData("-bundle=/b")]
    [InlineData("-b", "/b")]
    [InlineData("-b=/b")]
    [InlineData("-b/b")]
    [InlineData("--b", "/b")]
    [InlineData("-db", "/b")]
    [InlineData("-db/b")]
    [InlineData("-db=/b")]
    public void A_value_can_be_given_in_every_usual_spelling(params string[] option) =>
        Read<RunOptions>(["run", .. option, "c1"]).Should().BeEquivalentTo(new { Bundle = "/b", ContainerId = "c1" });

    [Theory]
    [InlineData("--cpu-quota", "-1")]
    [InlineData("--cpu-quota=-1")]
    [InlineData("-cpu-quota", "-1")]
    public void A_value_may_be_negative(params string[] option) =>
        Read<UpdateOptions>(["update", .. option, "c1"]).CpuQuota.Should().Be(-1);

    [Fact]
    public void A_value_may_look_like_an_option() =>
        Read<ExecOptions>("exec", "--cwd", "--tty", "-e", "-X=1", "c1").Should().BeEquivalentTo(
            new { WorkingDirectory = "--tty", Terminal = false, Environment = new[] { "-X=1" } });

    [Fact]
    public void The_last_of_a_repeated_option_holds_and_lists_grow()
    {
        ExecOptions options = Read<ExecOptions>("exec", "--cwd", "/a", "-e", "A=1", "--env=B=2", "--cwd=/b", "-eC", "-c", "CAP_X", "c1", "ls");

        options.WorkingDirectory.Should().Be("/b");
        options.Environment.Should().Equal("A=1", "B=2", "C");
        options.Capabilities.Should().Equal("CAP_X");
    }

    [Theory]
    [InlineData(true, "--force")]
    [InlineData(true, "--force", "--force")]
    [InlineData(true, "-force=true")]
    [InlineData(true, "--force=1")]
    [InlineData(true, "--force=false", "-f")]
    [InlineData(false, "--force=false")]
    [InlineData(false, "-f", "-f=0")]
    [InlineData(false, "--force", "-force=F")]
    public void A_flag_can_be_switched_off_again(bool force, params string[] flags) =>
        Read<DeleteOptions>(["delete", .. flags, "c1"]).Force.Should().Be(force);

    [Fact]
    public void A_global_flag_can_be_switched_off() =>
        CommandLine.Read(["--systemd-cgroup=false", "list"]).Global.SystemdCgroup.Should().BeFalse();

    [Fact]
    public void Two_dashes_end_the_options() =>
        Read<StateOptions>("state", "--", "--help").Should().BeEquivalentTo(new { ContainerId = "--help", Help = false });

    [Fact]
    public void Bundled_flags_are_read_one_by_one() =>
        Read<ExecOptions>("exec", "-dtu", "1:2", "c1", "ls").Should().BeEquivalentTo(new { Detach = true, Terminal = true, User = "1:2" });

    [Fact]
    public void A_program_may_have_very_many_arguments()
    {
        string[] program = [.. Enumerable.Range(0, 100_000).Select(number => $"-{number}")];
        Read<ExecOptions>(["exec", "c1", .. program]).Program.Should().Equal(program);
    }

    private static T Read<T>(params string[] arguments) where T : CommandOptions =>
        CommandLine.Read(arguments).Request.Should().BeOfType<T>().Subject;
}
