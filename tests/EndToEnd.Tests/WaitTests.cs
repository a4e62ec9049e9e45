using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>`wait`: the end of a container's program, for any process that asks.</summary>
public sealed class WaitTests : EndToEndTest
{
    /// <summary>A program that ends when the test writes to its pipe.</summary>
    private const string UntilTold = "read line </scratch/go; ";

    public WaitTests()
    {
        Requires.Hull("no other runtime has wait");
        Requires.Kernel(6, 15);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    public void Wait_ends_with_the_status_of_the_program_and_prints_it(string end, int status)
    {
        var bundle = Waiting(end);
        RunningCommand wait = StartedWait(bundle);
        Tell(bundle);
        Outcome outcome = wait.Wait();

        outcome.Status.Should().Be(status, outcome.Error);
        outcome.Output.Should().Be($"{status}\n");
        outcome.Error.Should().BeEmpty();
    }

    [Fact]
    public void Several_wait_and_all_are_told_the_same_also_those_that_come_after_the_end()
    {
        var bundle = Waiting("exit 7");
        RunningCommand[] waits = [StartedWait(bundle), StartedWait(bundle), StartedWait(bundle)];
        Tell(bundle);

        waits.Select(wait => wait.Wait()).Should().AllSatisfy(outcome => outcome.Status.Should().Be(7, outcome.Error));
        bundle.WaitForStatus("stopped");
        Outcome late = bundle.Runtime("wait", bundle.Id).Run();
        late.Status.Should().Be(7);
        late.Output.Should().Be("7\n");
    }

    [Fact]
    public void The_answer_for_programs_has_signal_time_and_what_was_used_and_state_shows_the_same()
    {
        var bundle = Waiting("exit 0").With("linux.resources.memory", new JsonObject { ["limit"] = 64 << 20 });
        RunningCommand wait = StartedWait(bundle, "--format", "json");
        bundle.State()!.ContainsKey("exit").Should().BeFalse("it runs");
        bundle.Kill("KILL").ShouldSucceed();
        JsonObject told = JsonNode.Parse(wait.Wait().Output)!.AsObject();

        told.Select(member => member.Key).Should().StartWith(["id", "status", "signal", "time"]);
        ((string?)told["id"]).Should().Be(bundle.Id);
        ((int)told["status"]!).Should().Be(137);
        ((int)told["signal"]!).Should().Be(9);
        DateTimeOffset.Parse((string)told["time"]!, System.Globalization.CultureInfo.InvariantCulture).Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));
        ((bool)told["oomKilled"]!).Should().BeFalse();
        ((ulong)told["cpuTime"]!).Should().BePositive();
        told.Remove("id");
        JsonNode.DeepEquals(bundle.State()!["exit"], told).Should().BeTrue(bundle.State()!.ToJsonString());
    }

    [Fact]
    public void A_program_that_the_kernel_killed_for_want_of_memory_is_told_as_that()
    {
        var bundle = NewBundle().With("linux.resources.memory", new JsonObject { ["limit"] = 32 << 20, ["swap"] = 32 << 20 });
        Start(bundle, UntilTold + "exec dd if=/dev/zero of=/dev/null bs=100M count=1");
        RunningCommand wait = StartedWait(bundle, "--format", "json");
        Tell(bundle);
        JsonNode told = JsonNode.Parse(wait.Wait().Output)!;

        ((int)told["status"]!).Should().Be(137);
        ((bool)told["oomKilled"]!).Should().BeTrue();
        ((ulong)told["peakMemory"]!).Should().BeGreaterThan(16 << 20);
    }

    [Fact]
    public void A_program_that_its_run_waits_for_is_waited_for_by_others_too()
    {
        var bundle = NewBundle();
        Prepare(bundle, UntilTold + "exit 9");
        RunningCommand run = bundle.RunCommand().Start();
        bundle.WaitForStatus("running");
        RunningCommand wait = StartedWait(bundle);
        Tell(bundle);

        run.Wait().Status.Should().Be(9);
        wait.Wait().Status.Should().Be(9);
    }

    [Fact]
    public void What_run_keeps_has_its_exit_in_its_state()
    {
        var bundle = NewBundle().Shell("exit 5");
        bundle.Run("--keep").Status.Should().Be(5);

        ((int)bundle.State()!["exit"]!["status"]!).Should().Be(5);
        ((ulong)bundle.State()!["exit"]!["cpuTime"]!).Should().BePositive();
        bundle.Runtime("wait", bundle.Id).Run().Status.Should().Be(5);
    }

    [Fact]
    public void What_events_saw_ending_has_its_exit_in_its_state()
    {
        var bundle = Waiting("exit 6");
        RunningCommand events = bundle.Runtime("events", "--interval", "1h", bundle.Id).Start();
        events.WaitUntilPolling();
        Tell(bundle);
        events.Wait().Status.Should().Be(0);

        bundle.WaitForStatus("stopped");
        ((int)bundle.State()!["exit"]!["status"]!).Should().Be(6);
    }

    [Fact]
    public void An_end_that_no_one_has_seen_has_a_status_of_its_own()
    {
        var bundle = NewBundle().Shell("exit 3");
        RunningBelow(bundle, "os.wait()").Wait().ShouldSucceed();
        Outcome text = bundle.Runtime("wait", bundle.Id).Run(), json = bundle.Runtime("wait", "--format", "json", bundle.Id).Run();

        text.Status.Should().Be(254);
        text.Output.Should().BeEmpty();
        text.Error.Should().Contain($"container \"{bundle.Id}\" has ended; its status is known to its parent alone");
        json.Status.Should().Be(254);
        json.Output.Should().Be($"{{\"id\":\"{bundle.Id}\"}}\n");
        bundle.State()!.ContainsKey("exit").Should().BeFalse();
    }

    [Fact]
    public void A_zombie_that_its_parent_does_not_reap_tells_its_status_too()
    {
        var bundle = NewBundle().Shell("exit 4");
        RunningCommand parent = RunningBelow(bundle, "time.sleep(1000)");
        try
        {
            bundle.WaitForStatus("stopped");
            Outcome outcome = bundle.Runtime("wait", bundle.Id).Run();

            outcome.Status.Should().Be(4, outcome.Error);
        }
        finally
        {
            parent.Kill();
        }
    }

    [Fact]
    public void Deleting_while_others_wait_leaves_nothing_and_tells_them_the_signal()
    {
        var bundle = Waiting("exit 0");
        RunningCommand wait = StartedWait(bundle);
        bundle.Delete("--force").ShouldSucceed();

        wait.Wait().Status.Should().Be(137);
        Directory.Exists(Path.Combine(bundle.StateRoot, bundle.Id)).Should().BeFalse();
    }

    [Theory]
    [InlineData("--format", "xml")]
    [InlineData("--nonesuch", "x")]
    public void What_cannot_be_asked_is_refused_with_a_status_that_is_no_programs(string option, string value)
    {
        var bundle = NewBundle();
        Outcome wrong = bundle.Runtime("wait", option, value, "some").Run();
        wrong.Status.Should().Be(255);
        wrong.Error.Should().Contain(option);

        Outcome none = bundle.Runtime("wait", "no-such-container").Run();
        none.Status.Should().Be(255);
        none.Error.Should().Contain("container does not exist");
    }

    private Bundle Waiting(string end)
    {
        var bundle = NewBundle();
        Start(bundle, UntilTold + end);
        return bundle;
    }

    private static void Start(Bundle bundle, string script)
    {
        Prepare(bundle, script);
        bundle.RunCommand("--detach").Run().ShouldSucceed();
    }

    private static void Prepare(Bundle bundle, string script)
    {
        bundle.Shell(script).Adding("mounts", new JsonObject
        {
            ["destination"] = "/scratch", ["type"] = "bind", ["source"] = bundle.Scratch, ["options"] = new JsonArray("bind"),
        });
        new Command(bundle.Scratch, "mkfifo", Path.Combine(bundle.Scratch, "go")).Run().ShouldSucceed();
    }

    private static void Tell(Bundle bundle) => File.WriteAllText(Path.Combine(bundle.Scratch, "go"), "\n");

    private static RunningCommand StartedWait(Bundle bundle, params string[] options)
    {
        RunningCommand wait = bundle.Runtime(["wait", .. options, bundle.Id]).Start();
        wait.WaitUntilPolling();
        return wait;
    }

    /// <summary>A parent as an engine's monitor is: it runs the container, adopts its process, and then does that.</summary>
    private static RunningCommand RunningBelow(Bundle bundle, string then)
    {
        Requires.Program("python3");
        bundle.Save();
        return new Command(
            bundle.Scratch, "python3", "-c",
            $"import ctypes,os,subprocess,sys,time; ctypes.CDLL(None).prctl(36,1,0,0,0); subprocess.check_call(sys.argv[1:]); {then}",
            HullBinary.Path, "--root", bundle.StateRoot, "run", "--detach", "--bundle", bundle.Location, bundle.Id).Start();
    }
}
