using System.Globalization;
using System.Text.Json.Nodes;
using Tmds.Linux;

namespace Hull.EndToEnd.Tests;

/// <summary>Signals to a runtime in the foreground are its program's: every one of them, every time, and none ends the runtime.</summary>
public sealed class SignalTests : EndToEndTest
{
    private const int Rounds = 50;

    private static readonly (string Name, int Number)[] Sent =
        [("HUP", 1), ("INT", 2), ("QUIT", 3), ("USR1", 10), ("USR2", 12), ("ALRM", 14), ("TERM", 15), ("WINCH", 28)];

    private static readonly string Program = string.Concat(Sent.Select(signal => $"trap 'echo {signal.Name}' {signal.Name}; "))
        + "trap 'exit 37' CONT; sleep 1000 >/dev/null 2>&1 & echo ready; while :; do wait $!; done";

    [Fact]
    public void Every_signal_to_a_run_in_the_foreground_reaches_the_program()
    {
        Requires.Hull("signals from the first moment on");
        var bundle = NewBundle().Shell(Program);
        NothingIsBlockedByUs(bundle);

        EachArrives(bundle.RunCommand().Start()).Status.Should().Be(37);
        bundle.State().Should().BeNull("a run in the foreground leaves nothing");
    }

    [Fact]
    public void Every_signal_to_an_exec_in_the_foreground_reaches_the_program()
    {
        Requires.Hull("signals from the first moment on");
        var bundle = NewBundle().Running();
        NothingIsBlockedByUs(bundle);

        EachArrives(bundle.ExecCommand("--", "sh", "-c", Program).Start()).Status.Should().Be(37);
        bundle.Status().Should().Be("running");
    }

    // Process 1 of a pid namespace gets no signal whose default would end it.
    [Theory]
    [InlineData("TERM", true)]
    [InlineData("HUP", true)]
    [InlineData("USR1", true)]
    [InlineData("SEGV", true)]
    [InlineData("RTMIN+3", true)]
    [InlineData("TERM", false)]
    public void A_created_container_dies_of_what_would_end_a_program(string signal, bool ownPids)
    {
        Requires.Hull("crun's stays created");
        var bundle = NewBundle();
        if (!ownPids)
        {
            bundle.WithoutNamespace("pid");
        }

        bundle.Args("sleep", "1000").Create();
        bundle.Kill(signal).ShouldSucceed();

        bundle.WaitForStatus("stopped");
        bundle.Start().Status.Should().NotBe(0);
        bundle.Delete().ShouldSucceed();
    }

    [Fact]
    public void A_signal_that_comes_as_soon_as_a_container_is_created_is_not_lost()
    {
        Requires.Hull("crun's stays created");
        Requires.Program("strace");
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.Save();

        // The process is held up where it closes what create has used: after it is created, before it waits.
        new Command(bundle.Scratch, "strace", "-f", "-o", "/dev/null", "-e", "trace=close_range", "-e", "inject=close_range:delay_enter=1000000:when=3+",
            HullBinary.Path, "--root", bundle.StateRoot, "create", "--bundle", bundle.Location, bundle.Id).Start();
        bundle.WaitForStatus("created");
        bundle.Kill("TERM").ShouldSucceed();

        bundle.WaitForStatus("stopped");
    }

    [Theory]
    [InlineData("WINCH")]
    [InlineData("CHLD")]
    [InlineData("CONT")]
    [InlineData("URG")]
    public void A_created_container_lives_on_after_what_ends_no_program(string signal)
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.Create();
        bundle.Kill(signal).ShouldSucceed();

        bundle.Status().Should().Be("created");
        bundle.Start().ShouldSucceed();
        bundle.Status().Should().Be("running");
    }

    [Fact]
    public void Nothing_that_the_created_container_waited_with_is_blocked_or_pending_in_the_program()
    {
        var bundle = NewBundle().Shell("grep -E '^(Sig|Shd)(Pnd|Blk)' /proc/self/status; ls -l /proc/self/fd | wc -l");
        var created = bundle.Create();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");

        created.Output.Should().Be("SigPnd:\t0000000000000000\nShdPnd:\t0000000000000000\nSigBlk:\t0000000000000000\n5\n");
    }

    [Fact]
    public void Signal_0_asks_whether_the_container_runs_and_changes_nothing()
    {
        var bundle = NewBundle().Running();
        bundle.Kill("0").ShouldSucceed();
        bundle.Status().Should().Be("running");

        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        var dead = bundle.Kill("0");
        dead.Status.Should().NotBe(0);
        dead.Error.Should().Contain("container not running");
    }

    // The kernel clears handlers for a new process, and leaves what is ignored (CLONE_CLEAR_SIGHAND). C libraries keep 32 and 33 to themselves.
    [Fact]
    public void Of_all_signals_that_the_caller_ignores_none_is_ignored_in_the_program()
    {
        Requires.Hull("runc passes on ignored real-time signals");
        var ignored = "trap '' " + string.Join(' ', Enumerable.Range(1, 64).Where(signal => signal is not (9 or 19 or 32 or 33)));
        string[] program = ["grep", "-E", "^Sig(Ign|Blk|Cgt)", "/proc/self/status"];
        const string none = "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000000000\n";
        NewBundle().Args(program).RunCommand().Prelude(ignored).Run().Output.Should().Be(none);

        NewBundle().Running().ExecCommand(["--", .. program]).Prelude(ignored).Run().Output.Should().Be(none);
    }

    // The kernel keeps no status of a child whose end is ignored.
    [Fact]
    public void A_caller_that_ignores_the_end_of_children_learns_the_exit_status()
    {
        NewBundle().Shell("exit 37").RunCommand().Prelude("trap '' CHLD").Run().Status.Should().Be(37);
        NewBundle().Running().ExecCommand("--", "sh", "-c", "exit 38").Prelude("trap '' CHLD").Run().Status.Should().Be(38);
    }

    [Fact]
    public void A_signal_that_comes_while_poststart_hooks_run_is_the_programs_already()
    {
        Requires.Hull("signals from the first moment on");
        var bundle = NewBundle().Shell("trap 'exit 38' TERM; sleep 1000 & wait").With("hooks.poststart", new JsonArray(new JsonObject
        {
            ["path"] = "/bin/sh",
            ["args"] = new JsonArray("sh", "-c", "sleep 0.3; kill -TERM $PPID"),
        }));

        bundle.Run().Status.Should().Be(38);
        bundle.State().Should().BeNull();
    }

    /// <summary>A test runner that blocks signals would hide what is looked for.</summary>
    private static void NothingIsBlockedByUs(Bundle bundle) =>
        new Command(bundle.Scratch, "grep", "SigBlk", "/proc/self/status").Run().Output.Should().Be("SigBlk:\t0000000000000000\n");

    private static Outcome EachArrives(RunningCommand running)
    {
        AwaitLines(running, 1);
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var (_, number) in Sent)
            {
                ClassicCalls.Kill(running.ProcessId, number).Should().Be(0);
            }

            AwaitLines(running, 1 + (round * Sent.Length));
        }

        ClassicCalls.Kill(running.ProcessId, LibC.SIGCONT).Should().Be(0);
        var outcome = running.Wait();
        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (name, _) in Sent)
        {
            lines.Count(line => line == name).Should().Be(Rounds, "{0} was sent as often", name);
        }

        return outcome;
    }

    private static void AwaitLines(RunningCommand running, int count) => Eventually.Holds(
        () => running.HasEnded || running.Output.Count(letter => letter == '\n') >= count,
        () => string.Create(CultureInfo.InvariantCulture, $"{count} lines should come; there are: {running.Output} {running.Error}"));
}
