using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>`exec --tty`: a terminal of the container's own for a program that joins it.</summary>
public sealed class ExecTerminalTests : EndToEndTest
{
    [Fact]
    public void All_three_streams_are_a_terminal_of_the_container()
    {
        var outcome = NewBundle().Running().Exec("--tty", "--", "sh", "-c", "tty; for fd in 0 1 2; do readlink /proc/self/fd/$fd; done; echo to-tty >/dev/tty; exit 3");

        outcome.Should().BeEquivalentTo(new { Status = 3, Output = "/dev/pts/0\n/dev/pts/0\n/dev/pts/0\n/dev/pts/0\nto-tty\n" });
    }

    [Fact]
    public void The_terminal_is_not_the_containers_console()
    {
        var bundle = NewBundle().With("root.readonly", false).Running();
        bundle.Exec("-t", "--", "true").ShouldSucceed();

        bundle.Exec("--", "test", "-e", "/dev/console").Status.Should().Be(1);
    }

    [Fact]
    public void The_terminal_belongs_to_the_user_of_the_program_and_the_group_of_the_mount()
    {
        NewBundle().Running().Exec("-t", "-u", "1000:1000", "--", "sh", "-c", "stat -c '%u %g %a' $(tty); touch /dev/tty").ShouldSucceed()
            .Output.Should().Be("1000 5 620\n");
    }

    [Fact]
    public void Without_the_option_there_is_no_terminal_whatever_the_configuration_says()
    {
        var bundle = NewBundle().With("process.terminal", true).Args("sleep", "1000");
        using var socket = new ConsoleSocket(Path.Combine(bundle.Home, "socket"));
        bundle.RunCommand("--detach", "--console-socket", Path.Combine(bundle.Home, "socket")).Run().ShouldSucceed();
        using var terminal = socket.Receive();

        bundle.Exec("--", "sh", "-c", "test -t 1 || echo none").Output.Should().Be("none\n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Detached_the_terminal_goes_to_a_socket_of_either_kind(bool outsideOfTheFileSystem)
    {
        Requires.Hull("crun and old runc know no names outside of the file system");
        var bundle = NewBundle().Running();
        var path = outsideOfTheFileSystem ? "@" + bundle.Id : Path.Combine(bundle.Home, "socket");
        using var socket = new ConsoleSocket(path);
        bundle.Exec("--detach", "--tty", "--console-socket", path, "--", "sh", "-c", "tty; sleep 0.2; echo end").ShouldSucceed();
        using var terminal = socket.Receive();

        socket.Name.Should().Be("/dev/pts/0");
        ConsoleSocket.ReadToEnd(terminal).Should().Be("/dev/pts/0\r\nend\r\n");
    }

    [Fact]
    public void The_size_in_a_process_file_is_the_terminals()
    {
        var bundle = NewBundle().Running();
        var process = new JsonObject
        {
            ["terminal"] = true,
            ["consoleSize"] = new JsonObject { ["height"] = 10, ["width"] = 110 },
            ["args"] = new JsonArray("stty", "size"),
            ["env"] = new JsonArray("PATH=/bin"),
            ["cwd"] = "/",
        };
        var file = Path.Combine(bundle.Home, "process.json");
        File.WriteAllText(file, process.ToJsonString());
        using var socket = new ConsoleSocket(Path.Combine(bundle.Home, "socket"));

        // As podman says it: --tty beside --process.
        bundle.Exec("--detach", "--tty", "--console-socket", Path.Combine(bundle.Home, "socket"), "--process", file, "--").ShouldSucceed().Error.Should().BeEmpty();
        using var terminal = socket.Receive();
        ConsoleSocket.ReadToEnd(terminal).Should().Be("10 110\r\n");
    }

    [Theory]
    [InlineData("cannot allocate tty if hull will detach without setting console socket", "--tty", "--detach")]
    [InlineData("cannot use console socket if hull will not detach or allocate tty", "--tty", "--console-socket=/nowhere")]
    [InlineData("cannot use console socket if hull will not detach or allocate tty", "--detach", "--console-socket=/nowhere")]
    public void A_terminal_and_its_receiver_must_fit_together(string message, params string[] options)
    {
        var outcome = NewBundle().Running().Exec([.. options, "--", "true"]);

        outcome.Status.Should().Be(255);
        outcome.Error.Should().Contain(message);
    }

    [Fact]
    public void A_terminal_of_the_caller_gives_its_size_and_comes_back_as_it_was()
    {
        var lines = InTerminal(bundle => $"stty rows 41 cols 123; stty -g; {Call(bundle)} sh -c 'stty size; stty -a | grep -o -e -onlcr; exit 5'; echo status $?; stty -g");

        lines[1..4].Should().Equal("41 123", "-onlcr", "status 5");
        lines[4].Should().Be(lines[0], "the attributes are those of before");
    }

    [Fact]
    public void A_signal_that_would_end_the_caller_leaves_its_terminal_as_it_was()
    {
        // The program ends by the signal that was meant for it; the caller follows, and has put the terminal back.
        var lines = InTerminal(bundle =>
            $"stty -g; {Call(bundle)} sh -c 'echo ready; sleep 1000' & while ! pgrep -f '{bundle.StateRoot} exec.*echo ready' >/dev/null; do sleep 0.05; done; sleep 0.5; "
            + $"kill -TERM $!; wait $!; echo status $?; stty -g");

        lines.Should().Contain("status 143");
        lines.Last(line => line.Length > 20).Should().Be(lines.First(line => line.Length > 20));
    }

    [Fact]
    public void After_a_pause_the_callers_terminal_is_raw_again()
    {
        var lines = InTerminal(bundle =>
            $"({Call(bundle)} sh -c 'echo ready; sleep 2; echo end') & sleep 0.7; stty sane; kill -CONT $(pgrep -f '{bundle.StateRoot} exec.*echo ready' | head -1); "
            + "sleep 0.5; stty -a | grep -o -e '-icanon'; wait; stty -a | grep -o -e '-icanon' || echo cooked");

        lines.Should().ContainInOrder("-icanon", "end", "cooked");
    }

    [Fact]
    public void Going_on_in_the_background_leaves_the_callers_terminal_to_the_shell()
    {
        Requires.Hull("what other runtimes do with a job in the background is theirs");
        var lines = InTerminal(bundle =>
            $"set -m; find() {{ pgrep -f '{bundle.StateRoot} exec.*echo ready' | head -1; }}; "
            + "(until [ \"$(find)\" ]; do sleep 0.05; done; sleep 0.5; kill -STOP $(find)) & "
            + $"{Call(bundle)} sh -c 'echo ready; sleep 2; echo end'; stty sane; bg; sleep 0.5; stty -a | grep -o -e '-icanon' || echo cooked; fg; echo status $?");

        lines.Should().Contain("cooked").And.Contain("status 0");
    }

    private static string Call(Bundle bundle) => $"{HullBinary.Path} --log {bundle.Log} --root {bundle.StateRoot} exec -t {bundle.Id}";

    /// <summary>What a shell in front of a terminal of its own sees.</summary>
    private string[] InTerminal(Func<Bundle, string> script)
    {
        Requires.Program("script");
        Requires.Program("pgrep");
        var bundle = NewBundle().Running();
        var file = Path.Combine(bundle.Scratch, "script.sh");
        File.WriteAllText(file, script(bundle) + "\n");
        var outcome = new Command(bundle.Scratch, "script", "-qec", string.Create(CultureInfo.InvariantCulture, $"bash {file}"), "/dev/null").Run();

        // script(1) types a zero byte when its own input has ended, and the container's terminal echoes it.
        return outcome.Output.Replace("^@", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Split('\n');
    }
}
