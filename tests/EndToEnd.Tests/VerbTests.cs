using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>ps, pause, resume, list and what is asked of containers that live, are paused or have ended.</summary>
public sealed class VerbTests : EndToEndTest
{
    [Fact]
    public void Ps_tells_the_processes_of_the_container_as_the_host_numbers_them()
    {
        var bundle = Running("sleep 1000 & exec sleep 2000");
        Eventually.Holds(() => Processes(bundle).Count == 2, () => Ps(bundle).ToString());

        Processes(bundle).Should().Contain(bundle.ProcessId()).And.BeInAscendingOrder();
        string[] lines = Ps(bundle).ShouldSucceed().Output.TrimEnd('\n').Split('\n');
        lines.Should().HaveCount(3);
        lines[0].Should().Contain("PID").And.Contain("CMD");
        lines[1..].Should().Contain(line => line.EndsWith("sleep 1000", StringComparison.Ordinal)).And.Contain(line => line.EndsWith("sleep 2000", StringComparison.Ordinal));
    }

    [Fact]
    public void Arguments_after_the_id_are_those_of_ps()
    {
        var bundle = Running("exec sleep 1000");
        string[] lines = bundle.Runtime("ps", bundle.Id, "-o", "args,pid", "-e").Run().ShouldSucceed().Output.TrimEnd('\n').Split('\n');

        lines.Should().HaveCount(2);
        lines[1].Should().StartWith("sleep 1000").And.EndWith($" {bundle.ProcessId()}");
    }

    [Fact]
    public void Ps_of_a_container_that_has_ended_is_empty()
    {
        var bundle = NewBundle().Args("true");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("stopped");

        Ps(bundle).ShouldSucceed().Output.TrimEnd('\n').Split('\n').Should().ContainSingle().Which.Should().Contain("PID");
        bundle.Runtime("ps", "--format", "json", bundle.Id).Run().ShouldSucceed().Output.Should().BeOneOf("[]\n", "null");
    }

    [Fact]
    public void Ps_works_without_a_PATH_and_says_what_ps_itself_says()
    {
        var bundle = Running("exec sleep 1000");
        bundle.Runtime("ps", bundle.Id).EmptyEnvironment().Run().ShouldSucceed();
        var outcome = bundle.Runtime("ps", bundle.Id, "--nonesuch").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().ContainEquivalentOf("unknown gnu long option");
    }

    [Fact]
    public void A_paused_container_stands_still_until_it_is_resumed()
    {
        var bundle = Running("while :; do echo tick; sleep 0.02; done", out var run);
        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        bundle.Status().Should().Be("paused");
        long before = run.OutputNow().Length;
        Thread.Sleep(200);
        run.OutputNow().Length.Should().Be((int)before);

        bundle.Runtime("resume", bundle.Id).Run().ShouldSucceed();
        bundle.Status().Should().Be("running");
        Eventually.Holds(() => run.OutputNow().Length > before, () => "it should go on");
    }

    [Fact]
    public void Pausing_twice_and_resuming_what_is_not_paused_are_errors()
    {
        Requires.Hull("runc says that the container does not run");
        var bundle = Running("exec sleep 1000");
        bundle.Runtime("resume", bundle.Id).Run().Should().BeEquivalentTo(new { Status = 1 }).And.Subject.As<Outcome>().Error.Should().Contain("container not paused: running");
        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        var again = bundle.Runtime("pause", bundle.Id).Run();

        again.Status.Should().Be(1);
        again.Error.Should().Contain("paused already").And.NotContain("not running", "engines take that for the end");
        bundle.Runtime("resume", bundle.Id).Run().ShouldSucceed();
    }

    [Fact]
    public void A_created_container_can_be_paused_and_started_later()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.Create();
        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        bundle.Status().Should().Be("paused");
        bundle.Runtime("resume", bundle.Id).Run().ShouldSucceed();
        bundle.Status().Should().Be("created");
        bundle.Start().ShouldSucceed();
        bundle.Status().Should().Be("running");
    }

    [Fact]
    public void Many_processes_that_fork_all_the_time_are_paused_all_the_same()
    {
        var bundle = Running("for i in 1 2 3 4; do while :; do /bin/true; done & done; wait");
        for (var round = 0; round < 5; round++)
        {
            bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
            bundle.Status().Should().Be("paused");
            bundle.Runtime("resume", bundle.Id).Run().ShouldSucceed();
        }
    }

    [Fact]
    public void A_paused_container_is_killed_and_deleted_like_any_other()
    {
        var bundle = Running("exec sleep 1000");
        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();

        var other = Running("exec sleep 1000");
        other.Runtime("pause", other.Id).Run().ShouldSucceed();
        other.Delete("--force").ShouldSucceed();
        other.State().Should().BeNull();
    }

    [Theory]
    [InlineData("pause", "container not running")]
    [InlineData("resume", "not paused")]
    [InlineData("events", "is not running")]
    [InlineData("kill", "container not running")]
    public void What_has_ended_is_not_touched_any_more(string verb, string text)
    {
        var bundle = NewBundle().Args("true");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        var outcome = bundle.Runtime(verb, bundle.Id).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain(text);
        bundle.Runtime("kill", "--all", bundle.Id, "9").Run().ShouldSucceed();
    }

    [Theory]
    [InlineData("kill", "KILL")]
    [InlineData("delete", "--force")]
    public void Without_a_pid_namespace_every_process_is_killed_also_when_the_first_has_ended(string verb, string argument)
    {
        var bundle = NewBundle().WithoutNamespace("pid").Shell("sleep 1000 & sleep 2000 & sleep 0.2");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Should().HaveCount(2, "they outlive the first one");

        bundle.Runtime(verb == "kill" ? [verb, bundle.Id, argument] : [verb, argument, bundle.Id]).Run().ShouldSucceed();

        Eventually.Holds(() => !Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Any(), () => "all of them should die");
    }

    [Fact]
    public void Delete_removes_what_a_container_made_of_cgroups_below_its_own()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        foreach (string directory in Cgroups.Below(bundle.CgroupPath))
        {
            Directory.CreateDirectory(directory + "/inner/most");
            try
            {
                File.WriteAllText(directory + "/inner/cgroup.type", "threaded");
            }
            catch (IOException)
            {
                // Of v1, or not possible here: then it is one more ordinary cgroup.
            }
            catch (UnauthorizedAccessException)
            {
            }
        }

        bundle.Delete("--force").ShouldSucceed();
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
    }

    [Fact]
    public void List_tells_all_containers_of_its_root_in_order()
    {
        var bundle = Running("exec sleep 1000");
        var table = bundle.Runtime("list").Run().ShouldSucceed().Output.TrimEnd('\n').Split('\n');
        table[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER");
        table[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..4].Should().Equal(bundle.Id, $"{bundle.ProcessId()}", "running", bundle.Location);
        table[1].Should().EndWith(" root");

        string json = bundle.Runtime("list", "-f", "json").Run().ShouldSucceed().Output;
        json.TrimEnd('\n').Should().NotContain("\n");
        JsonNode.Parse(json)!.AsArray().Single()!.AsObject().Select(member => member.Key).Should().StartWith(["ociVersion", "id", "pid", "status", "bundle", "rootfs", "created"]);
        bundle.Runtime("list", "-q").Run().Output.Should().Be(bundle.Id + "\n");
        Directory.CreateDirectory(bundle.Home + "/empty");
        new Command(bundle.Scratch, HullBinary.Path, "--root", bundle.Home + "/empty", "list", "-f", "json").Run().ShouldSucceed().Output.Should().BeOneOf("[]\n", "null");
    }

    [Fact]
    public void Kept_a_container_is_stopped_with_its_cgroup_until_it_is_deleted()
    {
        var bundle = NewBundle().Shell("exit 3");
        bundle.Run("--keep").Status.Should().Be(3);

        bundle.Status().Should().Be("stopped");
        bundle.ProcessIdOrZero().Should().Be(0);
        Cgroups.Below(bundle.CgroupPath).Should().NotBeEmpty();
        bundle.Delete().ShouldSucceed();
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
    }

    [Fact]
    public void Several_programs_of_one_pipe_end_with_the_container()
    {
        // Nobody of ours may hold the caller's pipe open when run has ended: the reader would wait for ever.
        var bundle = NewBundle().WithoutNamespace("pid").Shell("sleep 1000 & echo done");
        bundle.Save();
        var outcome = new Command(
            bundle.Scratch, "/bin/sh", "-c", $"timeout 20 {HullBinary.Path} --root {bundle.StateRoot} run --bundle {bundle.Location} {bundle.Id} | cat; echo end").Run();

        outcome.Output.Should().Be("done\nend\n");
    }

    [Fact]
    public void No_subreaper_is_accepted() => NewBundle().Args("true").Run("--no-subreaper").ShouldSucceed();

    private Bundle Running(string script) => Running(script, out _);

    private Bundle Running(string script, out Outcome run)
    {
        var bundle = NewBundle().Shell(script);
        run = bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("running");
        return bundle;
    }

    private static Outcome Ps(Bundle bundle) => bundle.Runtime("ps", bundle.Id).Run();

    private static List<int> Processes(Bundle bundle) =>
        [.. JsonNode.Parse(bundle.Runtime("ps", "--format", "json", bundle.Id).Run().ShouldSucceed().Output)!.AsArray().Select(pid => (int)pid!)];
}
