using Hull.Oci;
using static Hull.Runtime.Tests.Cgroups.CgroupPlanningTests;

namespace Hull.Runtime.Tests.Cgroups;

public sealed class DeviceRulesTests
{
    [Fact]
    public void Rules_keep_their_order_and_the_default_devices_follow()
    {
        var rules = new Resources { Devices = [Deny, new DeviceRule { Allow = true, Type = DeviceRuleType.Character, Major = 10, Minor = 229, Access = "rw" }] };

        List<string> writes = Writes(CgroupFixtures.Hybrid, rules);

        writes.Take(2).Should().Equal("devices.deny=a *:* rwm", "devices.allow=c 10:229 rw");
        writes.Skip(2).Should().Equal(
            "devices.allow=c *:* m", "devices.allow=b *:* m", "devices.allow=c 1:3 rwm", "devices.allow=c 1:5 rwm", "devices.allow=c 1:7 rwm",
            "devices.allow=c 1:8 rwm", "devices.allow=c 1:9 rwm", "devices.allow=c 5:0 rwm", "devices.allow=c 136:* rwm",
            "devices.allow=c 5:2 rwm", "devices.allow=c 10:200 rwm");
    }

    [Fact]
    public void A_terminal_may_use_the_console() =>
        Writes(CgroupFixtures.Hybrid, new Resources { Devices = [Deny] }, terminal: true).Should().EndWith("devices.allow=c 5:1 rwm");

    [Theory]
    [InlineData(null, null, null, "mwr", "a *:* rwm")]
    [InlineData(DeviceRuleType.Character, 1L, -1L, "r", "c 1:* r")]
    [InlineData(DeviceRuleType.Block, null, 3L, "wm", "b *:3 wm")]
    public void A_rule_is_written_as_the_kernel_reads_it(object? type, long? major, long? minor, string access, string line)
    {
        var rule = new DeviceRule { Allow = true, Type = (DeviceRuleType?)type, Major = major, Minor = minor, Access = access };

        ResolvedDeviceRule.Of(rule, SpecPath.Root).ToString().Should().Be(line);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("rwx")]
    [InlineData("rr")]
    public void Access_must_be_of_known_letters(string? access) =>
        FluentActions.Invoking(() => ResolvedDeviceRule.Of(new DeviceRule { Allow = true, Type = DeviceRuleType.Block, Access = access }, SpecPath.Root))
            .Should().Throw<RuntimeError>().Where(error => error.Message.Contains("CGD-02", StringComparison.Ordinal));

    [Theory]
    [InlineData(5L, "rwm")]
    [InlineData(null, "r")]
    public void All_devices_cannot_be_narrowed(long? major, string access) =>
        FluentActions.Invoking(() => ResolvedDeviceRule.Of(new DeviceRule { Allow = false, Major = major, Access = access }, SpecPath.Root))
            .Should().Throw<RuntimeError>();

    [Fact]
    public void No_rules_write_nothing() => Writes(CgroupFixtures.Hybrid, new Resources { Devices = [] }).Should().BeEmpty();

    [Fact]
    public void On_v2_rules_that_take_something_away_become_a_filter_and_others_nothing()
    {
        Filter(CgroupFixtures.V2, new Resources { Devices = [Deny] })!.Directory.Should().Be("/sys/fs/cgroup/c1");
        Filter(CgroupFixtures.V2, new Resources { Devices = [new DeviceRule { Allow = true, Access = "rwm" }] }).Should().BeNull();
        Filter(CgroupFixtures.V2, new Resources { Devices = [] }).Should().BeNull();
        Filter(CgroupFixtures.V2 with { UserId = 1000 }, new Resources { Devices = [Deny] }).Should().BeNull("a user could not make such devices");
        Writes(CgroupFixtures.V2, new Resources { Devices = [Deny] }).Should().BeEmpty();
    }

    [Fact]
    public void A_host_with_a_devices_controller_needs_no_filter() =>
        Filter(CgroupFixtures.Hybrid, new Resources { Devices = [Deny] }).Should().BeNull();

    [Fact]
    public void A_cgroup2_beside_v1_without_a_devices_controller_takes_the_filter()
    {
        CgroupFacts cgroups = CgroupFixtures.Hybrid.Cgroups;
        HostFacts facts = CgroupFixtures.Hybrid with { Cgroups = cgroups with { V1 = [.. cgroups.V1.Where(one => !one.Controllers.Contains("devices"))] } };

        Filter(facts, new Resources { Devices = [Deny] })!.Directory.Should().Be("/sys/fs/cgroup/unified/c1");
    }

    [Fact]
    public void Rules_that_take_something_away_need_one_of_the_two() =>
        FluentActions.Invoking(() => Filter(CgroupFixtures.V1, new Resources { Devices = [Deny] })).Should().Throw<RuntimeError>()
            .Where(error => error.Property == "linux.resources.devices" && error.Message.Contains("CGD-05", StringComparison.Ordinal));

    private static AttachDeviceFilter? Filter(HostFacts facts, Resources resources) =>
        Plan("/c1", facts, resources).Make.Select(step => step.Action).OfType<AttachDeviceFilter>().SingleOrDefault();
}
