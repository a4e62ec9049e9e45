using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;
using static Hull.Conformance.Suite.Limits;

namespace Hull.Conformance.Cases;

/// <summary>linux.resources of processes, memory and processors, read off the cgroups of the host.</summary>
internal static class ResourceCases
{
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
        bundle.With("ociVersion", "1.3.0").With("linux.resources.pids", Json("""{ "limit": 0 }""")).Shell("while :; do :; done").Create();
        bundle.Start().ShouldSucceed();
        Cgroups.Read("pids", bundle.CgroupPath, "pids.max", "pids.max").Should().NotBe("max");
        bundle.Another().With("ociVersion", "1.3.0").With("linux.resources.pids", Json("""{ "limit": 0 }""")).Shell("sleep 0; echo forked").Run().Output.Should().NotContain("forked");
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
}
