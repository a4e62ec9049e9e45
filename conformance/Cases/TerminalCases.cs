using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>process.terminal and the console socket.</summary>
internal static class TerminalCases
{
    [Rule("TTY-01")]
    public static void The_program_has_a_terminal_of_the_container_on_its_descriptors(Bundle bundle)
    {
        var seen = OnTerminal(bundle, "tty; for fd in 0 1 2; do readlink /proc/self/fd/$fd; done");
        seen.Should().Equal("/dev/pts/0", "/dev/pts/0", "/dev/pts/0", "/dev/pts/0");
    }

    [Rule("TTY-01")]
    public static void The_terminal_controls_the_program(Bundle bundle)
    {
        OnTerminal(bundle, "echo through > /dev/tty").Should().Equal("through");
    }

    [Rule("TTY-01")]
    public static void Without_it_there_is_no_terminal(Bundle bundle)
    {
        bundle.Shell("tty; true").Run().Output.Trim().Should().Be("not a tty");
    }

    [Rule("TTY-02", "DDEV-07")]
    public static void Dev_console_is_the_terminal(Bundle bundle)
    {
        OnTerminal(bundle, "echo on the console > /dev/console; stat -c %t:%T /dev/console /dev/pts/0").Should().Equal("on the console", "88:0", "88:0");
    }

    [Rule("DDEV-07")]
    public static void Without_a_terminal_there_is_no_dev_console(Bundle bundle)
    {
        bundle.Observe().Devices.Should().NotContainKey("console");
    }

    [Rule("TTY-03")]
    public static void The_size_is_the_configured_one(Bundle bundle)
    {
        bundle.With("process.consoleSize", Json("""{ "height": 33, "width": 77 }"""));
        OnTerminal(bundle, "stty size").Should().Equal("33 77");
    }

    [Rule("TTY-03")]
    public static void The_size_is_ignored_without_a_terminal(Bundle bundle)
    {
        bundle.With("process.consoleSize", Json("""{ "height": 33, "width": 77 }""")).Args("true").Run().ShouldSucceed();
    }

    [Rule("TTY-04")]
    public static void The_terminal_is_sent_with_its_name_and_belongs_to_the_program(Bundle bundle)
    {
        OnTerminal(bundle, "stat -c '%t:%T %u' /dev/console /dev/pts/0; test -t 0 && test -t 1 && test -t 2 && echo all", out var name)
            .Should().Equal("88:0 0", "88:0 0", "all");
        name.Should().Be("/dev/pts/0");
    }

    [Rule("TTY-04")]
    public static void A_terminal_without_a_socket_for_it_is_refused(Bundle bundle)
    {
        bundle.With("process.terminal", true).Args("true").ShouldBeRefused();
    }

    [Rule("TTY-04")]
    public static void A_socket_without_a_terminal_is_refused(Bundle bundle)
    {
        var path = Path.Combine(bundle.Scratch, "console");
        using var socket = new ConsoleSocket(path);
        bundle.Args("true").ShouldBeRefused("--console-socket", path);
    }

    // Everything the container prints on its terminal, line by line.
    private static string[] OnTerminal(Bundle bundle, string script) => OnTerminal(bundle, script, out _);

    private static string[] OnTerminal(Bundle bundle, string script, out string name)
    {
        var path = Path.Combine(bundle.Scratch, "console");
        using var socket = new ConsoleSocket(path);
        bundle.With("process.terminal", true).Shell(script).Create("--console-socket", path);
        using var terminal = socket.Receive();
        name = socket.Name;
        bundle.Start().ShouldSucceed();
        return ConsoleSocket.ReadToEnd(terminal).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
