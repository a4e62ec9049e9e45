using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Limits that cannot be had are named; those that can be had are the conformance suite's (Cgroup).</summary>
public sealed class ResourceTests : EndToEndTest
{
    [Fact]
    public void A_disk_that_is_not_there_is_an_error_that_names_the_property_and_leaves_nothing()
    {
        Requires.Hull("runc's text is another");
        RequireFile("blkio", "blkio.throttle.read_bps_device");
        var bundle = Sleeping("{}").With("linux.resources.blockIO.throttleReadBpsDevice", JsonNode.Parse("""[{"major":4000,"minor":7,"rate":1}]"""));
        Refused(bundle, bundle.CreateCommand().Run(), "linux.resources.blockIO.throttleReadBpsDevice[0]", "4000:7 1", "no such disk");
    }

    [Theory]
    [InlineData("rdma", """{"rdma":{"mlx5_1":{"hcaHandles":3}}}""", "linux.resources.rdma.mlx5_1")]
    [InlineData("net_cls", """{"network":{"classID":1}}""", "linux.resources.network.classID")]
    [InlineData("hugetlb", """{"hugepageLimits":[{"pageSize":"2MB","limit":1}]}""", "linux.resources.hugepageLimits[0]")]
    [InlineData("unified", """{"unified":{"memory.high":"1"}}""", "linux.resources.unified")]
    public void A_controller_that_is_missing_is_an_error_that_names_it_and_the_property(string controller, string resources, string property)
    {
        Requires.Hull("runc passes some of these over");
        Requires.CgroupV1("memory");
        Skip.Unless(Cgroups.Version1Mount(controller) is null, $"needs a host without the {controller} controller");
        var bundle = Sleeping(resources);
        Refused(bundle, bundle.CreateCommand().Run(), property, controller);
    }

    [Fact]
    public void A_container_starts_with_very_little_memory()
    {
        Requires.Hull("runc's own start needs more than half a megabyte");
        NewBundle().With("linux.resources.memory.limit", 524288).Args("true").Run().ShouldSucceed();
    }

    private Bundle Sleeping(string resources)
    {
        var bundle = NewBundle().Args("sleep", "1000");
        foreach (var (name, value) in JsonNode.Parse(resources)!.AsObject())
        {
            bundle.With("linux.resources." + name, value!.DeepClone());
        }

        return bundle;
    }

    private static void Refused(Bundle bundle, Outcome outcome, params string[] expected)
    {
        outcome.Status.Should().Be(1);
        outcome.Error.TrimEnd('\n').Should().NotContain("\n").And.ContainAll(expected);
        Directory.Exists(Path.Combine(bundle.StateRoot, bundle.Id)).Should().BeFalse();
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
    }

    private static void RequireFile(string controller, string file)
    {
        Requires.CgroupV1(controller);

        // Files of limits are in every cgroup but the root's: asked of one that is made for it.
        var probe = Directory.CreateDirectory($"{Cgroups.Version1Mount(controller)}{Cgroups.Prefix}/probe").FullName;
        var exists = File.Exists($"{probe}/{file}");
        Cgroups.Remove(Cgroups.Prefix + "/probe");
        Skip.Unless(exists, $"needs {file}, which this kernel does not have");
    }
}
