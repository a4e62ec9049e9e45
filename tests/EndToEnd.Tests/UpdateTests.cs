using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Limits that change while the container lives: in the kernel, and for what comes later.</summary>
public sealed class UpdateTests : EndToEndTest
{
    [Theory]
    [InlineData("memory", "--memory 50M", "memory.limit_in_bytes", "52428800")]
    [InlineData("memory", "--memory=1g --memory-swap=2g", "memory.memsw.limit_in_bytes", "2147483648")]
    [InlineData("memory", "--memory -1", "memory.limit_in_bytes", "9223372036854771712")]
    [InlineData("memory", "--memory -1", "memory.memsw.limit_in_bytes", "9223372036854771712")]
    [InlineData("memory", "--memory 33554432 --memory-swap -1", "memory.memsw.limit_in_bytes", "9223372036854771712")]
    [InlineData("memory", "--memory-reservation 20M", "memory.soft_limit_in_bytes", "20971520")]
    [InlineData("memory", "--kernel-memory 20M --kernel-memory-tcp 20M --memory 60M", "memory.limit_in_bytes", "62914560")]
    [InlineData("cpu", "--cpu-share 100", "cpu.shares", "100")]
    [InlineData("cpu", "--cpu-period 50000", "cpu.cfs_period_us", "50000")]
    [InlineData("cpu", "--cpu-period 50000", "cpu.cfs_quota_us", "40000")]
    [InlineData("cpu", "--cpu-quota 30000", "cpu.cfs_quota_us", "30000")]
    [InlineData("cpu", "--cpu-quota 30000", "cpu.cfs_burst_us", "2000")]
    [InlineData("cpu", "--cpu-quota -1", "cpu.cfs_quota_us", "-1")]
    [InlineData("cpu", "--cpu-burst 3000", "cpu.cfs_burst_us", "3000")]
    [InlineData("cpu", "--cpu-burst 0", "cpu.cfs_burst_us", "0")]
    [InlineData("cpu", "--cpu-quota 1500 --cpu-burst 1000", "cpu.cfs_burst_us", "1000")]
    [InlineData("cpu", "--cpu-idle 1", "cpu.idle", "1")]
    [InlineData("cpuset", "--cpuset-cpus 0", "cpuset.cpus", "0")]
    [InlineData("cpuset", "--cpuset-mems 0", "cpuset.mems", "0")]
    [InlineData("pids", "--pids-limit 10", "pids.max", "10")]
    [InlineData("pids", "--pids-limit -1", "pids.max", "max")]
    [InlineData("blkio", "--blkio-weight 700", "blkio.bfq.weight", "700")]
    public void An_option_changes_its_limit(string controller, string options, string file, string expected)
    {
        Requires.Hull("runc 1.1 lacks some of the options, and refuses others");
        Requires.CgroupV1(controller);
        var bundle = Limited();

        Update(bundle, options).ShouldSucceed();

        Read(bundle, controller, file).Should().Be(expected);
    }

    [Theory]
    [InlineData("1.2.1", "max")]
    [InlineData("1.3.0", "0")]
    public void What_no_processes_means_is_said_by_the_version_of_the_containers_document(string version, string expected)
    {
        Requires.Hull("runc 1.1 knows no limit of 0");
        Requires.CgroupV1("pids");
        var bundle = NewBundle().With("ociVersion", version).Args("sleep", "1000").Running();

        Update(bundle, "--pids-limit 0").ShouldSucceed();

        Read(bundle, "pids", "pids.max").Should().Be(expected);
        (File.Exists(bundle.Log) && File.ReadAllText(bundle.Log).Contains("1.2.1", StringComparison.Ordinal)).Should().Be(expected == "max");
    }

    [Fact]
    public void A_real_time_share_can_be_given_and_changed()
    {
        Requires.Hull("runc places it elsewhere");
        Requires.CgroupV1("cpu");
        var directory = Cgroups.Version1Mount("cpu") + Cgroups.Prefix;
        Directory.CreateDirectory(directory + "/real-time");
        try
        {
            Skip.Unless(File.Exists(directory + "/cpu.rt_runtime_us"), "needs cpu.rt_runtime_us, which this kernel does not have");
            File.WriteAllText(directory + "/cpu.rt_runtime_us", "20000");
            File.WriteAllText(directory + "/real-time/cpu.rt_runtime_us", "20000");
            var bundle = NewBundle().Args("sleep", "1000");
            var path = Cgroups.Prefix + "/real-time/" + bundle.Id;
            bundle.With("linux.cgroupsPath", path).RunCommand("--detach").Run().ShouldSucceed();

            // 10000 in 500000 fits beside 20000 in 1000000, at every moment.
            Update(bundle, "--cpu-rt-runtime 10000 --cpu-rt-period 500000").ShouldSucceed();
            Update(bundle, "--cpu-rt-period 250000 --cpu-rt-runtime 4000").ShouldSucceed();

            Cgroups.Read("cpu", path, "cpu.rt_period_us", "").Should().Be("250000");
            Cgroups.Read("cpu", path, "cpu.rt_runtime_us", "").Should().Be("4000");
            bundle.Delete("--force").ShouldSucceed();
        }
        finally
        {
            Cgroups.Remove(Cgroups.Prefix + "/real-time");
        }
    }

    [Fact]
    public void What_was_changed_is_kept_for_later_updates_and_the_bundle_stays_as_it_was()
    {
        Requires.Hull("seen in hull's own store");
        Requires.CgroupV1("cpu");
        var bundle = Limited();
        var before = File.ReadAllText(bundle.ConfigFile);

        Update(bundle, "--cpu-quota 25000").ShouldSucceed();
        Update(bundle, "--pids-limit 12").ShouldSucceed();
        Update(bundle, "--cpu-idle 1").ShouldSucceed();
        Update(bundle, "--cpu-share 200").ShouldSucceed();
        Update(bundle, "--cpu-idle 0").ShouldSucceed();

        var kept = JsonNode.Parse(File.ReadAllText(Path.Combine(bundle.StateRoot, bundle.Id, "config.json")))!;
        ((long)kept["linux"]!["resources"]!["cpu"]!["quota"]!).Should().Be(25000);
        ((long)kept["linux"]!["resources"]!["pids"]!["limit"]!).Should().Be(12);
        ((long)kept["linux"]!["resources"]!["memory"]!["limit"]!).Should().Be(64 << 20);
        kept["process"]!["args"]!.ToJsonString().Should().Be("""["sleep","1000"]""");
        Read(bundle, "cpu", "cpu.shares").Should().Be("200", "an idle cgroup has no shares, but they were kept");
        File.ReadAllText(bundle.ConfigFile).Should().Be(before);
    }

    [Fact]
    public void Memory_and_swap_go_up_and_down_in_the_order_that_the_kernel_allows()
    {
        Requires.CgroupV1("memory");
        var bundle = Limited();
        foreach (var (memory, swap) in new[] { (200, 300), (30, 50), (60, 80), (80, 80), (20, 20), (500, 900) })
        {
            bundle.Runtime("update", "--memory", $"{memory}M", "--memory-swap", $"{swap}M", bundle.Id).Run().ShouldSucceed();

            Read(bundle, "memory", "memory.limit_in_bytes").Should().Be($"{(long)memory << 20}");
            Read(bundle, "memory", "memory.memsw.limit_in_bytes").Should().Be($"{(long)swap << 20}");
        }
    }

    [Fact]
    public void The_time_of_a_container_in_a_limited_pod_can_be_cut_finer()
    {
        Requires.CgroupV1("cpu");
        var pod = Cgroups.Prefix + "/pod";
        var directory = Cgroups.Version1Mount("cpu") + pod;
        Directory.CreateDirectory(directory);
        try
        {
            File.WriteAllText(directory + "/cpu.cfs_quota_us", "50000");
            var bundle = NewBundle().Args("sleep", "1000").With("linux.resources.cpu", JsonNode.Parse("""{"quota":50000,"period":100000}"""));
            var path = pod + "/" + bundle.Id;
            bundle.With("linux.cgroupsPath", path).RunCommand("--detach").Run().ShouldSucceed();

            foreach (var (period, quota) in new[] { (50000, 25000), (2000, 1000), (200000, 100000), (100000, 50000) })
            {
                bundle.Runtime("update", "--cpu-period", Text(period), "--cpu-quota", Text(quota), bundle.Id).Run().ShouldSucceed();
                Cgroups.Read("cpu", path, "cpu.cfs_period_us", "").Should().Be(Text(period));
                Cgroups.Read("cpu", path, "cpu.cfs_quota_us", "").Should().Be(Text(quota));
            }

            bundle.Runtime("update", "--cpu-period", "100000", "--cpu-quota", "60000", bundle.Id).Run().Status.Should().Be(1);
            Cgroups.Read("cpu", path, "cpu.cfs_quota_us", "").Should().Be("50000");
            bundle.Delete("--force").ShouldSucceed();
        }
        finally
        {
            Cgroups.Remove(pod);
        }
    }

    [Theory]
    [InlineData("-")]
    [InlineData("FILE")]
    public void Resources_come_from_a_file_or_from_standard_input(string from)
    {
        Requires.Hull("runc 1.1 wants more of the document");
        Requires.CgroupV1("pids");
        var bundle = Limited();
        const string document = """{"pids":{"limit":17},"memory":{"limit":0,"swap":0,"kernel":0},"cpu":{"shares":0,"quota":0},"blockIO":{"weight":0}}""";
        var file = Path.Combine(bundle.Scratch, "resources.json");
        File.WriteAllText(file, document);

        bundle.Runtime("update", "--resources", from == "-" ? "-" : file, bundle.Id).Input(document).Run().ShouldSucceed();

        Read(bundle, "pids", "pids.max").Should().Be("17");
        Read(bundle, "memory", "memory.limit_in_bytes").Should().Be("67108864");
        Read(bundle, "cpu", "cpu.shares").Should().Be("300");
    }

    [Fact]
    public void With_a_document_the_other_options_are_ignored_with_a_warning()
    {
        Requires.Hull("runc says nothing");
        Requires.CgroupV1("pids");
        var bundle = Limited();

        bundle.Runtime("update", "-r", "-", "--cpu-share", "77", bundle.Id).Input("""{"pids":{"limit":17}}""").Run().ShouldSucceed();

        Read(bundle, "cpu", "cpu.shares").Should().Be("300");
        bundle.LogLines().Should().ContainSingle(line => (string?)line["level"] == "warning" && ((string)line["msg"]!).Contains("ignored"));
    }

    [Fact]
    public void Every_limit_of_a_disk_can_be_changed_by_a_document()
    {
        Requires.Hull("runc 1.1 takes only the weight");
        Requires.CgroupV1("blkio");
        var disk = Directory.EnumerateDirectories("/sys/block").FirstOrDefault(disk => Directory.Exists(disk + "/device"));
        Skip.Unless(disk is not null, "needs a disk");
        var numbers = File.ReadAllText(disk + "/dev").Trim().Split(':');
        var device = $$"""[{"major":{{numbers[0]}},"minor":{{numbers[1]}},"rate":""";
        var bundle = Limited();

        Document(bundle, $$$"""{"blockIO":{"throttleReadBpsDevice":{{{device}}}1000000}],"throttleWriteIOPSDevice":{{{device}}}50}]}}""").ShouldSucceed();
        Document(bundle, $$$"""{"blockIO":{"throttleReadBpsDevice":{{{device}}}0}]}}""").ShouldSucceed();

        Read(bundle, "blkio", "blkio.throttle.read_bps_device").Should().BeEmpty();
        Read(bundle, "blkio", "blkio.throttle.write_iops_device").Should().Be($"{numbers[0]}:{numbers[1]} 50");
    }

    [Fact]
    public void When_one_limit_is_refused_the_others_are_as_they_were_and_so_is_what_is_kept()
    {
        Requires.Hull("runc leaves what it has written");
        Requires.CgroupV1("cpuset");
        var bundle = Limited();
        var kept = Path.Combine(bundle.StateRoot, bundle.Id, "config.json");
        var before = File.ReadAllText(kept);

        var outcome = Update(bundle, "--memory 20M --memory-swap 30M --cpu-quota 10000 --cpu-share 55 --cpuset-cpus 4000");

        outcome.Status.Should().Be(1);
        outcome.Error.TrimEnd('\n').Should().NotContain("\n").And.ContainAll("cpuset.cpus", "4000", "linux.resources.cpu.cpus").And.NotContain("could not be taken back");
        Limits(bundle).Should().Equal(AsLimited);
        File.ReadAllText(kept).Should().Be(before);
    }

    [Fact]
    public void A_limit_below_what_is_used_is_refused_with_the_usage()
    {
        Requires.CgroupV1("memory");
        var bundle = Limited();

        var outcome = Update(bundle, "--memory 4096");

        outcome.Status.Should().Be(1);
        outcome.Error.Should().ContainAll("unable to set memory limit to 4096", "current usage: ", "peak usage: ");
        Limits(bundle).Should().Equal(AsLimited);
    }

    [Fact]
    public void A_paused_container_stays_paused()
    {
        Requires.CgroupV1("freezer");
        var bundle = Limited();
        var state = Cgroups.Version1Mount("freezer") + bundle.CgroupPath + "/freezer.state";
        File.WriteAllText(state, "FROZEN");
        Eventually.Holds(() => File.ReadAllText(state) == "FROZEN\n", () => "it should freeze");

        Update(bundle, "--pids-limit 9 --memory 70M --memory-swap 100M").ShouldSucceed();

        File.ReadAllText(state).Should().Be("FROZEN\n");
        bundle.Status().Should().Be("paused");
        Read(bundle, "pids", "pids.max").Should().Be("9");
    }

    [Fact]
    public void A_created_container_can_be_updated_and_started()
    {
        Requires.CgroupV1("pids");
        var bundle = NewBundle().Args("cat", "/sys/fs/cgroup/pids/pids.max");
        var create = bundle.Create();

        bundle.Runtime("update", "--pids-limit", "44", bundle.Id).Run().ShouldSucceed();
        bundle.Start().ShouldSucceed();

        bundle.WaitForStatus("stopped");
        create.Output.Should().Be("44\n");
    }

    [Fact]
    public void A_stopped_container_is_refused()
    {
        var bundle = NewBundle().Args("true");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("stopped");

        var outcome = bundle.Runtime("update", "--pids-limit", "44", bundle.Id).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("not running");
    }

    [Fact]
    public void Devices_work_at_every_moment_of_an_update_that_repeats_their_rules()
    {
        Requires.CgroupV1("devices");
        var bundle = NewBundle().Shell("n=0; while [ ! -e /tmp/stop ]; do true >/dev/null || echo refused; n=$((n+1)); done; echo done")
            .Adding("mounts", JsonNode.Parse("""{"destination":"/tmp","type":"tmpfs","source":"tmpfs"}""")!);
        var run = bundle.RunCommand().Start();
        bundle.WaitForStatus("running");
        for (var i = 0; i < 20; i++)
        {
            Document(bundle, """{"devices":[{"allow":false,"access":"rwm"}],"memory":{"limit":133554432,"swap":133554432},"cpu":{"shares":256,"quota":25000,"period":100000}}""").ShouldSucceed();
        }

        File.WriteAllText($"/proc/{bundle.ProcessId()}/root/tmp/stop", "");
        run.Wait().ShouldSucceed().Output.Should().Be("done\n");
    }

    [Fact]
    public void A_device_that_an_update_allows_is_allowed()
    {
        Requires.Hull("runc ignores rules for devices in an update");
        Requires.CgroupV1("devices");
        var bundle = Limited();

        Document(bundle, """{"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":10,"minor":229,"access":"rw"}]}""").ShouldSucceed();
        Read(bundle, "devices", "devices.list").Should().Contain("c 10:229 rw").And.Contain("c 1:3 rwm");

        Document(bundle, """{"devices":[{"allow":false,"access":"rwm"}]}""").ShouldSucceed();
        Read(bundle, "devices", "devices.list").Should().NotContain("10:229").And.Contain("c 1:3 rwm");
    }

    [Fact]
    public void What_somebody_else_has_allowed_survives_updates()
    {
        Requires.CgroupV1("devices");
        var bundle = Limited();
        File.WriteAllText(Cgroups.Version1Mount("devices") + bundle.CgroupPath + "/devices.allow", "c 195:0 rw");

        Update(bundle, "--pids-limit 9").ShouldSucceed();
        Document(bundle, """{"devices":[{"allow":false,"access":"rwm"}],"pids":{"limit":8}}""").ShouldSucceed();

        Read(bundle, "devices", "devices.list").Should().Contain("c 195:0 rw");
    }

    [Fact]
    public void Nothing_asked_for_changes_nothing()
    {
        var bundle = Limited();

        bundle.Runtime("update", bundle.Id).Run().ShouldSucceed().Error.Should().BeEmpty();

        Limits(bundle).Should().Equal(AsLimited);
    }

    private static readonly string[] AsLimited = ["67108864", "100663296", "40000", "100000", "2000", "300", "100"];

    private static string[] Limits(Bundle bundle) =>
    [
        Read(bundle, "memory", "memory.limit_in_bytes"), Read(bundle, "memory", "memory.memsw.limit_in_bytes"), Read(bundle, "cpu", "cpu.cfs_quota_us"),
        Read(bundle, "cpu", "cpu.cfs_period_us"), Read(bundle, "cpu", "cpu.cfs_burst_us"), Read(bundle, "cpu", "cpu.shares"), Read(bundle, "pids", "pids.max"),
    ];

    private Bundle Limited()
    {
        Requires.CgroupV1("memory");
        var bundle = NewBundle().Args("sleep", "1000").With("linux.resources.memory", JsonNode.Parse("""{"limit":67108864,"swap":100663296}"""))
            .With("linux.resources.cpu", JsonNode.Parse("""{"shares":300,"quota":40000,"period":100000,"burst":2000}"""))
            .With("linux.resources.pids.limit", 100);
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        return bundle;
    }

    private static Outcome Update(Bundle bundle, string options) => bundle.Runtime(["update", bundle.Id, .. options.Split(' ')]).Run();

    private static Outcome Document(Bundle bundle, string document) => bundle.Runtime("update", "--resources", "-", bundle.Id).Input(document).Run();

    private static string Read(Bundle bundle, string controller, string file) => Cgroups.Read(controller, bundle.CgroupPath, file, file);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
