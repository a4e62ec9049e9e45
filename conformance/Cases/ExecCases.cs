using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>`exec`, which the specification only touches (execCPUAffinity) and every engine uses.</summary>
internal static class ExecCases
{
    [Rule("OP-CLI")]
    public static void Exec_runs_in_the_containers_namespaces_and_root(Bundle bundle)
    {
        bundle.Namespace("cgroup").WithFile("/marker", "here").With("hostname", "inside").Started();
        var seen = new Observation(bundle.Executing([], "/observer", "/marker").ShouldSucceed().Output);
        foreach (var name in new[] { "pid", "net", "ipc", "uts", "mnt", "cgroup", "user" })
        {
            seen.Namespace(name).Should().Be(new FileInfo($"/proc/{bundle.ProcessId()}/ns/{name}").LinkTarget, name);
        }

        seen.Path("/marker").Content.Should().Be("here");
        seen.Text("hostname").Should().Be("inside");
        seen.Text("cwd").Should().Be("/");
        seen.Number("pid").Should().BeGreaterThan(1);
        seen.Strings("cgroup").Should().NotBeEmpty().And.OnlyContain(line => line.EndsWith(":/", StringComparison.Ordinal), "the container's cgroup is its root");
    }

    [Rule("OP-CLI", "NS-03")]
    public static void Exec_runs_in_the_containers_user_namespace(Bundle bundle)
    {
        bundle.Mapped().Started();
        var seen = new Observation(bundle.Executing([], "/observer").ShouldSucceed().Output);
        seen.Numbers("uids").Should().Equal(0, 0, 0);
        seen.Namespace("user").Should().Be(new FileInfo($"/proc/{bundle.ProcessId()}/ns/user").LinkTarget).And.NotBe(new FileInfo("/proc/self/ns/user").LinkTarget);
        new Observation(bundle.Executing(["--user", "999:999"], "/observer").ShouldSucceed().Output).Numbers("uids").Should().Equal(999, 999, 999);
    }

    [Rule("OP-CLI")]
    [With("exit 0", 0)]
    [With("exit 1", 1)]
    [With("exit 42", 42)]
    [With("exit 255", 255)]
    [With("kill -9 $$", 137)]
    [With("kill -15 $$", 143)]
    public static void Exec_ends_with_the_programs_status(Bundle bundle, string script, int status)
    {
        bundle.Started().Executing([], "sh", "-c", script).Status.Should().Be(status);
    }

    [Rule("OP-CLI")]
    public static void The_streams_of_exec_are_the_programs(Bundle bundle)
    {
        bundle.Started().ExecCommand("--", "sh", "-c", "cat; echo problem >&2").Input("words\n").Run()
            .Should().BeEquivalentTo(new { Status = 0, Output = "words\n", Error = "problem\n" });
    }

    [Rule("OP-CLI")]
    public static void Exec_in_a_container_that_waits_for_start_leaves_it_waiting(Bundle bundle)
    {
        bundle.Args("sleep", "1000").Create();
        bundle.Executing([], "echo", "early").ShouldSucceed().Output.Should().Be("early\n");
        bundle.Status().Should().Be("created");
        bundle.Start().ShouldSucceed();
        bundle.Executing([], "echo", "late").ShouldSucceed();
    }

    [Rule("OP-CLI", "CGP-01")]
    public static void Exec_runs_in_every_cgroup_of_the_container_and_ends_with_it(Bundle bundle)
    {
        bundle.Args("sleep", "1000").RunCommand("--detach").Run().ShouldSucceed();
        var first = bundle.ProcessId();
        var running = bundle.ExecCommand("--", "sleep", "1000").Start();
        Eventually.Holds(() => Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Count() == 2, () => "a second process should come: " + running.Error);
        var second = Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Single(pid => pid != first);
        // It enters one cgroup after the other before it becomes the program.
        Eventually.Holds(() => File.ReadAllText($"/proc/{second}/comm") == File.ReadAllText($"/proc/{first}/comm"), () => "the program should run: " + running.Error);
        File.ReadAllLines($"/proc/{second}/cgroup").Should().Equal(File.ReadAllLines($"/proc/{first}/cgroup"));
        bundle.Kill("KILL").ShouldSucceed();
        running.Wait().Status.Should().Be(137, "the container takes its programs with it");
    }

    [Rule("PID-01", "CGP-01")]
    public static void A_limit_of_the_container_holds_for_exec(Bundle bundle)
    {
        // The runtime that joins may have some threads itself.
        bundle.With("linux.resources.pids", Json("""{ "limit": 30 }""")).Args("sleep", "1000").RunCommand("--detach").Run().ShouldSucceed();
        bundle.Executing([], "sh", "-c", "for i in $(seq 40); do sleep 1 & done; wait").Error.Should().Contain("fork");
    }

    [Rule("OP-CLI", "CAP-01", "RLIM-01", "PROC-07", "USR-01", "USR-02", "USR-03", "PROC-02", "PROC-04", "PROC-08")]
    public static void Exec_is_as_the_configuration_says(Bundle bundle)
    {
        bundle.With("process.user", Json("""{ "uid": 1000, "gid": 1001, "additionalGids": [5, 6], "umask": 63 }"""))
            .With("process.cwd", "/tmp").Adding("process.env", "FROM=config").With("process.oomScoreAdj", 500).Started();
        var seen = new Observation(bundle.Executing([], "/observer").ShouldSucceed().Output);
        seen.Numbers("uids").Should().Equal(1000, 1000, 1000);
        seen.Numbers("gids").Should().Equal(1001, 1001, 1001);
        seen.Numbers("groups").Should().BeEquivalentTo([5, 6]);
        seen.Number("umask").Should().Be(63);
        seen.Text("cwd").Should().Be("/tmp");
        seen.Environment["FROM"].Should().Be("config");
        seen.Capabilities("bounding").Should().Equal(5, 10, 29);
        seen.Limit("RLIMIT_NOFILE").Should().Be((1024UL, 1024UL));
        seen.Text("noNewPrivileges").Should().Be("1");
        seen.Text("oomScoreAdj").Should().Be("500");
    }

    [Rule("OP-CLI", "PROC-02", "PROC-04", "PROC-05", "PROC-07", "USR-01", "USR-02", "RLIM-01", "CAP-01")]
    public static void Exec_of_a_document_has_what_it_says(Bundle bundle)
    {
        bundle.With("process.user.gid", 7).Adding("process.env", "FROM=config").Started();
        var process = bundle.ProcessWith("/observer", "one");
        process["noNewPrivileges"] = false;
        process["rlimits"] = Json("""[{ "type": "RLIMIT_NOFILE", "soft": 77, "hard": 78 }]""");
        process["capabilities"] = Json("""{ "bounding": ["CAP_KILL"] }""");
        process["cwd"] = "/tmp";
        process["env"] = Array("ONLY=this");
        process["user"] = Json("""{ "uid": 1000, "gid": 1001, "umask": 23, "additionalGids": [7] }""");
        var seen = new Observation(bundle.ExecutingProcess(process).ShouldSucceed().Output);
        seen.Text("cwd").Should().Be("/tmp");
        seen.Environment.Should().Contain("ONLY", "this").And.NotContainKey("TERM").And.NotContainKey("FROM");
        seen.Numbers("uids").Should().Equal(1000, 1000, 1000);
        seen.Numbers("gids").Should().Equal(1001, 1001, 1001);
        seen.Numbers("groups").Should().Equal(7);
        seen.Number("umask").Should().Be(23);
        seen.Limit("RLIMIT_NOFILE").Should().Be((77UL, 78UL));
        seen.Text("noNewPrivileges").Should().Be("0");
        seen.Capabilities("bounding").Should().Equal(5);
        seen.Strings("argv").Should().Equal("one");
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
            bundle.Runtime("exec", bundle.Id, "true").Timeout(Patience.Seconds(10)).Run().Status.Should().NotBe(0);
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

    [Rule("AFF-02", "AFF-01", Since = "1.2.1")]
    [With("initial", "0")]
    [With("final", "0,1000-1030")]
    public static void Only_processors_that_exist_and_are_named_run_the_program(Bundle bundle, string which, string list)
    {
        Skip.Unless(Environment.ProcessorCount > 1, "needs two processors");
        bundle.With("process.execCPUAffinity", new JsonObject { [which] = list }).Started();
        bundle.Executing([], "grep", "Cpus_allowed_list", "/proc/self/status").ShouldSucceed().Output.Should().Be("Cpus_allowed_list:\t0\n");
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
