using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>`events`: what a container uses, and that it ran out of memory.</summary>
public sealed class EventTests : EndToEndTest
{
    [Fact]
    public void Statistics_are_one_line_in_the_order_of_runc()
    {
        var bundle = NewBundle().With("linux.resources.memory", new JsonObject { ["limit"] = 64 << 20 }).With("linux.resources.pids", new JsonObject { ["limit"] = 42 })
            .Shell("sleep 1000 & exec sleep 2000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        Eventually.Holds(() => (int?)Data(bundle)["pids"]!["current"] == 2, () => Data(bundle).ToJsonString());
        string line = bundle.Runtime("events", "--stats", bundle.Id).Run().ShouldSucceed().Output;

        line.Should().StartWith($"{{\"type\":\"stats\",\"id\":\"{bundle.Id}\",\"data\":{{\"cpu\":{{\"usage\":").And.EndWith("}\n");
        line.TrimEnd('\n').Should().NotContain("\n");
        JsonObject data = Data(bundle);
        data.Select(member => member.Key).Should().StartWith(["cpu", "cpuset", "memory", "pids", "blkio", "hugetlb", "intel_rdt", "network_interfaces"]);
        ((long)data["memory"]!["usage"]!["limit"]!).Should().Be(64 << 20);
        ((long)data["memory"]!["usage"]!["usage"]!).Should().BePositive();
        ((int)data["pids"]!["limit"]!).Should().Be(42);
        ((long)data["cpu"]!["usage"]!["total"]!).Should().BePositive();
        data["memory"]!["raw"]!.AsObject().Should().NotBeEmpty();
    }

    [Fact]
    public void The_stream_goes_on_until_the_container_ends()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        var events = bundle.Runtime("events", "--interval", "50ms", bundle.Id).Start();
        Eventually.Holds(() => events.Output.Count(character => character == '\n') >= 3, () => events.Output);
        events.HasEnded.Should().BeFalse();
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();

        var outcome = events.Wait();
        outcome.Status.Should().Be(0);
        outcome.Output.TrimEnd('\n').Split('\n').Should().AllSatisfy(line => ((string?)JsonNode.Parse(line)!["type"]).Should().Be("stats"));
    }

    [Fact]
    public void A_program_that_runs_out_of_memory_is_told_exactly_once()
    {
        // The shell lives on; what it starts is killed.
        var bundle = NewBundle().With("linux.resources.memory", new JsonObject { ["limit"] = 32 << 20, ["swap"] = 32 << 20 })
            .Shell("while ! test -e /tmp/go; do sleep 0.05; done; dd if=/dev/zero of=/dev/null bs=100M count=1; echo \"status $?\"; exec sleep 1000")
            .Adding("mounts", JsonNode.Parse("""{ "destination": "/tmp", "type": "bind", "source": "SCRATCH", "options": ["bind"] }""".Replace("SCRATCH", "/", StringComparison.Ordinal))!);
        bundle.Config["mounts"]!.AsArray()[^1]!["source"] = bundle.Scratch;
        var run = bundle.RunCommand("--detach").Run().ShouldSucceed();
        var events = bundle.Runtime("events", "--interval", "1h", bundle.Id).Start();
        WaitUntilWatched(events);
        File.WriteAllText(Path.Combine(bundle.Scratch, "go"), "");
        Eventually.Holds(() => run.OutputNow().Contains("status 137", StringComparison.Ordinal), run.OutputNow);
        Eventually.Holds(() => events.Output.Length > 0, () => events.Error);
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();

        events.Wait().Output.Should().Be($"{{\"type\":\"oom\",\"id\":\"{bundle.Id}\"}}\n");
    }

    [Fact]
    public void A_container_that_dies_of_it_is_told_before_the_stream_ends()
    {
        var bundle = NewBundle().With("linux.resources.memory", new JsonObject { ["limit"] = 32 << 20, ["swap"] = 32 << 20 })
            .Shell("while ! test -e /tmp/go; do sleep 0.05; done; exec dd if=/dev/zero of=/dev/null bs=100M count=1")
            .Adding("mounts", new JsonObject { ["destination"] = "/tmp", ["type"] = "bind", ["options"] = new JsonArray("bind") });
        bundle.Config["mounts"]!.AsArray()[^1]!["source"] = bundle.Scratch;
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        var events = bundle.Runtime("events", "--interval", "1h", bundle.Id).Start();
        WaitUntilWatched(events);
        File.WriteAllText(Path.Combine(bundle.Scratch, "go"), "");

        events.Wait().Output.Should().Be($"{{\"type\":\"oom\",\"id\":\"{bundle.Id}\"}}\n");
    }

    [Fact]
    public void It_ends_when_nobody_reads_any_more()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        var outcome = new Command(
            bundle.Scratch, "bash", "-c", $"timeout 20 {HullBinary.Path} --root {bundle.StateRoot} events --interval 20ms {bundle.Id} | head -n 2 >/dev/null; echo ${{PIPESTATUS[0]}}").Run();

        outcome.Output.Should().NotBe("124\n");
    }

    [Theory]
    [InlineData("--interval=0")]
    [InlineData("--interval=-1s")]
    [InlineData("--interval=soon")]
    public void An_interval_that_is_none_is_refused(string option)
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        var outcome = bundle.Runtime("events", option, bundle.Id).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("interval");
    }

    // It waits for its descriptors once it has all of them.
    private static void WaitUntilWatched(RunningCommand events)
    {
        string wait = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{events.ProcessId}/wchan");
        Eventually.Holds(() => events.HasEnded || File.ReadAllText(wait).Contains("poll", StringComparison.Ordinal), () => events.Error);
        events.HasEnded.Should().BeFalse(events.Error);
    }

    private static JsonObject Data(Bundle bundle) =>
        JsonNode.Parse(bundle.Runtime("events", "--stats", bundle.Id).Run().ShouldSucceed().Output)!["data"]!.AsObject();
}
