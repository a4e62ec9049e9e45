using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hull.EndToEnd.Tests;

/// <summary>What the caller's environment and sockets have to do with a container: sd_listen_fds(3), sd_notify(3), pidfds.</summary>
public sealed class CallerTests : EndToEndTest
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    public void Sockets_of_the_caller_reach_the_program_with_their_names(int preserved, int expected)
    {
        var bundle = NewBundle();
        bundle.Observing();
        var run = bundle.RunCommand("--preserve-fds", preserved.ToString(CultureInfo.InvariantCulture))
            .Prelude("exec 3</etc/passwd 4</etc/group 5</etc/hostname 6</etc/hosts; export LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=http:admin").Run().ShouldSucceed();
        var seen = new Observation(run.Output);

        seen.Descriptors.Keys.Should().Equal(Enumerable.Range(0, 3 + expected));
        seen.Environment.Should().Contain("LISTEN_FDS", "2").And.Contain("LISTEN_PID", "1");
        if (HullBinary.IsHull)
        {
            seen.Environment.Should().Contain("LISTEN_FDNAMES", "http:admin");
        }
    }

    [Theory]
    [InlineData("exec", 255)]
    [InlineData("create", 1)]
    [InlineData("run", 1)]
    public void Where_hull_cannot_protect_its_own_file_it_ends_as_with_any_failure_of_the_command(string command, int status)
    {
        Requires.Hull("its words");
        Requires.Program("strace");
        var bundle = NewBundle();
        bundle.Through = [Requires.Find("strace")!, "-o", "/dev/null", "-e", "inject=open_tree:error=EPERM", "-e", "inject=memfd_create:error=ENFILE"];
        var outcome = bundle.Runtime(command, bundle.Id).Run();
        bundle.Through = [];

        outcome.Status.Should().Be(status);
        outcome.Error.Should().Contain("CVE-2019-5736").And.EndWith("errno 023\n");
    }

    [Fact]
    public void A_created_container_has_them_when_it_starts()
    {
        var bundle = NewBundle().Shell("echo $LISTEN_FDS $LISTEN_PID; cat <&3");
        var created = bundle.CreateCommand().Prelude($"echo passed >{bundle.Home}/in; exec 3<{bundle.Home}/in; export LISTEN_PID=$$ LISTEN_FDS=1").Run().ShouldSucceed();
        bundle.Start().ShouldSucceed();

        Eventually.Holds(() => created.OutputNow() == "1 1\npassed\n", created.OutputNow);
    }

    [Fact]
    public void In_the_hosts_pid_namespace_the_program_still_knows_that_they_are_its_own()
    {
        Requires.Hull("runc says 1 whatever the number is");
        var bundle = NewBundle().WithoutNamespace("pid").Shell("test $LISTEN_PID = $$ && echo mine");
        bundle.RunCommand().Prelude("exec 3</etc/passwd; export LISTEN_PID=$$ LISTEN_FDS=1").Run().Output.Should().Be("mine\n");
    }

    // runc looks at LISTEN_PID too: what a daemon above left in the environment is not the container's.
    [Theory]
    [InlineData("LISTEN_PID=1")]
    [InlineData("LISTEN_PID=")]
    public void Sockets_that_were_not_meant_for_us_are_not_passed_on(string meantFor)
    {
        var bundle = NewBundle();
        bundle.Observing();
        var run = bundle.RunCommand().Prelude($"exec 3</etc/passwd; export {meantFor} LISTEN_FDS=1").Run().ShouldSucceed();

        new Observation(run.Output).Descriptors.Keys.Should().Equal(0, 1, 2);
        new Observation(run.Output).Environment.Should().NotContainKey("LISTEN_FDS");
    }

    [Fact]
    public void A_socket_that_is_not_open_is_an_error()
    {
        Requires.Hull("runc passes on whatever has that number");
        var outcome = NewBundle().Args("true").RunCommand().Prelude("exec 3<&- 4<&-; export LISTEN_PID=$$ LISTEN_FDS=2").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("LISTEN_FDS=2: descriptor 3 is not open");
    }

    // The .NET runtime opens files of its own before anybody could ask what was open.
    [Fact]
    public void A_descriptor_of_our_own_is_never_taken_for_one_of_the_callers()
    {
        Requires.Hull("runc passes on whatever has that number");
        var outcome = NewBundle().Args("true").RunCommand("--preserve-fds", "1").Prelude("exec 3<&- 4<&-").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("--preserve-fds 1: descriptor 3 is not open");
    }

    [Fact]
    public void Detached_run_returns_when_the_program_is_ready_and_tells_which_process_it_is()
    {
        var bundle = Notifying("sleep 0.3; notify READY=1; exec sleep 1000");
        using NotifyListener caller = Listen(bundle);
        bundle.RunCommand("--detach").Environment("NOTIFY_SOCKET", NotifyPath(bundle)).Run().ShouldSucceed();

        Messages(caller).Should().Contain("READY=1").And.Contain($"MAINPID={bundle.ProcessId()}");
    }

    [Fact]
    public void Start_returns_when_the_program_is_ready()
    {
        var bundle = Notifying("notify STATUS=soon; sleep 0.3; notify READY=1; exec sleep 1000");
        using NotifyListener caller = Listen(bundle);
        bundle.CreateCommand().Environment("NOTIFY_SOCKET", NotifyPath(bundle)).Run().ShouldSucceed();
        bundle.Runtime("start", bundle.Id).Environment("NOTIFY_SOCKET", NotifyPath(bundle)).Run().ShouldSucceed();

        Messages(caller).Should().Contain("READY=1").And.Contain($"MAINPID={bundle.ProcessId()}");
    }

    [Fact]
    public void A_program_that_ends_without_being_ready_keeps_nobody_waiting()
    {
        var bundle = Notifying("exit 0");
        using NotifyListener caller = Listen(bundle);
        bundle.RunCommand("--detach").Environment("NOTIFY_SOCKET", NotifyPath(bundle)).Run().ShouldSucceed();

        Messages(caller).Should().BeEmpty();
    }

    [Fact]
    public void In_the_foreground_what_the_program_says_is_passed_on_without_its_own_numbers()
    {
        Requires.Hull("runc passes on the first line only");
        var bundle = Notifying("notify READY=1; notify MAINPID=7; notify STATUS=working; sleep 0.2; exit 4");
        using NotifyListener caller = Listen(bundle);
        bundle.RunCommand().Environment("NOTIFY_SOCKET", NotifyPath(bundle)).Run().Status.Should().Be(4);

        Messages(caller).Should().Equal("READY=1", "STATUS=working");
    }

    [Theory]
    [InlineData("/no/such/socket")]
    [InlineData("@hull-nobody-listens")]
    [InlineData("@")]
    [InlineData("/no/such/directory/with/a/name/that/is/much/longer/than/the/one/hundred/and/eight/bytes/that/the/address/of/a/socket/has")]
    public void A_caller_that_does_not_listen_is_a_warning_and_the_program_runs(string socket)
    {
        Requires.Hull("runc notices it later");
        var bundle = NewBundle().Shell("exit 5");

        bundle.RunCommand().Environment("NOTIFY_SOCKET", socket).Run().Status.Should().Be(5);
        File.ReadAllText(bundle.Log).Should().Contain("\"level\":\"warning\"").And.Contain("NOTIFY_SOCKET " + socket[..Math.Min(socket.Length, 80)]);
    }

    [Fact]
    public void A_created_container_whose_caller_has_gone_starts_with_a_warning()
    {
        Requires.Hull("runc notices it later");
        var bundle = NewBundle().Shell("exit 5");
        bundle.CreateCommand().Environment("NOTIFY_SOCKET", "/no/such/socket").Run().ShouldSucceed();

        bundle.Runtime("start", bundle.Id).Environment("NOTIFY_SOCKET", "/no/such/socket").Run().ShouldSucceed();
        File.ReadAllText(bundle.Log).Should().Contain("\"level\":\"warning\"").And.Contain("NOTIFY_SOCKET /no/such/socket");
    }

    // taskset(1), or a service with CPUAffinity=: that is the caller's share of the machine, not the container's.
    [Fact]
    public void A_caller_that_is_pinned_to_a_processor_does_not_pin_the_container()
    {
        Requires.Program("taskset");
        Requires.Hull("runc does so since 1.2");
        const string Allowed = "grep Cpus_allowed_list /proc/self/status";
        var first = File.ReadAllText("/proc/self/status").Split("Cpus_allowed_list:\t")[1].Split('\n', ',', '-')[0];
        var all = NewBundle().Shell(Allowed).Run().ShouldSucceed().Output;

        NewBundle().Shell(Allowed).RunCommand().Prelude($"taskset -cp {first} $$ >/dev/null").Run().ShouldSucceed().Output.Should().Be(all);
    }

    // Engines count up to the highest descriptor that their user named (podman run --preserve-fd).
    [Fact]
    public void A_closed_descriptor_among_the_preserved_stays_closed_and_the_others_arrive()
    {
        Requires.Hull("runc refuses it");
        var bundle = NewBundle();
        bundle.Observing();
        var run = bundle.RunCommand("--preserve-fds", "4").Prelude("exec 3<&- 4</etc/group 5<&- 6</etc/passwd").Run().ShouldSucceed();

        new Observation(run.Output).Descriptors.Keys.Should().Equal(0, 1, 2, 4, 6);
    }

    [Fact]
    public void A_second_program_gets_them_with_their_gaps_too()
    {
        Requires.Hull("runc refuses it");
        var bundle = NewBundle().Running();
        var run = bundle.ExecCommand("--preserve-fds", "2", "--", "/observer").Prelude("exec 3<&- 4</etc/group").Run().ShouldSucceed();

        new Observation(run.Output).Descriptors.Keys.Should().Equal(0, 1, 2, 4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pidfd_of_the_first_process_goes_to_the_socket_for_it(bool detached)
    {
        Requires.Hull("runc has this since 1.3");
        var bundle = NewBundle().Args("sleep", "1000");
        using var socket = new ConsoleSocket(Path.Combine(bundle.Home, "pidfd"));
        var command = detached ? bundle.RunCommand("--detach", "--pidfd-socket", Path.Combine(bundle.Home, "pidfd")) : bundle.CreateCommand("--pidfd-socket", Path.Combine(bundle.Home, "pidfd"));
        command.Run().ShouldSucceed();
        using var process = socket.Receive();

        socket.Name.Should().Be("standard");
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{process.SafeFileHandle.DangerousGetHandle()}"))
            .Should().MatchRegex($@"(?m)^Pid:\s+{bundle.ProcessId()}$");
    }

    [Fact]
    public void A_pidfd_socket_on_which_nobody_listens_is_an_error()
    {
        Requires.Hull("runc has this since 1.3");
        var bundle = NewBundle().Args("true");
        var outcome = bundle.CreateCommand("--pidfd-socket", "/no/such/socket").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("connect to the pidfd socket /no/such/socket");
        bundle.State().Should().BeNull();
    }

    private static string NotifyPath(Bundle bundle) => Path.Combine(bundle.Home, "notify");

    private static NotifyListener Listen(Bundle bundle) => new(NotifyPath(bundle));

    /// <summary>All lines that have come by now.</summary>
    private static List<string> Messages(NotifyListener caller) => caller.Lines();

    /// <summary>What systemd does: reads while others wait for it to have read.</summary>
    private sealed class NotifyListener : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        private readonly List<string> _lines = [];
        private readonly Thread _reader;
        private volatile bool _ended;

        public NotifyListener(string path)
        {
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            _reader = new Thread(Read);
            _reader.Start();
        }

        public List<string> Lines()
        {
            Dispose();
            return _lines;
        }

        public void Dispose()
        {
            _ended = true;
            _reader.Join();
            _socket.Dispose();
        }

        private void Read()
        {
            var buffer = new byte[4096];
            while (_socket.Poll(100_000, SelectMode.SelectRead) || !_ended)
            {
                if (_socket.Available > 0)
                {
                    _lines.AddRange(Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer)).Split('\n').Where(line => line is not ("" or "BARRIER=1")));
                }
            }
        }
    }

    /// <summary>busybox has no systemd-notify; its nc speaks to unix sockets of streams only: the observer does it.</summary>
    private Bundle Notifying(string script)
    {
        var bundle = NewBundle().Shell($"notify() {{ /observer --notify \"$1\"; }}; {script}");
        Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "run/notify"));
        return bundle;
    }
}
