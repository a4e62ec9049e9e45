using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Each option of `exec`, as the program sees it.</summary>
public sealed class ExecOptionTests : EndToEndTest
{
    private const int Kill = 5;
    private const int NetBindService = 10;
    private const int NetAdmin = 12;
    private const int AuditWrite = 29;

    [Theory]
    [InlineData("1", 1, 7)]
    [InlineData("0", 0, 7)]
    [InlineData("1:2", 1, 2)]
    [InlineData("4294967294:4294967294", -2, -2)]
    public void A_user_is_exactly_the_one_that_is_named(string user, int uid, int gid)
    {
        var identity = NewBundle().With("process.user.gid", 7).Running()
            .Exec("--user", user, "--", "sh", "-c", "grep -E '^(Uid|Gid)' /proc/self/status").ShouldSucceed().Output.Split('\n');

        identity[0].Should().Be("Uid:" + string.Concat(Enumerable.Repeat("\t" + (uint)uid, 4)));
        identity[1].Should().Be("Gid:" + string.Concat(Enumerable.Repeat("\t" + (uint)gid, 4)));
    }

    [Theory]
    [InlineData("0", "/root")]
    [InlineData("1000", "/home")]
    [InlineData("4242", "/")]
    public void Home_is_what_the_containers_passwords_say_of_the_user(string user, string home)
    {
        NewBundle().Running().ExecObserve("--user", user).Environment["HOME"].Should().Be(home);
    }

    [Fact]
    public void Groups_are_added_to_the_configured_ones()
    {
        NewBundle().With("process.user.additionalGids", new JsonArray(5)).Running()
            .ExecObserve("--additional-gids", "100", "-g", "65534").Numbers("groups").Should().BeEquivalentTo([5, 100, 65534]);
    }

    [Fact]
    public void Variables_are_added_and_the_last_of_a_name_holds()
    {
        var environment = NewBundle().Adding("process.env", "A=config").Adding("process.env", "B=config").Running()
            .ExecObserve("--env", "A=first", "-e", "A=last=x", "-e", "EMPTY=").Environment;

        environment["A"].Should().Be("last=x");
        environment["B"].Should().Be("config");
        environment["EMPTY"].Should().BeEmpty();
    }

    [Fact]
    public void The_directory_is_the_one_that_is_named()
    {
        NewBundle().Running().ExecObserve("--cwd", "/usr/bin").Text("cwd").Should().Be("/usr/bin");
    }

    [Fact]
    public void A_directory_that_is_closed_to_the_configured_user_is_open_to_another()
    {
        var bundle = NewBundle().With("root.readonly", false).With("process.user", JsonNode.Parse("""{ "uid": 1000, "gid": 1000 }"""));
        Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        bundle.Running().Exec("--user", "0", "--cwd", "/closed", "--", "pwd").ShouldSucceed().Output.Should().Be("/closed\n");
    }

    [Fact]
    public void A_capability_is_added_without_becoming_inheritable()
    {
        var seen = NewBundle().With("process.noNewPrivileges", false).Running().ExecObserve("--cap", "CAP_NET_ADMIN");

        seen.Capabilities("bounding").Should().Equal(Kill, NetBindService, NetAdmin, AuditWrite);
        seen.Capabilities("permitted").Should().Equal(Kill, NetBindService, NetAdmin, AuditWrite);
        seen.Capabilities("effective").Should().Equal(Kill, NetBindService, NetAdmin, AuditWrite);
        seen.Capabilities("inheritable").Should().BeEmpty("a capability must never become inheritable unasked (CVE-2022-29162)");
        seen.Capabilities("ambient").Should().BeEmpty();
    }

    [Fact]
    public void A_capability_that_is_inheritable_becomes_ambient()
    {
        var bundle = NewBundle().With("process.capabilities.inheritable", new JsonArray("CAP_NET_ADMIN"))
            .Adding("process.capabilities.bounding", "CAP_NET_ADMIN").With("process.noNewPrivileges", false).Running();

        bundle.ExecObserve("--user", "1000", "--cap", "CAP_NET_ADMIN").Capabilities("ambient").Should().Contain(NetAdmin);
    }

    [Fact]
    public void New_privileges_can_be_ruled_out()
    {
        var bundle = NewBundle().With("process.noNewPrivileges", false).Running();

        bundle.ExecObserve().Text("noNewPrivileges").Should().Be("0");
        bundle.ExecObserve("--no-new-privs").Text("noNewPrivileges").Should().Be("1");
    }

    [Fact]
    public void Preserved_descriptors_arrive_and_no_others()
    {
        var bundle = NewBundle().Running();
        var preserved = bundle.ExecCommand("--preserve-fds", "2", "--", "/observer").Prelude("exec 3</etc/passwd 4</etc/hostname 5</").Run().ShouldSucceed();
        var closed = bundle.ExecCommand("--", "/observer").Prelude("exec 3</etc/passwd 4</ 5</etc").Run().ShouldSucceed();

        new Observation(preserved.Output).Descriptors.Keys.Should().Equal(0, 1, 2, 3, 4);
        new Observation(closed.Output).Descriptors.Keys.Should().Equal(0, 1, 2);
    }

    [Fact]
    public void A_process_may_come_through_a_pipe()
    {
        var bundle = NewBundle().Running();
        var line = $"{HullBinary.Path} --root {bundle.StateRoot} exec -p <(echo '{{\"args\":[\"echo\",\"piped\"],\"cwd\":\"/\",\"env\":[\"PATH=/bin\"]}}') {bundle.Id}";

        new Command(bundle.Scratch, "bash", "-c", line).Run().ShouldSucceed().Output.Should().Be("piped\n");
    }

    [Fact]
    public void A_pidfd_of_the_program_is_sent_to_whoever_wants_it()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        var path = Path.Combine(bundle.Home, "pidfd");
        using var socket = new ConsoleSocket(path);
        bundle.RunCommand("--detach", "--pidfd-socket", path).Run().ShouldSucceed();
        PidOf(socket).Should().Be(("standard", bundle.ProcessId()));

        var pidFile = Path.Combine(bundle.Home, "pid");
        bundle.Exec("--detach", "--pid-file", pidFile, "--pidfd-socket", path, "--", "sleep", "1000").ShouldSucceed();
        PidOf(socket).Should().Be(("setns", int.Parse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Paused_containers_are_refused_unless_that_is_to_be_ignored()
    {
        Requires.CgroupV1("freezer");
        var bundle = NewBundle().Running();
        var freezer = Cgroups.Version1Mount("freezer") + bundle.CgroupPath + "/freezer.state";
        File.WriteAllText(freezer, "FROZEN");
        var refused = bundle.Exec("--", "true");
        var waiting = bundle.ExecCommand("--ignore-paused", "--", "echo", "awake").Start();
        Thread.Sleep(300);
        var early = waiting.HasEnded;
        File.WriteAllText(freezer, "THAWED");

        refused.Status.Should().Be(255);
        refused.Error.Should().Contain("paused");
        early.Should().BeFalse("it waits until the container goes on");
        waiting.Wait().ShouldSucceed().Output.Should().Be("awake\n");
    }

    private static (string Kind, int Pid) PidOf(ConsoleSocket socket)
    {
        using var descriptor = socket.ReceiveHandle();
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor.DangerousGetHandle()}"))
            .First(text => text.StartsWith("Pid:", StringComparison.Ordinal));
        return (socket.Name, int.Parse(line["Pid:".Length..], CultureInfo.InvariantCulture));
    }
}
