using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Hosts with other cgroups than this one: version 1 alone, a named hierarchy alone, nothing.</summary>
public sealed class CgroupHostTests : EndToEndTest
{
    private const string Memory = "memory", Pids = "pids";

    /// <summary>A limit of every controller, the file in which the kernel tells it, and how it looks there.</summary>
    private static readonly (string Controller, string Property, string Value, string File, string Expected)[] Limits =
    [
        (Memory, "memory", """{ "limit": 67108864, "swap": 100663296, "reservation": 33554432, "swappiness": 10 }""", "memory.limit_in_bytes", "67108864"),
        (Memory, "", "", "memory.memsw.limit_in_bytes", "100663296"),
        (Memory, "", "", "memory.soft_limit_in_bytes", "33554432"),
        (Memory, "", "", "memory.swappiness", "10"),
        ("cpu", "cpu", """{ "shares": 512, "quota": 20000, "period": 40000, "cpus": "0", "mems": "0" }""", "cpu.shares", "512"),
        ("cpu", "", "", "cpu.cfs_quota_us", "20000"),
        ("cpu", "", "", "cpu.cfs_period_us", "40000"),
        ("cpuset", "", "", "cpuset.cpus", "0"),
        ("cpuset", "", "", "cpuset.mems", "0"),
        (Pids, "pids", """{ "limit": 33 }""", "pids.max", "33"),
        ("blkio", "blockIO", """{ "weight": 500 }""", "blkio.bfq.weight", "500"),
        ("hugetlb", "hugepageLimits", """[{ "pageSize": "2MB", "limit": 4194304 }]""", "hugetlb.2MB.limit_in_bytes", "4194304"),
        ("devices", "", "", "devices.list", "*c 10:229 rwm*"),
    ];

    [Fact]
    public void On_version_1_alone_every_limit_is_in_force_and_delete_leaves_nothing()
    {
        var bundle = OnVersion1Alone().Args("sleep", "1000").Adding(
            "linux.resources.devices", JsonNode.Parse("""{ "allow": true, "type": "c", "major": 10, "minor": 229, "access": "rwm" }""")!);
        foreach (var (_, property, value, _, _) in Limits.Where(limit => limit.Property.Length > 0 && Has(bundle, limit)))
        {
            bundle.With("linux.resources." + property, JsonNode.Parse(value));
        }

        bundle.Create();
        bundle.Start().ShouldSucceed();

        foreach (var limit in Limits.Where(limit => Has(bundle, limit)))
        {
            Read(bundle, limit.Controller, limit.File).Should().Match(limit.Expected, limit.File);
        }

        string process = bundle.ProcessId().ToString(CultureInfo.InvariantCulture);
        Directories(bundle).Should().NotBeEmpty().And.AllSatisfy(
            directory => Inside(bundle, "cat", directory + "/cgroup.procs").Output.Trim().Should().Be(process, directory));
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();
        Directories(bundle).Should().BeEmpty();
    }

    [Fact]
    public void On_version_1_alone_a_program_joins_every_cgroup_and_sees_them()
    {
        var bundle = OnVersion1Alone().Running();

        var joined = bundle.Exec("--", "cat", "/proc/self/cgroup").ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var seen = bundle.Exec("--", "ls", "/sys/fs/cgroup").ShouldSucceed().Output;

        joined.Where(line => !line.StartsWith("0::", StringComparison.Ordinal)).Should().AllSatisfy(line => line.Should().EndWith(":" + bundle.CgroupPath));
        seen.Should().Contain("memory\n").And.Contain("freezer\n").And.NotContain("unified");
    }

    [Fact]
    public void On_version_1_alone_a_container_is_paused_goes_on_and_is_killed_when_paused()
    {
        var bundle = OnVersion1Alone().Running();

        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        bundle.Status().Should().Be("paused");
        Read(bundle, "freezer", "freezer.state").Should().Be("FROZEN");
        bundle.Runtime("resume", bundle.Id).Run().ShouldSucceed();
        bundle.Status().Should().Be("running");
        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        bundle.Delete("--force").ShouldSucceed();

        Directories(bundle).Should().BeEmpty();
    }

    [Fact]
    public void On_version_1_alone_update_changes_limits_and_statistics_tell_them()
    {
        var bundle = OnVersion1Alone().Running();

        bundle.Runtime("update", "--memory", "50M", "--memory-swap", "100M", "--pids-limit", "20", "--cpu-share", "100", bundle.Id).Run().ShouldSucceed();

        Read(bundle, "cpu", "cpu.shares").Should().Be("100");
        JsonNode data = JsonNode.Parse(bundle.Runtime("events", "--stats", bundle.Id).Run().ShouldSucceed().Output)!["data"]!;
        ((long)data["memory"]!["usage"]!["limit"]!).Should().Be(50 << 20);
        ((long)data["memory"]!["swap"]!["limit"]!).Should().Be(100 << 20);
        ((int)data["pids"]!["limit"]!).Should().Be(20);
        ((int)data["pids"]!["current"]!).Should().Be(1);
        ((long)data["cpu"]!["usage"]!["total"]!).Should().BePositive();
    }

    [Fact]
    public void On_version_1_alone_events_tell_that_memory_ran_out()
    {
        Requires.Hull("it shows in hull alone when it has begun to watch");
        var bundle = OnVersion1Alone().With("linux.resources.memory", new JsonObject { ["limit"] = 32 << 20, ["swap"] = 32 << 20 })
            .Args("dd", "if=/dev/zero", "of=/dev/null", "bs=100M", "count=1");
        bundle.Create();
        var events = bundle.Runtime("events", "--interval", "1h", bundle.Id).Start();
        string waits = string.Create(CultureInfo.InvariantCulture, $"/proc/{events.ProcessId}/");
        Eventually.Holds(
            () => File.ReadAllText(waits + "cmdline").Contains("events", StringComparison.Ordinal) && File.ReadAllText(waits + "comm") != "sh\n"
                && File.ReadAllText(waits + "wchan").Contains("poll", StringComparison.Ordinal),
            () => events.Error);

        bundle.Start().ShouldSucceed();

        events.Wait().Output.Should().Be($"{{\"type\":\"oom\",\"id\":\"{bundle.Id}\"}}\n");
    }

    [Fact]
    public void On_version_1_alone_what_shares_the_host_s_processes_ends_with_its_container()
    {
        var bundle = OnVersion1Alone().WithoutNamespace("pid").Shell("sleep 1000 & exec sleep 2000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        Eventually.Holds(() => Read(bundle, Pids, "pids.current") == "2", () => Read(bundle, Pids, "cgroup.procs"));

        bundle.Delete("--force").ShouldSucceed();

        Directories(bundle).Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_any_controller_a_container_without_limits_lives_and_leaves_nothing(bool named)
    {
        var bundle = Without(named).Without("linux.resources");
        if (!named)
        {
            bundle.Without("linux.cgroupsPath");
        }

        bundle.Running();

        Directories(bundle).Should().HaveCount(named ? 1 : 0);
        bundle.Exec("--", "true").ShouldSucceed();
        bundle.Runtime("events", "--stats", bundle.Id).Run().ShouldSucceed();
        var pause = bundle.Runtime("pause", bundle.Id).Run();
        pause.Status.Should().Be(1);
        pause.Error.Should().Contain("it has no cgroup with a freezer");
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();
        Directories(bundle).Should().BeEmpty();
    }

    [Fact]
    public void Without_any_cgroup_a_container_sees_none_in_a_namespace_of_its_own_either()
    {
        var bundle = Without(named: false).Without("linux.resources").Without("linux.cgroupsPath").Namespace("cgroup")
            .With("mounts[6].options", new JsonArray("nosuid", "nodev", "noexec")).Shell("ls -A /sys/fs/cgroup; grep -c ' cgroup' /proc/self/mountinfo");

        // Its place would be ours: the root of the tree, with everybody else's below it.
        bundle.Run().Output.Should().Be("0\n");
    }

    [Theory]
    [InlineData(true, "memory", """{ "limit": 1048576 }""", "linux.resources.memory.limit: this host has no cgroup controller \"memory\"")]
    [InlineData(false, "memory", """{ "limit": 1048576 }""", "linux.resources.memory.limit: this host has no cgroup controller \"memory\"")]
    [InlineData(true, "pids", """{ "limit": 9 }""", "linux.resources.pids.limit: this host has no cgroup controller \"pids\"")]
    [InlineData(false, "devices", """[{ "allow": false, "access": "rwm" }]""", "linux.resources.devices: device rules need the v1 controller")]
    [InlineData(false, "", "", "linux.cgroupsPath: no cgroup hierarchy is mounted on this host")]
    public void Without_any_controller_a_limit_is_one_clear_error_and_nothing_is_made(bool named, string property, string value, string reason)
    {
        var bundle = Without(named).Args("true").Without("linux.resources");
        if (property.Length > 0)
        {
            bundle.With("linux.resources", new JsonObject { [property] = JsonNode.Parse(value) });
        }

        var outcome = bundle.CreateCommand().Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Trim().Should().StartWith(reason).And.NotContain("\n");
        bundle.State().Should().BeNull();
        Directories(bundle).Should().BeEmpty();
    }

    private Bundle OnVersion1Alone()
    {
        Requires.CgroupV1(Memory);
        var bundle = NewBundle();
        bundle.Through = CgroupHost.Version1Alone;
        return bundle;
    }

    private Bundle Without(bool named)
    {
        Requires.Hull("runc needs the devices controller");
        Skip.Unless(!named || File.ReadAllText("/proc/self/cgroup").Contains(":name=", StringComparison.Ordinal), "needs a named hierarchy of cgroup v1");
        var bundle = NewBundle();
        bundle.Through = named ? CgroupHost.NamedAlone : CgroupHost.Nothing;
        return bundle;
    }

    private static bool Has(Bundle bundle, (string Controller, string Property, string Value, string File, string Expected) limit) =>
        Inside(bundle, "sh", "-c", "mkdir -p \"$1\" && test -e \"$1/$2\"; found=$?; rmdir \"$1\"; exit $found", "sh",
            $"/sys/fs/cgroup/{limit.Controller}{Cgroups.Prefix}-probe", limit.File).Status == 0;

    private static string Read(Bundle bundle, string controller, string file) =>
        Inside(bundle, "cat", $"/sys/fs/cgroup/{controller}{bundle.CgroupPath}/{file}").ShouldSucceed().Output.Trim();

    /// <summary>The container's cgroups, in every hierarchy of its host.</summary>
    private static string[] Directories(Bundle bundle) =>
        Inside(bundle, "find", "/sys/fs/cgroup", "-type", "d", "-name", bundle.Id).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static Outcome Inside(Bundle bundle, params string[] command) => new Command(bundle.Scratch, [.. bundle.Through, .. command]).Run();
}
