using System.Text;

namespace Hull.Runtime.Tests.Cgroups;

public sealed class CgroupHierarchiesTests
{
    [Fact]
    public void A_host_with_v1_alone_has_one_hierarchy_per_mount()
    {
        CgroupFacts facts = Parse(CgroupFixtures.V1Mounts, CgroupFixtures.V1Places);

        facts.Layout.Should().Be(CgroupLayout.V1);
        facts.V1.Select(hierarchy => hierarchy.Mount).Should().Equal(
            "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/freezer");
        facts.WithController("cpuacct")!.Controllers.Should().Equal("cpu", "cpuacct");
        facts.WithController("memory")!.Own.Should().Be("/user.slice/user-1000.slice");
    }

    [Fact]
    public void A_hybrid_host_has_v1_controllers_and_a_cgroup2_beside_them()
    {
        CgroupFacts facts = Parse(CgroupFixtures.HybridMounts, CgroupFixtures.HybridPlaces);

        facts.Layout.Should().Be(CgroupLayout.Hybrid);
        facts.V2.Should().Be(new CgroupHierarchy("/sys/fs/cgroup/unified", [], "/"));
        facts.V1.Should().HaveCount(9);
        facts.WithController("memory")!.Own.Should().Be("/process_api/53579c43cca9ac65aa3a6e02755c1fde");
        facts.WithController("name=systemd")!.Mount.Should().Be("/sys/fs/cgroup/systemd");
    }

    [Fact]
    public void A_host_with_v2_alone_has_one_hierarchy()
    {
        CgroupFacts facts = Parse(CgroupFixtures.V2Mounts, CgroupFixtures.V2Places);

        facts.Layout.Should().Be(CgroupLayout.V2);
        facts.V2!.Mount.Should().Be("/sys/fs/cgroup");
        facts.V2.Own.Should().Be("/user.slice/user-1000.slice/session-2.scope");
    }

    [Fact]
    public void A_host_without_cgroups_has_none()
    {
        Parse("22 1 0:21 / /proc rw - proc proc rw\n", "").Layout.Should().Be(CgroupLayout.None);
    }

    [Fact]
    public void Of_several_mounts_of_a_hierarchy_the_usual_place_wins()
    {
        const string Mounts = """
            40 20 0:30 / /var/lib/other/rootfs/sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            41 20 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            42 20 0:30 / /mnt/later rw - cgroup cgroup rw,memory

            """;

        Parse(Mounts, "4:memory:/\n").V1.Should().Equal(new CgroupHierarchy("/sys/fs/cgroup/memory", ["memory"], "/"));
    }

    [Theory]
    [InlineData("/", "/a/b", "/a/b")]
    [InlineData("/docker/x", "/docker/x", "/")]
    [InlineData("/docker/x", "/docker/x/y", "/y")]
    [InlineData("/docker/x", "/docker/xy", "/")]
    [InlineData("/docker/x", "/elsewhere", "/")]
    [InlineData("/", "/../outside", "/")]
    [InlineData("/", "/a (deleted)", "/a")]
    public void Our_place_is_told_relative_to_what_the_mount_shows(string root, string place, string own)
    {
        CgroupFacts facts = Parse($"40 20 0:30 {root} /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n", $"4:memory:{place}\n");

        facts.V1.Should().ContainSingle().Which.Own.Should().Be(own);
    }

    [Fact]
    public void Blanks_in_mount_points_are_read_back()
    {
        CgroupFacts facts = Parse("40 20 0:30 / /sys/fs/cgroup/a\\040b rw - cgroup cgroup rw,memory\n", "4:memory:/\n");

        facts.V1.Should().ContainSingle().Which.Mount.Should().Be("/sys/fs/cgroup/a b");
    }

    [Fact]
    public void A_mount_point_that_looks_like_a_separator_does_not_confuse()
    {
        Parse("40 20 0:30 / /mnt/cgroup rw - ext4 /dev/cgroup rw,memory\n", "4:memory:/\n").Layout.Should().Be(CgroupLayout.None);
    }

    private static CgroupFacts Parse(string mounts, string places) => CgroupHierarchies.Parse(Encoding.UTF8.GetBytes(mounts), Encoding.UTF8.GetBytes(places));
}
