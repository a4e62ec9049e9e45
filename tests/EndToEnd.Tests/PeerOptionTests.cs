using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Options that crun and youki have: --config, --regex, --systemd-log, and help of every command.</summary>
public sealed class PeerOptionTests : EndToEndTest
{
    public PeerOptionTests() => Requires.Hull("runc has none of these options");

    [Fact]
    public void A_configuration_may_lie_outside_of_its_bundle()
    {
        var bundle = NewBundle().Shell("echo from elsewhere");
        bundle.Save();
        File.Move(bundle.ConfigFile, Path.Combine(bundle.Scratch, "other.json"));

        bundle.Runtime("run", "--bundle", bundle.Location, "--config", "other.json", bundle.Id).In(bundle.Scratch).Run().ShouldSucceed().Output.Should().Be("from elsewhere\n");
        Outcome none = bundle.Runtime("create", "--bundle", bundle.Location, "--config", "none.json", bundle.Id).In(bundle.Scratch).Run();
        none.Status.Should().Be(1);
        none.Error.Should().Contain("configuration ").And.Contain("none.json");
        File.WriteAllText(Path.Combine(bundle.Scratch, "broken.json"), "{");
        Outcome broken = bundle.Runtime("create", "--bundle", bundle.Location, "--config", "broken.json", bundle.Id).In(bundle.Scratch).Run();
        broken.Status.Should().Be(1);
        broken.Error.Should().Contain("broken.json");
    }

    [Fact]
    public void Kill_and_delete_take_a_pattern_of_names()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        string[] names = [bundle.Id, bundle.Id + "-x1", bundle.Id + "-x2"];
        foreach (string name in names)
        {
            bundle.With("linux.cgroupsPath", $"{bundle.CgroupPath}/{name}").Save();
            bundle.Runtime("run", "--detach", "--bundle", bundle.Location, name).Run().ShouldSucceed();
        }

        bundle.Runtime("kill", "--regex", "x[0-9]$", "KILL").Run().ShouldSucceed();
        Eventually.Holds(() => names[1..].All(name => Status(bundle, name) == "stopped"), () => "both should end");
        bundle.Status().Should().Be("running");
        bundle.Runtime("delete", "--regex", "x[0-9]$").Run().ShouldSucceed();
        bundle.Runtime("list", "-q").Run().Output.Should().Be(bundle.Id + "\n");

        Outcome running = bundle.Runtime("delete", "--regex", ".").Run();
        running.Status.Should().Be(1);
        running.Error.Should().Contain("not stopped");
        bundle.Runtime("kill", "--regex", "^none$").Run().ShouldSucceed();
        Outcome wrong = bundle.Runtime("delete", "--regex", "(").Run();
        wrong.Status.Should().Be(1);
        wrong.Error.Should().Contain("is no regular expression");
    }

    [Fact]
    public void The_journal_gets_what_the_log_gets()
    {
        Requires.Program("python3");
        var bundle = NewBundle();
        string received = Path.Combine(bundle.Scratch, "received");

        // A journal of the test's own, in mounts of its own.
        string script = $"""
            mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal
            python3 -c 'import socket
            s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM); s.bind("/run/systemd/journal/socket"); print("bound",flush=True)
            open("{received}","wb").write(s.recv(65536))' >{bundle.Scratch}/journal & until test -s {bundle.Scratch}/journal; do sleep 0.05; done
            "$@"; status=$?; wait; exit $status
            """;
        bundle.Through = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"];
        Outcome outcome = bundle.Runtime("--systemd-log", "state", "no-such-container").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Be("container does not exist: \"no-such-container\"\n");
        File.ReadAllText(received).Should().Be("MESSAGE=container does not exist: \"no-such-container\"\nPRIORITY=3\nSYSLOG_IDENTIFIER=hull\n");
        bundle.LogLines().Should().ContainSingle();
    }

    [Fact]
    public void Without_a_journal_nothing_is_begun()
    {
        var bundle = NewBundle().Args("true");
        bundle.Save();
        bundle.Through = ["unshare", "--mount", "--propagation", "private", "sh", "-c", "mount -t tmpfs tmpfs /run && exec \"$@\"", "sh"];
        Outcome outcome = bundle.Runtime("--systemd-log", "create", "--bundle", bundle.Location, bundle.Id).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("option --systemd-log: connecting to systemd's journal").And.Contain("ENOENT");
        bundle.State().Should().BeNull();
    }

    [Fact]
    public void Every_command_has_its_help_behind_one_letter()
    {
        var bundle = NewBundle();
        string commands = bundle.Runtime("-h").Run().ShouldSucceed().Output.Split("COMMANDS:")[1].Split("GLOBAL OPTIONS:")[0];
        string[] verbs = [.. commands.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && char.IsLower(line[2])).Select(line => line.Trim().Split(' ')[0])];

        verbs.Should().Contain(["wait", "doctor", "info", "run", "exec", "help"]);
        foreach (string verb in verbs)
        {
            bundle.Runtime(verb, "-h").Run().ShouldSucceed().Output.Should().StartWith($"NAME:\n   hull {verb} - ");
        }
    }

    private static string? Status(Bundle bundle, string id) =>
        (string?)JsonNode.Parse(bundle.Runtime("state", id).Run().ShouldSucceed().Output)!["status"];
}
