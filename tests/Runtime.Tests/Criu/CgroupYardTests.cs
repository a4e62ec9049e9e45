using System.Collections.Immutable;

namespace Hull.Runtime.Tests.Criu;

/// <summary>Which cgroups CRIU sees during a dump.</summary>
public sealed class CgroupYardTests
{
    private static readonly CgroupFacts Facts = new(
        [
            new CgroupHierarchy("/sys/fs/cgroup/cpu,cpuacct", ["cpu", "cpuacct"], "/"),
            new CgroupHierarchy("/sys/fs/cgroup/pids", ["pids"], "/"),
            new CgroupHierarchy("/sys/fs/cgroup/systemd", ["name=systemd"], "/"),
        ],
        new CgroupHierarchy("/sys/fs/cgroup/unified", [], "/"));

    [Fact]
    public void A_hierarchy_is_the_containers_own_cgroup_or_empty()
    {
        Layout("5:net_cls:/\n4:cpu,cpuacct:/web\n3:pids:/web/inside\n1:name=systemd:/user\n0::/web\n", "cpu,cpuacct/web", "pids/web", "unified/web").Should().Equal(
            new YardHierarchy("net_cls", "/", null),
            new YardHierarchy("cpu,cpuacct", "/web", "/sys/fs/cgroup/cpu,cpuacct/web"),
            new YardHierarchy("pids", "/web", "/sys/fs/cgroup/pids/web"),
            new YardHierarchy("name=systemd", "/user", null),
            new YardHierarchy("", "/web", "/sys/fs/cgroup/unified/web"));
    }

    [Fact]
    public void A_mount_of_a_part_of_the_hierarchy_hides_the_beginning_of_the_path() =>
        Layout("3:pids:/outer/web/inside\n", "pids/web").Should().Equal(new YardHierarchy("pids", "/outer/web", "/sys/fs/cgroup/pids/web"));

    [Theory]
    [InlineData("/other")]
    [InlineData("/website")]
    [InlineData("/")]
    public void A_process_that_was_moved_out_has_none_of_its_own(string path) =>
        Layout($"3:pids:{path}\n", "pids/web").Should().Equal(new YardHierarchy("pids", path, null));

    private static ImmutableArray<YardHierarchy> Layout(string places, params string[] own) =>
        CgroupYard.Layout(Facts, [.. own.Select(path => new RecordedCgroup("/sys/fs/cgroup/" + path, 1))], places);
}
