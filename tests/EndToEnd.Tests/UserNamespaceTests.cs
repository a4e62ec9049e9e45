using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>A root file system in every shape of a user namespace, and in a mount namespace of others.</summary>
public sealed class UserNamespaceTests : EndToEndTest
{
    [Fact]
    public void A_root_is_shown_in_a_new_user_namespace()
    {
        var seen = Mapped(NewBundle()).WithFile("/etc/mine", "here").Observe("/etc/mine");

        seen.Namespace("user").Should().NotBe(OwnNamespace("user"));
        seen.Path("/etc/mine").Type.Should().Be("file");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_root_is_shown_in_a_joined_user_namespace(bool clocks)
    {
        Requires.Hull("runc 1.1 mounts nothing in a joined user namespace, and knows no clocks");
        var first = Mapped(NewBundle()).Running();
        var second = NewBundle().WithFile("/etc/mine", "here").Namespace("user", NamespaceFile(first, "user"));
        if (clocks)
        {
            second.Namespace("time").With("linux.timeOffsets", JsonNode.Parse("""{ "boottime": { "secs": 864000, "nanosecs": 0 } }"""));
        }

        var seen = second.Observe("/etc/mine");

        seen.Namespace("user").Should().Be(NameOf(first, "user"));
        seen.Namespace("pid").Should().NotBe(NameOf(first, "pid")).And.NotBe(OwnNamespace("pid"));
        seen.Number("pid").Should().Be(1);
        seen.Path("/etc/mine").Type.Should().Be("file");
        if (clocks)
        {
            var up = second.Args("cat", "/proc/uptime").Run().ShouldSucceed().Output.Split(' ')[0];
            double.Parse(up, CultureInfo.InvariantCulture).Should().BeGreaterThan(864000);
        }
    }

    [Fact]
    public void A_root_is_shown_in_a_user_and_a_pid_namespace_that_are_joined()
    {
        Requires.Hull("runc 1.1 mounts nothing in a joined user namespace");
        var first = Mapped(NewBundle()).Running();
        var seen = NewBundle().WithFile("/etc/mine", "here").Namespace("user", NamespaceFile(first, "user"))
            .Namespace("pid", NamespaceFile(first, "pid")).Observe("/etc/mine");

        seen.Namespace("user").Should().Be(NameOf(first, "user"));
        seen.Namespace("pid").Should().Be(NameOf(first, "pid"));
        seen.Number("pid").Should().BeGreaterThan(1);
        seen.Path("/etc/mine").Type.Should().Be("file");
    }

    [Fact]
    public void Clocks_are_set_in_a_new_user_namespace()
    {
        Requires.Hull("runc 1.1 does not know time namespaces");
        Requires.Namespace("time");
        var bundle = Mapped(NewBundle()).Namespace("time")
            .With("linux.timeOffsets", JsonNode.Parse("""{ "boottime": { "secs": 864000, "nanosecs": 0 } }""")).Args("cat", "/proc/uptime");

        double.Parse(bundle.Run().ShouldSucceed().Output.Split(' ')[0], CultureInfo.InvariantCulture).Should().BeGreaterThan(864000);
    }

    [Fact]
    [Rule("NS-03")]
    public void A_mount_namespace_with_a_path_is_joined()
    {
        Requires.Hull("runc refuses a container without a new mount namespace");
        var first = NewBundle().Running();
        // The proc that is mounted there shows the other container's processes: only among those is there a /proc/self.
        var second = NewBundle().Namespace("mount", NamespaceFile(first, "mnt")).Namespace("pid", NamespaceFile(first, "pid"))
            .With("mounts", new JsonArray()).Without("linux.maskedPaths").Without("linux.readonlyPaths")
            .With("root.path", "/").With("root.readonly", false);
        var seen = second.Observe();

        seen.Namespace("mnt").Should().Be(NameOf(first, "mnt"));
        seen.Strings("cgroup").Should().Contain(line => line.EndsWith(second.CgroupPath, StringComparison.Ordinal), "the cgroups are entered all the same");
    }

    private static Bundle Mapped(Bundle bundle)
    {
        const string mapping = """[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""";
        return bundle.Namespace("user").With("linux.uidMappings", JsonNode.Parse(mapping)).With("linux.gidMappings", JsonNode.Parse(mapping));
    }

    private static string NamespaceFile(Bundle bundle, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{bundle.ProcessId()}/ns/{name}");

    private static string NameOf(Bundle bundle, string name) => File.ResolveLinkTarget(NamespaceFile(bundle, name), returnFinalTarget: false)!.Name;

    private static string OwnNamespace(string name) => File.ResolveLinkTarget("/proc/self/ns/" + name, returnFinalTarget: false)!.Name;
}
