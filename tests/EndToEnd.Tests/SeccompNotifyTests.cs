using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Calls that a seccomp agent answers in the place of the filter.</summary>
public sealed class SeccompNotifyTests : EndToEndTest
{
    private const int Mkdir = 83;
    private const int MkdirAt = 258;
    private const int NoSpaceLeft = 28;

    /// <summary>Everything that a runtime might call between the loading of the filter and the program, and execve itself.</summary>
    private static readonly string[] Important =
    [
        "execve", "sendmsg", "sendto", "connect", "socket", "close", "close_range", "read", "open", "openat", "openat2", "fcntl", "recvmsg", "recvfrom", "dup3", "futex",
        "prctl", "capset", "exit_group", "poll", "ppoll", "mmap", "rt_sigprocmask", "pidfd_getfd", "ioctl", "getpid", "sched_yield",
    ];

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void The_agent_gets_the_state_of_the_process_and_answers_its_calls(bool noNewPrivileges, bool create)
    {
        var bundle = Notified("mkdir", "mkdirat").With("process.noNewPrivileges", noNewPrivileges).With("annotations", new JsonObject { ["org.example.pod"] = "seven" })
            .With("linux.seccomp.listenerMetadata", "what the agent should know").Shell("mkdir /dev/shm/new; echo $?");
        using var agent = Listen(bundle, new() { [Mkdir] = NoSpaceLeft, [MkdirAt] = NoSpaceLeft });
        var (output, pid) = create ? CreateAndStart(bundle) : (bundle.Run().ShouldSucceed(), 0);

        output.Error.Should().Contain("No space left on device");
        agent.Calls.Should().HaveCount(1);
        agent.SentMore.Should().BeFalse("one state comes, and the connection ends");
        var state = agent.States.Should().ContainSingle().Subject;
        ((string?)state["ociVersion"]).Should().Be((string?)bundle.Config["ociVersion"]);
        state["fds"]!.ToJsonString().Should().Be("[\"seccompFd\"]");
        ((string?)state["metadata"]).Should().Be("what the agent should know");
        ((int)state["pid"]!).Should().BeGreaterThan(1).And.Be((int)state["state"]!["pid"]!);
        ((string?)state["state"]!["id"]).Should().Be(bundle.Id);
        ((string?)state["state"]!["status"]).Should().Be("creating");
        ((string?)state["state"]!["bundle"]).Should().Be(bundle.Location);
        ((string?)state["state"]!["annotations"]!["org.example.pod"]).Should().Be("seven");
        if (pid != 0)
        {
            ((int)state["pid"]!).Should().Be(pid);
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Whatever_calls_the_agent_is_asked_about_nobody_waits_for_ever(bool noNewPrivileges, bool create)
    {
        var bundle = Notified(Important).With("process.noNewPrivileges", noNewPrivileges).Shell("echo it runs");
        using var agent = Listen(bundle);
        var output = create ? CreateAndStart(bundle).Output : bundle.Run().ShouldSucceed();

        output.Output.Should().Be("it runs\n");
        agent.Calls[0].Should().Be(59);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_program_that_joins_has_a_listener_of_its_own(bool noNewPrivileges)
    {
        var bundle = Notified(["mkdir", "mkdirat", .. Important]).With("process.noNewPrivileges", noNewPrivileges).Args("/bin/sleep", "1000");
        using var agent = Listen(bundle, new() { [Mkdir] = NoSpaceLeft, [MkdirAt] = NoSpaceLeft });
        bundle.Create();
        bundle.Start().ShouldSucceed();
        var outcome = bundle.Runtime("exec", bundle.Id, "/bin/sh", "-c", "mkdir /dev/shm/new; echo it runs").Run();

        outcome.ShouldSucceed().Output.Should().Be("it runs\n");
        outcome.Error.Should().Contain("No space left on device");
        agent.States.Should().HaveCount(2);
        ((string?)agent.States[1]["state"]!["status"]).Should().Be("running");
        ((int)agent.States[1]["pid"]!).Should().NotBe((int)agent.States[0]["pid"]!);
        bundle.Kill("KILL").ShouldSucceed();
    }

    [Fact]
    public void Why_a_program_that_joins_cannot_be_run_is_told()
    {
        Requires.Hull("its own words");
        var bundle = Notified("mkdir").Args("/bin/sleep", "1000");
        var agent = Listen(bundle);
        bundle.Create();
        bundle.Start().ShouldSucceed();
        agent.Dispose();
        var outcome = bundle.Runtime("exec", bundle.Id, "/bin/true").Run();

        outcome.Status.Should().Be(255);
        outcome.Error.Should().Contain("linux.seccomp.listenerPath");
        bundle.Status().Should().Be("running");
        bundle.Kill("KILL").ShouldSucceed();
    }

    [Fact]
    public void A_refused_execve_is_the_error_of_run()
    {
        var bundle = Notified("execve").Args("/bin/busybox", "true");
        using var agent = Listen(bundle, new() { [59] = NoSpaceLeft });
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("ENOSPC");
        bundle.State().Should().BeNull();
    }

    [Fact]
    public void When_the_agent_goes_its_calls_do_not_exist()
    {
        var bundle = Notified("mkdir", "mkdirat").Shell("mkdir /dev/shm/new");
        using var agent = Listen(bundle, leaves: true);
        bundle.Run().Error.Should().Contain("Function not implemented");
    }

    [Fact]
    public void Only_a_fatal_signal_may_interrupt_a_call_when_the_flag_says_so()
    {
        var bundle = Notified("mkdir", "mkdirat").With("linux.seccomp.flags", new JsonArray("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")).Shell("mkdir /dev/shm/new");
        using var agent = Listen(bundle);
        bundle.Run().ShouldSucceed();
        agent.Calls.Should().NotBeEmpty();
    }

    [Fact]
    public void A_socket_with_a_long_path_is_found()
    {
        var bundle = Notified("mkdir", "mkdirat").Shell("mkdir /dev/shm/new");
        using var agent = Listen(bundle);
        var directory = Path.Combine(bundle.Scratch, new string('d', 120));
        Directory.CreateDirectory(directory);
        File.CreateSymbolicLink(Path.Combine(directory, "agent"), agent.Path);
        bundle.With("linux.seccomp.listenerPath", Path.Combine(directory, "agent")).Run().ShouldSucceed();
        agent.Calls.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("missing", "ENOENT")]
    [InlineData("dead", "ECONNREFUSED")]
    [InlineData("file", "ECONNREFUSED")]
    [InlineData("packets", "EPROTOTYPE")]
    [InlineData("", "nobody is named who listens")]
    [InlineData("@abstract", "an abstract name is no path")]
    public void An_agent_that_cannot_be_reached_is_an_error_before_anything_is_made(string kind, string reason)
    {
        Requires.Hull("its own words");
        foreach (var verb in new[] { "run", "create" })
        {
            var bundle = Notified("mkdir").Args("/bin/busybox", "true");
            var path = Path.Combine(bundle.Home, kind);
            using var socket = new Socket(AddressFamily.Unix, kind == "packets" ? SocketType.Seqpacket : SocketType.Stream, ProtocolType.Unspecified);
            if (kind == "packets")
            {
                socket.Bind(new UnixDomainSocketEndPoint(path));
                socket.Listen(1);
            }
            else if (kind == "dead")
            {
                MakeDeadSocket(path);
            }
            else if (kind == "file")
            {
                File.WriteAllText(path, "");
            }

            bundle.With("linux.seccomp.listenerPath", kind is "" or "@abstract" ? kind : path);
            var before = HostSnapshot.Take(bundle);
            var outcome = verb == "run" ? bundle.Run() : bundle.CreateCommand().Run();

            outcome.Status.Should().Be(1);
            outcome.Error.Should().Contain("linux.seccomp.listenerPath").And.Contain(reason);
            HostSnapshot.ShouldBecome(bundle, before, "a failed " + verb + " leaves nothing");
        }
    }

    [Fact]
    public void An_agent_that_has_gone_by_start_is_the_error_of_start_and_ends_the_container()
    {
        Requires.Hull("its own words");
        var bundle = Notified("mkdir").Args("/bin/busybox", "true");
        using (Listen(bundle))
        {
            bundle.Create();
        }

        var outcome = bundle.Start();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("linux.seccomp.listenerPath: connect to the seccomp agent");
        bundle.State().Should().BeNull();
    }

    [Fact]
    public void However_the_configuration_is_written_start_finds_the_agent()
    {
        var bundle = Notified("mkdir", "mkdirat").Shell("mkdir /dev/shm/new");
        using var agent = Listen(bundle, new() { [Mkdir] = NoSpaceLeft, [MkdirAt] = NoSpaceLeft });
        var create = bundle.CreateCommand();
        File.WriteAllText(bundle.ConfigFile, File.ReadAllText(bundle.ConfigFile).Replace("SCMP_ACT_NOTIFY", "\\u0053CMP_ACT_NOTIF\\u0059", StringComparison.Ordinal));
        var created = create.Start();
        created.Wait().ShouldSucceed();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();

        agent.Calls.Should().NotBeEmpty();
        created.Error.Should().Contain("No space left on device");
    }

    /// <summary>The hook gives it the time to do so: a message that it still takes into its buffer counts as received.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_agent_that_hangs_up_ends_the_container_before_its_program(bool create)
    {
        Requires.Hull("its own words");
        var bundle = Notified("mkdir").Shell("echo it ran").With("hooks.startContainer", new JsonArray(new JsonObject
        {
            ["path"] = "/bin/sleep",
            ["args"] = new JsonArray("sleep", "0.3"),
        }));
        using var agent = Listen(bundle, hangsUp: true);
        var before = HostSnapshot.Take(bundle);
        string output;
        Outcome outcome;
        if (create)
        {
            var created = bundle.Create();
            var pid = bundle.ProcessId();
            outcome = bundle.Start();
            output = created.Output;
            Eventually.Holds(() => !IsAlive(pid), () => "the container process should be killed");
        }
        else
        {
            outcome = bundle.Run();
            output = outcome.Output;
        }

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("hand the notification descriptor to the seccomp agent");
        output.Should().BeEmpty();
        bundle.State().Should().BeNull();
        HostSnapshot.ShouldBecome(bundle, before, "what failed leaves nothing");
    }

    [Fact]
    public void A_container_with_a_user_namespace_has_an_agent_as_well()
    {
        var bundle = Notified("mkdir", "mkdirat").Namespace("user").Shell("mkdir /dev/shm/new")
            .With("linux.uidMappings", new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 0, ["size"] = 65536 }))
            .With("linux.gidMappings", new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 0, ["size"] = 65536 }));
        using var agent = Listen(bundle, new() { [Mkdir] = NoSpaceLeft, [MkdirAt] = NoSpaceLeft });

        bundle.Run().Error.Should().Contain("No space left on device");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_caller_without_privileges_has_an_agent_as_well(bool noNewPrivileges)
    {
        Requires.Program("setpriv");
        Requires.Program("chown");
        var bundle = Notified("mkdir", "mkdirat", "execve").With("process.noNewPrivileges", noNewPrivileges).Namespace("user")
            .Shell("mkdir /new; echo it runs").Without("linux.resources").Without("linux.cgroupsPath").Without("mounts").With("mounts", new JsonArray())
            .With("linux.uidMappings", new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 1000, ["size"] = 1 }))
            .With("linux.gidMappings", new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 1000, ["size"] = 1 }));
        bundle.Save();
        var program = Path.Combine(bundle.Home, "hull");
        File.Copy(HullBinary.File, program);
        using var agent = Listen(bundle, new() { [Mkdir] = NoSpaceLeft, [MkdirAt] = NoSpaceLeft });
        new Command(bundle.Scratch, "chown", "-R", "1000:1000", bundle.Home).Run().ShouldSucceed();
        var outcome = new Command(
            bundle.Scratch, "setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups", program, "--root", bundle.StateRoot, "run", "--bundle", bundle.Location, bundle.Id)
            .In(bundle.Location).Run();

        outcome.ShouldSucceed().Output.Should().Be("it runs\n");
        outcome.Error.Should().Contain("No space left on device");
        agent.Calls[0].Should().Be(59);
    }

    [Fact]
    public void A_hook_of_the_container_has_no_agent()
    {
        Requires.Hull("where its output goes differs");
        var bundle = Notified("mkdir", "mkdirat").Args("/bin/busybox", "true").With("hooks.startContainer", new JsonArray(new JsonObject
        {
            ["path"] = "/bin/sh",
            ["args"] = new JsonArray("sh", "-c", "mkdir /dev/shm/new"),
        }));
        using var agent = Listen(bundle);

        bundle.Run().Error.Should().Contain("Function not implemented");
    }

    /// <summary>It exists, and is not dead and waiting for somebody to ask how it ended.</summary>
    private static bool IsAlive(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A socket file that nobody holds any more.</summary>
    private static void MakeDeadSocket(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var aside = path + ".alive";
        socket.Bind(new UnixDomainSocketEndPoint(aside));

        // .NET removes the file it has bound when the socket closes; by another name it stays.
        File.Move(aside, path);
    }

    private static (Outcome Output, int Pid) CreateAndStart(Bundle bundle)
    {
        var created = bundle.Create();
        var pid = bundle.ProcessId();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();
        return (new Outcome("create", 0, created.Output, created.Error) { OutputFile = "" }, pid);
    }

    private static SeccompAgent Listen(Bundle bundle, Dictionary<int, int>? errors = null, bool hangsUp = false, bool leaves = false) =>
        new(Path.Combine(bundle.Home, "agent"), errors, hangsUp, leaves);

    /// <summary>A bundle whose filter asks the agent about these calls.</summary>
    private Bundle Notified(params string[] names)
    {
        var bundle = NewBundle();
        return bundle.With("linux.seccomp", new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["listenerPath"] = Path.Combine(bundle.Home, "agent"),
            ["syscalls"] = new JsonArray(new JsonObject
            {
                ["names"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]),
                ["action"] = "SCMP_ACT_NOTIFY",
            }),
        });
    }
}
