using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>`mounts`: what is mounted in a container that runs, and taken away again.</summary>
public sealed class LiveMountTests : EndToEndTest
{
    public LiveMountTests() => Requires.Hull("of the others crun alone has mounts, without a list");

    [Fact]
    public void What_is_added_is_seen_by_the_running_program_with_its_options_and_gone_when_it_is_removed()
    {
        var bundle = Writable().Running();
        string source = Directory.CreateDirectory(Path.Combine(bundle.Scratch, "source")).FullName;
        File.WriteAllText(Path.Combine(source, "file"), "from the host\n");
        string file = Mounts(bundle, Bind(source, "/added/place", "bind", "ro"), Filesystem("/added/tmp", "tmpfs", "size=1m", "ro", "nosuid"));
        bundle.Runtime("mounts", "add", bundle.Id, file).Run().ShouldSucceed();

        bundle.Exec("--", "cat", "/added/place/file").ShouldSucceed().Output.Should().Be("from the host\n");
        bundle.Exec("--", "sh", "-c", "echo x >/added/place/other").Status.Should().NotBe(0);
        bundle.Exec("--", "sh", "-c", "echo x >/added/tmp/other").Status.Should().NotBe(0);
        string table = File.ReadAllText($"/proc/{bundle.ProcessId()}/mountinfo");
        table.Should().Contain(" /added/tmp ro,nosuid,");
        bundle.Runtime("mounts", "list", bundle.Id).Run().Output.Should().Contain($"+ /added/place  bind  {source}  bind,ro\n");
        JsonArray list = JsonNode.Parse(bundle.Runtime("mounts", "list", "--format", "json", bundle.Id).Run().Output)!.AsArray();
        list.Where(one => (bool)one!["added"]!).Select(one => (string?)one!["destination"]).Should().Equal("/added/place", "/added/tmp");

        bundle.Runtime("mounts", "remove", bundle.Id, file).Run().ShouldSucceed();
        File.ReadAllText($"/proc/{bundle.ProcessId()}/mountinfo").Should().NotContain("/added/");
        bundle.Runtime("mounts", "list", bundle.Id).Run().Output.Should().NotContain("+ ");
        Directory.GetFiles(source).Should().Equal(Path.Combine(source, "file"));
    }

    [Fact]
    public void Nothing_stays_of_a_file_whose_last_mount_cannot_be_made()
    {
        var bundle = Writable().Running();
        string before = File.ReadAllText($"/proc/{bundle.ProcessId()}/mountinfo");
        string file = Mounts(bundle, Filesystem("/one", "tmpfs"), Bind("/nonesuch/source", "/two", "bind"));
        Outcome outcome = bundle.Runtime("mounts", "add", bundle.Id, file).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("mounts[1]").And.Contain("/nonesuch/source");
        File.ReadAllText($"/proc/{bundle.ProcessId()}/mountinfo").Should().Be(before);
        bundle.Runtime("mounts", "list", bundle.Id).Run().Output.Should().NotContain("+ ");
    }

    [Theory]
    [InlineData("""[{"destination":"/x","type":"proc","source":"proc"}]""", "proc shows the namespaces")]
    [InlineData("""[{"destination":"/x","type":"cgroup2","source":"cgroup2"}]""", "cgroup2 shows the namespaces")]
    [InlineData("""[{"destination":"/","type":"tmpfs","source":"tmpfs"}]""", "root cannot be covered")]
    [InlineData("""[{"destination":"/proc/sys","type":"tmpfs","source":"tmpfs"}]""", "inside /proc")]
    [InlineData("""[{"destination":"/x","type":"bind","source":"/tmp","options":["bind","rshared"]}]""", "cannot be shared")]
    [InlineData("""[{"destination":"/proc","type":"bind","source":"/tmp","options":["bind"]}]""", "procfs")]
    [InlineData("""[{"destination":"/tmp","options":["remount","rw"]}]""", "remount")]
    [InlineData("""[{"destination":"/x","options":["bind"]}]""", "source")]
    [InlineData("""[{"type":"tmpfs"}]""", "destination")]
    [InlineData("""[]""", "no mounts")]
    [InlineData("""{"mounts":[]}""", "no mounts")]
    [InlineData("""[{"destination":"/x","type":"tmpfs","source":"t"},{"destination":"/y/../x","type":"tmpfs","source":"t"}]""", "already")]
    [InlineData("""[{"destination": 7}]""", "mounts[0].destination")]
    [InlineData("""nonsense""", "neither an array")]
    [InlineData("""[{"destination":"/x","type":"tmpfs",""", "mounts.json")]
    public void What_must_not_be_is_refused_and_changes_nothing(string document, string reason)
    {
        var bundle = NewBundle().Running();
        string before = File.ReadAllText($"/proc/{bundle.ProcessId()}/mountinfo");
        string file = Path.Combine(bundle.Scratch, "mounts.json");
        File.WriteAllText(file, document);
        Outcome outcome = bundle.Runtime("mounts", "add", bundle.Id, file).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain(reason);
        File.ReadAllText($"/proc/{bundle.ProcessId()}/mountinfo").Should().Be(before);
    }

    [Theory]
    [InlineData("add", false)]
    [InlineData("remove", false)]
    [InlineData("list", true)]
    [InlineData("move", true)]
    public void Wrong_arguments_are_named(string action, bool withFile)
    {
        var bundle = NewBundle().Running();
        string[] file = withFile ? [Mounts(bundle, Filesystem("/x", "tmpfs"))] : [];

        Outcome outcome = bundle.Runtime(["mounts", action, bundle.Id, .. file]).Run();
        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("mounts").And.Contain("file");
    }

    [Fact]
    public void A_missing_place_in_a_read_only_root_is_refused_by_name()
    {
        var bundle = NewBundle().Running();
        Outcome outcome = bundle.Runtime("mounts", "add", bundle.Id, Mounts(bundle, Filesystem("/missing", "tmpfs"))).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("mounts[0]").And.Contain("EROFS");
    }

    [Fact]
    public void Only_what_was_added_can_be_removed()
    {
        var bundle = Writable().Running();
        string file = Mounts(bundle, Filesystem("/proc", "tmpfs"));
        Outcome outcome = bundle.Runtime("mounts", "remove", bundle.Id, file).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("nothing was mounted on /proc by mounts add");
    }

    [Fact]
    public void A_stopped_container_is_refused()
    {
        var bundle = NewBundle().Shell("exit 0");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        string file = Mounts(bundle, Filesystem("/x", "tmpfs"));

        bundle.Runtime("mounts", "add", bundle.Id, file).Run().Error.Should().Contain("is stopped");
        bundle.Runtime("mounts", "remove", bundle.Id, file).Run().Error.Should().Contain("is stopped");
    }

    [Fact]
    public void A_container_with_a_user_namespace_gets_files_of_its_own_root()
    {
        var bundle = Writable().Namespace("user")
            .With("linux.uidMappings", new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 }))
            .With("linux.gidMappings", new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 }));
        bundle.Running();
        string source = Directory.CreateDirectory(Path.Combine(bundle.Scratch, "source")).FullName;
        File.WriteAllText(Path.Combine(source, "file"), "x");
        string file = Mounts(bundle, Bind(source, "/tmp/place", "bind", "ro"));
        Outcome outcome = bundle.Runtime("mounts", "add", bundle.Id, file).Run();
        if (outcome.Status != 0)
        {
            // The root file system belongs to the host's root: its container may not make a directory there.
            outcome.Error.Should().Contain("make the missing place");
            return;
        }

        bundle.Exec("--", "cat", "/tmp/place/file").ShouldSucceed().Output.Should().Be("x");
        bundle.Runtime("mounts", "remove", bundle.Id, file).Run().ShouldSucceed();
    }

    [Fact]
    public void A_single_file_is_mounted_and_removed()
    {
        var bundle = Writable().Running();
        string source = Path.Combine(bundle.Scratch, "one");
        File.WriteAllText(source, "one file\n");
        string file = Mounts(bundle, Bind(source, "/etc/one", "bind"));
        bundle.Runtime("mounts", "add", bundle.Id, file).Run().ShouldSucceed();

        bundle.Exec("--", "cat", "/etc/one").ShouldSucceed().Output.Should().Be("one file\n");
        bundle.Runtime("mounts", "remove", bundle.Id, file).Run().ShouldSucceed();
        bundle.Exec("--", "cat", "/etc/one").ShouldSucceed().Output.Should().BeEmpty();
    }

    [Fact]
    public void A_path_that_the_container_has_turned_elsewhere_unmounts_nothing_else()
    {
        // /a/b is where something was added; then /a leads to where a mask of the container's own is.
        var bundle = Writable().With("linux.maskedPaths", new JsonArray("/kept/b"));
        Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "kept", "b"));
        File.WriteAllText(Path.Combine(bundle.RootfsPath, "kept", "b", "secret"), "secret");
        bundle.Running();
        string file = Mounts(bundle, Filesystem("/a/b", "tmpfs"));
        bundle.Runtime("mounts", "add", bundle.Id, file).Run().ShouldSucceed();
        bundle.Exec("--", "sh", "-c", "mv /a /away && ln -s /kept /a").ShouldSucceed();
        Outcome outcome = bundle.Runtime("mounts", "remove", bundle.Id, file).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("something else is mounted there now");
        bundle.Exec("--", "ls", "/kept/b").ShouldSucceed().Output.Should().BeEmpty("the mask is still there");
        bundle.Exec("--", "sh", "-c", "rm /a && mv /away /a").ShouldSucceed();
        bundle.Runtime("mounts", "remove", bundle.Id, file).Run().ShouldSucceed();
    }

    [Fact]
    public void Links_that_change_while_it_is_added_never_lead_out_of_the_container()
    {
        string outside = Directory.CreateTempSubdirectory("hull-test-outside-").FullName;
        try
        {
            var bundle = Writable();
            string up = string.Concat(Enumerable.Repeat("../", 12)) + outside.TrimStart('/');
            bundle.Shell($"mkdir -p /race; while :; do rm -rf /race/x; mkdir /race/x; rm -rf /race/x; ln -s {up} /race/x; rm -f /race/x; ln -s {outside} /race/x; done");
            bundle.RunCommand("--detach").Run().ShouldSucceed();
            string file = Mounts(bundle, Filesystem("/race/x/deep/er", "tmpfs"));
            string hostMounts = File.ReadAllText("/proc/self/mountinfo");
            int added = 0;
            for (int i = 0; i < 40; i++)
            {
                // Whether it succeeds depends on what the links are at that moment; what it does to the host does not.
                added += bundle.Runtime("mounts", "add", bundle.Id, file).Run().Status == 0 ? 1 : 0;
                bundle.Runtime("mounts", "remove", bundle.Id, file).Run();
            }

            Directory.GetFileSystemEntries(outside).Should().BeEmpty($"nothing may be made outside; {added} of 40 were added");
            File.ReadAllText("/proc/self/mountinfo").Split('\n').Where(line => line.Contains("/race", StringComparison.Ordinal) || line.Contains(outside, StringComparison.Ordinal))
                .Should().BeEquivalentTo(hostMounts.Split('\n').Where(line => line.Contains("/race", StringComparison.Ordinal) || line.Contains(outside, StringComparison.Ordinal)));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    // A place that is missing can only be made where the root may be written to.
    private Bundle Writable() => NewBundle().With("root.readonly", false);

    private static string Mounts(Bundle bundle, params JsonObject[] mounts)
    {
        string file = Path.Combine(bundle.Scratch, "mounts.json");
        File.WriteAllText(file, new JsonArray([.. mounts]).ToJsonString());
        return file;
    }

    private static JsonObject Bind(string source, string destination, params string[] options) => new()
    {
        ["destination"] = destination,
        ["type"] = "bind",
        ["source"] = source,
        ["options"] = new JsonArray([.. options.Select(option => (JsonNode)option)]),
    };

    private static JsonObject Filesystem(string destination, string type, params string[] options) => new()
    {
        ["destination"] = destination,
        ["type"] = type,
        ["source"] = type,
        ["options"] = new JsonArray([.. options.Select(option => (JsonNode)option)]),
    };
}
