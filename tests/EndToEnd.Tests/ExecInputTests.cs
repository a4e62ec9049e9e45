namespace Hull.EndToEnd.Tests;

/// <summary>What `exec` cannot do is one clear line and 255, so that callers can tell it from the program's status; nothing has changed.</summary>
public sealed class ExecInputTests : EndToEndTest
{
    [Theory]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("99999999999999999999")]
    [InlineData("abc")]
    [InlineData("1x")]
    [InlineData("1:2:3")]
    [InlineData("root")]
    [InlineData("1 ")]
    public void A_user_that_is_no_number_is_never_taken_for_one(string user) => Refused("user", "--user=" + user, "--", "id");

    [Theory]
    [InlineData("--user=", "user")]
    [InlineData("--additional-gids=", "additional-gids")]
    [InlineData("--additional-gids=-1", "additional-gids")]
    [InlineData("--additional-gids=4294967295", "additional-gids")]
    [InlineData("--additional-gids=x", "additional-gids")]
    [InlineData("--env=", "env")]
    [InlineData("--env=NOVALUE", "env")]
    [InlineData("--env==x", "env")]
    [InlineData("--cwd=", "cwd")]
    [InlineData("--cwd=relative", "cwd")]
    [InlineData("--cwd=/no/such/directory", "cwd")]
    [InlineData("--cwd=/etc/passwd", "cwd")]
    [InlineData("--cap=", "cap")]
    [InlineData("--cap=CAP_NOSUCH", "cap")]
    [InlineData("--cap=net_admin", "cap")]
    [InlineData("--preserve-fds=x", "preserve-fds")]
    [InlineData("--preserve-fds=-1", "preserve-fds")]
    [InlineData("--preserve-fds=4294967296", "preserve-fds")]
    [InlineData("--preserve-fds=4294967295", "preserve-fds")]
    [InlineData("--preserve-fds=3", "preserve-fds")]
    [InlineData("--process=/no/such/file", "/no/such/file")]
    [InlineData("--process=", "process")]
    [InlineData("--process=/", "is a directory")]
    [InlineData("--pid-file=", "pid-file")]
    [InlineData("--pid-file=/no/such/directory/pid", "--pid-file: write the pid file /no/such/directory/pid")]
    [InlineData("--console-socket=", "console-socket")]
    [InlineData("--pidfd-socket=/no/such/socket", "pidfd socket")]
    [InlineData("--cgroup=", "cgroup")]
    [InlineData("--tty=maybe", "tty")]
    [InlineData("--no-such-option", "no-such-option")]
    [InlineData("-x", "-x")]
    public void A_value_that_an_option_cannot_have(string option, string named) => Refused(named, option, "--", "true");

    [Fact]
    public void An_option_without_its_value()
    {
        var bundle = NewBundle().Running();
        Refused(bundle, "user", bundle.Runtime("exec", "--user"));
    }

    [Fact]
    public void No_program() => Refused("program", "--");

    [Fact]
    public void An_empty_program() => Refused("program", "--", "");

    [Fact]
    public void No_container()
    {
        var bundle = NewBundle().Running();
        Refused(bundle, "does not exist", bundle.Runtime("exec", "no-such-container", "true"));
        Refused(bundle, "id", bundle.Runtime("exec", "../up", "true"));
        Refused(bundle, "container-id", bundle.Runtime("exec"));
    }

    [Fact]
    public void A_process_file_with_faults_has_all_of_them_named()
    {
        var bundle = NewBundle().Running();
        var file = Path.Combine(bundle.Home, "process.json");
        File.WriteAllText(file, """{ "args": [], "cwd": "relative", "env": ["NOVALUE"], "oomScoreAdj": 5000 }""");
        var outcome = Refused(bundle, "4 faults", bundle.ExecCommand("--process", file, "--"));

        outcome.Error.Should().Contain("args").And.Contain("cwd").And.Contain("env[0]").And.Contain("oomScoreAdj");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"args":["true"]}""")]
    [InlineData("""{"args":"true","cwd":"/"}""")]
    [InlineData("""{"args":["true"],"cwd":"/","user":{"uid":-1,"gid":0}}""")]
    [InlineData("""{"args":["true"],"cwd":"/","user":{"uid":4294967295,"gid":0}}""")]
    [InlineData("""{"args":["true"],"cwd":"/","user":{"uid":0,"gid":4294967295}}""")]
    [InlineData("""{"args":["true"],"cwd":"/"} {}""")]
    public void A_process_file_that_says_no_process(string text)
    {
        var bundle = NewBundle().Running();
        var file = Path.Combine(bundle.Home, "process.json");
        File.WriteAllText(file, text);
        Refused(bundle, "process", bundle.ExecCommand("--process", file, "--"));
    }

    [Fact]
    public void An_argument_list_that_is_too_long()
    {
        // execve(2) takes no string of 128 KiB; hull itself can only be told of one by a file.
        var bundle = NewBundle().Running();
        var file = Path.Combine(bundle.Home, "process.json");
        File.WriteAllText(file, $$"""{ "args": ["/bin/true", "{{new string('x', 131072)}}"], "cwd": "/" }""");

        Refused(bundle, "argument list too long", bundle.ExecCommand("--process", file, "--"));
    }

    private void Refused(string named, params string[] arguments)
    {
        var bundle = NewBundle().Running();
        Refused(bundle, named, bundle.ExecCommand(arguments));
    }

    private static Outcome Refused(Bundle bundle, string named, Command command)
    {
        var before = HostSnapshot.Take(bundle);
        File.Delete(bundle.Log);
        var outcome = command.Run();

        outcome.Status.Should().Be(255);
        outcome.Output.Should().BeEmpty();
        outcome.Error.Should().ContainEquivalentOf(named).And.NotContain("   at ", "nobody wants a stack trace");
        outcome.Error.TrimEnd('\n').Should().NotBeEmpty().And.NotContain("\n", "one line is enough");
        bundle.LogLines().Where(line => (string?)line["level"] == "error").Should().ContainSingle();
        HostSnapshot.ShouldBecome(bundle, before, "what is refused leaves no trace");
        bundle.Status().Should().Be("running");
        return outcome;
    }
}
