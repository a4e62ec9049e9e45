namespace Hull.EndToEnd.Tests;

/// <summary>`run`: the program is started as asked, and its end is the runtime's end.</summary>
public sealed class RunTests : EndToEndTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(255)]
    public void The_exit_status_of_the_program_is_passed_on(int status)
    {
        NewBundle().Shell($"exit {status}").Run().Status.Should().Be(status);
    }

    // The program is pid 1, which ignores what it has not asked for: only a handler or SIGKILL from outside ends it.
    [Fact]
    public void A_program_killed_by_a_signal_ends_with_128_plus_its_number()
    {
        var bundle = NewBundle().Shell("sleep 1000");
        var run = bundle.RunCommand().Start();
        bundle.WaitForStatus("running");

        bundle.Kill("KILL").ShouldSucceed();

        run.Wait().Status.Should().Be(128 + 9);
    }

    [Fact]
    public void Output_and_errors_of_the_program_are_those_of_run()
    {
        var outcome = NewBundle().Shell("echo to-output; echo to-error >&2").Run();

        outcome.Output.Should().Be("to-output\n");
        outcome.Error.Should().Be("to-error\n");
    }

    [Fact]
    public void The_program_reads_the_input_of_run()
    {
        NewBundle().Args("cat").RunCommand().Input("through and through\n").Run().Output.Should().Be("through and through\n");
    }

    [Fact]
    public void A_bare_name_is_searched_in_the_PATH_of_the_container()
    {
        var bundle = NewBundle().WithFile("/only/here/tool", "#!/bin/sh\necho found\n", (UnixFileMode)0b111_101_101);
        bundle.With("process.env[0]", "PATH=/nowhere:/only/here:/bin").Args("tool").Run().Output.Should().Be("found\n");
    }

    [Fact]
    public void A_name_with_a_slash_is_relative_to_the_working_directory()
    {
        var bundle = NewBundle().WithFile("/home/tool", "#!/bin/sh\necho \"$0\"\n", (UnixFileMode)0b111_101_101);
        bundle.With("process.cwd", "/home").Args("./tool").Run().Output.Should().Be("./tool\n");
    }

    [Fact]
    public void A_name_that_is_not_in_the_PATH_is_an_error()
    {
        var outcome = NewBundle().Args("no-such-program").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("no-such-program").And.Contain("executable file not found in $PATH");
    }

    [Fact]
    public void A_missing_program_is_an_error()
    {
        var outcome = NewBundle().Args("/no/such/program").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("/no/such/program").And.Contain("no such file or directory");
    }

    [Fact]
    public void A_program_without_permission_to_execute_is_an_error()
    {
        var outcome = NewBundle().Args("/etc/passwd").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("/etc/passwd").And.Contain("permission denied");
    }

    [Fact]
    public void Arguments_arrive_unchanged()
    {
        string[] arguments = ["", " two words ", "ünïcode", "quote'\"", "a\nb"];
        NewBundle().Args(["/observer", .. arguments]).Run().ShouldSucceed();

        new Observation(NewBundle().Args(["/observer", .. arguments]).Run().Output).Strings("argv").Should().Equal(arguments);
    }

    [Fact]
    public void The_environment_is_exactly_the_configured_one()
    {
        var bundle = NewBundle().Adding("process.env", "EMPTY=").Adding("process.env", "EQUALS=a=b");
        bundle.Observing();
        var run = bundle.RunCommand().Environment("LEAKED", "from the host").Run().ShouldSucceed();

        var environment = new Observation(run.Output).Environment;
        environment.Should().NotContainKey("LEAKED");
        environment.Should().Contain("EMPTY", "").And.Contain("EQUALS", "a=b").And.Contain("TERM", "xterm");
    }

    [Fact]
    public void The_program_starts_in_the_configured_directory()
    {
        NewBundle().With("process.cwd", "/usr/bin").Observe().Text("cwd").Should().Be("/usr/bin");
    }

    [Fact]
    public void A_working_directory_that_does_not_exist_is_made()
    {
        NewBundle().With("root.readonly", false).With("process.cwd", "/made/for/me").Observe().Text("cwd").Should().Be("/made/for/me");
    }

    [Fact]
    public void The_program_is_the_first_process_and_leads_its_session()
    {
        var seen = NewBundle().Observe();

        seen.Number("pid").Should().Be(1);
        seen.Number("ppid").Should().Be(0);
        seen.Number("session").Should().Be(1);
    }

    [Fact]
    public void Only_the_standard_descriptors_reach_the_program()
    {
        var bundle = NewBundle();
        bundle.Observing();
        var run = bundle.RunCommand().Prelude("exec 3</etc/passwd 5</ 9>/dev/null").Run().ShouldSucceed();

        new Observation(run.Output).Descriptors.Keys.Should().Equal(0, 1, 2);
    }

    [Fact]
    public void Preserved_descriptors_reach_the_program_and_no_others()
    {
        var bundle = NewBundle();
        bundle.Observing();
        var run = bundle.RunCommand("--preserve-fds", "2").Prelude("exec 3</etc/passwd 4</etc/group 5</etc/hostname").Run().ShouldSucceed();

        var descriptors = new Observation(run.Output).Descriptors;
        descriptors.Keys.Should().Equal(0, 1, 2, 3, 4);
        descriptors[3].Should().EndWith("/passwd");
    }

    [Fact]
    public void Signals_ignored_or_blocked_by_the_caller_are_not_so_in_the_container()
    {
        Requires.Hull("a clean signal state");
        var bundle = NewBundle().Args("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status");
        var run = bundle.RunCommand().Prelude("trap '' PIPE HUP USR1").Run().ShouldSucceed();

        run.Output.Should().Be("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    }

    [Fact]
    public void A_pid_file_holds_the_number_of_the_first_process()
    {
        var bundle = NewBundle().Shell("sleep 1000");
        var file = Path.Combine(bundle.Home, "pid");
        bundle.RunCommand("--detach", "--pid-file", file).Run().ShouldSucceed();

        File.ReadAllText(file).Should().Be(bundle.ProcessId().ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Detached_the_runtime_ends_and_the_container_runs_on()
    {
        var bundle = NewBundle().Shell("sleep 1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        bundle.Status().Should().Be("running");
    }

    [Fact]
    public void Without_a_bundle_option_the_working_directory_is_the_bundle()
    {
        var bundle = NewBundle().Args("echo", "here");
        bundle.Save();

        bundle.Runtime("run", bundle.Id).In(bundle.Location).Run().Output.Should().Be("here\n");
    }

    [Fact]
    public void A_relative_bundle_is_accepted()
    {
        var bundle = NewBundle().Args("echo", "here");
        bundle.Save();

        bundle.Runtime("run", "--bundle", "bundle", bundle.Id).In(bundle.Home).Run().Output.Should().Be("here\n");
    }

    [Fact]
    public void Without_pivot_root_the_container_still_has_its_own_root()
    {
        var bundle = NewBundle();
        bundle.Observing("/etc/passwd");
        var run = bundle.Run("--no-pivot").ShouldSucceed();

        new Observation(run.Output).Path("/etc/passwd").Content.Should().StartWith("root:x:0:0:root:/root:/bin/sh\nuser:");
    }

    [Fact]
    public void After_run_nothing_is_left()
    {
        var bundle = NewBundle().Args("true");
        var before = HostSnapshot.Take(bundle);
        bundle.Run().ShouldSucceed();

        HostSnapshot.ShouldBecome(bundle, before, "run cleans up after itself");
    }
}
