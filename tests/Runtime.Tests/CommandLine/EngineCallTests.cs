using Xunit.Abstractions;

namespace Hull.Runtime.Tests.CommandLines;

/// <summary>The calls that were recorded of containerd's shim, BuildKit, conmon, podman and buildah, argument by argument.</summary>
public class EngineCallTests(ITestOutputHelper output)
{
    private const string Shim = "--root /run/containerd/runc/k8s.io --log /b/log.json --log-format json";

    [Theory]
    [InlineData($"{Shim} create --bundle /b --pid-file /b/init.pid c1")]
    [InlineData($"{Shim} --systemd-cgroup create --bundle /b --pid-file /b/init.pid --no-pivot --no-new-keyring c1")]
    [InlineData($"--debug {Shim} create --bundle /b --pid-file /b/init.pid --console-socket /tmp/pty1/pty.sock c1")]
    [InlineData("--systemd-cgroup --debug --log-format=json --log /r/oci-log create --bundle /b --pid-file /b/init.pid --preserve-fds 3 c1")]
    [InlineData("create --bundle /b --pid-file /b/init.pid --no-new-keyring --console-socket /b/console.sock c1")]
    public void Create_of_every_engine(string call)
    {
        (GlobalOptions global, CreateOptions options) = Read<CreateOptions>(call);

        options.Should().BeEquivalentTo(new { Bundle = "/b", PidFile = "/b/init.pid", ContainerId = "c1" });
        options.NoPivot.Should().Be(call.Contains("--no-pivot", StringComparison.Ordinal));
        options.NoNewKeyring.Should().Be(call.Contains("--no-new-keyring", StringComparison.Ordinal));
        (options.ConsoleSocket is not null).Should().Be(call.Contains("--console-socket", StringComparison.Ordinal));
        options.PreserveFds.Should().Be(call.Contains("--preserve-fds", StringComparison.Ordinal) ? 3u : 0u);
        global.SystemdCgroup.Should().Be(call.Contains("--systemd-cgroup", StringComparison.Ordinal));
        global.Debug.Should().Be(call.Contains("--debug", StringComparison.Ordinal));
        global.LogFormat.Should().Be(call.Contains("json", StringComparison.Ordinal) ? LogFormat.Json : LogFormat.Text);
    }

    [Theory]
    [InlineData($"{Shim} exec --process /tmp/runc-process1 --console-socket /tmp/pty2/pty.sock --detach --pid-file /b/e.pid c1")]
    [InlineData("--log-format=json --log /b/oci-log exec --pid-file /b/e.pid --process /tmp/runc-process1 --detach --preserve-fds 2 --tty --console-socket /s c1")]
    public void Exec_of_every_engine(string call)
    {
        (GlobalOptions global, ExecOptions options) = Read<ExecOptions>(call);

        options.Should().BeEquivalentTo(new { Process = "/tmp/runc-process1", Detach = true, PidFile = "/b/e.pid", ContainerId = "c1" });
        options.Program.Should().BeEmpty();
        options.ConsoleSocket.Should().NotBeNull();
        global.LogFormat.Should().Be(LogFormat.Json);
    }

    [Theory]
    [InlineData($"{Shim} kill c1 15", "15", false)]
    [InlineData($"{Shim} kill c1 28", "28", false)]
    [InlineData($"{Shim} kill --all c1 9", "9", true)]
    [InlineData("--log /l --log-format json kill c1 9", "9", false)]
    [InlineData("kill c1", null, false)]
    [InlineData("kill -a c1 SIGKILL", "SIGKILL", true)]
    public void Kill_of_every_engine(string call, string? signal, bool all) =>
        Read<KillOptions>(call).Options.Should().BeEquivalentTo(new { ContainerId = "c1", Signal = signal, All = all });

    [Theory]
    [InlineData($"{Shim} delete c1", false)]
    [InlineData($"{Shim} delete --force c1", true)]
    [InlineData("delete -f c1", true)]
    [InlineData("delete c1 --force", true)]
    public void Delete_of_every_engine(string call, bool force) =>
        Read<DeleteOptions>(call).Options.Should().BeEquivalentTo(new { ContainerId = "c1", Force = force });

    [Fact]
    public void BuildKit_runs_in_the_foreground()
    {
        (GlobalOptions global, RunOptions options) = Read<RunOptions>("--log /e/runc-log.json --log-format json run --bundle /e/c1 c1");

        global.Should().BeEquivalentTo(new { Root = (string?)null, Log = "/e/runc-log.json" });
        options.Should().BeEquivalentTo(new { Bundle = "/e/c1", ContainerId = "c1", Detach = false, Keep = false, PidFile = (string?)null });
    }

    [Theory]
    [InlineData($"{Shim} update --resources - c1", "-")]
    [InlineData("update --resources=/tmp/r.json c1", "/tmp/r.json")]
    public void Update_of_every_engine(string call, string resources) =>
        Read<UpdateOptions>(call).Options.Should().BeEquivalentTo(new { Resources = resources, ContainerId = "c1" });

    [Fact]
    public void The_small_calls_name_a_container_only()
    {
        Read<StartOptions>($"{Shim} start c1").Options.ContainerId.Should().Be("c1");
        Read<PauseOptions>($"{Shim} pause c1").Options.ContainerId.Should().Be("c1");
        Read<ResumeOptions>($"{Shim} resume c1").Options.ContainerId.Should().Be("c1");
        Read<StateOptions>("state buildah-buildah123").Options.ContainerId.Should().Be("buildah-buildah123");
        Read<PsOptions>($"{Shim} ps --format json c1").Options.Should().BeEquivalentTo(new { ContainerId = "c1", Format = ListFormat.Json });
        CommandLine.Read(["--version"]).Request.Should().BeOfType<VersionRequest>();
    }

    /// <summary>CommandLineParser itself takes a millisecond and more for the same; an engine makes four calls for each container.</summary>
    [Theory]
    [InlineData($"{Shim} --systemd-cgroup create --bundle /b --pid-file /b/init.pid --no-pivot --no-new-keyring --console-socket /tmp/pty1/pty.sock c1")]
    [InlineData($"{Shim} exec --process /tmp/runc-process1 --console-socket /tmp/pty2/pty.sock --detach --pid-file /b/e.pid c1")]
    [InlineData($"{Shim} kill --all c1 9")]
    public void A_call_is_read_in_less_than_a_seventh_of_a_millisecond(string call)
    {
        string[] arguments = call.Split(' ');
        var times = new List<double>();
        for (var i = 0; i < 300; i++)
        {
            long begin = System.Diagnostics.Stopwatch.GetTimestamp();
            CommandLine.Read(arguments);
            times.Add(System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        // All but a tenth of them may be disturbed by whatever else the machine does.
        double undisturbed = times.Order().ElementAt(30);
        output.WriteLine($"{undisturbed * 1000:F1} µs");
        undisturbed.Should().BeLessThan(0.15, "milliseconds, and nine tenths took longer");
    }

    private static (GlobalOptions Global, T Options) Read<T>(string call) where T : CommandOptions
    {
        Invocation invocation = CommandLine.Read(call.Split(' '));
        return (invocation.Global, invocation.Request.Should().BeOfType<T>().Subject);
    }
}
