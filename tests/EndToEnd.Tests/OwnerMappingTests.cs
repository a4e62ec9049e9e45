using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Idmapped mounts, and mounts in user namespaces: whose what is, and who may have it.</summary>
public sealed class OwnerMappingTests : EndToEndTest
{
    private static JsonArray Mappings(uint inside, uint outside, uint size) =>
        new(new JsonObject { ["containerID"] = inside, ["hostID"] = outside, ["size"] = size });

    [Fact]
    public void Without_a_mapping_of_its_own_a_mount_takes_the_containers()
    {
        var (bundle, tree) = WithTree();
        var seen = InUserNamespace(bundle).Adding("mounts", Bind(tree, "/tree", "bind idmap")).Adding("mounts", Bind(tree, "/plain", "bind"))
            .Observe("/tree", "/tree/file", "/plain");

        (seen.Path("/tree").User, seen.Path("/tree/file").User, seen.Path("/plain").User).Should().Be((0, 5, 65534));
    }

    [Fact]
    public void The_form_of_crun_is_understood()
    {
        var (bundle, tree) = WithTree();
        bundle.Adding("mounts", Bind(tree, "/tree", "bind idmap=uids=0-777-1#5-888-1;gids=0-999-10"));
        var seen = bundle.Observe("/tree", "/tree/file");

        (seen.Path("/tree").User, seen.Path("/tree").Group, seen.Path("/tree/file").User).Should().Be((777, 999, 888));
    }

    [Fact]
    public void A_new_file_system_can_be_mapped_too()
    {
        Requires.Kernel(6, 3);
        var bundle = NewBundle().With("root.readonly", false);
        var mount = new JsonObject { ["destination"] = "/mapped", ["type"] = "tmpfs", ["source"] = "tmpfs" };
        var seen = bundle.Adding("mounts", Mapped(mount, 4000)).Observe("/mapped");

        seen.Path("/mapped").User.Should().Be(4000);
    }

    [Fact]
    public void A_file_system_that_maps_no_owners_says_so()
    {
        var bundle = NewBundle().With("root.readonly", false).Adding("mounts", Mapped(Bind("/sys/kernel", "/tree", "bind idmap"), 1)).Args("true");
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("map the owners").And.Contain("FS_ALLOW_IDMAP");
    }

    [Fact]
    public void Many_mapped_mounts_need_few_descriptors()
    {
        var (bundle, tree) = WithTree();
        for (var i = 0; i < 20; i++)
        {
            bundle.Adding("mounts", Mapped(Bind(tree, $"/tree{i}", "bind"), 1000));
        }

        bundle.With("process.rlimits", JsonNode.Parse("""[{ "type": "RLIMIT_NOFILE", "soft": 20, "hard": 20 }]"""));
        bundle.Args("ls", "/proc/self/fd");
        bundle.RunCommand().Prelude("ulimit -n 40").Run().ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should().HaveCount(4, "three streams, and what ls reads");
    }

    [Fact]
    public void A_source_that_the_containers_root_cannot_reach_is_mounted_all_the_same()
    {
        var (bundle, tree) = WithTree();
        Sh(bundle, $"chown -R 4242 {tree} && chmod 700 {tree}");
        var seen = InUserNamespace(bundle).Adding("mounts", Bind(tree + "/deep", "/deep", "rbind ro")).Observe("/deep/file");

        seen.Path("/deep/file").Exists.Should().BeTrue();
        seen.Mount("/deep").Options.Should().Contain("ro");
    }

    [Fact]
    public void In_a_user_namespace_flags_of_the_host_stay_unless_that_is_refused()
    {
        var (bundle, tree) = WithTree();
        InUserNamespace(bundle).Adding("mounts", Bind(tree, "/tree", "bind noexec")).Args("grep", " /tree ", "/proc/self/mountinfo");
        InOwnMounts(bundle, $"mount -t tmpfs -o ro,nosuid,nodev,mode=755 t {tree}").ShouldSucceed().Output.Should().Contain(" ro,nosuid,nodev,noexec,");

        var (asking, other) = WithTree();
        InUserNamespace(asking).Adding("mounts", Bind(other, "/tree", "bind rw")).Args("true");
        var refused = InOwnMounts(asking, $"mount -t tmpfs -o ro,mode=755 t {other}");
        refused.Status.Should().Be(1);
        refused.Error.Should().Contain("operation not permitted").And.Contain("locked");
    }

    [Fact]
    public void Message_queues_belong_to_the_containers_root()
    {
        var seen = InUserNamespace(NewBundle()).Observe("/dev/mqueue", "/dev/shm");

        (seen.Path("/dev/mqueue").User, seen.Path("/dev/mqueue").Group).Should().Be((0, 0));
    }

    [Fact]
    public void With_the_network_of_the_host_a_user_namespace_sees_the_sysfs_of_the_host()
    {
        var seen = InUserNamespace(NewBundle()).WithoutNamespace("network").Observe();

        seen.Mount("/sys").Type.Should().Be("sysfs");
        seen.Mounts.First(mount => mount.Point == "/sys").Options.Should().Contain(["ro", "nosuid", "nodev", "noexec"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cgroups_are_shown_in_a_user_namespace(bool own)
    {
        Requires.CgroupV1("pids");
        var bundle = InUserNamespace(NewBundle());
        var seen = (own ? bundle.Namespace("cgroup") : bundle).Observe("/sys/fs/cgroup/pids/cgroup.procs");

        seen.Path("/sys/fs/cgroup/pids/cgroup.procs").Exists.Should().BeTrue();
        seen.Mounts.Where(mount => mount.Point.StartsWith("/sys/fs/cgroup", StringComparison.Ordinal)).Should().OnlyContain(mount => mount.Options.Contains("ro"));
    }

    private (Bundle Bundle, string Tree) WithTree()
    {
        var bundle = NewBundle().With("root.readonly", false);
        var tree = Directory.CreateDirectory(Path.Combine(bundle.Home, "tree")).FullName;
        Sh(bundle, $"cd {tree} && touch file && chown 5:5 file && mkdir deep && touch deep/file && chmod 755 . deep");

        // The root of a user namespace may not make places in a root file system that is not its own.
        Sh(bundle, $"cd {bundle.RootfsPath} && mkdir tree plain deep");
        return (bundle, tree);
    }

    private static Bundle InUserNamespace(Bundle bundle) =>
        bundle.Namespace("user").With("linux.uidMappings", Mappings(0, 100000, 65536)).With("linux.gidMappings", Mappings(0, 100000, 65536));

    private static JsonObject Mapped(JsonObject mount, uint outside)
    {
        mount["uidMappings"] = Mappings(0, outside, 100);
        mount["gidMappings"] = Mappings(0, outside, 100);
        return mount;
    }

    private static JsonObject Bind(string source, string destination, string options) => new()
    {
        ["destination"] = destination, ["source"] = source, ["options"] = new JsonArray([.. options.Split(' ').Select(option => JsonValue.Create(option))]),
    };

    private static string Sh(Bundle bundle, string script) => new Command(bundle.Scratch, "sh", "-c", "set -e\n" + script).Run().ShouldSucceed().Output;

    private static Outcome InOwnMounts(Bundle bundle, string before)
    {
        bundle.Save();
        return new Command(
            bundle.Scratch, "unshare", "-m", "sh", "-c", $"{before} && \"$@\"", "sh",
            HullBinary.Path, "--root", bundle.StateRoot, "run", "--bundle", bundle.Location, bundle.Id).In(bundle.Location).Run();
    }
}
