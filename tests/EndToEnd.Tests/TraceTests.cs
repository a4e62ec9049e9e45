using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>`--trace`: what a command spent its time on, as trace events.</summary>
public sealed class TraceTests : EndToEndTest
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public TraceTests() => Requires.Hull("no other runtime has --trace");

    [Fact]
    public void The_steps_of_both_processes_are_spans_on_one_clock_with_property_and_rule()
    {
        var bundle = NewBundle().Args("true");
        JsonObject[] spans = Spans(Traced(bundle, bundle.RunCommand("--trace", File(bundle))), "run");

        JsonObject whole = spans.Single(span => (string?)span["name"] == "hull run");
        spans.Should().AllSatisfy(span =>
        {
            ((double)span["dur"]!).Should().BeGreaterThanOrEqualTo(0);
            ((double)span["ts"]!).Should().BeGreaterThanOrEqualTo(0);
            End(span).Should().BeLessThanOrEqualTo(End(whole) + 1);
        });
        string[] lists = [.. spans.Select(span => (string?)span["args"]!["list"]).OfType<string>().Distinct()];
        lists.Should().BeEquivalentTo("hostBefore", "host", "container");
        JsonObject[] inside = [.. spans.Where(span => (string?)span["cat"] == "container")];
        inside.Select(span => (int)span["pid"]!).Distinct().Should().ContainSingle().Which.Should().NotBe((int)whole["pid"]!);
        inside.Select(span => (int)span["args"]!["step"]!).Should().BeInAscendingOrder();
        inside.Should().Contain(span => (string?)span["args"]!["property"] == "mounts[0]" && (string?)span["args"]!["rule"] == "MNT-01");
        spans.Should().Contain(span => (string?)span["name"] == "wait for the program's end");

        // One clock: the host waits for the container process until it is ready.
        JsonObject waits = spans.Single(span => ((string)span["name"]!).Contains("wait for the container process: everything is ready", StringComparison.Ordinal));
        JsonObject says = inside.Single(span => ((string)span["name"]!).Contains("tell the host: everything is ready", StringComparison.Ordinal));
        End(waits).Should().BeGreaterThanOrEqualTo((double)says["ts"]!);
    }

    [Fact]
    public void A_time_namespace_shifts_no_span()
    {
        Requires.Namespace("time");
        var bundle = NewBundle().Args("true").Namespace("time").With("linux.timeOffsets", new JsonObject { ["monotonic"] = new JsonObject { ["secs"] = 86400, ["nanosecs"] = 0 } });
        JsonObject[] spans = Spans(Traced(bundle, bundle.RunCommand("--trace", File(bundle))), "run");

        spans.Max(End).Should().BeLessThan(3600e6, "a day would show");
    }

    [Fact]
    public void Create_start_exec_and_delete_write_one_each_and_hooks_are_spans()
    {
        var bundle = NewBundle().Args("sleep", "1000").With("hooks", JsonNode.Parse("""
            { "createRuntime": [{ "path": "/bin/true" }], "createContainer": [{ "path": "/bin/true" }], "poststart": [{ "path": "/bin/true" }], "poststop": [{ "path": "/bin/true" }] }
            """));
        JsonObject[] create = Spans(Traced(bundle, bundle.CreateCommand("--trace", File(bundle))), "create");
        create.Should().Contain(span => (string?)span["name"] == "hook /bin/true");
        create.Should().Contain(span => (string?)span["cat"] == "container" && (string?)span["args"]!["property"] == "hooks.createContainer[0]");
        JsonObject[] start = Spans(Traced(bundle, bundle.Runtime("start", "--trace", File(bundle), bundle.Id)), "start");
        start.Should().Contain(span => (string?)span["name"] == "wait until the program runs").And.Contain(span => (string?)span["name"] == "hook /bin/true");
        Spans(Traced(bundle, bundle.ExecCommand("--trace", File(bundle), "--", "true")), "exec").Should().Contain(span => (string?)span["cat"] == "container");
        Spans(Traced(bundle, bundle.Runtime("delete", "--force", "--trace", File(bundle), bundle.Id)), "delete")
            .Should().Contain(span => (string?)span["name"] == "forget the container").And.Contain(span => (string?)span["name"] == "hook /bin/true");
    }

    [Fact]
    public void A_command_that_fails_leaves_the_trace_until_there()
    {
        var bundle = NewBundle().Args("/nonesuch");
        bundle.Save();
        Outcome outcome = bundle.RunCommand("--trace", File(bundle)).Run();

        outcome.Status.Should().Be(1);
        JsonObject document = JsonNode.Parse(System.IO.File.ReadAllText(File(bundle)))!.AsObject();
        ((int)document["otherData"]!["status"]!).Should().Be(1);
        Spans(document, "run").Should().Contain(span => (string?)span["cat"] == "container");
    }

    [Theory]
    [InlineData(Parent, null, Parent)]
    [InlineData(null, Parent, Parent)]
    [InlineData(Parent, "00-11111111111111111111111111111111-2222222222222222-00", Parent)]
    [InlineData("nonsense", Parent, Parent)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", null, null)]
    [InlineData(null, null, null)]
    public void The_callers_trace_is_named_by_the_environment_or_the_annotation(string? variable, string? annotation, string? expected)
    {
        var bundle = NewBundle().Args("true");
        if (annotation is not null)
        {
            bundle.With("annotations", new JsonObject { ["run.hull.traceparent"] = annotation });
        }

        JsonObject document = Traced(bundle, bundle.RunCommand("--trace", File(bundle)).Environment("TRACEPARENT", variable));
        ((string?)document["otherData"]!["traceparent"]).Should().Be(expected);
        ((string?)document["otherData"]!["traceId"]).Should().Be(expected?.Split('-')[1]);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_an_error_before_anything_is_done()
    {
        var bundle = NewBundle().Args("true");
        Outcome outcome = bundle.RunCommand("--trace", "/nonesuch/trace.json").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("--trace").And.Contain("/nonesuch/trace.json");
        bundle.State().Should().BeNull();
    }

    [Fact]
    public void Descriptors_that_are_handed_over_keep_their_numbers()
    {
        var bundle = NewBundle().Shell("cat <&3");
        System.IO.File.WriteAllText(Path.Combine(bundle.Scratch, "given"), "given");
        bundle.Save();
        Outcome outcome = new Command(
            bundle.Scratch, "bash", "-c", $"exec {HullBinary.Path} --root {bundle.StateRoot} run --preserve-fds 1 --trace {File(bundle)} --bundle {bundle.Location} {bundle.Id} 3<{bundle.Scratch}/given").Run();

        outcome.ShouldSucceed().Output.Should().Be("given");
    }

    [Fact]
    public void The_page_of_a_plan_has_the_measured_times()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        Traced(bundle, bundle.CreateCommand("--trace", File(bundle)));
        string page = bundle.Runtime("plan", "--bundle", bundle.Location, "--format", "html", "--trace", File(bundle), bundle.Id).Run().ShouldSucceed().Output;

        page.Should().StartWith("<!doctype html>").And.Contain("measured: ").And.MatchRegex("[0-9]+\\.[0-9]{3} ms</i>").And.NotContain("src=").And.NotContain("href=");
    }

    [Theory]
    [InlineData("--format html --summary", "--format html")]
    [InlineData("--trace FILE", "--trace FILE needs")]
    [InlineData("--format html --trace /nonesuch", "nonesuch")]
    [InlineData("--format html --trace FILE", "is not a trace")]
    public void A_page_of_something_else_is_refused(string options, string expected)
    {
        var bundle = NewBundle();
        bundle.Save();
        System.IO.File.WriteAllText(File(bundle), "no JSON");
        Outcome outcome = bundle.Runtime(["plan", "--bundle", bundle.Location, .. options.Replace("FILE", File(bundle), StringComparison.Ordinal).Split(' ')]).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain(expected.Replace("FILE", "FILE", StringComparison.Ordinal));
    }

    private static string File(Bundle bundle) => Path.Combine(bundle.Scratch, "trace.json");

    private static JsonObject Traced(Bundle bundle, Command command)
    {
        command.Run().ShouldSucceed();
        return JsonNode.Parse(System.IO.File.ReadAllText(File(bundle)))!.AsObject();
    }

    private static JsonObject[] Spans(JsonObject document, string command)
    {
        ((string?)document["otherData"]!["command"]).Should().Be(command);
        return [.. document["traceEvents"]!.AsArray().Select(one => one!.AsObject()).Where(one => (string?)one["ph"] == "X")];
    }

    private static double End(JsonObject span) => (double)span["ts"]! + (double)span["dur"]!;
}
