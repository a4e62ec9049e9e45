using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>linux.netDevices. The runtime is run in a network namespace of the case's own, with interfaces made there.</summary>
internal static class NetworkDeviceCases
{
    [Rule("NET-01", "NET-05", Since = "1.3.0")]
    public static void An_interface_is_moved_into_the_container_and_is_up(Bundle bundle)
    {
        bundle.With("linux.netDevices", Json("""{ "conf0": {} }"""));
        Inside(bundle, "ip link add conf0 type veth peer name conf1", "ip -o link show conf0").Should().Contain("conf0@").And.Contain("UP");
    }

    [Rule("NET-01", Since = "1.3.0")]
    public static void An_interface_takes_its_configured_name(Bundle bundle)
    {
        bundle.With("linux.netDevices", Json("""{ "conf0": { "name": "inside0" } }"""));
        Inside(bundle, "ip link add conf0 type veth peer name conf1", "ip -o link").Should().Contain("inside0@").And.NotContain("conf0@");
    }

    [Rule("NET-04", "NET-09", Since = "1.3.0")]
    public static void An_interface_keeps_its_addresses(Bundle bundle)
    {
        bundle.With("linux.netDevices", Json("""{ "conf0": {} }"""));
        Inside(bundle, "ip link add conf0 type veth peer name conf1 && ip addr add 10.99.1.2/24 dev conf0 && ip -6 addr add fd00:99::2/64 dev conf0 nodad", "ip -o addr show conf0")
            .Should().Contain("10.99.1.2/24").And.Contain("fd00:99::2/64");
    }

    [Rule("NET-09", "NET-04", "NET-01", "NET-05", Since = "1.3.0")]
    public static void Permanent_global_addresses_move_with_all_they_have_and_others_do_not(Bundle bundle)
    {
        bundle.With("linux.netDevices", Json("""{ "conf0": { "name": "lan0" } }"""));
        const string before = """
            ip link add conf0 type veth peer name conf1 && ip link set conf0 address 02:00:00:00:12:34 mtu 1400 &&
            ip addr add 10.77.1.2/24 brd 10.77.1.255 label conf0:one dev conf0 && ip addr add 10.77.2.2 peer 10.77.2.3 dev conf0 &&
            ip addr add 10.77.3.2/24 scope link dev conf0 && ip addr add 10.77.4.2/24 dev conf0 valid_lft 1000 preferred_lft 900 &&
            ip -6 addr add fd77::2/64 dev conf0 nodad
            """;
        Inside(bundle, before, "ip addr show lan0").Should().Contain("02:00:00:00:12:34").And.Contain("mtu 1400").And.Contain(",UP").And.NotContain("10.77.3.2")
            .And.MatchRegex(@"inet 10\.77\.1\.2/24 brd 10\.77\.1\.255 scope global lan0:one")
            .And.MatchRegex(@"inet 10\.77\.2\.2 peer 10\.77\.2\.3/32 scope global lan0")
            .And.MatchRegex(@"inet6 fd77::2/64 scope global")
            .And.NotContain("10.77.4.2", "an address with an end is not permanent");
    }

    [Rule("NET-01", Since = "1.3.0")]
    public static void An_interface_moves_into_a_container_with_a_user_namespace(Bundle bundle)
    {
        bundle.Mapped().With("linux.netDevices", Json("""{ "conf0": { "name": "lan0" } }"""));
        Inside(bundle, "ip link add conf0 type veth peer name conf1", "ip -o link").Should().Contain("lan0");
    }

    [Rule("NET-06", "NET-07", Since = "1.3.0")]
    public static void An_interface_stays_in_a_network_that_is_joined(Bundle bundle)
    {
        var other = bundle.Another().Started();
        bundle.Namespace("network", $"/proc/{other.ProcessId()}/ns/net").With("linux.netDevices", Json("""{ "conf0": { "name": "lan0" } }"""))
            .Args("cat", "/sys/class/net/lan0/mtu");
        RunThen(bundle, "ip link add conf0 type veth peer name conf1", $"ip -o link; nsenter -t {other.ProcessId()} -n ip -o link")
            .ShouldSucceed().Output.Should().NotContain("conf0@").And.Contain("lan0@");
    }

    [Rule("NET-03", Since = "1.3.0")]
    public static void A_template_lets_the_kernel_choose_a_name(Bundle bundle)
    {
        bundle.With("linux.netDevices", Json("""{ "conf0": { "name": "eth%d" }, "conf1": { "name": "eth%d" } }"""));
        Inside(bundle, "ip link add conf0 type veth peer name conf1", "ip -o link").Should().Contain("eth0@").And.Contain("eth1@");
    }

    [Rule("NET-02", Since = "1.3.0")]
    public static void An_interface_that_does_not_exist_is_an_error(Bundle bundle)
    {
        bundle.With("linux.netDevices", Json("""{ "absent0": {} }"""));
        RunIn(bundle, "true", "true").Status.Should().NotBe(0);
    }

    [Rule("NET-03", Since = "1.3.0")]
    public static void A_name_that_is_taken_is_an_error(Bundle bundle)
    {
        bundle.With("linux.netDevices", Json("""{ "conf0": { "name": "lo" } }"""));
        RunIn(bundle, "ip link add conf0 type veth peer name conf1", "true").Status.Should().NotBe(0);
    }

    [Rule("NET-06", Since = "1.3.0")]
    public static void An_interface_does_not_come_back(Bundle bundle)
    {
        // A virtual one ends with the network namespace, and with it its peer: the kernel takes its moment for that.
        bundle.With("linux.netDevices", Json("""{ "conf0": {} }""")).Args("true");
        RunThen(
            bundle, "ip link add conf0 type veth peer name conf1", "for i in $(seq 100); do ip link show conf1 >/dev/null 2>&1 || break; sleep 0.1; done; ip -o link")
            .ShouldSucceed().Output.Should().NotContain("conf0@").And.NotContain("conf1@");
    }

    [Rule("NET-07", Since = "1.3.0")]
    public static void An_interface_without_a_network_namespace_is_refused(Bundle bundle)
    {
        bundle.WithoutNamespace("network").With("linux.netDevices", Json("""{ "conf0": {} }"""));
        RunIn(bundle, "ip link add conf0 type veth peer name conf1", "true").Status.Should().NotBe(0);
    }

    [Rule("NET-07", Since = "1.3.0")]
    [With("sixteen-bytes-16")]
    [With("a/b")]
    [With("..")]
    public static void A_name_that_no_interface_can_have_is_refused(Bundle bundle, string name)
    {
        bundle.With("linux.netDevices", new JsonObject { ["conf0"] = new JsonObject { ["name"] = name } });
        RunIn(bundle, "ip link add conf0 type veth peer name conf1", "true").Status.Should().NotBe(0);
    }

    private static string Inside(Bundle bundle, string before, string script)
    {
        var outcome = RunIn(bundle, before, script);
        outcome.ShouldSucceed();
        return outcome.Output;
    }

    private static Outcome RunIn(Bundle bundle, string before, string script)
    {
        Needed(bundle);
        bundle.Shell(script).Save();
        return new Command(bundle.Scratch, "unshare", "--net", "sh", "-c", before + " && exec \"$@\"", "sh",
            bundle.RuntimePath, "--root", bundle.StateRoot, "run", "--bundle", bundle.Location, bundle.Id).Run();
    }

    // The network that the runtime is called in lives on for one more line of shell.
    private static Outcome RunThen(Bundle bundle, string before, string after)
    {
        Needed(bundle);
        bundle.Save();
        return new Command(bundle.Scratch, "unshare", "--net", "sh", "-c", $"{before} && \"$@\" && {{ {after}; }}", "sh",
            bundle.RuntimePath, "--root", bundle.StateRoot, "run", "--bundle", bundle.Location, bundle.Id).Run();
    }

    private static void Needed(Bundle bundle)
    {
        Requires.Program("ip");
        Skip.Unless(new Command(bundle.Scratch, "unshare", "--net", "ip", "link", "add", "conf0", "type", "veth").Run().Status == 0, "needs veth network interfaces");
    }
}
