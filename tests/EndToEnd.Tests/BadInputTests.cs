using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>What is wrong is refused: exit status 1, one clear line on stderr and as JSON in the log, nothing left behind.</summary>
public sealed class BadInputTests : EndToEndTest
{
    [Fact]
    public void A_missing_configuration()
    {
        var bundle = NewBundle();
        Refused(bundle, () => bundle.Runtime("create", "--bundle", bundle.Location, bundle.Id).Run(), "config.json");
    }

    [Fact]
    public void A_missing_bundle()
    {
        var bundle = NewBundle();
        Refused(bundle, () => bundle.Runtime("create", "--bundle", bundle.Home + "/none", bundle.Id).Run(), "none");
    }

    [Fact]
    public void A_broken_configuration_is_named_with_line_and_column()
    {
        Requires.Hull("runc names no line");
        var bundle = NewBundle();
        File.WriteAllText(bundle.ConfigFile, "{\n  \"ociVersion\": \"1.0.2\",\n  \"process\": { \"args\": [1 2] }\n}\n");
        Refused(bundle, () => bundle.Runtime("create", "--bundle", bundle.Location, bundle.Id).Run(), "config.json", "line 3", "column");
    }

    [Fact]
    public void A_value_of_the_wrong_type()
    {
        var bundle = NewBundle().With("process.cwd", 7);
        Refused(bundle, () => bundle.CreateCommand().Run(), "cwd");
    }

    [Fact]
    public void A_missing_rootfs()
    {
        var bundle = NewBundle().With("root.path", "nowhere").Args("true");
        Refused(bundle, () => bundle.CreateCommand().Run(), "nowhere");
    }

    [Fact]
    public void A_process_without_arguments()
    {
        var bundle = NewBundle().Without("process.args");
        Refused(bundle, () => bundle.CreateCommand().Run(), "args");
    }

    [Fact]
    public void A_relative_working_directory()
    {
        var bundle = NewBundle().With("process.cwd", "relative");
        Refused(bundle, () => bundle.CreateCommand().Run(), "cwd");
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("../up")]
    [InlineData("")]
    [InlineData("a b")]
    public void A_bad_id(string id)
    {
        var bundle = NewBundle().Args("true");
        bundle.Save();
        Refused(bundle, () => bundle.Runtime("create", "--bundle", bundle.Location, id).Run(), "id");
    }

    [Theory]
    [InlineData("state")]
    [InlineData("start")]
    [InlineData("kill")]
    [InlineData("delete")]
    public void An_unknown_id(string verb)
    {
        var bundle = NewBundle();
        Refused(bundle, () => bundle.Runtime(verb, "unknown-container").Run(), "does not exist");
    }

    [Fact]
    public void An_id_in_use()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.Create();
        Refused(bundle, () => bundle.CreateCommand().Run(), "exists");
        bundle.Status().Should().Be("created", "the first container is untouched");
    }

    [Fact]
    public void Starting_a_running_container()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        Refused(bundle, () => bundle.Start(), "running");
    }

    [Fact]
    public void Starting_a_stopped_container()
    {
        var bundle = Stopped();
        Refused(bundle, () => bundle.Start(), "stopped");
    }

    [Fact]
    public void Killing_a_stopped_container()
    {
        var bundle = Stopped();
        Refused(bundle, () => bundle.Kill("KILL"), "container not running");
    }

    [Fact]
    public void An_unknown_signal()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        Refused(bundle, () => bundle.Kill("NOSUCH"), "signal");
    }

    [Fact]
    public void An_unknown_command_or_option()
    {
        var bundle = NewBundle();
        bundle.Runtime("no-such-command").Run().Status.Should().NotBe(0);
        bundle.Runtime("create", "--no-such-option", bundle.Id).Run().Status.Should().NotBe(0);
    }

    [Fact]
    public void A_mount_of_an_unknown_file_system()
    {
        var bundle = NewBundle().Args("true").Adding("mounts", new JsonObject { ["destination"] = "/x", ["type"] = "nosuchfs", ["source"] = "x" });
        bundle.With("root.readonly", false);
        Refused(bundle, () => bundle.CreateCommand().Run(), HullBinary.IsHull ? "mounts[7]" : "/x", "no such device");
    }

    [Fact]
    public void A_bind_mount_of_nothing()
    {
        var bundle = NewBundle().Args("true").With("root.readonly", false).Adding(
            "mounts", new JsonObject { ["destination"] = "/x", ["type"] = "bind", ["source"] = "/no/such/source", ["options"] = new JsonArray("bind") });
        Refused(bundle, () => bundle.CreateCommand().Run(), "/no/such/source", "no such file or directory");
    }

    [Fact]
    public void A_list_of_a_root_that_does_not_exist()
    {
        var bundle = NewBundle();
        Refused(bundle, () => bundle.Runtime("list").Run(), bundle.StateRoot, "no such file or directory");
        Directory.Exists(bundle.StateRoot).Should().BeFalse("looking makes nothing");
    }

    [Fact]
    public void A_descriptor_to_preserve_that_is_not_open()
    {
        var bundle = NewBundle().Args("true");
        Refused(bundle, () => bundle.CreateCommand("--preserve-fds", "2").Prelude("exec 3</etc/passwd 4<&- 5</etc/group").Run(), "preserve", "4");
    }

    [Fact]
    public void A_limit_that_may_not_be_set()
    {
        // More than /proc/sys/fs/nr_open is refused to everybody.
        var bundle = NewBundle().With("process.rlimits", JsonNode.Parse("""[{ "type": "RLIMIT_NOFILE", "soft": 4294967295, "hard": 4294967295 }]""")).Args("true");
        Refused(bundle, () => bundle.Run(), "rlimit");
    }

    private Bundle Stopped()
    {
        var bundle = NewBundle().Args("true");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        return bundle;
    }

    private static void Refused(Bundle bundle, Func<Outcome> attempt, params string[] expected)
    {
        var before = HostSnapshot.Take(bundle);
        File.Delete(bundle.Log);
        var outcome = attempt();

        outcome.Status.Should().Be(1);
        outcome.Output.Should().BeEmpty();
        foreach (var text in expected)
        {
            outcome.Error.Should().ContainEquivalentOf(text);
        }

        if (HullBinary.IsHull)
        {
            outcome.Error.TrimEnd('\n').Should().NotContain("\n", "one line is enough");
        }

        LoggedOnce(bundle, expected);
        HostSnapshot.ShouldBecome(bundle, before, "what is refused leaves no trace");
    }

    private static void LoggedOnce(Bundle bundle, string[] expected)
    {
        var errors = bundle.LogLines().Where(line => (string?)line["level"] == "error").ToArray();
        errors.Should().ContainSingle();
        DateTimeOffset.TryParse((string?)errors[0]["time"], out _).Should().BeTrue();
        foreach (var text in expected)
        {
            ((string?)errors[0]["msg"]).Should().ContainEquivalentOf(text);
        }
    }
}
