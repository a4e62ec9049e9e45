using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Network interfaces of the host that move into a container. One end of a pair of virtual ones stands for a real one.</summary>
public sealed class NetworkDeviceTests : EndToEndTest
{
    private readonly string _device = string.Create(CultureInfo.InvariantCulture, $"ht{Environment.ProcessId % 100000}a");
    private readonly string _peer = string.Create(CultureInfo.InvariantCulture, $"ht{Environment.ProcessId % 100000}b");
    private readonly string _namespace = string.Create(CultureInfo.InvariantCulture, $"hulltest{Environment.ProcessId}");

    public NetworkDeviceTests()
    {
        Requires.Hull("runc 1.1 does not know netDevices");
        Requires.Program("ip");
        Skip.Unless(Try($"ip link add {_device} type veth peer name {_peer}"), "needs virtual network interfaces (veth)");
    }

    protected override void Dispose(bool disposing)
    {
        Try($"ip link del {_peer}");
        Try($"ip netns del {_namespace}");
        base.Dispose(disposing);
    }

    [Fact]
    [Rule("NET-01", "NET-04", "NET-05", "NET-09")]
    public void An_interface_moves_with_its_permanent_global_addresses_and_is_switched_on()
    {
        Do($"ip link set {_device} address 02:00:00:00:12:34 mtu 1400");
        Do($"ip addr add 10.77.1.2/24 brd 10.77.1.255 label {_device}:one dev {_device}");
        Do($"ip addr add 10.77.2.2 peer 10.77.2.3 dev {_device}");
        Do($"ip addr add 10.77.3.2/24 scope link dev {_device}");
        Do($"ip addr add 10.77.4.2/24 dev {_device} valid_lft 1000 preferred_lft 900");
        Do($"ip -6 addr add fd77::2/64 dev {_device} nodad");
        var bundle = NewBundle().With("linux.netDevices", new JsonObject { [_device] = new JsonObject { ["name"] = "lan0" } });
        string seen = WhatItShows(bundle, "lan0");

        seen.Should().Contain("02:00:00:00:12:34").And.Contain("mtu 1400").And.Contain(",UP").And.NotContain("10.77.3.2")
            .And.MatchRegex(@"inet 10\.77\.1\.2/24 brd 10\.77\.1\.255 scope global lan0:one")
            .And.MatchRegex(@"inet 10\.77\.2\.2 peer 10\.77\.2\.3/32 scope global lan0")
            .And.MatchRegex(@"inet6 fd77::2/64 scope global")
            .And.NotContain("10.77.4.2", "an address with an end is not permanent");
        Exists(_device).Should().BeFalse();
    }

    [Fact]
    [Rule("NET-03")]
    public void The_kernel_numbers_a_name_that_is_a_template()
    {
        var bundle = NewBundle().With("linux.netDevices", new JsonObject { [_device] = new JsonObject { ["name"] = "lan%d" }, [_peer] = new JsonObject { ["name"] = "lan%d" } });

        bundle.Shell("ls /sys/class/net").Run().ShouldSucceed().Output.Should().Contain("lan0").And.Contain("lan1");
    }

    [Fact]
    [Rule("NET-06")]
    public void A_virtual_interface_ends_with_the_containers_own_network()
    {
        NewBundle().With("linux.netDevices", new JsonObject { [_device] = new JsonObject() }).Args("true").Run().ShouldSucceed();

        Eventually.Holds(() => !Exists(_device) && !Exists(_peer), () => "the kernel should have taken it away");
    }

    [Fact]
    [Rule("NET-06", "NET-07")]
    public void An_interface_stays_in_a_joined_network_after_the_container()
    {
        Do($"ip netns add {_namespace}");
        NewBundle().Namespace("network", $"/run/netns/{_namespace}")
            .With("linux.netDevices", new JsonObject { [_device] = new JsonObject { ["name"] = "lan0" } })
            .Args("cat", "/sys/class/net/lan0/mtu").Run().ShouldSucceed();

        Do($"ip -n {_namespace} link show lan0");
        Exists(_device).Should().BeFalse();
    }

    [Fact]
    [Rule("NET-01")]
    public void An_interface_moves_into_a_container_with_a_user_namespace()
    {
        var bundle = NewBundle().Namespace("user")
            .With("linux.uidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""))
            .With("linux.gidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""))
            .With("linux.netDevices", new JsonObject { [_device] = new JsonObject { ["name"] = "lan0" } });

        bundle.Shell("ls /sys/class/net").Run().ShouldSucceed().Output.Should().Contain("lan0");
    }

    [Fact]
    [Rule("NET-02")]
    public void An_interface_that_does_not_exist_is_an_error()
    {
        var outcome = NewBundle().With("linux.netDevices", new JsonObject { ["nosuchdevice"] = new JsonObject() }).Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("linux.netDevices").And.Contain("nosuchdevice");
    }

    [Fact]
    [Rule("NET-03", "ERR-01")]
    public void A_name_that_is_taken_is_an_error_and_everything_is_given_back()
    {
        Do($"ip addr add 10.77.1.2/24 dev {_device}");
        Do($"ip link set {_device} up");
        var bundle = NewBundle().With("linux.netDevices", new JsonObject { [_device] = new JsonObject { ["name"] = "lan0" }, [_peer] = new JsonObject { ["name"] = "lo" } }).Args("true");
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("lo").And.Contain("already");
        Output($"ip addr show {_device}").Should().Contain("10.77.1.2/24").And.Contain(",UP");
        Exists(_peer).Should().BeTrue();
    }

    /// <summary>What ip says of an interface of a running container.</summary>
    private static string WhatItShows(Bundle bundle, string name)
    {
        bundle.Args("sleep", "1000").RunCommand("--detach").Run().ShouldSucceed();
        return Output(string.Create(CultureInfo.InvariantCulture, $"nsenter -t {bundle.ProcessId()} -n ip addr show {name}"));
    }

    private static bool Exists(string device) => Try($"ip link show {device}");

    private static void Do(string line) => Try(line).Should().BeTrue(line);

    private static bool Try(string line) => Call(line).Status == 0;

    private static string Output(string line) => Call(line).ShouldSucceed().Output;

    private static Outcome Call(string line)
    {
        string scratch = Directory.CreateTempSubdirectory("hull-test-network-").FullName;
        try
        {
            return new Command(scratch, ["/bin/sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; " + line]).Run();
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
