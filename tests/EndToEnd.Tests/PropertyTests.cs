using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Kernel parameters, scheduling and memory policy that cannot be had: what is said of them. The rest is the conformance suite's (Kernel).</summary>
public sealed class PropertyTests : EndToEndTest
{
    [Fact]
    [Rule("SYSC-01")]
    public void The_name_of_an_interface_may_have_a_dot()
    {
        Requires.Hull("runc writes the dot as a slash");
        Requires.Program("ip");

        // The hook runs before kernel parameters are set, as the engines' network hooks do.
        var bundle = NewBundle().With("linux.sysctl", JsonNode.Parse("""{ "net/ipv4/conf/eth0.100/forwarding": "1", "net.ipv4.conf.eth0/200.forwarding": "1" }"""));
        const string Interfaces = "link add eth0.100 type veth peer name eth0.200";
        string script = WriteHook(bundle, $"pid=$(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/'); nsenter -t $pid -n ip {Interfaces}");
        bundle.With("hooks.createRuntime", new JsonArray(new JsonObject { ["path"] = script, ["env"] = new JsonArray("PATH=/usr/sbin:/usr/bin:/sbin:/bin") }));

        bundle.Shell("cat /proc/sys/net/ipv4/conf/eth0.100/forwarding /proc/sys/net/ipv4/conf/eth0.200/forwarding").Run().ShouldSucceed().Output.Should().Be("1\n1\n");
    }

    [Theory]
    [Rule("SYSC-02", "SYSC-03")]
    [InlineData("kernel.panic", "1", "*linux.sysctl*kernel.panic*")]
    [InlineData("net.ipv4.no_such_parameter", "1", "*linux.sysctl*no_such_parameter*")]
    [InlineData("net.ipv4.ip_unprivileged_port_start", "many", "*linux.sysctl*port_start*invalid argument*")]
    [InlineData("net.ipv4.conf.../../vm.overcommit_memory", "1", "*linux.sysctl*")]
    public void A_kernel_parameter_that_cannot_be_set_is_an_error(string name, string value, string message)
    {
        Requires.Hull("its words");
        var bundle = NewBundle().With("linux.sysctl", new JsonObject { [name] = value }).Args("true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Match(message);
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    [Fact]
    [Rule("SYSC-02")]
    public void The_hosts_own_network_is_never_changed()
    {
        var bundle = NewBundle().Namespace("network", "/proc/1/ns/net").With("linux.sysctl", new JsonObject { ["net.ipv4.ip_unprivileged_port_start"] = "1024" }).Args("true");
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("network");
    }

    [Fact]
    [Rule("SCHED-06")]
    public void A_schedule_that_the_kernel_refuses_is_an_error()
    {
        Requires.Hull("runc 1.1 does not know schedulers");
        var bundle = NewBundle().With("process.scheduler", JsonNode.Parse("""{ "policy": "SCHED_DEADLINE", "runtime": 10, "deadline": 5, "period": 1 }""")).Args("true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("process.scheduler");
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    [Fact]
    [Rule("MPOL-02")]
    public void A_node_that_does_not_exist_is_an_error()
    {
        Requires.Hull("runc 1.1 does not know memory policies");
        var outcome = NewBundle().With("linux.memoryPolicy", JsonNode.Parse("""{ "mode": "MPOL_BIND", "nodes": "1000" }""")).Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("linux.memoryPolicy");
    }

    [Fact]
    [Rule("RDT-01")]
    public void Without_resctrl_its_property_is_an_error_that_says_so()
    {
        Requires.Hull("its words");
        Skip.Unless(!File.ReadAllText("/proc/self/mountinfo").Contains(" - resctrl ", StringComparison.Ordinal), "needs a host without resctrl");
        var bundle = NewBundle().With("linux.intelRdt", JsonNode.Parse("""{ "l3CacheSchema": "L3:0=f" }""")).Args("true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("linux.intelRdt").And.Contain("no resctrl is mounted");
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    private static string WriteHook(Bundle bundle, string line)
    {
        string script = Path.Combine(bundle.Home, "hook.sh");
        File.WriteAllText(script, "#!/bin/sh\nset -e\n" + line + "\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return script;
    }
}
