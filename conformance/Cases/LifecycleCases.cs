using System.Text.Json.Nodes;
using Hull.Conformance.Suite;

namespace Hull.Conformance.Cases;

/// <summary>How a container is made and started, what its state says, and what errors leave behind.</summary>
internal static class LifecycleCases
{
    [Rule("STATE-01", "LIFE-16")]
    public static void A_created_container_has_a_process_and_its_state_says_so(Bundle bundle)
    {
        bundle.Shell("true").Create();
        var state = bundle.State()!;
        ((string?)state["status"]).Should().Be("created");
        ((string?)state["id"]).Should().Be(bundle.Id);
        ((string?)state["bundle"]).Should().Be(bundle.Location);
        ((string?)state["ociVersion"]).Should().MatchRegex(@"^1\.\d+\.\d+");
        Directory.Exists($"/proc/{(int)state["pid"]!}").Should().BeTrue();
    }

    [Rule("STATE-01", "LIFE-16")]
    public static void A_running_container_is_running_with_the_pid_of_its_program(Bundle bundle)
    {
        bundle.Started();
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cmdline").Should().Contain("while");
    }

    [Rule("STATE-01", "STATE-02", "LIFE-10")]
    public static void A_container_whose_program_has_ended_is_stopped(Bundle bundle)
    {
        var state = bundle.Stopped().State()!;
        ((string?)state["status"]).Should().Be("stopped");
        ((int?)state["pid"] ?? 0).Should().Be(0);
    }

    [Rule("STATE-02")]
    public static void Every_status_is_one_of_the_specification(Bundle bundle)
    {
        bundle.Shell("sleep 0.1").Create();
        var seen = new HashSet<string?> { bundle.Status() };
        bundle.Start().ShouldSucceed();
        Eventually.Holds(() => seen.Add(bundle.Status()) || seen.Contains("stopped"), () => "the container should stop");
        seen.Should().BeSubsetOf(["created", "running", "stopped"]);
    }

    [Rule("STATE-03", "OP-CRE-01")]
    public static void An_id_that_is_in_use_is_refused_and_the_container_untouched(Bundle bundle)
    {
        bundle.Started();
        var before = bundle.State()!.ToJsonString();
        bundle.CreateCommand().Run().Status.Should().NotBe(0);
        bundle.State()!.ToJsonString().Should().Be(before);
    }

    [Rule("STATE-03")]
    public static void The_same_id_below_another_root_is_another_container(Bundle bundle)
    {
        var other = bundle.Another();
        bundle.Args("true").Create();
        other.Args("true").Save();
        other.Runtime("create", "--bundle", other.Location, bundle.Id).Run().ShouldSucceed();
        other.Runtime("delete", "--force", bundle.Id).Run().ShouldSucceed();
        bundle.Status().Should().Be("created");
    }

    [Rule("STATE-04")]
    public static void State_has_what_engines_read_beside_it(Bundle bundle)
    {
        var state = bundle.Started().State()!;
        ((string?)state["rootfs"]).Should().Be(bundle.RootfsPath);
        DateTimeOffset.TryParse((string?)state["created"], System.Globalization.CultureInfo.InvariantCulture, out _).Should().BeTrue();
    }

    [Rule("STATE-05")]
    public static void A_program_killed_from_outside_is_stopped(Bundle bundle)
    {
        bundle.Started().OnHost($"kill -9 {bundle.ProcessId()}");
        bundle.WaitForStatus("stopped");
    }

    [Rule("LIFE-16")]
    public static void A_container_whose_process_dies_before_start_is_stopped(Bundle bundle)
    {
        bundle.Args("true").Create();
        bundle.OnHost($"kill -9 {bundle.ProcessId()}");
        bundle.WaitForStatus("stopped");
        bundle.Start().Status.Should().NotBe(0);
    }

    [Rule("STATE-06", "STATE-01")]
    public static void The_state_is_one_object_and_nothing_else_is_printed(Bundle bundle)
    {
        bundle.Args("true").Create();
        var outcome = bundle.Runtime("state", bundle.Id).Run();
        outcome.ShouldSucceed();
        var state = JsonNode.Parse(outcome.Output)!.AsObject();
        state["pid"]!.GetValueKind().Should().Be(System.Text.Json.JsonValueKind.Number);
        foreach (var name in new[] { "ociVersion", "id", "status", "bundle" })
        {
            state[name]!.GetValueKind().Should().Be(System.Text.Json.JsonValueKind.String, name);
        }
    }

    [Rule("OP-STA-01")]
    public static void State_of_an_unknown_container_is_an_error(Bundle bundle)
    {
        bundle.Runtime("state", "no-such-container").Run().Status.Should().NotBe(0);
    }

    [Rule("OP-STA-01")]
    [With("state", "OP-STA-01")]
    [With("start", "OP-STR-01")]
    [With("kill", "OP-KIL-01")]
    [With("delete", "OP-DEL-01")]
    [With("create", "OP-CRE-01")]
    public static void An_operation_without_an_id_is_an_error(Bundle bundle, string operation, string rule)
    {
        bundle.Args("true").Save();
        bundle.Runtime(operation).Run().Status.Should().NotBe(0, rule);
    }

    [Rule("OP-CRE-01")]
    [With("")]
    [With("..")]
    [With("../escape")]
    [With("a/b")]
    [With("a b")]
    [With("ü")]
    public static void An_invalid_id_is_refused(Bundle bundle, string id)
    {
        bundle.Args("true").Save();
        bundle.Runtime("create", "--bundle", bundle.Location, id).Run().Status.Should().NotBe(0);
    }

    [Rule("OP-CRE-01")]
    [With("a")]
    [With("A-b_c.d+e")]
    [With("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public static void A_valid_id_is_accepted(Bundle bundle, string id)
    {
        bundle.Args("true").Save();
        bundle.Runtime("create", "--bundle", bundle.Location, id).Run().ShouldSucceed();
        bundle.Runtime("delete", "--force", id).Run().ShouldSucceed();
    }

    [Rule("OP-CRE-02", "LIFE-02")]
    public static void Create_builds_everything_and_runs_nothing(Bundle bundle)
    {
        var command = bundle.Shell("echo ran").With("hostname", "built").Create();
        var pid = bundle.ProcessId();
        Thread.Sleep(200);
        command.Output.Should().BeEmpty();
        bundle.OnHost($"nsenter -t {pid} -u hostname").Should().Be("built");
        File.ReadAllText($"/proc/{pid}/mountinfo").Should().Contain(" /dev/shm ").And.NotContain(bundle.Home + " ");
    }

    [Rule("OP-CRE-03", "LIFE-14", "ERR-01")]
    [With("mounts[1].type", "\"nosuchfs\"")]
    [With("process.cwd", "\"/etc/passwd\"")]
    [With("linux.namespaces[1].path", "\"/absent\"")]
    [With("linux.namespaces[1].path", "\"/proc/self/ns/uts\"")]
    [With("process.args[0]", "\"/absent\"")]
    [With("linux.devices", """[{ "path": "/dev/it", "type": "x" }]""")]
    public static void A_property_that_cannot_be_applied_leaves_nothing_behind(Bundle bundle, string path, string json)
    {
        bundle.Args("true").With(path, JsonNode.Parse(json)).ShouldBeRefused();
        MountTable.Below(bundle.Home).Should().BeEmpty();
        Eventually.Holds(() => Cgroups.Below(bundle.CgroupPath).Count == 0, () => "the cgroups should be gone: " + string.Join(' ', Cgroups.Below(bundle.CgroupPath)));
        (Directory.Exists(bundle.StateRoot) ? Directory.EnumerateFileSystemEntries(bundle.StateRoot).Select(Path.GetFileName) : []).Should().NotContain(bundle.Id);
    }

    [Rule("ERR-01", "OP-DEL-03")]
    public static void After_an_error_the_same_id_works(Bundle bundle)
    {
        bundle.Args("/absent").ShouldBeRefused();
        bundle.Args("true").Run().ShouldSucceed();
    }

    [Rule("OP-CRE-04")]
    public static void Many_faults_are_one_refusal(Bundle bundle)
    {
        bundle.With("process.cwd", "relative").With("linux.rootfsPropagation", "nosuch").With("process.rlimits[0].type", "nosuch").Args("true").ShouldBeRefused();
    }

    [Rule("OP-STR-01")]
    public static void Start_of_an_unknown_container_is_an_error(Bundle bundle)
    {
        bundle.Runtime("start", "no-such-container").Run().Status.Should().NotBe(0);
    }

    [Rule("OP-STR-01")]
    public static void Start_of_a_running_container_is_an_error_without_effect(Bundle bundle)
    {
        var before = bundle.Started().State()!.ToJsonString();
        bundle.Start().Status.Should().NotBe(0);
        bundle.State()!.ToJsonString().Should().Be(before);
    }

    [Rule("OP-STR-01")]
    public static void Start_of_a_stopped_container_is_an_error_without_effect(Bundle bundle)
    {
        bundle.Stopped().Start().Status.Should().NotBe(0);
        bundle.Status().Should().Be("stopped");
    }

    [Rule("OP-STR-02", "LIFE-06", "LIFE-08")]
    public static void Start_runs_the_program(Bundle bundle)
    {
        var command = bundle.Shell("echo ran").Create();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        command.Output.Should().Be("ran\n");
    }

    [Rule("OP-STR-02")]
    public static void An_execve_that_fails_is_an_error_of_start(Bundle bundle)
    {
        // The file is there and may be executed, so create cannot know: its interpreter is missing.
        bundle.WithFile("/script", "#!/no/such/interpreter\n", (UnixFileMode)Convert.ToInt32("755", 8)).Args("/script").ShouldFailToRun();
    }

    [Rule("OP-SCOPE")]
    public static void Whoever_creates_a_container_can_use_every_operation_on_it(Bundle bundle)
    {
        bundle.Shell("while :; do sleep 1; done").Create();
        bundle.Status().Should().Be("created");
        bundle.Start().ShouldSucceed();
        bundle.Status().Should().Be("running");
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();
        bundle.State().Should().BeNull();
    }

    [Rule("OP-CLI")]
    public static void The_pid_file_holds_the_bare_number(Bundle bundle)
    {
        bundle.Args("true").Create("--pid-file", bundle.Scratch + "/pid");
        File.ReadAllText(bundle.Scratch + "/pid").Should().Be($"{bundle.ProcessId()}");
    }

    [Rule("OP-CLI")]
    public static void Detached_run_ends_and_the_container_runs_on(Bundle bundle)
    {
        bundle.Args("sleep", "1000").RunCommand("--detach", "--pid-file", bundle.Scratch + "/pid").Run().ShouldSucceed();
        bundle.Status().Should().Be("running");
        File.ReadAllText(bundle.Scratch + "/pid").Should().Be($"{bundle.ProcessId()}");
    }

    [Rule("OP-CLI")]
    public static void The_streams_of_run_are_the_programs(Bundle bundle)
    {
        bundle.Shell("cat; echo problem >&2").RunCommand().Input("through and through\n").Run()
            .Should().BeEquivalentTo(new { Status = 0, Output = "through and through\n", Error = "problem\n" });
    }

    // The program is the first process, which ignores what it has not asked for: only a handler or SIGKILL from outside ends it.
    [Rule("OP-CLI", "OP-KIL-01")]
    [With("KILL")]
    [With("SIGKILL")]
    [With("kill")]
    [With("9")]
    public static void Run_of_a_killed_program_ends_with_128_and_the_signal(Bundle bundle, string signal)
    {
        var run = bundle.Args("sleep", "1000").RunCommand().Start();
        bundle.WaitForStatus("running");
        bundle.Kill(signal).ShouldSucceed();
        run.Wait().Status.Should().Be(128 + 9);
    }

    [Rule("OP-CLI", "LIFE-10")]
    [With(0)]
    [With(1)]
    [With(7)]
    [With(42)]
    [With(255)]
    public static void Run_ends_with_the_programs_exit_status(Bundle bundle, int status)
    {
        bundle.Shell($"exit {status}").Run().Status.Should().Be(status);
    }

    [Rule("ERR-02")]
    public static void A_warning_does_not_change_what_happens(Bundle bundle)
    {
        // An unknown capability must only be warned about.
        bundle.Capable("CAP_KILL", "CAP_NO_SUCH").Shell("exit 7").Run().Status.Should().Be(7);
    }
}
