using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Devices for a caller who may make no nodes: those of the host are shown as they are, and never changed.</summary>
public sealed class DeviceTests : EndToEndTest
{
    private static readonly string[] WithoutMknod = ["setpriv", "--bounding-set", "-mknod"];

    /// <summary>As when the rules of our cgroups forbid it, which nobody knows before it is tried.</summary>
    private static readonly string[] Forbidden = ["strace", "-f", "-o", "/dev/null", "-e", "inject=mknodat:error=EPERM"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_may_make_no_node_shows_the_hosts_with_its_mode_and_owner(bool unforeseen)
    {
        Requires.Program(unforeseen ? "strace" : "setpriv");
        var (bundle, node) = WithNode(mode: 416, user: 5, group: 6);
        bundle.Through = unforeseen ? Forbidden : WithoutMknod;

        var seen = bundle.Observe(node, "/dev/null");

        var device = seen.Path(node);
        (device.Type, device.Device, device.Mode, device.User, device.Group).Should().Be(("character", (1, 5), "640", 5, 6));
        seen.Mount(node).Options.Should().Contain(["nosuid", "noexec"]);
        seen.Path("/dev/null").Device.Should().Be((1, 3), "the default devices are shown too");
        Warnings(bundle).Should().BeEmpty("it is as it was asked for");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_mode_or_owner_that_the_hosts_node_does_not_have_is_a_warning_and_changes_nothing(bool unforeseen)
    {
        Requires.Hull("runc shows it in silence");
        Requires.Program(unforeseen ? "strace" : "setpriv");
        var (bundle, node) = WithNode(mode: 384, user: 7, group: 8);
        bundle.Through = unforeseen ? Forbidden : WithoutMknod;
        string before = Stat(bundle, node);

        bundle.Observe(node).Path(node).Mode.Should().Be("640");

        Warnings(bundle).Should().ContainSingle().Which.Should().Match(
            $"linux.devices[0]: *{node}*: the host's node is shown and keeps its own mode 0640, user 5 and group 6");
        Stat(bundle, node).Should().Be(before);
    }

    [Theory]
    [InlineData("rm NODE", "the host has none at that path to show instead")]
    [InlineData("rm NODE && mknod NODE c 1 7", "what the host has at that path has another type or number")]
    [InlineData("mv NODE NODE.2 && ln -s NODE.2 NODE", "what the host has at that path has another type or number")]
    public void Without_such_a_node_on_the_host_the_error_says_so(string change, string sentence)
    {
        Requires.Hull("runc words it otherwise");
        Requires.Program("setpriv");
        var (bundle, node) = WithNode(mode: 416, user: 5, group: 6);
        bundle.Through = WithoutMknod;
        Sh(bundle, change.Replace("NODE", node, StringComparison.Ordinal));

        var refused = bundle.Args("true").Run();

        refused.Status.Should().Be(1);
        refused.Error.Should().Contain("linux.devices[0]").And.Contain(sentence);
    }

    /// <summary>A device at a path that the host has too: there c 1:5 with mode 0640 of user 5 and group 6.</summary>
    private (Bundle Bundle, string Node) WithNode(int mode, int user, int group)
    {
        var bundle = NewBundle().With("root.readonly", false);
        string node = Path.Combine(bundle.Home, "node");
        Sh(bundle, $"mknod -m 640 {node} c 1 5 && chown 5:6 {node}");
        bundle.With("linux.devices", new JsonArray(new JsonObject
        {
            ["type"] = "c", ["path"] = node, ["major"] = 1, ["minor"] = 5, ["fileMode"] = mode, ["uid"] = user, ["gid"] = group,
        }));
        return (bundle, node);
    }

    private static string[] Warnings(Bundle bundle) =>
        [.. bundle.LogLines().Where(line => (string?)line["level"] == "warning").Select(line => (string)line["msg"]!).Where(text => text.StartsWith("linux.devices", StringComparison.Ordinal))];

    private static string Stat(Bundle bundle, string node) => Sh(bundle, $"stat -c '%f %u %g %t:%T' {node} /dev/null");

    private static string Sh(Bundle bundle, string script) => new Command(bundle.Scratch, "sh", "-c", "set -e\n" + script).Run().ShouldSucceed().Output;
}
