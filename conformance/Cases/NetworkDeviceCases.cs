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

    [Rule("NET-03", Since = "1.3.0")]
    public static void A_template_lets_the_kernel_choose_a_name(Bundle bundle)
    {
        bundle.With("linux.netDevices", Json("""{ "conf0": { "name": "eth%d" } }"""));
        Inside(bundle, "ip link add conf0 type veth peer name conf1", "ip -o link").Should().Contain("eth0@");
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
        bundle.With("linux.netDevices", Json("""{ "conf0": {} }""")).Args("true").Save();
        Needed(bundle);
        new Command(bundle.Scratch, "unshare", "--net", "sh", "-c", "ip link add conf0 type veth peer name conf1 && \"$@\" && ip -o link", "sh",
            bundle.RuntimePath, "--root", bundle.StateRoot, "run", "--bundle", bundle.Location, bundle.Id).Run().ShouldSucceed().Output.Should().NotContain("conf0@");
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

    private static void Needed(Bundle bundle)
    {
        Requires.Program("ip");
        Skip.Unless(new Command(bundle.Scratch, "unshare", "--net", "ip", "link", "add", "conf0", "type", "veth").Run().Status == 0, "needs veth network interfaces");
    }
}
