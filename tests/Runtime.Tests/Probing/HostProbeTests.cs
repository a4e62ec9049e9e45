using System.Text;
using Hull.Linux;
using Hull.Runtime.Tests.Cgroups;

namespace Hull.Runtime.Tests.Probing;

public sealed class HostProbeTests
{
    [Fact]
    public void This_host_can_be_probed()
    {
        HostFacts facts = HostProbe.Probe(withKernelFilesystems: true);

        facts.Kernel.AtLeast(4, 0).Should().BeTrue();
        facts.LastCapability.Should().BeGreaterThan(30);
        facts.OpenFilesHard.Should().BeGreaterThanOrEqualTo(facts.OpenFilesSoft);
        facts.KernelFilesystemMounts.Should().Contain("/proc");
        facts.Should().Be(HostProbe.Probe(withKernelFilesystems: true) with { KernelFilesystemMounts = facts.KernelFilesystemMounts });
    }

    [Fact]
    public void Facts_can_be_kept_beside_a_plan()
    {
        foreach (HostFacts facts in new[] { CgroupFixtures.V1, CgroupFixtures.Hybrid, CgroupFixtures.V2, CgroupFixtures.WithoutCgroups })
        {
            string json = FactsDocument.Write(facts);
            FactsDocument.Write(FactsDocument.Read(json)).Should().Be(json);
            FactsDocument.Read(json).Cgroups.Should().Be(facts.Cgroups);
        }
    }

    [Theory]
    [InlineData("6.18.44-fc-v657\n", 6, 18)]
    [InlineData("5.4\n", 5, 4)]
    [InlineData("7-rc1", 7, 0)]
    [InlineData("", 0, 0)]
    public void A_release_is_read_as_far_as_it_is_a_number(string release, int major, int minor) =>
        KernelVersion.Parse(Encoding.ASCII.GetBytes(release)).Should().Be(new KernelVersion(major, minor));

    [Fact]
    public void Versions_are_compared_by_number()
    {
        new KernelVersion(5, 12).AtLeast(5, 9).Should().BeTrue();
        new KernelVersion(5, 12).AtLeast(6, 0).Should().BeFalse();
        new KernelVersion(6, 0).AtLeast(5, 19).Should().BeTrue();
    }

    [Theory]
    [InlineData("         0          0 4294967295\n", true)]
    [InlineData("", true)]
    [InlineData("         0       1000          1\n", false)]
    [InlineData("0 0 4294967294\n1 1 1\n", false)]
    [InlineData("0 100000 65536\n", false)]
    public void Only_the_first_user_namespace_maps_everybody_to_himself(string map, bool identity) =>
        UserNamespaces.IsIdentity(Encoding.ASCII.GetBytes(map)).Should().Be(identity);
}
