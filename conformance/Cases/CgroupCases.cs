using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>linux.cgroupsPath and linux.resources, read off the cgroups of the host.</summary>
internal static class CgroupCases
{
    [Rule("CGP-01")]
    public static void An_absolute_path_is_that_path_in_every_hierarchy(Bundle bundle)
    {
        Requires.CgroupV1("pids");
        bundle.Started();
        foreach (var controller in new[] { "pids", "memory", "cpu", "devices" })
        {
            File.ReadAllLines(Cgroups.Version1Mount(controller) + bundle.CgroupPath + "/cgroup.procs").Should().Contain(bundle.ProcessId().ToString(CultureInfo.InvariantCulture), controller);
        }

        // Others may have a hierarchy mounted in a mount namespace of their own: out of the runtime's reach, so not its business.
        File.ReadAllLines($"/proc/{bundle.ProcessId()}/cgroup").Where(line => line.Split(':') is [_, var names, ..]
                && (names.Length == 0 ? Cgroups.V2Mount is not null : Cgroups.Version1Mount(names.Split(',')[0]) is not null))
            .Should().NotBeEmpty().And.OnlyContain(line => line.EndsWith(":" + bundle.CgroupPath, StringComparison.Ordinal));
    }

    [Rule("CGP-01")]
    public static void An_absolute_path_is_below_the_mount_of_version_2(Bundle bundle)
    {
        Version2();
        bundle.Started();
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Trim().Should().Be("0::" + bundle.CgroupPath);
    }

    [Rule("CGP-01")]
    public static void A_relative_path_always_means_the_same_place(Bundle bundle)
    {
        var path = bundle.CgroupPath.TrimStart('/') + "/relative";
        bundle.With("linux.cgroupsPath", path).Started();
        var first = File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup");
        bundle.Delete("--force").ShouldSucceed();
        bundle.Started();
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().Be(first);
        first.Should().Contain(path);
    }

    [Rule("CGP-02")]
    public static void Without_a_path_the_container_still_runs_and_is_cleaned_away(Bundle bundle)
    {
        bundle.Without("linux.cgroupsPath").Started();
        string[] places = [.. File.ReadAllLines($"/proc/{bundle.ProcessId()}/cgroup").Where(line => line.Contains(bundle.Id, StringComparison.Ordinal))];
        bundle.Delete("--force").ShouldSucceed();
        places.SelectMany(line => Cgroups.Below(line.Split(':', 3)[2])).Should().BeEmpty();
    }

    [Rule("CGP-03")]
    public static void A_path_does_not_lead_out_of_the_hierarchy(Bundle bundle)
    {
        bundle.With("linux.cgroupsPath", bundle.CgroupPath + "/../../../../" + bundle.CgroupPath.TrimStart('/')).Args("true");
        if (bundle.CreateCommand().Run().Status == 0)
        {
            File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().NotContain("..");
            Cgroups.Below(bundle.CgroupPath).Should().NotBeEmpty("a path that is accepted is taken from the top of the hierarchy");
        }
    }

    [Rule("CGP-04")]
    public static void A_missing_cgroup_is_made_with_its_parents(Bundle bundle)
    {
        bundle.With("linux.cgroupsPath", bundle.CgroupPath + "/deep/below").Started();
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().Contain(bundle.CgroupPath + "/deep/below");
    }

    [Rule("CGP-05")]
    public static void A_frozen_cgroup_is_not_one_to_hang_in(Bundle bundle)
    {
        Requires.CgroupV1("freezer");
        var directory = Directory.CreateDirectory(Cgroups.Version1Mount("freezer") + bundle.CgroupPath).FullName;
        File.WriteAllText(directory + "/freezer.state", "FROZEN");
        try
        {
            bundle.Args("true").CreateCommand().Timeout(TimeSpan.FromSeconds(10)).Run().Status.Should().NotBe(0);
        }
        finally
        {
            File.WriteAllText(directory + "/freezer.state", "THAWED");
            bundle.Delete("--force");
            Cgroups.Remove(bundle.CgroupPath);
        }
    }

    [Rule("OP-DEL-02", "CGP-05")]
    public static void A_cgroup_with_processes_of_another_container_is_refused_or_shared(Bundle bundle)
    {
        var other = bundle.Another().Started();
        bundle.With("linux.cgroupsPath", other.CgroupPath).Args("true").CreateCommand().Run();
        bundle.Delete("--force");
        other.Status().Should().Be("running", "whatever the runtime decides, the other container lives");
    }

    [Rule("PID-01", "CONV-PID")]
    [With(1, "1")]
    [With(1000, "1000")]
    [With(-1, "max")]
    public static void The_limit_of_processes_is_set(Bundle bundle, int limit, string seen)
    {
        bundle.With("linux.resources.pids", new JsonObject { ["limit"] = limit }).Started("exec sleep 100");
        Cgroups.Read("pids", bundle.CgroupPath, "pids.max", "pids.max").Should().Be(seen);
    }

    [Rule("PID-01")]
    public static void The_limit_of_processes_holds(Bundle bundle)
    {
        bundle.With("linux.resources.pids", Json("""{ "limit": 5 }""")).Shell("for i in 1 2 3 4 5 6 7 8; do sleep 5 & done").Run().Error.Should().Contain("can't fork");
    }

    [Rule("PID-03", Since = "1.3.0")]
    public static void An_absent_limit_of_processes_is_none(Bundle bundle)
    {
        bundle.With("linux.resources.pids", Json("{}")).Started("exec sleep 100");
        Cgroups.Read("pids", bundle.CgroupPath, "pids.max", "pids.max").Should().Be("max");
    }

    [Rule("PID-02", Since = "1.3.0")]
    public static void A_limit_of_no_processes_is_a_limit(Bundle bundle)
    {
        bundle.With("linux.resources.pids", Json("""{ "limit": 0 }""")).Shell("while :; do :; done").Create();
        bundle.Start().ShouldSucceed();
        Cgroups.Read("pids", bundle.CgroupPath, "pids.max", "pids.max").Should().NotBe("max");
        bundle.Another().With("linux.resources.pids", Json("""{ "limit": 0 }""")).Shell("sleep 0; echo forked").Run().Output.Should().NotContain("forked");
    }

    [Rule("MEM-01", "CONV-MEM")]
    [With(52428800)]
    [With(16777216)]
    public static void The_limit_of_memory_is_set(Bundle bundle, int limit)
    {
        bundle.Memory("limit", limit).Started();
        Cgroups.Read("memory", bundle.CgroupPath, "memory.limit_in_bytes", "memory.max").Should().Be($"{limit}");
    }

    [Rule("MEM-01")]
    public static void A_limit_of_memory_of_minus_one_is_none(Bundle bundle)
    {
        bundle.Memory("limit", -1).Started();
        var seen = Cgroups.Read("memory", bundle.CgroupPath, "memory.limit_in_bytes", "memory.max");
        (seen == "max" || long.Parse(seen, CultureInfo.InvariantCulture) > 1L << 60).Should().BeTrue(seen);
    }

    [Rule("MEM-11")]
    public static void A_limit_of_memory_of_zero_is_none(Bundle bundle)
    {
        bundle.Memory("limit", 0).Args("true").Run().ShouldSucceed();
    }

    [Rule("MEM-04")]
    public static void A_limit_of_kernel_memory_is_no_reason_to_fail(Bundle bundle)
    {
        Requires.CgroupV1("memory");
        bundle.Memory("kernel", 104857600).Args("true").Run().ShouldSucceed();
    }

    [Rule("MEM-01")]
    public static void The_limit_of_memory_holds(Bundle bundle)
    {
        bundle.Memory("limit", 20971520).With("linux.resources.memory.swap", 20971520).Writable();
        bundle.Shell("head -c 100000000 /dev/zero | tail -c 90000000 | wc -c").Run().Output.Trim().Should().NotBe("90000000");
    }

    [Rule("MEM-01")]
    public static void A_program_that_needs_more_memory_than_its_limit_is_killed(Bundle bundle)
    {
        bundle.Memory("limit", 8388608).Memory("swap", 8388608).Args("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1").Run().Status.Should().Be(128 + 9);
    }

    [Rule("MEM-01", "MNT-14")]
    public static void That_memory_ran_out_is_counted_where_the_container_sees_it(Bundle bundle)
    {
        Requires.CgroupV1("memory");
        bundle.Memory("limit", 8388608).Memory("swap", 8388608)
            .Prints("dd if=/dev/zero of=/dev/null bs=64M count=1; echo $?; grep 'oom_kill ' /sys/fs/cgroup/memory/memory.oom_control").Should().Be("137\noom_kill 1");
    }

    [Rule("MEM-02")]
    public static void The_reservation_of_memory_is_set(Bundle bundle)
    {
        bundle.Memory("reservation", 33554432).Started();
        Cgroups.Read("memory", bundle.CgroupPath, "memory.soft_limit_in_bytes", "memory.low").Should().Be("33554432");
    }

    [Rule("MEM-03", "CONV-SWAP")]
    public static void The_limit_of_memory_and_swap_is_set(Bundle bundle)
    {
        Skip.Unless(!IsVersion1("memory") || File.Exists(Cgroups.Version1Mount("memory") + "/memory.memsw.limit_in_bytes"), "needs swap accounting");
        bundle.Memory("limit", 33554432).Memory("swap", 67108864).Started();
        Cgroups.Read("memory", bundle.CgroupPath, "memory.memsw.limit_in_bytes", "memory.swap.max").Should().Be(IsVersion1("memory") ? "67108864" : "33554432");
    }

    [Rule("MEM-03", "OP-CRE-03")]
    public static void Less_memory_with_swap_than_without_is_refused(Bundle bundle)
    {
        bundle.Memory("limit", 67108864).Memory("swap", 33554432).Args("true").ShouldBeRefused();
    }

    [Rule("MEM-05")]
    public static void The_limit_of_memory_for_tcp_is_set(Bundle bundle)
    {
        Requires.CgroupV1("memory");
        bundle.Memory("kernelTCP", 33554432).Started();
        Read1(bundle, "memory", "memory.kmem.tcp.limit_in_bytes").Should().Be("33554432");
    }

    [Rule("MEM-06")]
    [With(0)]
    [With(37)]
    [With(100)]
    public static void Swappiness_is_set(Bundle bundle, int swappiness)
    {
        Requires.CgroupV1("memory");
        bundle.Memory("swappiness", swappiness).Started();
        Read1(bundle, "memory", "memory.swappiness").Should().Be($"{swappiness}");
    }

    [Rule("MEM-06", "OP-CRE-03")]
    public static void Swappiness_above_a_hundred_is_refused(Bundle bundle)
    {
        bundle.Memory("swappiness", 201).Args("true").ShouldBeRefused();
    }

    [Rule("MEM-07")]
    public static void The_out_of_memory_killer_can_be_switched_off(Bundle bundle)
    {
        Requires.CgroupV1("memory");
        bundle.Memory("limit", 104857600).With("linux.resources.memory.disableOOMKiller", true).Started();
        Read1(bundle, "memory", "memory.oom_control").Should().Contain("oom_kill_disable 1");
    }

    [Rule("MEM-08", Since = "1.0.2")]
    public static void Use_of_the_hierarchy_is_accepted(Bundle bundle)
    {
        Requires.CgroupV1("memory");
        bundle.With("linux.resources.memory", Json("""{ "limit": 104857600, "useHierarchy": true }""")).Args("true").Run().ShouldSucceed();
    }

    [Rule("CPU-01")]
    [With(2)]
    [With(512)]
    [With(262144)]
    public static void Shares_are_set(Bundle bundle, int shares)
    {
        Requires.CgroupV1("cpu");
        bundle.Cpu("shares", shares).Started();
        Read1(bundle, "cpu", "cpu.shares").Should().Be($"{shares}");
    }

    [Rule("CONV-CPU-01", "CPU-01", Since = "1.1.0")]
    [With(2, 1)]
    [With(1024, 100)]
    [With(262144, 10000)]
    public static void Shares_become_a_weight_on_version_2(Bundle bundle, int shares, int weight)
    {
        Version2();
        bundle.Cpu("shares", shares).Started();
        Read2(bundle, "cpu.weight").Should().Be($"{weight}");
    }

    [Rule("CPU-02")]
    public static void Quota_and_period_are_set(Bundle bundle)
    {
        bundle.Cpu("quota", 20000).Cpu("period", 50000).Started();
        if (IsVersion1("cpu"))
        {
            Read1(bundle, "cpu", "cpu.cfs_quota_us").Should().Be("20000");
            Read1(bundle, "cpu", "cpu.cfs_period_us").Should().Be("50000");
        }
        else
        {
            Read2(bundle, "cpu.max").Should().Be("20000 50000");
        }
    }

    [Rule("CPU-02")]
    public static void A_program_that_uses_up_its_time_is_throttled(Bundle bundle)
    {
        Requires.CgroupV1("cpu");
        var throttled = bundle.Cpu("quota", 5000).Cpu("period", 50000)
            .Prints("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; grep nr_throttled /sys/fs/cgroup/cpu/cpu.stat").Split(' ');
        int.Parse(throttled[^1], CultureInfo.InvariantCulture).Should().BePositive();
    }

    [Rule("CPU-02", "CONV-CPU-03")]
    public static void A_quota_of_minus_one_is_none(Bundle bundle)
    {
        bundle.Cpu("quota", -1).Started();
        Cgroups.Read("cpu", bundle.CgroupPath, "cpu.cfs_quota_us", "cpu.max").Should().BeOneOf("-1", "max 100000");
    }

    [Rule("CPU-03", Since = "1.1.0")]
    [With("""{ "quota": 20000, "period": 50000, "burst": 10000 }""", "10000")]
    [With("""{ "quota": 20000, "burst": 15000 }""", "15000")]
    public static void A_burst_is_set(Bundle bundle, string json, string burst)
    {
        Requires.CgroupV1("cpu");
        Skip.Unless(File.Exists(FirstBelow("cpu", "cpu.cfs_burst_us")), "needs Linux 5.14: cpu.cfs_burst_us");
        bundle.With("linux.resources.cpu", Json(json)).Started();
        Read1(bundle, "cpu", "cpu.cfs_burst_us").Should().Be(burst);
    }

    [Rule("CPU-04")]
    public static void Real_time_is_set_where_the_kernel_has_it(Bundle bundle)
    {
        Requires.CgroupV1("cpu");
        Skip.Unless(File.Exists(Cgroups.Version1Mount("cpu") + "/cpu.rt_runtime_us"), "needs a kernel with CONFIG_RT_GROUP_SCHED");
        bundle.Cpu("realtimePeriod", 1000000).Started();
        Read1(bundle, "cpu", "cpu.rt_period_us").Should().Be("1000000");
    }

    [Rule("CPU-04")]
    public static void A_share_of_real_time_is_set_below_a_cgroup_that_has_one(Bundle bundle)
    {
        Requires.CgroupV1("cpu");
        var mount = Cgroups.Version1Mount("cpu");
        Skip.Unless(File.Exists(mount + "/cpu.rt_runtime_us"), "needs a kernel with CONFIG_RT_GROUP_SCHED");
        var above = Directory.CreateDirectory(mount + bundle.CgroupPath).FullName;
        File.WriteAllText(Path.GetDirectoryName(above) + "/cpu.rt_runtime_us", "100000");
        File.WriteAllText(above + "/cpu.rt_runtime_us", "20000");
        bundle.With("linux.cgroupsPath", bundle.CgroupPath + "/below").With("linux.resources.cpu", Json("""{ "realtimeRuntime": 5000, "realtimePeriod": 500000 }""")).Started();
        File.ReadAllText(above + "/below/cpu.rt_runtime_us").Should().Be("5000\n");
        File.ReadAllText(above + "/below/cpu.rt_period_us").Should().Be("500000\n");
        bundle.Delete("--force").ShouldSucceed();
        Cgroups.Remove(bundle.CgroupPath);
    }

    [Rule("CPU-05")]
    public static void The_processors_and_nodes_are_set(Bundle bundle)
    {
        Requires.CgroupV1("cpuset");
        bundle.With("linux.resources.cpu", Json("""{ "cpus": "0", "mems": "0" }""")).Started();
        Read1(bundle, "cpuset", "cpuset.cpus").Should().Be("0");
        Read1(bundle, "cpuset", "cpuset.mems").Should().Be("0");
        File.ReadAllText($"/proc/{bundle.ProcessId()}/status").Should().Contain("Cpus_allowed_list:\t0\n");
    }

    [Rule("CPU-05", "OP-CRE-03")]
    [With("nonsense")]
    [With("4095")]
    public static void A_list_of_processors_that_cannot_be_is_refused(Bundle bundle, string list)
    {
        bundle.With("linux.resources.cpu", new JsonObject { ["cpus"] = list }).Args("true").ShouldBeRefused();
    }

    [Rule("CPU-06", Since = "1.1.0")]
    [With("""{ "idle": 1 }""")]
    [With("""{ "idle": 1, "shares": 512 }""")]
    public static void Idle_is_set(Bundle bundle, string json)
    {
        Requires.CgroupV1("cpu");
        Skip.Unless(File.Exists(FirstBelow("cpu", "cpu.idle")), "needs Linux 5.15: cpu.idle");
        bundle.With("linux.resources.cpu", Json(json)).Started();
        Read1(bundle, "cpu", "cpu.idle").Should().Be("1");
    }

    [Rule("CGD-01")]
    public static void Device_rules_are_those_configured(Bundle bundle)
    {
        Requires.CgroupV1("devices");
        bundle.With("linux.resources.devices", Json("""[{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 10, "minor": 229, "access": "rw" }]""")).Started();
        Read1(bundle, "devices", "devices.list").Split('\n').Should().Contain("c 10:229 rw").And.NotContain("a *:* rwm");
    }

    [Rule("CGD-01")]
    public static void What_is_not_allowed_cannot_be_used(Bundle bundle)
    {
        bundle.With("linux.resources.devices", Json("""[{ "allow": false, "access": "rwm" }]"""))
            .With("linux.devices", Json("""[{ "path": "/dev/nothing", "type": "c", "major": 240, "minor": 7 }]"""));
        bundle.Prints("cat /dev/nothing 2>&1; true").Should().Contain("not permitted");
    }

    [Rule("CGD-01", "CGD-04")]
    public static void A_device_that_the_program_makes_cannot_be_read_unless_allowed(Bundle bundle)
    {
        bundle.Capable("CAP_MKNOD").Shell("mknod /dev/disk b 254 0 && head -c 1 /dev/disk >/dev/null && echo read; head -c 1 /dev/zero >/dev/null && echo zero")
            .Run().Output.Should().Be("zero\n");
    }

    [Rule("CGD-01")]
    public static void The_last_rule_that_matches_decides(Bundle bundle)
    {
        bundle.With("linux.resources.devices", Json("""
            [{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 240, "minor": 7, "access": "rwm" },
             { "allow": false, "type": "c", "major": 240, "minor": 7, "access": "w" }]
            """)).With("linux.devices", Json("""[{ "path": "/dev/nothing", "type": "c", "major": 240, "minor": 7, "fileMode": 438 }]"""));
        // No driver has this number: who may open it is told that there is no such device.
        var lines = bundle.Prints("cat /dev/nothing 2>&1; dd if=/dev/null of=/dev/nothing conv=notrunc 2>&1; true").Split('\n');
        lines[0].Should().Contain("No such device");
        lines[1].Should().Contain("not permitted");
    }

    [Rule("CGD-02")]
    [With("""{ "allow": true, "type": "c", "major": 1, "minor": 3, "access": "rwx" }""")]
    [With("""{ "allow": true, "type": "x", "access": "rwm" }""")]
    [With("""{ "type": "c", "access": "rwm" }""")]
    public static void A_rule_that_is_none_is_refused(Bundle bundle, string rule)
    {
        bundle.With("linux.resources.devices", new JsonArray(Json(rule))).Args("true").ShouldBeRefused();
    }

    [Rule("CGD-04")]
    public static void The_default_devices_may_be_used_whatever_the_rules(Bundle bundle)
    {
        bundle.With("linux.resources.devices", Json("""[{ "allow": false, "access": "rwm" }]"""))
            .Prints("echo x > /dev/null && head -c 1 /dev/zero | wc -c && head -c 1 /dev/urandom | wc -c && test -c /dev/ptmx && echo done").Should().EndWith("done");
    }

    [Rule("BIO-01")]
    public static void The_weight_of_block_devices_is_set_or_refused(Bundle bundle)
    {
        Requires.CgroupV1("blkio");
        var file = new[] { "blkio.bfq.weight", "blkio.weight" }.FirstOrDefault(name => File.Exists(FirstBelow("blkio", name)));
        bundle.With("linux.resources.blockIO", Json("""{ "weight": 300 }"""));
        if (file is null)
        {
            bundle.Args("true").ShouldBeRefused();
            return;
        }

        bundle.Started();
        Read1(bundle, "blkio", file).Should().Contain("300");
    }

    [Rule("BIO-02", "JSN-03")]
    public static void A_weight_for_a_device_without_any_weight_is_refused(Bundle bundle)
    {
        bundle.With("linux.resources.blockIO", Json("""{ "weightDevice": [{ "major": 8, "minor": 0 }] }""")).Args("true").ShouldBeRefused();
    }

    [Rule("BIO-03")]
    [With("throttleReadBpsDevice", "blkio.throttle.read_bps_device", 1048576)]
    [With("throttleWriteBpsDevice", "blkio.throttle.write_bps_device", 2097152)]
    [With("throttleReadIOPSDevice", "blkio.throttle.read_iops_device", 300)]
    [With("throttleWriteIOPSDevice", "blkio.throttle.write_iops_device", 400)]
    public static void The_throttle_of_a_device_is_set(Bundle bundle, string property, string file, int rate)
    {
        Requires.CgroupV1("blkio");
        var disk = Disk();
        bundle.With("linux.resources.blockIO." + property, new JsonArray(new JsonObject { ["major"] = disk.Major, ["minor"] = disk.Minor, ["rate"] = rate })).Started();
        Read1(bundle, "blkio", file).Should().Be($"{disk.Major}:{disk.Minor} {rate}");
    }

    [Rule("HUG-01")]
    public static void The_limit_of_huge_pages_is_set(Bundle bundle)
    {
        Requires.CgroupV1("hugetlb");
        var size = Directory.EnumerateFiles(Cgroups.Version1Mount("hugetlb")!, "hugetlb.*").Select(path => Path.GetFileName(path).Split('.')[1]).FirstOrDefault();
        Skip.Unless(size is not null, "needs huge pages");
        bundle.With("linux.resources.hugepageLimits", new JsonArray(new JsonObject { ["pageSize"] = size, ["limit"] = 4194304 })).Started();
        Read1(bundle, "hugetlb", $"hugetlb.{size}.limit_in_bytes").Should().Be("4194304");
    }

    [Rule("HUG-01", "HUG-02", "NCL-01")]
    [With("hugetlb", """{ "hugepageLimits": [{ "pageSize": "2MB", "limit": 4194304 }] }""", "hugetlb.2MB.limit_in_bytes hugetlb.2MB.rsvd.limit_in_bytes", "4194304 4194304")]
    [With("net_cls", """{ "network": { "classID": 1048577 } }""", "net_cls.classid", "1048577")]
    [With("net_prio", """{ "network": { "priorities": [{ "name": "lo", "priority": 7 }] } }""", "net_prio.ifpriomap", "lo 7")]
    public static void A_controller_that_is_not_mounted_works_once_it_is(Bundle bundle, string controller, string resources, string files, string expected)
    {
        Skip.Unless(
            File.ReadLines("/proc/cgroups").Any(line => line.Split('\t') is [var name, ..] && name == controller), $"needs the cgroup controller {controller} in the kernel");
        foreach (var (name, value) in Json(resources).AsObject())
        {
            bundle.With("linux.resources." + name, value!.DeepClone());
        }

        bundle.Shell($"cd /sys/fs/cgroup/{controller} && cat {files} | head -n {files.Split(' ').Length}").Save();

        // In a mount namespace of its own, the hierarchy is seen by this runtime alone, and the mount ends with it.
        var script = $"mkdir -p '{bundle.Scratch}/{controller}' && mount -t cgroup -o {controller} none '{bundle.Scratch}/{controller}' && \"$@\"";
        new Command(bundle.Scratch, "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", bundle.RuntimePath, "--root", bundle.StateRoot)
            .With("run", "--bundle", bundle.Location, bundle.Id).Run().ShouldSucceed().Output.Trim().Replace('\n', ' ').Should().Be(expected);
    }

    [Rule("HUG-01")]
    [With("3MB")]
    [With("2mb")]
    public static void A_size_of_huge_pages_that_the_kernel_lacks_is_refused(Bundle bundle, string size)
    {
        bundle.With("linux.resources.hugepageLimits", new JsonArray(new JsonObject { ["pageSize"] = size, ["limit"] = 4194304 })).Args("true").ShouldBeRefused();
    }

    [Rule("NCL-01")]
    public static void The_class_of_the_network_is_set_or_refused(Bundle bundle)
    {
        bundle.With("linux.resources.network", Json("""{ "classID": 1048577 }"""));
        if (!IsVersion1("net_cls"))
        {
            bundle.Args("true").ShouldBeRefused();
            return;
        }

        bundle.Started();
        Read1(bundle, "net_cls", "net_cls.classid").Should().Be("1048577");
    }

    [Rule("RDMA-01", Since = "1.0.2")]
    public static void A_limit_of_rdma_without_the_controller_is_refused(Bundle bundle)
    {
        Skip.Unless(!IsVersion1("rdma"), "needs a machine without the rdma controller");
        bundle.With("linux.resources.rdma", Json("""{ "mlx5_0": { "hcaHandles": 3 } }""")).Args("true").ShouldBeRefused();
    }

    [Rule("UNI-04", Since = "1.1.0")]
    public static void Settings_for_version_2_on_version_1_are_refused(Bundle bundle)
    {
        Requires.CgroupV1("memory");
        bundle.With("linux.resources.unified", Json("""{ "memory.high": "104857600" }""")).Args("true").ShouldBeRefused();
    }

    [Rule("UNI-01", "UNI-02", "UNI-03", Since = "1.1.0")]
    public static void Settings_for_version_2_are_written(Bundle bundle)
    {
        Version2();
        bundle.With("linux.resources.unified", Json("""{ "memory.high": "104857600" }""")).Started();
        Read2(bundle, "memory.high").Should().Be("104857600");
    }

    [Rule("UNI-01", Since = "1.1.0")]
    public static void A_setting_whose_name_is_a_path_is_refused(Bundle bundle)
    {
        bundle.With("linux.resources.unified", Json("""{ "../memory.high": "104857600" }""")).Args("true").ShouldBeRefused();
    }

    [Rule("UNI-05", Since = "1.1.0")]
    public static void A_setting_of_version_1_that_version_2_lacks_is_refused(Bundle bundle)
    {
        Version2();
        bundle.Memory("swappiness", 50).Args("true").ShouldBeRefused();
    }

    [Rule("CGO-01", "CGO-06")]
    public static void A_cgroup_of_version_1_stays_the_roots(Bundle bundle)
    {
        Requires.CgroupV1("pids");
        bundle.Mapped().Namespace("cgroup").Started();
        foreach (var place in Cgroups.Below(bundle.CgroupPath).Where(place => !place.StartsWith(Cgroups.V2Mount ?? "/-", StringComparison.Ordinal)))
        {
            bundle.OnHost($"stat -c %u '{place}'").Should().Be("0", place);
        }
    }

    [Rule("CGO-03", "CGO-02", "CGO-04", "CGO-05", Since = "1.1.0")]
    [With("rw", "100000")]
    [With("ro", "0")]
    public static void A_cgroup_of_version_2_belongs_to_the_containers_root_where_it_may_write(Bundle bundle, string option, string owner)
    {
        Version2();
        var mount = bundle.Config["mounts"]!.AsArray().Single(mount => (string?)mount!["type"] == "cgroup")!;
        mount["options"] = Array("nosuid", "noexec", "nodev", option);
        bundle.Mapped().Namespace("cgroup").Started();
        var place = Cgroups.V2Mount + bundle.CgroupPath;
        bundle.OnHost($"stat -c %u '{place}'; stat -c %u '{place}/cgroup.procs'; stat -c %u '{place}/memory.max'").Split('\n').Should().Equal(owner, owner, "0");
    }

    [Rule("CGP-07")]
    public static void The_container_joins_every_hierarchy_or_stays_where_it_was(Bundle bundle)
    {
        bundle.Started();
        File.ReadAllLines($"/proc/{bundle.ProcessId()}/cgroup").Should().Contain(line => line.EndsWith(bundle.CgroupPath, StringComparison.Ordinal));
    }

    private static Bundle Memory(this Bundle bundle, string property, long value) => bundle.With("linux.resources.memory." + property, value);

    private static Bundle Cpu(this Bundle bundle, string property, long value) => bundle.With("linux.resources.cpu." + property, value);

    private static bool IsVersion1(string controller) => Cgroups.Version1Mount(controller) is not null;

    private static string Read1(Bundle bundle, string controller, string file) => File.ReadAllText(Cgroups.Version1Mount(controller) + bundle.CgroupPath + "/" + file).Trim();

    private static string Read2(Bundle bundle, string file) => File.ReadAllText(Cgroups.V2Mount + bundle.CgroupPath + "/" + file).Trim();

    // Files of limits are absent at the top of a hierarchy: any cgroup below shows what the kernel has.
    private static string FirstBelow(string controller, string file)
    {
        var mount = Cgroups.Version1Mount(controller)!;
        return Directory.EnumerateDirectories(mount).Select(directory => Path.Combine(directory, file)).FirstOrDefault(File.Exists) ?? Path.Combine(mount, file);
    }

    private static void Version2() => Skip.Unless(
        Cgroups.V2Mount is { } mount && File.ReadAllText(mount + "/cgroup.controllers").Contains("memory", StringComparison.Ordinal), "needs the controllers of cgroup v2");

    private static (int Major, int Minor) Disk()
    {
        var entry = Directory.EnumerateDirectories("/sys/block").Where(path => !path.Contains("/loop", StringComparison.Ordinal) && !path.Contains("/ram", StringComparison.Ordinal))
            .Select(path => path + "/dev").FirstOrDefault(File.Exists);
        Skip.Unless(entry is not null, "needs a disk");
        int[] numbers = [.. File.ReadAllText(entry!).Trim().Split(':').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1]);
    }
}
