using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Namespaces: new, joined, or the caller's.</summary>
public sealed class NamespaceTests : EndToEndTest
{
    private static readonly Dictionary<string, string> KernelNames = new()
    {
        ["pid"] = "pid", ["network"] = "net", ["ipc"] = "ipc", ["uts"] = "uts", ["mount"] = "mnt", ["cgroup"] = "cgroup", ["user"] = "user",
    };

    [Theory]
    [InlineData("pid")]
    [InlineData("network")]
    [InlineData("ipc")]
    [InlineData("uts")]
    [InlineData("mount")]
    [InlineData("cgroup")]
    public void A_namespace_without_a_path_is_a_new_one(string type)
    {
        NewBundle().Namespace(type).Observe().Namespace(KernelNames[type]).Should().NotBeNull().And.NotBe(OwnNamespace(type));
    }

    [Theory]
    [InlineData("network")]
    [InlineData("ipc")]
    public void A_namespace_that_is_not_listed_is_the_callers(string type)
    {
        NewBundle().WithoutNamespace(type).Observe().Namespace(KernelNames[type]).Should().Be(OwnNamespace(type));
    }

    [Theory]
    [InlineData("pid")]
    [InlineData("network")]
    [InlineData("ipc")]
    [InlineData("uts")]
    [InlineData("cgroup")]
    public void A_namespace_with_a_path_is_joined(string type)
    {
        var first = NewBundle().Namespace("cgroup").Args("sleep", "1000");
        first.RunCommand("--detach").Run().ShouldSucceed();
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{first.ProcessId()}/ns/{KernelNames[type]}");
        var expected = File.ResolveLinkTarget(path, returnFinalTarget: false)!.Name;

        var second = NewBundle().Namespace(type, path);
        if (type == "uts")
        {
            second.Without("hostname");
        }

        second.Observe().Namespace(KernelNames[type]).Should().Be(expected);
    }

    [Fact]
    public void A_process_in_a_joined_pid_namespace_is_not_the_first()
    {
        var first = NewBundle().Args("sleep", "1000");
        first.RunCommand("--detach").Run().ShouldSucceed();

        NewBundle().Namespace("pid", $"/proc/{first.ProcessId()}/ns/pid").Observe().Number("pid").Should().BeGreaterThan(1);
    }

    [Theory]
    [InlineData("network", "/proc/self/ns/uts")]
    [InlineData("uts", "/proc/self/ns/ipc")]
    [InlineData("ipc", "/proc/self/ns/net")]
    [InlineData("pid", "/proc/self/ns/net")]
    [InlineData("network", "/etc/passwd")]
    [InlineData("network", "/no/such/namespace")]
    public void A_namespace_path_of_the_wrong_type_is_an_error(string type, string path)
    {
        var bundle = NewBundle().Namespace(type, path).Args("true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().NotBeEmpty();
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    [Fact]
    public void The_host_name_is_the_configured_one()
    {
        NewBundle().With("hostname", "named.here").Observe().Text("hostname").Should().Be("named.here");
    }

    [Fact]
    public void The_domain_name_is_the_configured_one()
    {
        Requires.Hull("runc 1.1 does not know domainname");
        NewBundle().With("domainname", "its.domain").Observe().Text("domainname").Should().Be("its.domain");
    }

    [Fact]
    public void A_new_network_has_a_loopback_and_none_of_the_hosts_interfaces()
    {
        // Some kernels add their own tunnel devices to every network namespace.
        var seen = NewBundle().Observe().Strings("interfaces");

        seen.Should().Contain("lo").And.NotContain("eth0");
    }

    [Fact]
    public void A_user_namespace_maps_users_and_groups()
    {
        var bundle = NewBundle().Namespace("user")
            .With("linux.uidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }, { "containerID": 1000, "hostID": 200000, "size": 1 }]"""))
            .With("linux.gidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 300000, "size": 1001 }]"""))
            .With("process.user", JsonNode.Parse("""{"uid":1000,"gid":1000,"additionalGids":[7]}"""));
        var seen = bundle.Observe();

        seen.Namespace("user").Should().NotBe(OwnNamespace("user"));
        seen.Numbers("uids").Should().Equal(1000, 1000, 1000);
        seen.Numbers("groups").Should().Equal(7);
        seen.Strings("uidMap").Select(Fields).Should().BeEquivalentTo(["0 100000 1000", "1000 200000 1"]);
        seen.Strings("gidMap").Select(Fields).Should().BeEquivalentTo(["0 300000 1001"]);
    }

    [Fact]
    public void The_hosts_null_device_keeps_its_owner_in_a_user_namespace()
    {
        var bundle = NewBundle().Namespace("user").Args("true")
            .With("linux.uidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""))
            .With("linux.gidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""));
        bundle.Run().ShouldSucceed();

        new Command(bundle.Scratch, "stat", "-c", "%u:%g %t,%T %a", "/dev/null").Run().Output.Should().Be("0:0 1,3 666\n");
    }

    [Fact]
    public void A_time_namespace_has_its_offsets()
    {
        Requires.Hull("runc 1.1 does not know time namespaces");
        Requires.Namespace("time");
        var bundle = NewBundle().Namespace("time")
            .With("linux.timeOffsets", JsonNode.Parse("""{ "boottime": { "secs": 864000, "nanosecs": 0 } }"""))
            .Args("cat", "/proc/uptime");
        var seconds = double.Parse(bundle.Run().ShouldSucceed().Output.Split(' ')[0], CultureInfo.InvariantCulture);

        seconds.Should().BeGreaterThan(864000);
    }

    private static string Fields(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string OwnNamespace(string type) => File.ResolveLinkTarget("/proc/self/ns/" + KernelNames[type], returnFinalTarget: false)!.Name;
}
