using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Which cgroup a container gets, whether it is fit, and whose it is.</summary>
public sealed class CgroupPlaceTests : EndToEndTest
{
    [Fact]
    public void A_cgroup_with_processes_is_refused_before_anything_is_made()
    {
        Requires.CgroupV1("pids");
        var other = NewBundle().Args("sleep", "1000");
        other.RunCommand("--detach").Run().ShouldSucceed();
        var bundle = NewBundle().With("linux.cgroupsPath", other.CgroupPath);
        var before = HostSnapshot.Take(bundle);

        var outcome = bundle.CreateCommand().Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("not empty");
        HostSnapshot.ShouldBecome(bundle, before, "it was refused before");
        other.Status().Should().Be("running");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/below")]
    public void A_frozen_cgroup_is_refused_and_so_is_one_below_it(string below)
    {
        Requires.Hull("runc hangs in a cgroup below a frozen one");
        Requires.CgroupV1("freezer");
        var path = Cgroups.Prefix + "/frozen";
        var directory = Cgroups.Version1Mount("freezer") + path;
        Directory.CreateDirectory(directory);
        try
        {
            File.WriteAllText(directory + "/freezer.state", "FROZEN");
            var bundle = NewBundle().With("linux.cgroupsPath", path + below);

            var outcome = bundle.CreateCommand().Run();

            outcome.Status.Should().Be(1);
            outcome.Error.Should().Contain("container's cgroup unexpectedly frozen: /");
            Directory.Exists(directory + "/below").Should().BeFalse();
        }
        finally
        {
            File.WriteAllText(directory + "/freezer.state", "THAWED");
            Cgroups.Remove(path);
        }
    }

    [Theory]
    [InlineData("relative/path")]
    [InlineData("./relative//path/")]
    public void A_relative_path_starts_at_our_own_cgroup(string path)
    {
        Requires.Hull("runc places relative paths elsewhere");
        Requires.CgroupV1("pids");
        var own = File.ReadLines("/proc/self/cgroup").Select(line => line.Split(':')).First(line => line[1].Split(',').Contains("pids"))[2].TrimEnd('/');
        var bundle = NewBundle();
        bundle.With("linux.cgroupsPath", $"{Cgroups.Prefix[1..]}/{bundle.Id}/{path}").Args("sleep", "1000").RunCommand("--detach").Run().ShouldSucceed();

        Directory.Exists($"{Cgroups.Version1Mount("pids")}{own}{Cgroups.Prefix}/{bundle.Id}/relative/path").Should().BeTrue();
        bundle.Delete("--force").ShouldSucceed();
    }

    [Theory]
    [InlineData("..")]
    [InlineData("/a/../../b")]
    public void A_path_that_leads_out_is_refused(string path)
    {
        Requires.Hull("runc cleans the path");
        var outcome = NewBundle().With("linux.cgroupsPath", path).CreateCommand().Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("linux.cgroupsPath");
    }

    [Fact]
    public void A_container_that_may_write_to_its_own_cgroup_owns_it_and_none_of_its_limits()
    {
        Requires.Hull("seen through hull's steps");
        var bundle = OnV2Alone().Namespace("cgroup").With("mounts[6].options", new JsonArray("nosuid", "nodev", "noexec")).Shell(
            "cd /sys/fs/cgroup && mkdir made-inside && echo made && rmdir made-inside; stat -c '%n %u' . cgroup.procs cgroup.subtree_control cgroup.threads cgroup.max.depth");

        RunAlone(bundle).ShouldSucceed().Output.Should().Be("made\n. 0\ncgroup.procs 0\ncgroup.subtree_control 0\ncgroup.threads 0\ncgroup.max.depth 65534\n");
    }

    [Fact]
    public void A_container_whose_cgroup_mount_is_read_only_owns_nothing()
    {
        Requires.Hull("seen through hull's steps");
        var bundle = OnV2Alone().Namespace("cgroup").Shell("stat -c '%n %u' /sys/fs/cgroup/cgroup.procs");

        RunAlone(bundle).ShouldSucceed().Output.Should().Be("/sys/fs/cgroup/cgroup.procs 65534\n");
    }

    [Fact]
    public void A_container_without_a_cgroup_namespace_owns_nothing()
    {
        Requires.Hull("seen through hull's steps");
        var bundle = OnV2Alone().With("mounts[6].options", new JsonArray("nosuid", "nodev", "noexec")).Shell("stat -c '%n %u' /sys/fs/cgroup/cgroup.procs");

        RunAlone(bundle).ShouldSucceed().Output.Should().Be("/sys/fs/cgroup/cgroup.procs 65534\n");
    }

    [Fact]
    [Rule("NS-03")]
    public void The_cgroups_are_entered_in_a_mount_namespace_that_is_joined_too()
    {
        Requires.Hull("runc refuses a container without a new mount namespace");
        var first = NewBundle().Running();
        string NamespaceFile(string name) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{first.ProcessId()}/ns/{name}");
        // The proc that is mounted there shows the other container's processes: only among those is there a /proc/self.
        var second = NewBundle().Namespace("mount", NamespaceFile("mnt")).Namespace("pid", NamespaceFile("pid"))
            .With("mounts", new JsonArray()).Without("linux.maskedPaths").Without("linux.readonlyPaths")
            .With("root.path", "/").With("root.readonly", false);
        var seen = second.Observe();

        seen.Namespace("mnt").Should().Be(File.ResolveLinkTarget(NamespaceFile("mnt"), returnFinalTarget: false)!.Name);
        seen.Strings("cgroup").Should().Contain(line => line.EndsWith(second.CgroupPath, StringComparison.Ordinal));
    }

    [Fact]
    public void The_last_container_below_a_cgroup_that_one_of_them_made_removes_it()
    {
        Requires.Hull("runc leaves it");
        var bundle = NewBundle().Args("sleep", "1000");
        var above = bundle.CgroupPath;
        var second = bundle.Id + "-second";
        bundle.With("linux.cgroupsPath", above + "/parent/first").RunCommand("--detach").Run().ShouldSucceed();
        bundle.With("linux.cgroupsPath", above + "/parent/second").Save();
        bundle.Runtime("run", "--detach", "--bundle", bundle.Location, second).Run().ShouldSucceed();

        bundle.Delete("--force").ShouldSucceed();
        Cgroups.Below(above).Should().NotBeEmpty("the second one is still there");
        bundle.Runtime("delete", "--force", second).Run().ShouldSucceed();

        Cgroups.Below(above).Should().BeEmpty();
    }

    private Bundle OnV2Alone()
    {
        Skip.Unless(Cgroups.V2Mount is not null, "needs cgroup v2, alone or beside v1");
        return NewBundle().Namespace("user")
            .With("linux.uidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""))
            .With("linux.gidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""));
    }

    /// <summary>In a mount namespace of its own the cgroup2 hierarchy is where a host with nothing else has it.</summary>
    private static Outcome RunAlone(Bundle bundle)
    {
        bundle.Save();
        var script = $"mount --bind '{Cgroups.V2Mount}' /sys/fs/cgroup && exec \"$@\"";
        return new Command(
            bundle.Scratch, "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh",
            HullBinary.Path, "--root", bundle.StateRoot, "run", "--bundle", bundle.Location, bundle.Id).Run();
    }
}
