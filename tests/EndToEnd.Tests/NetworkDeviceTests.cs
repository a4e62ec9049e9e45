using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Network interfaces that cannot move into a container. One end of a pair of virtual ones stands for a real one.</summary>
public sealed class NetworkDeviceTests : EndToEndTest
{
    private readonly string _device = string.Create(CultureInfo.InvariantCulture, $"ht{Environment.ProcessId % 100000}a");
    private readonly string _peer = string.Create(CultureInfo.InvariantCulture, $"ht{Environment.ProcessId % 100000}b");

    public NetworkDeviceTests()
    {
        Requires.Hull("runc 1.1 does not know netDevices");
        Requires.Program("ip");
        Skip.Unless(Try($"ip link add {_device} type veth peer name {_peer}"), "needs virtual network interfaces (veth)");
    }

    protected override void Dispose(bool disposing)
    {
        Try($"ip link del {_peer}");
        base.Dispose(disposing);
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
