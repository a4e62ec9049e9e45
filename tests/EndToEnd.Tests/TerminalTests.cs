namespace Hull.EndToEnd.Tests;

/// <summary>`process.terminal`: the program has a terminal of the container's own, and somebody outside has its other side.</summary>
public sealed class TerminalTests : EndToEndTest
{
    [Fact]
    public void Detached_with_a_long_and_relative_socket_path_the_terminal_is_sent_there()
    {
        var bundle = NewTerminal("tty");
        var folder = Path.Combine(bundle.Home, new string('x', 120));
        Directory.CreateDirectory(folder);
        var link = Path.Combine(bundle.Home, "short");
        Directory.CreateSymbolicLink(link, folder);
        using var socket = new ConsoleSocket(Path.Combine(link, "socket"));
        bundle.RunCommand("--detach", "--console-socket", $"{Path.GetFileName(folder)}/socket").In(bundle.Home).Run().ShouldSucceed();
        using var terminal = socket.Receive();

        ConsoleSocket.ReadToEnd(terminal).Should().Be("/dev/pts/0\r\n");
    }

    [Fact]
    public void The_terminal_belongs_to_the_user_of_the_program()
    {
        var bundle = NewTerminal("stat -c '%u %g' \"$(tty)\"").With("process.user.uid", 1000).With("process.user.gid", 1000);

        bundle.Run().ShouldSucceed().Output.Should().Be("1000 5\n");
    }

    [Fact]
    public void In_the_foreground_newlines_in_captured_output_stay_single()
    {
        NewTerminal("echo one; echo two >&2; exit 7").Run().Should().BeEquivalentTo(new { Status = 7, Output = "one\ntwo\n" });
    }

    [Fact]
    public void In_the_foreground_much_output_arrives_whole()
    {
        var lines = NewTerminal("i=0; while [ $i -lt 5000 ]; do echo line-$i; i=$((i+1)); done").Run().ShouldSucceed().Output.Split('\n');

        lines.Should().HaveCount(5001).And.Subject.ElementAt(4999).Should().Be("line-4999");
    }

    [Fact]
    public void In_the_foreground_input_is_typed_into_the_terminal()
    {
        NewTerminal("stty -echo; echo ready; read line; echo \"got $line\"").RunCommand().Input("words\n").Run().Output
            .Should().EndWith("got words\n");
    }

    // A pipe or /dev/null at our input: without an end the program would wait for what can never come.
    [Theory]
    [InlineData("cat; echo ended", "ended\n")]
    [InlineData("exec sh", "")]
    [InlineData("sleep 1; stty -icanon min 1; head -c 1 | wc -c", "1\n")]
    public void The_end_of_our_input_is_the_end_of_the_terminals_input(string script, string output)
    {
        Requires.Hull("runc refuses a caller without a terminal");
        NewTerminal(script).Run().ShouldSucceed().Output.Should().EndWith(output);
    }

    [Fact]
    public void A_program_that_does_not_read_goes_on_after_the_end_of_our_input()
    {
        NewTerminal("sleep 2; echo done").Run().ShouldSucceed().Output.Should().Be("done\n");
    }

    [Fact]
    public void Input_without_a_newline_at_its_end_arrives_before_the_end()
    {
        NewTerminal("stty -echo; echo ready; cat; echo ended").RunCommand().Input("words").Run().ShouldSucceed().Output.Should().EndWith("wordsended\n");
    }

    // timeout(1) makes a process group of its own: in the terminal's background, where a job that changes the terminal is stopped.
    [Fact]
    public void A_job_in_the_background_runs_and_leaves_the_terminal_alone()
    {
        Requires.Program("script");
        Requires.Program("timeout");
        var bundle = NewTerminal("echo in; sleep 1; echo out");
        bundle.Save();
        var run = $"{HullBinary.Path} --log {bundle.Log} --root {bundle.StateRoot} run --bundle {bundle.Location} {bundle.Id}";
        var lines = LinesOf(new Command(bundle.Scratch, "script", "-qec", $"stty -g; timeout 60 {run}; echo status $?; stty -g", "/dev/null").Run());

        lines[1..4].Should().Equal("in", "out", "status 0");
        lines[4].Should().Be(lines[0]);
    }

    [Fact]
    public void A_terminal_of_the_caller_gives_its_size_and_comes_back_as_it_was()
    {
        Requires.Program("script");
        var bundle = NewTerminal("stty size; stty -a | grep -o -e '-onlcr'; exit 5");
        bundle.Save();
        var run = $"{HullBinary.Path} --log {bundle.Log} --root {bundle.StateRoot} run --bundle {bundle.Location} {bundle.Id}";
        var script = $"stty rows 41 cols 123; stty -g; {run}; echo status $?; stty -g";
        var outcome = new Command(bundle.Scratch, "script", "-qec", script, "/dev/null").Run();

        var lines = LinesOf(outcome);
        lines[1..4].Should().Equal("41 123", "-onlcr", "status 5");
        lines[4].Should().Be(lines[0], "the attributes are those of before");
    }

    [Fact]
    public void A_killed_container_leaves_the_callers_terminal_as_it_was()
    {
        Requires.Program("script");
        var bundle = NewTerminal("sleep 1000");
        bundle.Save();
        var run = $"{HullBinary.Path} --log {bundle.Log} --root {bundle.StateRoot} run --bundle {bundle.Location} {bundle.Id}";
        var running = new Command(bundle.Scratch, "script", "-qec", $"stty -g; {run}; echo status $?; stty -g", "/dev/null").Start();
        bundle.WaitForStatus("running");
        bundle.Kill("KILL").ShouldSucceed();

        var lines = LinesOf(running.Wait());
        lines[1].Should().Be("status 137");
        lines[2].Should().Be(lines[0]);
    }

    [Fact]
    public void A_console_socket_may_have_a_name_outside_of_the_file_system()
    {
        var bundle = NewTerminal("tty");
        using var socket = new ConsoleSocket("\0" + bundle.Id);
        bundle.RunCommand("--detach", "--console-socket", "@" + bundle.Id).Run().ShouldSucceed();
        using var terminal = socket.Receive();

        ConsoleSocket.ReadToEnd(terminal).Should().Be("/dev/pts/0\r\n");
    }

    // What a shell does to its terminal when it has stopped us, and what it says when we go on.
    [Fact]
    public void A_terminal_that_a_shell_took_back_is_raw_again_when_we_go_on()
    {
        Requires.Program("script");
        Requires.Hull("runc leaves it as the shell made it");
        var bundle = NewTerminal("sleep 1000");
        bundle.Save();
        string place = Path.Combine(bundle.Scratch, "place");
        var run = $"{HullBinary.Path} --log {bundle.Log} --root {bundle.StateRoot} run --bundle {bundle.Location} {bundle.Id}";
        var running = new Command(bundle.Scratch, "script", "-qec", $"stty -g; tty >{place}; exec {run}", "/dev/null").Start();
        bundle.WaitForStatus("running");
        string terminal = File.ReadLines(place).First();
        string Attributes() => new Command(bundle.Scratch, "stty", "-F", terminal, "-a").Run().Output;
        Attributes().Should().Contain("-icanon");

        new Command(bundle.Scratch, "stty", "-F", terminal, "sane").Run().ShouldSucceed();
        Attributes().Should().NotContain("-icanon");
        Send(bundle, "CONT", HullOf(bundle));

        Eventually.Holds(() => Attributes().Contains("-icanon", StringComparison.Ordinal), Attributes);
        bundle.Kill("KILL").ShouldSucceed();
        running.Wait();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public void A_signal_to_us_ends_the_program_and_the_terminal_is_as_it_was(string signal)
    {
        Requires.Program("script");
        var bundle = NewTerminal("trap 'exit 9' TERM HUP INT QUIT; echo ready; while :; do sleep 0.1; done");
        bundle.Save();
        var run = $"{HullBinary.Path} --log {bundle.Log} --root {bundle.StateRoot} run --bundle {bundle.Location} {bundle.Id}";
        var running = new Command(bundle.Scratch, "script", "-qec", $"stty -g; {run}; echo status $?; stty -g", "/dev/null").Start();
        Eventually.Holds(() => running.Output.Contains("ready", StringComparison.Ordinal), () => running.Output);
        Send(bundle, signal, HullOf(bundle));

        var lines = LinesOf(running.Wait());
        lines[2].Should().Be("status 9");
        lines[3].Should().Be(lines[0]);
    }

    private static void Send(Bundle bundle, string signal, int pid) => new Command(
        bundle.Scratch, "kill", "-" + signal, pid.ToString(System.Globalization.CultureInfo.InvariantCulture)).Run().ShouldSucceed();

    /// <summary>The process of the runtime that stands in front of the container.</summary>
    private static int HullOf(Bundle bundle) => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture))
        .Single(pid => CommandLineOf(pid) is [var program, ..] line && program == HullBinary.Path && line.Contains(bundle.StateRoot));

    private static string[] CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline")).Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }

    [Fact]
    public void A_link_at_the_place_of_the_console_is_an_error_and_is_not_followed()
    {
        var bundle = NewTerminal("true").With("root.readonly", false);
        bundle.Config["mounts"]!.AsArray().RemoveAt(1);
        bundle.WithFile("/canary", "alive");
        Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "dev"));
        File.CreateSymbolicLink(Path.Combine(bundle.RootfsPath, "dev/console"), "/canary");
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("/dev/console must not be a symbolic link");
        File.ReadAllText(Path.Combine(bundle.RootfsPath, "canary")).Should().Be("alive");
    }

    [Fact]
    public void Without_a_devpts_there_is_no_terminal_and_the_message_says_so()
    {
        var bundle = NewTerminal("true");
        bundle.Config["mounts"]!.AsArray().RemoveAt(2);

        bundle.Run().Error.Should().Contain("a terminal needs a mount of the type devpts on /dev/pts");
    }

    [Theory]
    [InlineData(true, "--detach", "cannot allocate tty if hull will detach without setting console socket")]
    [InlineData(true, "--console-socket=/nowhere/socket", "cannot use console socket if hull will not detach or allocate tty")]
    [InlineData(false, "--console-socket=/nowhere/socket", "cannot use console socket if hull will not detach or allocate tty")]
    public void A_terminal_and_its_receiver_must_fit_together(bool terminal, string option, string message)
    {
        var outcome = NewTerminal("true").With("process.terminal", terminal).Run(option);

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain(message);
    }

    [Fact]
    public void A_console_socket_on_which_nobody_listens_is_an_error_and_nothing_is_left()
    {
        var bundle = NewTerminal("true");
        var outcome = bundle.CreateCommand("--console-socket", "/nowhere/socket").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("connect to the console socket /nowhere/socket");
        bundle.State().Should().BeNull();
    }

    // script(1) types a zero byte when its own input has ended, and the container's terminal echoes it.
    private static string[] LinesOf(Outcome outcome) => outcome.Output.Replace("^@", "", StringComparison.Ordinal).Split("\r\n");

    private Bundle NewTerminal(string script) => NewBundle().With("process.terminal", true).Shell(script);
}
