using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Kernel parameters, scheduling, memory policy, personality: looked at from inside the container.</summary>
public sealed class PropertyTests : EndToEndTest
{
    [Fact]
    [Rule("SYSC-01", "SYSC-03")]
    public void Kernel_parameters_are_set_in_the_containers_namespaces()
    {
        string own = File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        var outcome = NewBundle()
            .With("linux.sysctl", JsonNode.Parse("""
                { "net.ipv4.ip_unprivileged_port_start": "77", "net/ipv4/ping_group_range": "0 1000", "kernel.shm_rmid_forced": "1", "fs.mqueue.msg_max": "11" }
                """))
            .Shell("cd /proc/sys; cat net/ipv4/ip_unprivileged_port_start net/ipv4/ping_group_range kernel/shm_rmid_forced fs/mqueue/msg_max")
            .Run().ShouldSucceed();

        outcome.Output.Should().Be("77\n0\t1000\n1\n11\n");
        File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start").Should().Be(own);
    }

    [Fact]
    [Rule("SYSC-01")]
    public void Kernel_parameters_are_set_in_a_user_namespace_too()
    {
        var bundle = InUserNamespace(NewBundle()).With("linux.sysctl", JsonNode.Parse("""{ "net.ipv4.ip_unprivileged_port_start": "77", "kernel.domainname": "in.side" }"""));

        bundle.Shell("cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/domainname").Run().ShouldSucceed().Output.Should().Be("77\nin.side\n");
    }

    [Fact]
    [Rule("SYSC-01")]
    public void The_name_of_an_interface_may_have_a_dot()
    {
        Requires.Hull("runc writes the dot as a slash");
        Requires.Program("ip");

        // The hook runs before kernel parameters are set, as the engines' network hooks do.
        var bundle = NewBundle().With("linux.sysctl", JsonNode.Parse("""{ "net/ipv4/conf/eth0.100/forwarding": "1", "net.ipv4.conf.eth0/200.forwarding": "1" }"""));
        const string Interfaces = "link add eth0.100 type veth peer name eth0.200";
        string script = WriteHook(bundle, $"pid=$(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/'); nsenter -t $pid -n ip {Interfaces}");
        bundle.With("hooks.createRuntime", new JsonArray(new JsonObject { ["path"] = script, ["env"] = new JsonArray("PATH=/usr/sbin:/usr/bin:/sbin:/bin") }));

        bundle.Shell("cat /proc/sys/net/ipv4/conf/eth0.100/forwarding /proc/sys/net/ipv4/conf/eth0.200/forwarding").Run().ShouldSucceed().Output.Should().Be("1\n1\n");
    }

    [Theory]
    [Rule("SYSC-02", "SYSC-03")]
    [InlineData("kernel.panic", "1", "*linux.sysctl*kernel.panic*")]
    [InlineData("net.ipv4.no_such_parameter", "1", "*linux.sysctl*no_such_parameter*")]
    [InlineData("net.ipv4.ip_unprivileged_port_start", "many", "*linux.sysctl*port_start*invalid argument*")]
    [InlineData("net.ipv4.conf.../../vm.overcommit_memory", "1", "*linux.sysctl*")]
    public void A_kernel_parameter_that_cannot_be_set_is_an_error(string name, string value, string message)
    {
        Requires.Hull("its words");
        var bundle = NewBundle().With("linux.sysctl", new JsonObject { [name] = value }).Args("true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Match(message);
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    [Fact]
    [Rule("SYSC-02")]
    public void The_hosts_own_network_is_never_changed()
    {
        var bundle = NewBundle().Namespace("network", "/proc/1/ns/net").With("linux.sysctl", new JsonObject { ["net.ipv4.ip_unprivileged_port_start"] = "1024" }).Args("true");
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("network");
    }

    [Fact]
    [Rule("SCHED-01", "SCHED-02", "SCHED-06")]
    public void The_program_is_scheduled_as_configured()
    {
        Requires.Hull("runc 1.1 does not know schedulers");
        int[] stat = StatOf(NewBundle().With("process.scheduler", JsonNode.Parse("""{ "policy": "SCHED_BATCH", "nice": 19 }""")));

        stat.Should().Equal([19, 0, 3]);
    }

    [Fact]
    [Rule("SCHED-01", "SCHED-03", "SCHED-06")]
    public void A_real_time_program_has_its_priority_even_in_a_user_namespace()
    {
        Requires.Hull("runc 1.1 does not know schedulers");
        SkipWithoutRealTime("""{ "policy": "SCHED_FIFO", "priority": 7 }""");
        int[] stat = StatOf(InUserNamespace(NewBundle()).With("process.scheduler", JsonNode.Parse("""{ "policy": "SCHED_FIFO", "priority": 7 }""")));

        stat.Should().Equal([0, 7, 1]);
    }

    [Fact]
    [Rule("SCHED-04", "SCHED-05", "SCHED-06")]
    public void A_program_has_its_deadlines()
    {
        Requires.Hull("runc 1.1 does not know schedulers");
        const string Deadline = """{ "policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 50000000, "period": 100000000, "flags": ["SCHED_FLAG_RESET_ON_FORK"] }""";
        SkipWithoutRealTime(Deadline);

        StatOf(NewBundle().With("process.scheduler", JsonNode.Parse(Deadline)))[2].Should().Be(6);
    }

    [Fact]
    [Rule("SCHED-06")]
    public void A_schedule_that_the_kernel_refuses_is_an_error()
    {
        Requires.Hull("runc 1.1 does not know schedulers");
        var bundle = NewBundle().With("process.scheduler", JsonNode.Parse("""{ "policy": "SCHED_DEADLINE", "runtime": 10, "deadline": 5, "period": 1 }""")).Args("true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("process.scheduler");
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    [Theory]
    [Rule("IOP-01")]
    [InlineData("IOPRIO_CLASS_BE", 6, "best-effort: prio 6")]
    [InlineData("IOPRIO_CLASS_RT", 2, "realtime: prio 2")]
    [InlineData("IOPRIO_CLASS_IDLE", 0, "idle")]
    public void The_program_has_its_turn_at_the_disks(string ioClass, int priority, string seen)
    {
        Requires.Hull("runc 1.1 does not know I/O priorities");
        var bundle = NewBundle().With("process.ioPriority", new JsonObject { ["class"] = ioClass, ["priority"] = priority });

        bundle.Args("ionice", "-p", "1").Run().ShouldSucceed().Output.Should().StartWith(seen);
    }

    [Theory]
    [Rule("PERS-01", "PERS-02")]
    [InlineData("LINUX32", "00000008")]
    [InlineData("LINUX", "00000000")]
    public void The_personality_is_set_even_when_a_filter_forbids_it(string domain, string seen)
    {
        var bundle = NewBundle()
            .With("linux.personality", new JsonObject { ["domain"] = domain })
            .With("linux.seccomp", JsonNode.Parse("""{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["personality"], "action": "SCMP_ACT_ERRNO" }] }"""));
        Requires.Hull("runc 1.1 does not know personalities");

        bundle.Args("cat", "/proc/self/personality").Run().ShouldSucceed().Output.Trim().Should().Be(seen);
    }

    [Theory]
    [Rule("MPOL-01", "MPOL-02", "MPOL-03")]
    [InlineData("""{ "mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"] }""", "bind=static:0")]
    [InlineData("""{ "mode": "MPOL_INTERLEAVE", "nodes": "0-0" }""", "interleave:0")]
    [InlineData("""{ "mode": "MPOL_PREFERRED", "nodes": "0" }""", "prefer:0")]
    [InlineData("""{ "mode": "MPOL_PREFERRED" }""", "local")]
    [InlineData("""{ "mode": "MPOL_LOCAL" }""", "local")]
    [InlineData("""{ "mode": "MPOL_DEFAULT" }""", "default")]
    public void Memory_comes_from_the_configured_nodes(string policy, string seen)
    {
        Requires.Hull("runc 1.1 does not know memory policies");
        Skip.Unless(File.Exists("/proc/self/numa_maps"), "needs a kernel with NUMA");

        NewBundle().With("linux.memoryPolicy", JsonNode.Parse(policy)).Shell("grep -m1 stack /proc/self/numa_maps | cut -d' ' -f2")
            .Run().ShouldSucceed().Output.Trim().Should().Be(seen);
    }

    [Fact]
    [Rule("MPOL-02")]
    public void A_node_that_does_not_exist_is_an_error()
    {
        Requires.Hull("runc 1.1 does not know memory policies");
        var outcome = NewBundle().With("linux.memoryPolicy", JsonNode.Parse("""{ "mode": "MPOL_BIND", "nodes": "1000" }""")).Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("linux.memoryPolicy");
    }

    [Fact]
    [Rule("RDT-01")]
    public void Without_resctrl_its_property_is_an_error_that_says_so()
    {
        Requires.Hull("its words");
        Skip.Unless(!File.ReadAllText("/proc/self/mountinfo").Contains(" - resctrl ", StringComparison.Ordinal), "needs a host without resctrl");
        var bundle = NewBundle().With("linux.intelRdt", JsonNode.Parse("""{ "l3CacheSchema": "L3:0=f" }""")).Args("true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("linux.intelRdt").And.Contain("no resctrl is mounted");
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    [Fact]
    [Rule("RDT-01", "RDT-02", "RDT-07", "RDT-08")]
    public void A_container_has_a_class_of_service_of_its_own_as_long_as_it_lives()
    {
        const string Mount = "/sys/fs/resctrl";
        Skip.Unless(File.Exists(Mount + "/schemata"), "needs a processor with cache allocation, and resctrl mounted on /sys/fs/resctrl");
        string schema = File.ReadLines(Mount + "/schemata").First().Trim();
        var bundle = NewBundle().With("linux.intelRdt", new JsonObject { ["schemata"] = new JsonArray(schema) }).Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        File.ReadAllLines($"{Mount}/{bundle.Id}/tasks").Should().Contain(bundle.ProcessId().ToString(CultureInfo.InvariantCulture));
        bundle.Delete("--force").ShouldSucceed();
        Directory.Exists($"{Mount}/{bundle.Id}").Should().BeFalse();
    }

    private static Bundle InUserNamespace(Bundle bundle) => bundle.Namespace("user")
        .With("linux.uidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""))
        .With("linux.gidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""));

    /// <summary>nice, real-time priority and policy, as proc_pid_stat(5) numbers them.</summary>
    private static int[] StatOf(Bundle bundle)
    {
        string[] fields = bundle.Args("cat", "/proc/1/stat").Run().ShouldSucceed().Output.Split(' ');
        return [.. new[] { 19, 40, 41 }.Select(field => int.Parse(fields[field - 1], CultureInfo.InvariantCulture))];
    }

    /// <summary>A cgroup of version 1 has no real-time bandwidth until somebody gives it some.</summary>
    private static void SkipWithoutRealTime(string scheduler)
    {
        string? mount = Cgroups.Version1Mount("cpu");
        Skip.Unless(
            mount is null || !File.Exists(mount + "/cpu.rt_runtime_us"),
            $"{scheduler} needs cgroups without CONFIG_RT_GROUP_SCHED, or real-time bandwidth for the container's");
    }

    private static string WriteHook(Bundle bundle, string line)
    {
        string script = Path.Combine(bundle.Home, "hook.sh");
        File.WriteAllText(script, "#!/bin/sh\nset -e\n" + line + "\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return script;
    }
}
