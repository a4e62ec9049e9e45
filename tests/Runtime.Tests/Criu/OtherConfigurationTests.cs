using System.Collections.Immutable;
using System.Text;
using Hull.Oci;

namespace Hull.Runtime.Tests.Criu;

/// <summary>A restore with a configuration other than that of the checkpoint: what is weaker is noticed, what engines rewrite is not.</summary>
public sealed class OtherConfigurationTests
{
    private const string Closed = """
        100 90 0:50 / / ro,relatime - overlay overlay rw
        101 100 0:51 / /proc rw,nosuid - proc proc rw
        102 101 0:5 /null /proc/kcore rw - devtmpfs devtmpfs rw
        103 101 0:51 /sys /proc/sys ro,nosuid - proc proc rw
        104 101 0:61 / /proc/acpi rw - tmpfs tmpfs ro
        105 100 8:1 /srv /data ro - ext4 /dev/vda rw

        """;

    private const string Open = """
        100 90 0:50 / / rw,relatime - overlay overlay rw
        101 100 0:51 / /proc rw,nosuid - proc proc rw
        105 100 8:1 /srv /data rw - ext4 /dev/vda rw

        """;

    [Fact]
    public void A_view_as_the_configuration_has_it_is_accepted() => Excess(Closed).Should().BeEmpty();

    [Fact]
    public void What_is_open_and_should_not_be_is_named() => Excess(Open).Should().Equal(
        "its root is writable, and root.readonly forbids it", "/proc/kcore is not masked, and linux.maskedPaths has it",
        "/proc/acpi is not masked, and linux.maskedPaths has it", "/proc/acpi/inside is not masked, and linux.maskedPaths has it",
        "/proc/sys is writable, and linux.readonlyPaths has it", "/data is writable, and its mount asks for ro");

    [Fact]
    public void What_is_not_there_need_not_be_closed() => Excess(Open, missing: "/proc/").Should().HaveCount(2);

    [Fact]
    public void A_mount_over_a_read_only_one_counts() => Excess(Closed + "110 105 0:70 / /data rw - tmpfs tmpfs rw\n").Should().ContainSingle().Which.Should().StartWith("/data");

    [Theory]
    [InlineData("""{"memory": {"limit": 200}, "pids": {"limit": 7}}""", "linux.resources.memory.limit was 100 and is 200")]
    [InlineData("""{"memory": {"limit": -1}, "pids": {"limit": 7}}""", "linux.resources.memory.limit was 100 and is not set")]
    [InlineData("""{"memory": {"limit": 50}}""", "linux.resources.pids.limit was 7 and is not set")]
    [InlineData("""{"memory": {"limit": 50}, "pids": {"limit": 7}, "devices": [{"allow": true}]}""", "")]
    [InlineData("""{"memory": {"limit": 100}, "pids": {"limit": 3}}""", "")]
    public void A_limit_that_gives_more_is_named(string resources, string text) =>
        string.Join("; ", RememberedLimits.Loosened(RememberedLimits.Of(Resources("""{"memory": {"limit": 100}, "pids": {"limit": 7}}""")), Resources(resources))).Should().Be(text);

    [Theory]
    [InlineData("""{"cpu": {"quota": 50000}}""", """{"cpu": {"quota": 100000, "period": 200000}}""", false)]
    [InlineData("""{"cpu": {"quota": 50000}}""", """{"cpu": {"quota": 50000, "period": 50000}}""", true)]
    [InlineData("""{"devices": [{"allow": false}]}""", """{"devices": [{"allow": true}]}""", true)]
    [InlineData("""{"devices": [{"allow": false}]}""", """{"devices": [{"allow": false}]}""", false)]
    public void Time_is_a_share_and_rules_of_devices_are_compared_as_they_stand(string before, string now, bool loosened) =>
        RememberedLimits.Loosened(RememberedLimits.Of(Resources(before)), Resources(now)).Any().Should().Be(loosened);

    private static Resources? Resources(string text) => Parse($$$"""{"ociVersion": "1.3.0", "root": {"path": "rootfs"}, "linux": {"resources": {{{text}}}}}""").Linux?.Resources;

    private static IReadOnlyList<string> Excess(string mounts, string missing = "/nowhere")
    {
        Config config = Parse("""
            {
              "ociVersion": "1.3.0", "root": {"path": "rootfs", "readonly": true},
              "mounts": [{"destination": "/proc", "type": "proc", "options": ["ro", "rw"]}, {"destination": "/data", "source": "/srv", "options": ["bind", "ro"]}],
              "linux": {"maskedPaths": ["/proc/kcore", "/proc/acpi", "/proc/acpi/inside"], "readonlyPaths": ["/proc/sys"]}
            }
            """);
        return RestoredView.Excess(config, ContainerMount.Parse(Encoding.UTF8.GetBytes(mounts)), path => path.StartsWith(missing, StringComparison.Ordinal) ? null : path);
    }

    private static Config Parse(string text) => ConfigDocument.Parse(Encoding.UTF8.GetBytes(text)).Value!;
}
