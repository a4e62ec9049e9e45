using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>create, start, state, kill, delete, list: the container's way from created to gone.</summary>
public sealed class LifecycleTests : EndToEndTest
{
    [Fact]
    public void A_container_goes_from_created_to_running_to_stopped_to_gone()
    {
        var bundle = NewBundle().Args("sleep", "1000");

        bundle.Create();
        bundle.Status().Should().Be("created");
        bundle.Start().ShouldSucceed();
        bundle.Status().Should().Be("running");
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();
        bundle.State().Should().BeNull();
    }

    [Fact]
    public void The_program_does_not_run_before_start()
    {
        var bundle = NewBundle().Args("echo", "started");
        var create = bundle.Create();
        Thread.Sleep(100);
        create.Output.Should().BeEmpty();

        bundle.Start().ShouldSucceed();

        Eventually.Holds(() => create.Output == "started\n", () => $"the program's output goes where create's went; seen: {create.Output}");
    }

    [Fact]
    public void The_state_is_the_document_of_the_specification()
    {
        var bundle = NewBundle().Args("sleep", "1000").With("annotations", new JsonObject { ["org.example.key"] = "value" });
        bundle.Create();
        var state = bundle.State()!;

        ((string?)state["ociVersion"]).Should().NotBeNullOrEmpty();
        ((string?)state["id"]).Should().Be(bundle.Id);
        ((string?)state["bundle"]).Should().Be(bundle.Location);
        ((string?)state["annotations"]?["org.example.key"]).Should().Be("value");
        Directory.Exists($"/proc/{(int)state["pid"]!}").Should().BeTrue();
    }

    [Fact]
    public void A_stopped_container_has_no_process()
    {
        var bundle = NewBundle().Args("true");
        bundle.Create();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");

        ((int?)bundle.State()!["pid"] ?? 0).Should().Be(0);
    }

    [Fact]
    public void A_created_container_can_be_killed()
    {
        var bundle = NewBundle().Args("true");
        bundle.Create();

        bundle.Kill("KILL").ShouldSucceed();

        bundle.WaitForStatus("stopped");
    }

    [Theory]
    [InlineData("USR1")]
    [InlineData("SIGUSR1")]
    [InlineData("10")]
    public void A_signal_can_be_given_by_name_or_number(string signal)
    {
        var bundle = NewBundle().Shell("trap 'echo caught; exit 7' USR1; echo ready; while :; do sleep 0.05; done");
        var run = bundle.RunCommand().Start();
        Eventually.Holds(() => run.Output == "ready\n", () => "the program should set its trap");

        bundle.Kill(signal).ShouldSucceed();

        run.Wait().Status.Should().Be(7);
        run.Output.Should().Be("ready\ncaught\n");
    }

    [Fact]
    public void The_signal_of_a_plain_kill_is_TERM()
    {
        var bundle = NewBundle().Shell("trap 'exit 15' TERM; echo ready; while :; do sleep 0.05; done");
        var run = bundle.RunCommand().Start();
        Eventually.Holds(() => run.Output == "ready\n", () => "the program should set its trap");

        bundle.Kill().ShouldSucceed();

        run.Wait().Status.Should().Be(15);
    }

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
    public void Editing_the_bundle_after_create_changes_nothing()
    {
        var bundle = NewBundle().Args("echo", "original");
        var create = bundle.Create();
        bundle.Args("echo", "edited").Save();

        bundle.Start().ShouldSucceed();

        Eventually.Holds(() => create.Output.Length > 0, () => "the program should write");
        create.Output.Should().Be("original\n");
    }

    [Fact]
    public void A_bundle_that_vanished_does_not_stop_delete()
    {
        var bundle = NewBundle().Args("true");
        bundle.Create();
        File.Delete(bundle.ConfigFile);

        bundle.Delete("--force").ShouldSucceed();
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
    public void Deleting_a_running_container_needs_force()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        bundle.Delete().Status.Should().Be(1);
        bundle.Status().Should().Be("running");
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
    public void After_create_and_delete_nothing_is_left()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        var before = HostSnapshot.Take(bundle);
        bundle.Create();
        bundle.Start().ShouldSucceed();
        bundle.Delete("--force").ShouldSucceed();

        HostSnapshot.ShouldBecome(bundle, before, "delete removes everything that create made");
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
