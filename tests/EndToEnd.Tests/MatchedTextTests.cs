using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>
/// Engines tell one failure from another by words in a message: containerd, Docker and podman look for these, on error output and in the
/// log. None may get lost when a message is worded anew.
/// </summary>
public sealed class MatchedTextTests : EndToEndTest
{
    /// <summary>How each failure is brought about.</summary>
    private static readonly Dictionary<string, Func<Bundle, Outcome>> Failures = new()
    {
        ["run of an unknown program"] = bundle => bundle.Args("no-such-program").Run(),
        ["run of an unknown path"] = bundle => bundle.Args("/no/such/program").Run(),
        ["run of what is not executable"] = bundle => bundle.WithFile("/plain", "text").Args("/plain").Run(),
        ["run of a directory"] = bundle => bundle.Args("/bin").Run(),
        ["run with too little memory"] = bundle => bundle.Args("true").With("linux.resources.memory", new JsonObject { ["limit"] = 4096 }).Run(),
        ["run of a taken id"] = bundle => bundle.Running().Run(),
        ["create of a taken id"] = bundle => bundle.Running().CreateCommand().Run(),
        ["run with a file on a directory"] = bundle => Mounted(bundle, "/etc/passwd", "/etc", "bind").Run(),
        ["run with a directory on a file"] = bundle => Mounted(bundle, "/etc", "/etc/passwd", "bind").Run(),
        ["run with a file on a directory itself"] = bundle => Mounted(bundle, "/etc/passwd", "/etc", "bind", "dest-nofollow").Run(),
        ["run with a directory on a file itself"] = bundle => Mounted(bundle, "/etc", "/etc/passwd", "bind", "dest-nofollow").Run(),
        ["run with a file system on a file"] = bundle => Mounted(bundle, "tmpfs", "/etc/passwd").Run(),
        ["run with proc on a link"] = bundle => Linked(bundle, "/proc").Run(),
        ["run with sysfs on a link"] = bundle => Linked(bundle, "/sys").Run(),
        ["exec of an unknown program"] = bundle => bundle.Running().Exec("--", "no-such-program"),
        ["exec of an unknown path"] = bundle => bundle.Running().Exec("--", "/no/such/program"),
        ["exec of what is not executable"] = bundle => bundle.Running().Exec("--", "/etc/passwd"),
        ["exec of a directory"] = bundle => bundle.Running().Exec("--", "/bin"),
        ["exec in a stopped container"] = bundle => Stopped(bundle).Exec("--", "true"),
        ["exec in an unknown container"] = bundle => bundle.Exec("--", "true"),
        ["start of an unknown container"] = bundle => bundle.Runtime("start", bundle.Id).Run(),
        ["state of an unknown container"] = bundle => bundle.Runtime("state", bundle.Id).Run(),
        ["kill of an unknown container"] = bundle => bundle.Kill("KILL"),
        ["delete of an unknown container"] = bundle => bundle.Delete(),
        ["pause of an unknown container"] = bundle => bundle.Runtime("pause", bundle.Id).Run(),
        ["ps of an unknown container"] = bundle => bundle.Runtime("ps", bundle.Id).Run(),
        ["events of an unknown container"] = bundle => bundle.Runtime("events", "--stats", bundle.Id).Run(),
        ["update of an unknown container"] = bundle => bundle.Runtime("update", "--pids-limit", "9", bundle.Id).Run(),
        ["kill of a stopped container"] = bundle => Stopped(bundle).Kill("KILL"),
    };

    [Theory]
    [InlineData("run of an unknown program", 1, "unable to start container process", "no-such-program", "executable file not found in $PATH")]
    [InlineData("run of an unknown path", 1, "unable to start container process", "/no/such/program", "no such file or directory")]
    [InlineData("run of what is not executable", 1, "unable to start container process", "/plain", "permission denied")]
    [InlineData("run of a directory", 1, "unable to start container process", "permission denied")]
    [InlineData("run with too little memory", 1, "container init was OOM-killed (memory limit too low?)")]
    [InlineData("run of a taken id", 1, "already exists", "id already in use")]
    [InlineData("create of a taken id", 1, "already exists", "id already in use")]
    [InlineData("run with a file on a directory", 1, "mounts[", ": not a directory", "are you trying to mount a directory onto a file")]
    [InlineData("run with a directory on a file", 1, "mounts[", ": not a directory", "are you trying to mount a directory onto a file")]
    [InlineData("run with a file on a directory itself", 1, "mounts[", ": not a directory")]
    [InlineData("run with a directory on a file itself", 1, "mounts[", ": not a directory")]
    [InlineData("run with a file system on a file", 1, "mounts[", ": not a directory")]
    [InlineData("run with proc on a link", 1, "/proc", "must be mounted on ordinary directory")]
    [InlineData("run with sysfs on a link", 1, "/sys", "must be mounted on ordinary directory")]
    [InlineData("exec of an unknown program", 255, "executable file not found in $PATH")]
    [InlineData("exec of an unknown path", 255, "no such file or directory")]
    [InlineData("exec of what is not executable", 255, "permission denied")]
    [InlineData("exec of a directory", 255, "permission denied")]
    [InlineData("exec in a stopped container", 255, "cannot exec in a stopped container")]
    [InlineData("exec in an unknown container", 255, "container does not exist")]
    [InlineData("start of an unknown container", 1, "container does not exist")]
    [InlineData("state of an unknown container", 1, "container does not exist")]
    [InlineData("kill of an unknown container", 1, "container does not exist")]
    [InlineData("delete of an unknown container", 1, "container does not exist")]
    [InlineData("pause of an unknown container", 1, "container does not exist")]
    [InlineData("ps of an unknown container", 1, "container does not exist")]
    [InlineData("events of an unknown container", 1, "container does not exist")]
    [InlineData("update of an unknown container", 1, "container does not exist")]
    [InlineData("kill of a stopped container", 1, "container not running")]
    public void The_words_that_engines_look_for_are_on_error_output_and_in_the_log(string failure, int status, params string[] words)
    {
        Requires.Hull("runc 1.1.5 words some of them otherwise");
        var bundle = NewBundle();

        var outcome = Failures[failure](bundle);

        outcome.Status.Should().Be(status);
        outcome.Output.Should().BeEmpty();
        outcome.Error.Should().ContainAll(words);
        outcome.Error.TrimEnd('\n').Should().NotContain("\n", "one line says it");
        var logged = bundle.LogLines().Last(line => (string?)line["level"] == "error");
        ((string?)logged["msg"]).Should().ContainAll(words);
        logged.Should().ContainKey("time");
    }

    private static Bundle Mounted(Bundle bundle, string source, string destination, params string[] options) => bundle.Args("true").Adding("mounts", new JsonObject
    {
        ["destination"] = destination, ["source"] = source, ["type"] = source, ["options"] = new JsonArray([.. options.Select(option => JsonValue.Create(option))]),
    });

    private static Bundle Linked(Bundle bundle, string place)
    {
        Directory.Delete(bundle.RootfsPath + place);
        File.CreateSymbolicLink(bundle.RootfsPath + place, "tmp");
        return bundle.Args("true");
    }

    private static Bundle Stopped(Bundle bundle)
    {
        bundle.Args("true").RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        return bundle;
    }
}
