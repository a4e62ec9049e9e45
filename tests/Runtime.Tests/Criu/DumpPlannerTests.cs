using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime.Tests.Criu;

/// <summary>What CRIU is asked for, for fixed configurations and containers.</summary>
public sealed class DumpPlannerTests
{
    private const string Table = """
        100 90 0:50 / / ro,relatime - overlay overlay rw
        101 100 0:51 / /proc rw - proc proc rw
        102 100 0:52 / /dev rw - tmpfs tmpfs rw
        103 100 0:53 /cpu /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct
        104 100 8:1 /srv/data /real/data rw - ext4 /dev/vda rw
        105 104 8:2 / /real/data/below rw - ext4 /dev/vdb rw
        106 104 0:60 / /real/data/own rw - tmpfs tmpfs rw
        107 101 0:5 /null /proc/kcore rw - devtmpfs devtmpfs rw
        108 101 0:61 / /proc/acpi ro - tmpfs tmpfs rw
        109 102 0:5 /tty /dev/tty rw - devtmpfs devtmpfs rw

        """;

    [Fact]
    public void Mounts_of_the_host_are_named_by_their_place_in_the_configuration()
    {
        Plan("", new CheckpointRequest { ImagePath = "/i", WorkPath = "/i", LeaveRunning = true, FileLocks = true }).Should().Be("""
            root: /bundle/rootfs
            log: dump.log
            leave running: True
            file locks: True
            cgroups: Soft
            yard: /run/hull/web/cgroups
            freezer: /sys/fs/cgroup/freezer/web
            empty namespaces: 1073741824
            settings: /etc/criu/runc.conf
            mount: /sys/fs/cgroup/cpu,cpuacct = /sys/fs/cgroup/cpu,cpuacct
            mount: /real/data = /link/data
            mount: /real/data/below = /real/data/below
            mount: /proc/kcore = /dev/null
            mount: /dev/tty = /dev/tty
            cgroup: pids = /web
            cgroup: net_cls = /

            """);
    }

    [Fact]
    public void With_a_cgroup_namespace_of_its_own_cgroups_are_mounted_anew()
    {
        Plan(""", {"type": "cgroup"}""", Plainly).Should().NotContain("mount: /sys/fs/cgroup");
    }

    [Fact]
    public void Joined_networks_and_processes_are_named_by_their_numbers()
    {
        Plan(""", {"type": "network", "path": "/run/netns/a"}, {"type": "pid", "path": "/proc/1/ns/pid"}, {"type": "ipc", "path": "/proc/1/ns/ipc"}""", Plainly)
            .Should().Contain("external: net[41]:extRootNetNS\nexternal: pid[42]:extRootPidNS\n").And.NotContain("ipc");
    }

    [Fact]
    public void What_is_saved_beforehand_has_no_mounts()
    {
        Plan("", Plainly with { PreDump = true, ParentPath = "../first" }).Should().Contain("parent images: ../first").And.NotContain("mount:");
    }

    [Theory]
    [InlineData("{}", "settings: /etc/criu/runc.conf")]
    [InlineData("""{"org.criu.config": "/etc/mine.conf"}""", "settings: /etc/mine.conf")]
    public void An_annotation_names_the_settings_of_CRIU(string annotations, string line)
    {
        Plan("", Plainly, annotations).Should().Contain(line);
        Plan("", Plainly, """{"org.criu.config": ""}""").Should().NotContain("settings");
    }

    private static CheckpointRequest Plainly => new() { ImagePath = "/i", WorkPath = "/i" };

    private static string Plan(string namespaces, CheckpointRequest request, string annotations = "{}")
    {
        string document = $$"""
            {
              "ociVersion": "1.2.0", "root": {"path": "rootfs"}, "annotations": {{annotations}},
              "mounts": [
                {"destination": "/proc", "type": "proc"},
                {"destination": "/link/data", "source": "/srv/data", "options": ["rbind"]},
                {"destination": "/link/data/own", "type": "tmpfs"}
              ],
              "linux": {"maskedPaths": ["/proc/kcore", "/proc/acpi"], "namespaces": [{"type": "mount"}{{namespaces}}]}
            }
            """;
        Config config = ConfigDocument.Parse(System.Text.Encoding.UTF8.GetBytes(document)).Value!;
        var facts = new DumpFacts
        {
            Pid = 300,
            Rootfs = "/bundle/rootfs",
            Mounts = ContainerMount.Parse(System.Text.Encoding.UTF8.GetBytes(Table)),
            Destinations = ImmutableDictionary<string, string>.Empty.Add("/link/data", "/real/data").Add("/link/data/own", "/real/data/own"),
            Freezer = "/sys/fs/cgroup/freezer/web",
            CgroupYard = "/run/hull/web/cgroups",
            CgroupRoots = [new CriuCgroupRoot("pids", "/web"), new CriuCgroupRoot("net_cls", "/")],
            NetworkNamespace = 41,
            PidNamespace = 42,
        };
        return DumpPlanner.Plan(request, config, facts, images: 7, work: 8).Describe();
    }
}
