using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>What hull promises of its commands beyond the operations of the specification, which are the conformance suite's (Lifecycle).</summary>
public sealed class LifecycleTests : EndToEndTest
{
    [Fact]
    public void List_shows_every_container_of_the_root_with_its_status()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.Create();

        bundle.Runtime("list", "--quiet").Run().Output.Should().Be(bundle.Id + "\n");
        bundle.Runtime("list").Run().Output.Should().MatchRegex("(?s)ID +PID +STATUS +BUNDLE +CREATED +OWNER.*" + bundle.Id + " +[0-9]+ +created ");
        var json = JsonNode.Parse(bundle.Runtime("list", "--format", "json").Run().Output)!.AsArray();
        ((string?)json.Single()!["id"]).Should().Be(bundle.Id);
        ((string?)json.Single()!["status"]).Should().Be("created");
    }

    [Fact]
    public void An_empty_root_lists_nothing()
    {
        var bundle = NewBundle();
        Directory.CreateDirectory(bundle.StateRoot);

        bundle.Runtime("list", "--quiet").Run().ShouldSucceed().Output.Should().BeEmpty();
    }

    [Fact]
    public void Start_reports_a_program_that_cannot_be_executed()
    {
        Requires.Hull("runc looks for the program in create and not in start");
        var bundle = NewBundle().WithFile("/garbage", "\u007fELF and nothing more", (UnixFileMode)0b111_101_101).Args("/garbage");
        bundle.Create();
        var start = bundle.Start();

        start.Status.Should().Be(1);
        start.Error.Should().Contain("/garbage").And.Contain("exec format error");
    }

    [Fact]
    public void A_foreground_program_that_the_kernel_kills_for_want_of_memory_is_told_of()
    {
        Requires.Hull("runc leaves it to 137");
        var bundle = NewBundle().Shell("text=x; while :; do text=$text$text; done").With("linux.resources.memory", new JsonObject { ["limit"] = 8 << 20 });
        var outcome = bundle.Run();

        outcome.Status.Should().Be(128 + 9);
        ((string?)bundle.LogLines().Single()["msg"]).Should().StartWith("linux.resources.memory: ").And.Contain("more memory than the limit of 8388608 bytes");
        bundle.State().Should().BeNull();
    }

    [Fact]
    public void Start_of_a_container_in_which_the_kernel_has_killed_for_want_of_memory_names_the_limit()
    {
        Requires.Hull("runc says nothing of it");
        var bundle = NewBundle().Args("sleep", "1000").With("linux.resources.memory", new JsonObject { ["limit"] = 8 << 20 });
        bundle.Create();
        bundle.Exec("--", "sh", "-c", "text=x; while :; do text=$text$text; done").Status.Should().Be(128 + 9);
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        var start = bundle.Start();

        start.Status.Should().Be(1);
        start.Error.Should().Contain("that is not created: stopped").And.Contain("linux.resources.memory.limit: ").And.Contain("8388608 bytes: raise it");
    }

    [Fact]
    public void A_creation_that_fails_takes_back_all_that_it_can_and_tells_the_rest_once()
    {
        Requires.Hull("hull's own system calls are disturbed");
        Requires.Program("strace");
        var bundle = NewBundle().Args("/no/such/program");
        bundle.Through = [Requires.Find("strace")!, "-o", "/dev/null", "-e", "inject=pidfd_send_signal:error=EPERM"];
        var outcome = bundle.Run();
        bundle.Through = [];

        outcome.Status.Should().Be(1);
        outcome.Error.Should().MatchRegex(@"no such file or directory.*; and cleaning up failed: kill \d+: [^;]*hull delete --force");
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty("what could be removed is");
        bundle.Delete("--force").ShouldSucceed();
        bundle.State().Should().BeNull();
    }

    [Fact]
    public void Deleting_by_force_what_does_not_exist_is_silent_success()
    {
        var outcome = NewBundle().Delete("--force").ShouldSucceed();

        (outcome.Output + outcome.Error).Should().BeEmpty();
    }

    [Fact]
    public void The_runtime_works_in_a_deleted_directory_without_environment()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.Create();
        var gone = Directory.CreateDirectory(Path.Combine(bundle.Home, "gone")).FullName;

        bundle.Runtime("state", bundle.Id).In(gone).Prelude($"rmdir '{gone}'").EmptyEnvironment().Run().ShouldSucceed();
    }
}
