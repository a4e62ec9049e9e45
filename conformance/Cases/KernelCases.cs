using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>sysctl, personality, memoryPolicy, scheduler, ioPriority, intelRdt: what the kernel keeps for a process or a namespace.</summary>
internal static class KernelCases
{
    [Rule("SYSC-01")]
    [With("net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward", "1")]
    [With("kernel.msgmax", "/proc/sys/kernel/msgmax", "4096")]
    [With("kernel.shm_rmid_forced", "/proc/sys/kernel/shm_rmid_forced", "1")]
    [With("fs.mqueue.queues_max", "/proc/sys/fs/mqueue/queues_max", "77")]
    [With("net/ipv4/ip_forward", "/proc/sys/net/ipv4/ip_forward", "1")]
    [With("net.ipv4.ip_unprivileged_port_start", "/proc/sys/net/ipv4/ip_unprivileged_port_start", "77")]
    [With("net/ipv4/ping_group_range", "/proc/sys/net/ipv4/ping_group_range", "0 1000")]
    [With("fs.mqueue.msg_max", "/proc/sys/fs/mqueue/msg_max", "11")]
    public static void A_parameter_of_a_namespace_is_set(Bundle bundle, string name, string file, string value)
    {
        bundle.With("linux.sysctl", new JsonObject { [name] = value }).Observe(file).Path(file).Content!.Trim().Replace('\t', ' ').Should().Be(value);
    }

    [Rule("SYSC-01")]
    public static void Several_parameters_are_set_in_a_user_namespace_too(Bundle bundle)
    {
        bundle.Mapped().With("linux.sysctl", Json("""{ "net.ipv4.ip_unprivileged_port_start": "77", "kernel.domainname": "in.side" }"""))
            .Prints("cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/domainname").Should().Be("77\nin.side");
    }

    [Rule("SYSC-01")]
    [With("kernel.msgmax", "/proc/sys/kernel/msgmax", "4097")]
    [With("net.ipv4.ip_unprivileged_port_start", "/proc/sys/net/ipv4/ip_unprivileged_port_start", "77")]
    public static void The_host_keeps_its_own_parameters(Bundle bundle, string name, string file, string value)
    {
        var before = File.ReadAllText(file);
        bundle.With("linux.sysctl", new JsonObject { [name] = value }).Args("true").Run().ShouldSucceed();
        File.ReadAllText(file).Should().Be(before);
    }

    [Rule("SYSC-02")]
    [With("kernel.panic")]
    [With("vm.swappiness")]
    [With("kernel.hostname")]
    [With("fs.file-max")]
    public static void A_parameter_of_the_whole_machine_is_refused(Bundle bundle, string name)
    {
        bundle.With("linux.sysctl", new JsonObject { [name] = "1" }).Args("true").ShouldBeRefused();
    }

    [Rule("SYSC-02")]
    [With("net.ipv4.ip_forward", "network")]
    [With("kernel.msgmax", "ipc")]
    [With("fs.mqueue.queues_max", "ipc")]
    public static void A_parameter_without_its_namespace_is_refused(Bundle bundle, string name, string type)
    {
        bundle.WithoutNamespace(type).With("linux.sysctl", new JsonObject { [name] = "64" }).Args("true").ShouldBeRefused();
    }

    [Rule("SYSC-01", "OP-CRE-03")]
    public static void A_parameter_that_does_not_exist_is_an_error(Bundle bundle)
    {
        bundle.With("linux.sysctl", Json("""{ "net.ipv4.no_such_parameter": "1" }""")).Args("true").ShouldBeRefused();
    }

    [Rule("SYSC-03")]
    public static void A_parameter_is_never_written_to_a_false_proc(Bundle bundle)
    {
        var false_proc = bundle.HostDirectory("false");
        Directory.CreateDirectory(false_proc + "/sys/net/ipv4");
        File.WriteAllText(false_proc + "/sys/net/ipv4/ip_forward", "untouched");
        bundle.Config["mounts"]![0] = MountEntry("/proc", "bind", false_proc, "bind");
        bundle.With("linux.sysctl", Json("""{ "net.ipv4.ip_forward": "1" }""")).Args("true").Run();
        File.ReadAllText(false_proc + "/sys/net/ipv4/ip_forward").Should().Be("untouched");
    }

    [Rule("PERS-01")]
    public static void The_personality_is_linux32(Bundle bundle)
    {
        bundle.With("linux.personality", Json("""{ "domain": "LINUX32" }""")).Prints("uname -m; cat /proc/self/personality").Should().Be("i686\n00000008");
    }

    [Rule("PERS-01")]
    public static void The_personality_is_linux(Bundle bundle)
    {
        bundle.With("linux.personality", Json("""{ "domain": "LINUX" }""")).Prints("cat /proc/self/personality").Should().Be("00000000");
    }

    [Rule("PERS-01", "JSN-03")]
    [With("""{ "domain": "BSD" }""")]
    [With("{}")]
    public static void An_unknown_personality_is_refused(Bundle bundle, string json)
    {
        bundle.With("linux.personality", Json(json)).Args("true").ShouldBeRefused();
    }

    [Rule("PERS-02", "PERS-01")]
    [With("LINUX32", "00000008")]
    [With("LINUX", "00000000")]
    public static void The_personality_is_set_even_when_a_filter_forbids_it(Bundle bundle, string domain, string seen)
    {
        bundle.With("linux.seccomp", Json("""{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["personality"], "action": "SCMP_ACT_ERRNO" }] }"""))
            .With("linux.personality", new JsonObject { ["domain"] = domain }).Prints("cat /proc/self/personality").Should().Be(seen);
    }

    [Rule("PERS-02")]
    public static void Exec_has_the_personality_too(Bundle bundle)
    {
        bundle.With("linux.personality", Json("""{ "domain": "LINUX32" }""")).Started();
        bundle.Executing([], "cat", "/proc/self/personality").Output.Trim().Should().Be("00000008");
    }

    // The nice value counts under the ordinary policies only. Fields of /proc/self/stat after the name: 17 is nice, 38 the real-time priority, 39 the policy.
    [Rule("SCHED-01", Since = "1.1.0")]
    [With("""{ "policy": "SCHED_OTHER", "nice": 5 }""", "5 0 0")]
    [With("""{ "policy": "SCHED_OTHER", "nice": -5 }""", "-5 0 0")]
    [With("""{ "policy": "SCHED_BATCH", "nice": 19 }""", "19 0 3")]
    [With("""{ "policy": "SCHED_IDLE" }""", "0 5")]
    [With("""{ "policy": "SCHED_FIFO", "priority": 7 }""", "7 1")]
    [With("""{ "policy": "SCHED_RR", "priority": 8 }""", "8 2")]
    public static void The_scheduler_is_as_configured(Bundle bundle, string json, string seen)
    {
        bundle.WithRealTime().With("process.scheduler", Json(json)).Prints("set -- $(sed 's/.*) //' /proc/self/stat); shift 16; echo $1 $(shift 21; echo $1 $2)").Should().EndWith(seen);
    }

    [Rule("SCHED-01", "SCHED-03", Since = "1.1.0")]
    public static void A_real_time_program_has_its_priority_in_a_user_namespace_too(Bundle bundle)
    {
        bundle.Mapped().WithRealTime().With("process.scheduler", Json("""{ "policy": "SCHED_FIFO", "priority": 7 }"""))
            .Prints("cut -d ' ' -f 40,41 /proc/1/stat").Should().Be("7 1");
    }

    [Rule("SCHED-01", "SCHED-05", "SCHED-04", Since = "1.1.0")]
    [With("""{ "policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 10000000, "period": 10000000 }""")]
    [With("""{ "policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 50000000, "period": 100000000, "flags": ["SCHED_FLAG_RESET_ON_FORK"] }""")]
    public static void A_deadline_is_set(Bundle bundle, string json)
    {
        bundle.With("process.scheduler", Json(json));
        // Such a process cannot fork.
        bundle.Args("cut", "-d", " ", "-f", "41", "/proc/self/stat").Run().Output.Trim().Should().Be("6");
    }

    [Rule("SCHED-04", Since = "1.1.0")]
    public static void Reset_on_fork_is_set(Bundle bundle)
    {
        bundle.WithRealTime().With("process.scheduler", Json("""{ "policy": "SCHED_FIFO", "priority": 7, "flags": ["SCHED_FLAG_RESET_ON_FORK"] }"""));
        bundle.Prints("cut -d ' ' -f 41 /proc/1/stat; cut -d ' ' -f 41 /proc/self/stat; true").Should().Be("1\n0");
    }

    [Rule("SCHED-01", "SCHED-02", "SCHED-03", "SCHED-04", "SCHED-05", Since = "1.1.0")]
    [With("""{ "policy": "SCHED_NO_SUCH" }""")]
    [With("""{ "nice": 5 }""")]
    [With("""{ "policy": "SCHED_OTHER", "nice": 20 }""")]
    [With("""{ "policy": "SCHED_OTHER", "priority": 5 }""")]
    [With("""{ "policy": "SCHED_OTHER", "flags": ["SCHED_FLAG_NO_SUCH"] }""")]
    [With("""{ "policy": "SCHED_OTHER", "runtime": 1000000 }""")]
    public static void A_scheduler_that_cannot_be_is_refused(Bundle bundle, string json)
    {
        bundle.With("process.scheduler", Json(json)).Args("true").ShouldFailToRun();
    }

    [Rule("IOP-01", Since = "1.1.0")]
    [With("IOPRIO_CLASS_BE", 3, "best-effort: prio 3")]
    [With("IOPRIO_CLASS_RT", 5, "realtime: prio 5")]
    [With("IOPRIO_CLASS_IDLE", 0, "idle")]
    public static void The_priority_of_input_and_output_is_set(Bundle bundle, string kind, int priority, string seen)
    {
        bundle.With("process.ioPriority", new JsonObject { ["class"] = kind, ["priority"] = priority }).Prints("ionice -p 1").Should().StartWith(seen);
    }

    [Rule("IOP-01", "JSN-03", Since = "1.1.0")]
    [With("""{ "class": "IOPRIO_CLASS_NO_SUCH", "priority": 1 }""")]
    [With("""{ "class": "IOPRIO_CLASS_BE", "priority": 8 }""")]
    [With("""{ "class": "IOPRIO_CLASS_BE", "priority": -1 }""")]
    [With("""{ "priority": 1 }""")]
    public static void A_priority_that_cannot_be_is_refused(Bundle bundle, string json)
    {
        bundle.With("process.ioPriority", Json(json)).Args("true").ShouldFailToRun();
    }

    [Rule("MPOL-01", Since = "1.3.0")]
    [With("""{ "mode": "MPOL_BIND", "nodes": "0" }""", "bind:0")]
    [With("""{ "mode": "MPOL_INTERLEAVE", "nodes": "0" }""", "interleave:0")]
    [With("""{ "mode": "MPOL_INTERLEAVE", "nodes": "0-0" }""", "interleave:0")]
    [With("""{ "mode": "MPOL_PREFERRED", "nodes": "0" }""", "prefer:0")]
    [With("""{ "mode": "MPOL_PREFERRED" }""", "local")]
    [With("""{ "mode": "MPOL_LOCAL" }""", "local")]
    [With("""{ "mode": "MPOL_DEFAULT" }""", "default")]
    public static void The_policy_of_memory_is_set(Bundle bundle, string json, string seen)
    {
        Skip.Unless(File.Exists("/proc/self/numa_maps"), "needs a kernel with CONFIG_NUMA");
        bundle.With("linux.memoryPolicy", Json(json)).Prints("head -1 /proc/self/numa_maps").Should().Contain(seen);
    }

    [Rule("MPOL-03", Since = "1.3.0")]
    public static void A_flag_of_the_policy_is_set(Bundle bundle)
    {
        Skip.Unless(File.Exists("/proc/self/numa_maps"), "needs a kernel with CONFIG_NUMA");
        bundle.With("linux.memoryPolicy", Json("""{ "mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"] }"""))
            .Prints("head -1 /proc/self/numa_maps").Should().Contain("bind=static:0");
    }

    [Rule("MPOL-01", "MPOL-02", "MPOL-03", Since = "1.3.0")]
    [With("""{ "mode": "MPOL_NO_SUCH" }""")]
    [With("""{ "nodes": "0" }""")]
    [With("""{ "mode": "MPOL_BIND" }""")]
    [With("""{ "mode": "MPOL_BIND", "nodes": "x" }""")]
    [With("""{ "mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_NO_SUCH"] }""")]
    public static void A_policy_that_cannot_be_is_refused(Bundle bundle, string json)
    {
        bundle.With("linux.memoryPolicy", Json(json)).Args("true").ShouldFailToRun();
    }

    [Rule("RDT-01")]
    public static void Resource_director_technology_without_its_file_system_is_an_error(Bundle bundle)
    {
        Skip.Unless(!MountTable.Read().Exists(mount => mount.Type == "resctrl"), "needs a machine without resctrl");
        bundle.With("linux.intelRdt", Json("""{ "closID": "some", "l3CacheSchema": "L3:0=f" }""")).Args("true").ShouldBeRefused();
    }

    [Rule("RDT-02", "RDT-01", "RDT-07")]
    public static void A_container_has_a_class_of_service_of_its_own_as_long_as_it_lives(Bundle bundle)
    {
        const string mount = "/sys/fs/resctrl";
        Skip.Unless(File.Exists(mount + "/schemata"), "needs a processor with cache allocation, and resctrl mounted on /sys/fs/resctrl");
        var schema = File.ReadLines(mount + "/schemata").First().Trim();
        bundle.With("linux.intelRdt", new JsonObject { ["schemata"] = Array(schema) }).Started();
        File.ReadAllLines($"{mount}/{bundle.Id}/tasks").Should().Contain(bundle.ProcessId().ToString(System.Globalization.CultureInfo.InvariantCulture));
        bundle.Delete("--force").ShouldSucceed();
        Directory.Exists($"{mount}/{bundle.Id}").Should().BeFalse();
    }

    [Rule("RDT-09", "RDT-03", Since = "1.0.2")]
    [With("""{ "closID": "a/b" }""")]
    [With("""{ "closID": ".." }""")]
    [With("""{ "closID": "some", "memBwSchema": "no" }""")]
    public static void A_class_of_service_that_cannot_be_is_refused(Bundle bundle, string json)
    {
        bundle.With("linux.intelRdt", Json(json)).Args("true").ShouldBeRefused();
    }

    /// <summary>Where the kernel gives real time to cgroups (CONFIG_RT_GROUP_SCHED), ours has some, and so has the one above it.</summary>
    private static Bundle WithRealTime(this Bundle bundle)
    {
        const string file = "cpu.rt_runtime_us";
        if (Cgroups.Version1Mount("cpu") is not { } mount || !File.Exists(Path.Combine(mount, file)))
        {
            return bundle;
        }

        var above = Directory.CreateDirectory(mount + Cgroups.Prefix).FullName;
        File.WriteAllText(Path.Combine(above, file), "100000");
        return bundle.With("linux.resources.cpu", Json("""{ "realtimePeriod": 1000000, "realtimeRuntime": 10000 }"""));
    }
}
