using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>The six kinds of hooks: when, where and with what they run.</summary>
public sealed class HookTests : EndToEndTest
{
    private static readonly string[] HostKinds = ["prestart", "createRuntime", "createContainer", "poststart", "poststop"];

    [Fact]
    public void Hooks_run_in_the_order_of_the_specification()
    {
        var bundle = Recording().Shell("echo program >>/trace/order");
        AddHook(bundle, "startContainer", "/bin/sh", "-c", "echo startContainer >>/trace/order");
        foreach (var kind in HostKinds)
        {
            AddHook(bundle, kind, "/bin/sh", "-c", $"echo {kind} >>'{Trace(bundle)}'");
        }

        bundle.Create();
        // runc 1.1 runs poststart hooks already here.
        Lines(bundle).Where(line => HullBinary.IsHull || line != "poststart").Should().Equal("prestart", "createRuntime", "createContainer");
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();

        // poststart and the program run side by side.
        var lines = Lines(bundle);
        lines.Should().HaveCount(7);
        lines.Where(line => line != "poststart").Should().Equal("prestart", "createRuntime", "createContainer", "startContainer", "program", "poststop");
        if (HullBinary.IsHull)
        {
            lines.ToList().IndexOf("poststart").Should().BeGreaterThan(lines.ToList().IndexOf("startContainer"));
        }
    }

    [Fact]
    public void Hooks_of_one_kind_run_in_the_order_they_are_listed()
    {
        var bundle = Recording().Args("true");
        foreach (var name in new[] { "first", "second", "third" })
        {
            AddHook(bundle, "createRuntime", "/bin/sh", "-c", $"echo {name} >>'{Trace(bundle)}'");
        }

        bundle.Run().ShouldSucceed();

        Lines(bundle).Should().Equal("first", "second", "third");
    }

    [Theory]
    [InlineData("prestart", false)]
    [InlineData("createRuntime", false)]
    [InlineData("createContainer", true)]
    [InlineData("poststart", false)]
    [InlineData("poststop", false)]
    public void A_hook_runs_in_the_namespaces_of_its_kind(string kind, bool inside)
    {
        var bundle = Recording().Args("true");
        AddHook(bundle, kind, "/bin/sh", "-c", $"readlink /proc/self/ns/net >>'{Trace(bundle)}'");
        bundle.Run().ShouldSucceed();

        var own = File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)!.Name;
        (Lines(bundle).Single() != own).Should().Be(inside);
    }

    [Fact]
    public void StartContainer_is_found_and_run_in_the_container()
    {
        var bundle = Recording().WithFile("/hook", "#!/bin/sh\nhostname >>/trace/order\n", (UnixFileMode)0b111_101_101).Args("true");
        AddHook(bundle, "startContainer", "/hook");
        bundle.Run().ShouldSucceed();

        Lines(bundle).Should().Equal("hull-test");
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    public void A_hook_reads_the_state_of_the_container(string kind)
    {
        var bundle = Recording().Args("true").With("annotations", new JsonObject { ["org.example.key"] = "value" });
        AddHook(bundle, kind, "/bin/sh", "-c", kind == "startContainer" ? "cat >/trace/order" : $"cat >'{Trace(bundle)}'");
        bundle.Run().ShouldSucceed();

        var state = JsonNode.Parse(File.ReadAllText(Trace(bundle)))!;
        ((string?)state["id"]).Should().Be(bundle.Id);
        ((string?)state["bundle"]).Should().Be(bundle.Location);
        ((string?)state["annotations"]?["org.example.key"]).Should().Be("value");
        ((string?)state["ociVersion"]).Should().NotBeNullOrEmpty();
        ((string?)state["status"]).Should().BeOneOf(ExpectedStatus(kind));
    }

    [Fact]
    public void A_hook_has_exactly_its_arguments_and_environment()
    {
        var bundle = Recording().Args("true");
        bundle.With("hooks", new JsonObject
        {
            ["createRuntime"] = new JsonArray(new JsonObject
            {
                ["path"] = "/bin/sh",
                ["args"] = new JsonArray("named", "-c", $"/usr/bin/env >'{Trace(bundle)}'; echo \"$0 $1\" >>'{Trace(bundle)}'", "zero", "one"),
                ["env"] = new JsonArray("ONLY=this"),
            }),
        });
        bundle.RunCommand().Environment("LEAKED", "from the caller").Run().ShouldSucceed();

        Lines(bundle).Should().Contain("ONLY=this").And.Contain("zero one").And.NotContain("LEAKED=from the caller");
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void A_failing_hook_fails_create_and_leaves_nothing(string kind)
    {
        var bundle = Recording().Args("true");
        AddHook(bundle, kind, "/bin/sh", "-c", "echo the reason >&2; exit 3");
        var before = HostSnapshot.Take(bundle);
        var create = bundle.CreateCommand().Run();

        create.Status.Should().Be(1);
        create.Error.Should().Contain("hook").And.Contain("exit status 3");
        HostSnapshot.ShouldBecome(bundle, before, "a failed create leaves nothing");
    }

    [Fact]
    public void A_failing_startContainer_hook_fails_start_and_the_program_does_not_run()
    {
        Requires.Hull("runc's start does not wait for the hook");
        var bundle = Recording().Shell("echo program >>/trace/order");
        AddHook(bundle, "startContainer", "/bin/sh", "-c", "exit 3");
        bundle.Create();
        var start = bundle.Start();

        start.Status.Should().Be(1);
        start.Error.Should().Contain("startContainer").And.Contain("exit status 3");
        bundle.WaitForStatus("stopped");
        Lines(bundle).Should().BeEmpty();
    }

    [Fact]
    public void A_failing_poststop_hook_does_not_stop_the_others_nor_delete()
    {
        Requires.Hull("runc 1.1 stops at the first failing poststop hook");
        var bundle = Recording().Args("true");
        AddHook(bundle, "poststop", "/bin/sh", "-c", "exit 3");
        AddHook(bundle, "poststop", "/bin/sh", "-c", $"echo second >>'{Trace(bundle)}'");
        bundle.Run().ShouldSucceed();

        Lines(bundle).Should().Equal("second");
    }

    [Fact]
    public void A_hook_that_takes_longer_than_its_timeout_is_killed_and_fails()
    {
        var bundle = Recording().Args("true");
        bundle.Config["hooks"] = new JsonObject
        {
            ["createRuntime"] = new JsonArray(new JsonObject { ["path"] = "/bin/sleep", ["args"] = new JsonArray("sleep", "60"), ["timeout"] = 1 }),
        };
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var create = bundle.CreateCommand().Run();

        create.Status.Should().Be(1);
        create.Error.Should().ContainEquivalentOf("hook");
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_hook_that_does_not_exist_fails_create()
    {
        var bundle = Recording().Args("true");
        AddHook(bundle, "createRuntime", "/no/such/hook");
        var create = bundle.CreateCommand().Run();

        create.Status.Should().Be(1);
        create.Error.Should().Contain("/no/such/hook").And.Contain("no such file or directory");
    }

    private static string[] ExpectedStatus(string kind) => kind switch
    {
        // The state the specification names for each point of the lifecycle; runc calls poststart's "created".
        "poststart" => HullBinary.IsHull ? ["running"] : ["running", "created"],
        "poststop" => ["stopped"],
        "startContainer" => ["created", "running"],
        _ => ["creating", "created"],
    };

    /// <summary>A bundle whose directory of traces is at /trace in the container.</summary>
    private Bundle Recording()
    {
        var bundle = NewBundle();
        var directory = Directory.CreateDirectory(Path.Combine(bundle.Home, "trace")).FullName;
        Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "trace"));
        return bundle.Adding("mounts", new JsonObject
        {
            ["destination"] = "/trace", ["type"] = "bind", ["source"] = directory, ["options"] = new JsonArray("bind", "rw"),
        });
    }

    private static string Trace(Bundle bundle) => Path.Combine(bundle.Home, "trace", "order");

    private static string[] Lines(Bundle bundle) => File.Exists(Trace(bundle)) ? File.ReadAllLines(Trace(bundle)) : [];

    private static void AddHook(Bundle bundle, string kind, string path, params string[] arguments) =>
        bundle.Adding("hooks." + kind, new JsonObject
        {
            ["path"] = path,
            ["args"] = new JsonArray([.. arguments.Prepend(path).Select(argument => JsonValue.Create(argument))]),
            ["env"] = new JsonArray("PATH=/usr/bin:/bin"),
        });
}
