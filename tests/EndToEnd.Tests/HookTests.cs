using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Hooks that fail: which one and why is told. When, where and with what hooks run is the conformance suite's (Hook).</summary>
public sealed class HookTests : EndToEndTest
{
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
        create.Error.Should().Contain($"error running {kind} hook #0: ").And.Contain("exit status 3").And.Contain("the reason");
        if (HullBinary.IsHull)
        {
            create.Error.Should().MatchRegex(@"hook #0: /bin/sh failed with exit status 3 after \d+(\.\d+)? s: the reason");
        }

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
        // "The runtime MUST stop the container and continue the lifecycle at step 12", which destroys it.
        Eventually.Holds(() => bundle.Status() is null or "stopped", () => "the container should be stopped or gone");
        Lines(bundle).Should().BeEmpty();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_startContainer_hook_that_hangs_ends_with_the_run_that_is_asked_to_end(string signal)
    {
        Requires.Hull("others have not waited for it");
        var bundle = Recording().Shell("echo program >>/trace/order");
        AddHook(bundle, "startContainer", "/bin/sh", "-c", "echo hook >>/trace/order; exec sleep 1000");
        RunningCommand run = bundle.RunCommand().Start();
        Eventually.Holds(() => Lines(bundle).Length > 0, () => run.Error);
        new Command(bundle.Scratch, "kill", "-" + signal, run.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)).Run().ShouldSucceed();
        Outcome outcome = run.Wait();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain($"SIG{signal}").And.Contain("hooks.startContainer");
        Lines(bundle).Should().Equal("hook");
        bundle.State().Should().BeNull();
    }

    [Fact]
    public void A_hook_that_takes_longer_than_its_timeout_is_told_as_a_failed_hook()
    {
        var bundle = Recording().Args("true");
        bundle.Config["hooks"] = new JsonObject
        {
            ["createRuntime"] = new JsonArray(new JsonObject { ["path"] = "/bin/sleep", ["args"] = new JsonArray("sleep", "60"), ["timeout"] = 1 }),
        };
        var create = bundle.CreateCommand().Run();

        create.Status.Should().Be(1);
        create.Error.Should().ContainEquivalentOf("hook");
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
