using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Every limit of linux.resources that this host can set: the kernel's own files say that it is in force.</summary>
public sealed class ResourceTests : EndToEndTest
{
    [Theory]
    [InlineData("memory", """{"memory":{"limit":67108864,"swap":100663296}}""", "memory.limit_in_bytes", "67108864")]
    [InlineData("memory", """{"memory":{"limit":67108864,"swap":100663296}}""", "memory.memsw.limit_in_bytes", "100663296")]
    [InlineData("memory", """{"memory":{"reservation":33554432}}""", "memory.soft_limit_in_bytes", "33554432")]
    [InlineData("memory", """{"memory":{"kernelTCP":1048576}}""", "memory.kmem.tcp.limit_in_bytes", "1048576")]
    [InlineData("memory", """{"memory":{"swappiness":10}}""", "memory.swappiness", "10")]
    [InlineData("memory", """{"memory":{"limit":67108864,"disableOOMKiller":true}}""", "memory.oom_control", "oom_kill_disable 1*")]
    [InlineData("cpu", """{"cpu":{"shares":512}}""", "cpu.shares", "512")]
    [InlineData("cpu", """{"cpu":{"quota":20000,"period":40000}}""", "cpu.cfs_quota_us", "20000")]
    [InlineData("cpu", """{"cpu":{"quota":20000,"period":40000}}""", "cpu.cfs_period_us", "40000")]
    [InlineData("cpu", """{"cpu":{"quota":20000,"burst":15000}}""", "cpu.cfs_burst_us", "15000")]
    [InlineData("cpu", """{"cpu":{"idle":1,"shares":512}}""", "cpu.idle", "1")]
    [InlineData("cpuset", """{"cpu":{"cpus":"0","mems":"0"}}""", "cpuset.cpus", "0")]
    [InlineData("cpuset", """{"cpu":{"cpus":"0","mems":"0"}}""", "cpuset.mems", "0")]
    [InlineData("pids", """{"pids":{"limit":33}}""", "pids.max", "33")]
    [InlineData("pids", """{"pids":{"limit":-1}}""", "pids.max", "max")]
    [InlineData("blkio", """{"blockIO":{"weight":500}}""", "blkio.bfq.weight", "500")]
    public void A_limit_is_in_force(string controller, string resources, string file, string expected)
    {
        RequireFile(controller, file);
        var bundle = Sleeping(resources);
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        Cgroups.Read(controller, bundle.CgroupPath, file, file).Should().Match(expected);
    }

    [Theory]
    [InlineData("throttleReadBpsDevice", "blkio.throttle.read_bps_device")]
    [InlineData("throttleWriteBpsDevice", "blkio.throttle.write_bps_device")]
    [InlineData("throttleReadIOPSDevice", "blkio.throttle.read_iops_device")]
    [InlineData("throttleWriteIOPSDevice", "blkio.throttle.write_iops_device")]
    public void A_disk_is_throttled(string property, string file)
    {
        RequireFile("blkio", file);
        var (major, minor) = Disk();
        var bundle = Sleeping("{}").With("linux.resources.blockIO." + property, JsonNode.Parse($$"""[{"major":{{major}},"minor":{{minor}},"rate":1048576}]"""));
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        Cgroups.Read("blkio", bundle.CgroupPath, file, file).Should().Be($"{major}:{minor} 1048576");
    }

    [Fact]
    public void A_disk_that_is_not_there_is_an_error_that_names_the_property_and_leaves_nothing()
    {
        Requires.Hull("runc's text is another");
        RequireFile("blkio", "blkio.throttle.read_bps_device");
        var bundle = Sleeping("{}").With("linux.resources.blockIO.throttleReadBpsDevice", JsonNode.Parse("""[{"major":4000,"minor":7,"rate":1}]"""));
        Refused(bundle, bundle.CreateCommand().Run(), "linux.resources.blockIO.throttleReadBpsDevice[0]", "4000:7 1", "no such disk");
    }

    [Fact]
    public void A_real_time_share_is_in_force_below_a_cgroup_that_has_one()
    {
        RequireFile("cpu", "cpu.rt_runtime_us");
        var parent = Cgroups.Prefix + "/real-time";
        var directory = Cgroups.Version1Mount("cpu") + parent;
        Directory.CreateDirectory(directory);
        try
        {
            File.WriteAllText(Path.GetDirectoryName(directory) + "/cpu.rt_runtime_us", "20000");
            File.WriteAllText(directory + "/cpu.rt_runtime_us", "20000");
            var bundle = Sleeping("""{"cpu":{"realtimeRuntime":5000,"realtimePeriod":500000}}""");
            bundle.With("linux.cgroupsPath", parent + "/" + bundle.Id).RunCommand("--detach").Run().ShouldSucceed();

            File.ReadAllText(directory + "/" + bundle.Id + "/cpu.rt_runtime_us").Should().Be("5000\n");
            File.ReadAllText(directory + "/" + bundle.Id + "/cpu.rt_period_us").Should().Be("500000\n");
            bundle.Delete("--force").ShouldSucceed();
        }
        finally
        {
            Cgroups.Remove(parent);
        }
    }

    [Theory]
    [InlineData("hugetlb", """{"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}""", "hugetlb.2MB.limit_in_bytes hugetlb.2MB.rsvd.limit_in_bytes", "4194304\n4194304\n")]
    [InlineData("net_cls", """{"network":{"classID":1048577}}""", "net_cls.classid", "1048577\n")]
    [InlineData("net_prio", """{"network":{"priorities":[{"name":"lo","priority":7}]}}""", "net_prio.ifpriomap", "lo 7\n")]
    public void A_controller_that_nobody_has_mounted_works_once_it_is(string controller, string resources, string files, string expected)
    {
        Requires.Hull("runc 1.1 knows no reservations of huge pages");
        RequireControllerOfThisKernel(controller);
        var bundle = Sleeping(resources).Shell($"cd /sys/fs/cgroup/{controller} && cat {files} | head -n {files.Split(' ').Length}");
        bundle.Save();

        // In a mount namespace of its own, the hierarchy is seen by this runtime alone, and the mount ends with it.
        var script = $"mkdir -p '{bundle.Scratch}/{controller}' && mount -t cgroup -o {controller} none '{bundle.Scratch}/{controller}' && \"$@\"";
        Own(bundle, script, "run", "--bundle", bundle.Location, bundle.Id).ShouldSucceed().Output.Should().Be(expected);
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
    public void The_number_of_processes_cannot_exceed_its_limit()
    {
        Requires.CgroupV1("pids");
        var bundle = Sleeping("""{"pids":{"limit":5}}""").Shell("for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; cat /sys/fs/cgroup/pids/pids.current /sys/fs/cgroup/pids/pids.events");

        var outcome = bundle.Run();

        outcome.Error.Should().Contain("can't fork");
    }

    [Fact]
    public void A_program_that_uses_up_its_time_is_throttled()
    {
        Requires.CgroupV1("cpu");
        var bundle = Sleeping("""{"cpu":{"quota":5000,"period":50000}}""")
            .Shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; grep nr_throttled /sys/fs/cgroup/cpu/cpu.stat");

        var throttled = bundle.Run().ShouldSucceed().Output.Trim().Split(' ');

        int.Parse(throttled[^1], CultureInfo.InvariantCulture).Should().BePositive();
    }

    [Fact]
    public void Running_out_of_memory_is_counted_where_engines_look()
    {
        Requires.CgroupV1("memory");
        var bundle = Sleeping("""{"memory":{"limit":8388608,"swap":8388608}}""")
            .Shell("dd if=/dev/zero of=/dev/null bs=64M count=1; echo $?; grep 'oom_kill ' /sys/fs/cgroup/memory/memory.oom_control");

        bundle.Run().Output.Should().Be("137\noom_kill 1\n");
    }

    [Fact]
    public void Without_any_memory_to_start_with_the_reason_is_told()
    {
        Requires.Hull("runc's text is another");
        Requires.CgroupV1("memory");
        var bundle = Sleeping("""{"memory":{"limit":4096}}""");
        bundle.Args("true");

        var outcome = bundle.Run();

        outcome.Status.Should().NotBe(0);
        outcome.Error.Should().Contain("container init was OOM-killed (memory limit too low?)");
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

    private static void RequireControllerOfThisKernel(string controller) => Skip.Unless(
        File.ReadLines("/proc/cgroups").Any(line => line.Split('\t') is [var name, ..] && name == controller), $"needs the cgroup controller {controller} in the kernel");

    /// <summary>Runs the runtime in a mount namespace of its own, after a line of shell that ends in <c>"$@"</c>.</summary>
    private static Outcome Own(Bundle bundle, string script, params string[] arguments) => new Command(
        bundle.Scratch, ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", HullBinary.Path, "--root", bundle.StateRoot, .. arguments]).Run();

    private static (string Major, string Minor) Disk()
    {
        var disks = Directory.EnumerateDirectories("/sys/block").Where(disk => Directory.Exists(disk + "/device")).ToList();
        Skip.Unless(disks.Count > 0, "needs a disk");
        var numbers = File.ReadAllText(disks[0] + "/dev").Trim().Split(':');
        return (numbers[0], numbers[1]);
    }
}
