using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Standard streams that are the host's /dev/null become the container's own (FD-03).</summary>
public sealed class StandardStreamTests : EndToEndTest
{
    private const string Compare = "[ \"$(stat -L -c '%d %i' /proc/self/fd/0)\" = \"$(stat -c '%d %i' /dev/null)\" ] && echo own || echo other";

    [Fact]
    [Rule("FD-03")]
    public void A_stream_that_is_the_hosts_null_device_is_the_containers_own()
    {
        Requires.Hull("other runtimes do so only where they serve a terminal");
        var before = HostsNullDevice();
        NewBundle().Shell(Compare).Run().ShouldSucceed().Output.Should().Be("own\n");
        HostsNullDevice().Should().Be(before);
    }

    [Fact]
    [Rule("FD-03")]
    public void So_it_is_for_a_program_that_waits_for_start()
    {
        Requires.Hull("other runtimes do so only where they serve a terminal");
        var bundle = NewBundle().Shell(Compare);
        var create = bundle.Create();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        create.Output.Should().Be("own\n");
    }

    [Fact]
    [Rule("FD-03")]
    public void So_it_is_for_a_program_that_joins_the_container()
    {
        Requires.Hull("other runtimes do so only where they serve a terminal");
        NewBundle().Running().Exec("--", "/bin/sh", "-c", Compare).ShouldSucceed().Output.Should().Be("own\n");
    }

    [Fact]
    [Rule("FD-03")]
    public void A_stream_that_is_something_else_stays()
    {
        NewBundle().Shell("cat").RunCommand().Input("from a file").Run().ShouldSucceed().Output.Should().Be("from a file");
    }

    [Fact]
    [Rule("FD-03")]
    public void A_container_whose_null_device_is_another_keeps_the_stream_it_was_given()
    {
        Requires.Hull("runc refuses to replace a default device");
        var bundle = NewBundle().With("linux.devices", JsonNode.Parse("""[{ "path": "/dev/null", "type": "c", "major": 1, "minor": 5 }]"""));
        bundle.Shell("stat -L -c '%t,%T' /proc/self/fd/0 /dev/null").Run().ShouldSucceed().Output.Should().Be("1,3\n1,5\n");
    }

    [Fact]
    [Rule("FD-03")]
    public void The_hosts_null_device_is_as_it_was_where_the_containers_own_is_the_hosts()
    {
        var before = HostsNullDevice();
        var mapping = JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]""")!;
        var bundle = NewBundle().Namespace("user").With("linux.uidMappings", mapping).With("linux.gidMappings", mapping.DeepClone())
            .Shell("stat -L -c '%t,%T' /proc/self/fd/0");
        bundle.Run().ShouldSucceed().Output.Should().Be("1,3\n");
        HostsNullDevice().Should().Be(before);
    }

    private string HostsNullDevice() =>
        new Command(NewBundle().Scratch, "stat", "-c", "%d %i %u:%g %t,%T %a", "/dev/null").Run().ShouldSucceed().Output.ToString(CultureInfo.InvariantCulture);
}
