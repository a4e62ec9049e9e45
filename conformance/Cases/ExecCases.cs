using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>`exec`, which the specification only touches (execCPUAffinity) and every engine uses.</summary>
internal static class ExecCases
{
    [Rule("OP-CLI")]
    public static void Exec_runs_in_the_containers_namespaces_and_ends_with_the_programs_status(Bundle bundle)
    {
        bundle.With("hostname", "inside").Started();
        var outcome = bundle.Executing([], "sh", "-c", "hostname; readlink /proc/self/ns/pid; readlink /proc/self/ns/net; exit 7");
        outcome.Status.Should().Be(7);
        outcome.Output.Trim().Split('\n').Should().Equal(
            "inside", new FileInfo($"/proc/{bundle.ProcessId()}/ns/pid").LinkTarget, new FileInfo($"/proc/{bundle.ProcessId()}/ns/net").LinkTarget);
    }

    [Rule("OP-CLI", "CGP-01")]
    public static void Exec_runs_in_the_containers_cgroup(Bundle bundle)
    {
        Requires.CgroupV1("pids");
        bundle.Started();
        bundle.Executing([], "cat", "/proc/self/cgroup").Output.Should().Contain("pids:" + bundle.CgroupPath);
    }

    [Rule("OP-CLI", "CAP-01", "RLIM-01", "PROC-07")]
    public static void Exec_has_the_configured_privileges(Bundle bundle)
    {
        bundle.Started();
        var seen = new Observation(bundle.Executing([], "/observer").ShouldSucceed().Output);
        seen.Capabilities("bounding").Should().Equal(5, 10, 29);
        seen.Limit("RLIMIT_NOFILE").Should().Be((1024UL, 1024UL));
        seen.Text("noNewPrivileges").Should().Be("1");
    }

    [Rule("OP-CLI", "PROC-02", "PROC-04", "USR-01")]
    public static void Exec_of_a_document_has_what_it_says(Bundle bundle)
    {
        bundle.Started();
        var process = bundle.ProcessWith("/observer");
        process["cwd"] = "/tmp";
        process["env"] = Array("ONLY=this");
        process["user"] = Json("""{ "uid": 1000, "gid": 1001, "additionalGids": [7] }""");
        var seen = new Observation(bundle.ExecutingProcess(process).ShouldSucceed().Output);
        seen.Text("cwd").Should().Be("/tmp");
        seen.Environment.Should().Contain("ONLY", "this").And.NotContainKey("TERM");
        (seen.Number("uid"), seen.Number("gid")).Should().Be((1000, 1001));
        seen.Numbers("groups").Should().Equal(7);
    }

    [Rule("FD-01")]
    public static void Exec_has_only_the_standard_descriptors(Bundle bundle)
    {
        bundle.Started();
        var outcome = bundle.Runtime("exec", bundle.Id, "/observer").Prelude("exec 3</etc/hostname").Run();
        new Observation(outcome.ShouldSucceed().Output).Descriptors.Keys.Should().Equal(0, 1, 2);
    }

    [Rule("OP-CLI")]
    public static void Exec_in_a_container_that_does_not_run_is_an_error(Bundle bundle)
    {
        bundle.Stopped().Executing([], "true").Status.Should().NotBe(0);
    }

    [Rule("OP-CLI")]
    public static void Exec_of_a_missing_program_is_an_error_and_the_container_lives(Bundle bundle)
    {
        bundle.Started().Executing([], "no-such-program").Status.Should().NotBe(0);
        bundle.Status().Should().Be("running");
    }

    [Rule("CGP-05")]
    public static void Exec_into_a_frozen_cgroup_is_an_error_and_does_not_hang(Bundle bundle)
    {
        Requires.CgroupV1("freezer");
        bundle.Started();
        var state = Cgroups.Version1Mount("freezer") + bundle.CgroupPath + "/freezer.state";
        File.WriteAllText(state, "FROZEN");
        try
        {
            bundle.Runtime("exec", bundle.Id, "true").Timeout(TimeSpan.FromSeconds(10)).Run().Status.Should().NotBe(0);
        }
        finally
        {
            File.WriteAllText(state, "THAWED");
        }
    }

    [Rule("AFF-01", "AFF-02", Since = "1.2.1")]
    [With("0")]
    [With("1")]
    public static void The_final_affinity_is_that_of_the_program(Bundle bundle, string processor)
    {
        Skip.Unless(Environment.ProcessorCount > 1, "needs two processors");
        bundle.With("process.execCPUAffinity", new JsonObject { ["final"] = processor }).Started();
        bundle.Executing([], "grep", "Cpus_allowed_list", "/proc/self/status").Output.Split('\t')[^1].Trim().Should().Be(processor);
    }

    [Rule("AFF-01", Since = "1.2.1")]
    public static void The_affinity_of_exec_does_not_touch_the_first_program(Bundle bundle)
    {
        bundle.With("process.execCPUAffinity", Json("""{ "initial": "0", "final": "0" }""")).Started();
        var own = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal));
        File.ReadAllText($"/proc/{bundle.ProcessId()}/status").Should().Contain(own);
    }

    [Rule("AFF-01", "JSN-03", Since = "1.2.1")]
    [With("nonsense")]
    [With("1-")]
    [With("5-2")]
    public static void An_affinity_that_is_no_list_is_refused(Bundle bundle, string list)
    {
        bundle.With("process.execCPUAffinity", new JsonObject { ["final"] = list }).Args("true").ShouldBeRefused();
    }

    [Rule("SCHED-07", Since = "1.1.0")]
    public static void Exec_of_a_document_has_its_own_scheduler(Bundle bundle)
    {
        bundle.Started();
        var process = bundle.ProcessWith("cut", "-d", " ", "-f", "41", "/proc/self/stat");
        process["scheduler"] = Json("""{ "policy": "SCHED_BATCH" }""");
        bundle.ExecutingProcess(process).ShouldSucceed().Output.Trim().Should().Be("3");
    }

    [Rule("BND-04")]
    public static void Exec_does_not_read_what_became_of_config_json(Bundle bundle)
    {
        bundle.Started();
        bundle.With("process.env", Array("PATH=/bin", "EDITED=yes")).Save();
        bundle.Executing([], "env").Output.Should().NotContain("EDITED");
    }

    [Rule("TTY-01")]
    public static void Exec_can_have_a_terminal(Bundle bundle)
    {
        bundle.Started();
        var path = Path.Combine(bundle.Scratch, "console");
        using var socket = new ConsoleSocket(path);
        bundle.Runtime("exec", "--tty", "--detach", "--console-socket", path, bundle.Id, "tty").Run().ShouldSucceed();
        using var terminal = socket.Receive();
        ConsoleSocket.ReadToEnd(terminal).Trim().Should().StartWith("/dev/pts/");
    }
}
