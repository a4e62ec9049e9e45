using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Limits: what the kernel's own files say of the container's cgroup.</summary>
public sealed class CgroupTests : EndToEndTest
{
    [Fact]
    public void The_memory_limit_is_in_force()
    {
        var bundle = Sleeping().With("linux.resources.memory.limit", 33554432);
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        Cgroups.Read("memory", bundle.CgroupPath, "memory.limit_in_bytes", "memory.max").Should().Be("33554432");
    }

    [Fact]
    public void A_program_that_needs_more_memory_than_its_limit_is_killed()
    {
        var bundle = NewBundle().With("linux.resources.memory", JsonNode.Parse("""{"limit":8388608,"swap":8388608}"""))
            .Args("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1");

        bundle.Run().Status.Should().Be(128 + 9);
    }

    [Fact]
    public void A_container_starts_with_very_little_memory()
    {
        Requires.Hull("runc's own start needs more than half a megabyte");
        NewBundle().With("linux.resources.memory.limit", 524288).Args("true").Run().ShouldSucceed();
    }

    [Fact]
    public void The_share_of_the_processor_is_in_force()
    {
        Requires.CgroupV1("cpu");
        var bundle = Sleeping().With("linux.resources.cpu", JsonNode.Parse("""{"shares":512,"quota":50000,"period":100000}"""));
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        Read(bundle, "cpu", "cpu.shares").Should().Be("512");
        Read(bundle, "cpu", "cpu.cfs_quota_us").Should().Be("50000");
        Read(bundle, "cpu", "cpu.cfs_period_us").Should().Be("100000");
    }

    [Fact]
    public void The_processors_are_the_configured_ones()
    {
        Requires.CgroupV1("cpuset");
        var bundle = Sleeping().With("linux.resources.cpu", JsonNode.Parse("""{"cpus":"0","mems":"0"}"""));
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        Read(bundle, "cpuset", "cpuset.cpus").Should().Be("0");
    }

    [Fact]
    public void The_number_of_processes_is_limited()
    {
        var bundle = Sleeping().With("linux.resources.pids.limit", 20);
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        Cgroups.Read("pids", bundle.CgroupPath, "pids.max", "pids.max").Should().Be("20");
    }

    [Fact]
    public void The_container_is_in_its_cgroup_in_every_hierarchy()
    {
        var bundle = Sleeping();
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        // Others may have a hierarchy mounted in a mount namespace of their own: out of the runtime's reach, so not its business.
        var lines = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{bundle.ProcessId()}/cgroup"))
            .Where(line => line.Split(':') is [_, var names, ..]
                && (names.Length == 0 ? Cgroups.V2Mount is not null : Cgroups.Version1Mount(names.Split(',')[0]) is not null));
        lines.Should().NotBeEmpty().And.OnlyContain(line => line.EndsWith(":" + bundle.CgroupPath, StringComparison.Ordinal));
    }

    [Fact]
    public void Devices_are_ruled_out_unless_allowed()
    {
        var bundle = NewBundle().With("process.capabilities.bounding", new JsonArray("CAP_MKNOD")).With("process.capabilities.effective", new JsonArray("CAP_MKNOD"))
            .With("process.capabilities.permitted", new JsonArray("CAP_MKNOD")).Without("process.capabilities.ambient")
            .Shell("mknod /dev/disk b 254 0 && head -c 1 /dev/disk >/dev/null && echo read; head -c 1 /dev/zero >/dev/null && echo zero");

        bundle.Run().Output.Should().Be("zero\n");
    }

    [Fact]
    public void A_cgroup_made_by_somebody_else_survives_the_container()
    {
        var bundle = NewBundle().Args("true");
        Requires.CgroupV1("pids");
        var parent = Cgroups.Version1Mount("pids") + Cgroups.Prefix + "/made-by-the-test";
        Directory.CreateDirectory(parent);
        try
        {
            bundle.With("linux.cgroupsPath", Cgroups.Prefix + "/made-by-the-test/" + bundle.Id).Run().ShouldSucceed();

            Directory.Exists(parent).Should().BeTrue();
            Directory.Exists(parent + "/" + bundle.Id).Should().BeFalse();
        }
        finally
        {
            Cgroups.Remove(Cgroups.Prefix + "/made-by-the-test");
        }
    }

    [Fact]
    public void Deleting_removes_the_cgroups()
    {
        var bundle = Sleeping();
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        Cgroups.Below(bundle.CgroupPath).Should().NotBeEmpty();

        bundle.Delete("--force").ShouldSucceed();

        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
    }

    private Bundle Sleeping() => NewBundle().Args("sleep", "1000");

    private static string Read(Bundle bundle, string controller, string file) => Cgroups.Read(controller, bundle.CgroupPath, file, file);
}
