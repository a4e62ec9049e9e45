using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>`events --changes` and `--all`: what happens to containers, seen from outside.</summary>
public sealed class EventStreamTests : EndToEndTest
{
    public EventStreamTests() => Requires.Hull("runc's events tell usage and oom alone");

    [Fact]
    public void The_life_of_a_container_is_told_in_its_order()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.Create();
        RunningCommand events = Following(bundle, "--changes");
        bundle.Start().ShouldSucceed();
        bundle.Exec("--", "true").ShouldSucceed();
        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        bundle.Runtime("resume", bundle.Id).Run().ShouldSucceed();
        bundle.Runtime("update", "--pids-limit", "99", bundle.Id).Run().ShouldSucceed();
        bundle.Kill("KILL").ShouldSucceed();
        Outcome outcome = events.Wait();

        outcome.Status.Should().Be(0, outcome.Error);
        JsonObject[] lines = Lines(outcome.Output);
        lines.Select(line => (string?)line["type"]).Should().Equal("started", "exec", "paused", "resumed", "updated", "exited");
        lines.Should().AllSatisfy(line =>
        {
            line.Select(member => member.Key).Should().Equal("type", "id", "time", "data");
            ((string?)line["id"]).Should().Be(bundle.Id);
            DateTimeOffset.Parse((string)line["time"]!, System.Globalization.CultureInfo.InvariantCulture).Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));
        });
        ((int)lines[0]["data"]!["pid"]!).Should().BePositive();
        lines[1]["data"]!["args"]!.AsArray().Select(word => (string?)word).Should().Equal("true");
        lines[4]["data"]!["properties"]!.AsArray().Select(word => (string?)word).Should().Equal("linux.resources.pids.limit");
        ((int)lines[5]["data"]!["status"]!).Should().Be(137);
        ((int)lines[5]["data"]!["signal"]!).Should().Be(9);
    }

    [Fact]
    public void A_program_that_ends_by_itself_is_told_with_its_status_and_kept_for_those_who_ask_later()
    {
        var bundle = NewBundle().Shell("exit 7");
        bundle.Create();
        RunningCommand events = Following(bundle, "--changes", "--format", "text");
        bundle.Start().ShouldSucceed();
        Outcome outcome = events.Wait();

        outcome.Output.Should().MatchRegex($"^20..-..-..T..:..:..Z {bundle.Id}: started, process [0-9]+\n20..-..-..T..:..:..Z {bundle.Id}: exited with status 7\n$");
        ((int)bundle.State()!["exit"]!["status"]!).Should().Be(7);
    }

    [Fact]
    public void All_containers_of_a_root_are_followed_also_those_that_are_made_later()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        RunningCommand events = bundle.Runtime("events", "--all").Start();
        events.WaitUntilPolling();
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        Eventually.Holds(() => events.Output.Contains("\"started\"", StringComparison.Ordinal), () => events.Output + events.Error);
        bundle.Exec("--", "true").ShouldSucceed();
        bundle.Kill("TERM").ShouldSucceed();
        bundle.Kill("KILL");
        Eventually.Holds(() => events.Output.Contains("\"exited\"", StringComparison.Ordinal), () => events.Output + events.Error);
        bundle.Delete().ShouldSucceed();
        Eventually.Holds(() => events.Output.Contains("\"deleted\"", StringComparison.Ordinal), () => events.Output + events.Error);
        events.HasEnded.Should().BeFalse("more may come");
        Lines(events.Output).Select(line => (string?)line["type"]).Should().Equal("created", "started", "exec", "exited", "deleted");
        events.Kill();
    }

    [Fact]
    public void A_container_out_of_memory_is_told_with_limit_peak_and_what_used_it()
    {
        var bundle = NewBundle().With("linux.resources.memory", new JsonObject { ["limit"] = 32 << 20, ["swap"] = 32 << 20 })
            .Shell("dd if=/dev/zero of=/dev/null bs=100M count=1; exec sleep 1000");
        bundle.Create();
        RunningCommand events = Following(bundle, "--changes");
        bundle.Start().ShouldSucceed();
        Eventually.Holds(() => events.Output.Contains("\"oom\"", StringComparison.Ordinal), () => events.Output + events.Error);
        bundle.Kill("KILL").ShouldSucceed();
        JsonObject[] lines = Lines(events.Wait().Output);

        JsonNode data = lines.Single(line => (string?)line["type"] == "oom")["data"]!;
        ((long)data["limit"]!).Should().Be(32 << 20);
        ((long)data["peak"]!).Should().BeGreaterThan(16 << 20);
        data["largest"]!.AsObject().Should().NotBeEmpty();
        if (data["victim"] is { } victim)
        {
            ((string?)victim["name"]).Should().Be("dd");
        }

        ((bool)lines[^1]["data"]!["oomKilled"]!).Should().BeTrue();
    }

    [Fact]
    public void The_limit_of_processes_is_told_when_it_refuses_one()
    {
        var bundle = NewBundle().With("linux.resources.pids", new JsonObject { ["limit"] = 3 })
            .Shell("sleep 1000 & sleep 1000 & sleep 1000 & exec sleep 1000");
        bundle.Create();
        RunningCommand events = Following(bundle, "--changes");
        bundle.Start().ShouldSucceed();
        Eventually.Holds(() => events.Output.Contains("\"pidsLimit\"", StringComparison.Ordinal), () => events.Output + events.Error);
        bundle.Kill("KILL");
        JsonNode data = Lines(events.Wait().Output).First(line => (string?)line["type"] == "pidsLimit")["data"]!;

        ((long)data["limit"]!).Should().Be(3);
        ((long)data["count"]!).Should().BePositive();
    }

    [Fact]
    public void Pressure_over_a_threshold_is_told()
    {
        RequiresPressure();
        var bundle = NewBundle().Shell("i=0; while [ $i -lt 16 ]; do (while :; do :; done) & i=$((i+1)); done; wait");
        bundle.Create();
        RunningCommand events = Following(bundle, "--pressure", "cpu:some:1ms/2s");
        bundle.Start().ShouldSucceed();
        Eventually.Holds(() => events.Output.Contains("\"pressure\"", StringComparison.Ordinal), () => events.Output + events.Error);
        bundle.Kill("KILL").ShouldSucceed();
        JsonNode data = Lines(events.Wait().Output).First(line => (string?)line["type"] == "pressure")["data"]!;

        ((string?)data["resource"]).Should().Be("cpu");
        ((long)data["stall"]!).Should().Be(1000);
        ((long)data["window"]!).Should().Be(2_000_000);
        ((long)data["total"]!).Should().BePositive();
    }

    [Fact]
    public void A_window_that_the_kernel_refuses_names_the_capability()
    {
        RequiresPressure();
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        Outcome outcome = new Command(
            bundle.Scratch, "setpriv", "--bounding-set=-sys_resource", HullBinary.Path, "--root", bundle.StateRoot, "events", "--pressure", "memory:some:100ms/1500ms", bundle.Id).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("CAP_SYS_RESOURCE");
    }

    [Fact]
    public void Usage_is_printed_beside_the_changes_only_when_asked_for()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        RunningCommand events = Following(bundle, "--changes", "--interval", "20ms");
        Eventually.Holds(() => events.Output.Split("\"stats\"").Length > 3, () => events.Output + events.Error);
        bundle.Kill("KILL").ShouldSucceed();

        Lines(events.Wait().Output).Select(line => (string?)line["type"]).Should().EndWith(["exited"]).And.Contain("stats");
    }

    [Fact]
    public void A_follower_that_is_killed_leaves_nothing_behind_after_the_next_command()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        string directory = Path.Combine(bundle.StateRoot, bundle.Id);
        RunningCommand events = Following(bundle, "--changes");
        File.GetUnixFileMode(directory).Should().HaveFlag(UnixFileMode.StickyBit);
        events.Kill();
        bundle.Exec("--", "true").ShouldSucceed();

        File.GetUnixFileMode(directory).Should().NotHaveFlag(UnixFileMode.StickyBit);
        File.Exists(Path.Combine(directory, "notices")).Should().BeFalse();
        bundle.Exec("--", "true").ShouldSucceed();
    }

    [Theory]
    [InlineData("--all --stats", "--stats")]
    [InlineData("--changes", "missing")]
    [InlineData("", "missing")]
    [InlineData("--all x", "--all")]
    [InlineData("--format text x", "--format text")]
    [InlineData("--changes nonesuch", "does not exist")]
    [InlineData("--pressure memory:some:1s x", "memory:some:150ms/2s")]
    [InlineData("--all --interval soon", "interval")]
    public void What_does_not_fit_together_is_refused(string arguments, string expected)
    {
        Outcome outcome = NewBundle().Runtime(["events", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain(expected);
    }

    [Fact]
    public void A_stopped_container_is_not_followed()
    {
        var bundle = NewBundle().Shell("exit 0");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("stopped");

        bundle.Runtime("events", "--changes", bundle.Id).Run().Error.Should().Contain("is not running");
    }

    private static RunningCommand Following(Bundle bundle, params string[] options)
    {
        RunningCommand events = bundle.Runtime(["events", .. options, bundle.Id]).Start();
        events.WaitUntilPolling();
        return events;
    }

    private static void RequiresPressure() => Skipping.Skip.Unless(
        File.Exists("/sys/fs/cgroup/memory.pressure") || File.Exists("/sys/fs/cgroup/unified/memory.pressure"), "needs pressure of cgroups of version 2");

    private static JsonObject[] Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
}
