using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>
/// The runtime as root of a user namespace, in a pid and a network namespace that belong to the host: so rootless Podman calls it. From a
/// container's namespaces there is no way back to those.
/// </summary>
public sealed class NestedCallerTests : IDisposable
{
    private readonly string _home;
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"hull-nested-{Environment.ProcessId}");

    public NestedCallerTests()
    {
        Requires.Root();
        Requires.Program("unshare");
        _home = Directory.CreateTempSubdirectory("hull-nested-").FullName;
        Rootfs.Create(Path.Combine(_home, "bundle/rootfs"));
        var config = DefaultConfig.Create();
        config["linux"] = JsonNode.Parse("""{"namespaces":[{"type":"pid"},{"type":"mount"},{"type":"network","path":"NETWORK"}]}""");
        config.Remove("hostname");
        config["process"]!["args"] = new JsonArray("sleep", "1000");
        // Nothing of the host's cgroups can be had here.
        var mounts = config["mounts"]!.AsArray();
        foreach (var mount in mounts.Where(mount => (string)mount!["destination"]! is not ("/proc" or "/dev")).ToArray())
        {
            mounts.Remove(mount);
        }

        File.WriteAllText(Path.Combine(_home, "bundle/config.json"), config.ToJsonString());
    }

    [Fact]
    public void A_network_is_joined_and_a_second_program_joins_everything()
    {
        Requires.Hull("runc puts a caller of a user namespace into cgroups");
        var outcome = new Command(_home, "unshare", "--user", "--map-root-user", "--mount", "--propagation", "private", "sh", "-c", Script).Run();

        outcome.ShouldSucceed();
        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(5, outcome.ToString());
        lines[0].Should().StartWith("net:[");
        lines[1].Should().Be(lines[0], "the first program is on the network it was to join");
        lines[2].Should().Be(lines[0], "and so is the second");
        lines[3].Should().Be("sleep", "the second program sees the first as process 1");
        lines[4].Should().Be("3", "the second program's exit status is passed on");
    }

    private string Script => $$"""
        set -e
        hull() { '{{HullBinary.Path}}' --root '{{_home}}/state' "$@"; }
        unshare --net sleep 1000 & network=$!
        trap 'hull delete --force {{_id}}; kill $network' EXIT
        while [ "$(readlink /proc/$network/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
        sed -i "s|NETWORK|/proc/$network/ns/net|" '{{_home}}/bundle/config.json'
        hull run --detach --bundle '{{_home}}/bundle' {{_id}} </dev/null >/dev/null
        readlink /proc/$network/ns/net
        readlink /proc/$(hull state {{_id}} | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')/ns/net
        hull exec {{_id}} readlink /proc/self/ns/net
        hull exec {{_id}} cat /proc/1/comm
        hull exec {{_id}} sh -c 'exit 3' || echo $?
        """;

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
