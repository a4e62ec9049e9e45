using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>hooks: when, where and with what each kind is run, and what its failure does.</summary>
internal static class HookCases
{
    [Rule("HOOK-03", "LIFE-03", "LIFE-04", "LIFE-05", "LIFE-07", "LIFE-09", "LIFE-13", "LIFE-01")]
    public static void Hooks_run_in_the_order_of_the_life_of_a_container(Bundle bundle)
    {
        foreach (var kind in new[] { "prestart", "createRuntime", "createContainer", "poststart", "poststop" })
        {
            bundle.Note(kind);
        }

        bundle.Hook("startContainer", "echo startContainer >> /log");
        bundle.Writable().Shell("echo program >> /log").Create();
        Noted(bundle).Should().Equal("prestart", "createRuntime", "createContainer");
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        Noted(bundle).Should().Equal("prestart", "createRuntime", "createContainer", "poststart");
        File.ReadAllLines(Path.Combine(bundle.RootfsPath, "log")).Should().Equal("startContainer", "program");
        bundle.Delete().ShouldSucceed();
        Noted(bundle).Should().Equal("prestart", "createRuntime", "createContainer", "poststart", "poststop");
    }

    [Rule("HOOK-03")]
    public static void Hooks_of_a_kind_run_in_the_order_listed(Bundle bundle)
    {
        foreach (var name in new[] { "first", "second", "third" })
        {
            bundle.Hook("createRuntime", $"sleep 0.0$(( $(wc -l < '{LogOf(bundle)}' 2>/dev/null || echo 0) )); echo {name} >> '{LogOf(bundle)}'");
        }

        bundle.Args("true").Run().ShouldSucceed();
        Noted(bundle).Should().Equal("first", "second", "third");
    }

    [Rule("HOOK-03", "HOOK-10")]
    [With("prestart", "creating")]
    [With("createRuntime", "creating")]
    [With("createContainer", "creating")]
    [With("poststart", "running")]
    [With("poststop", "stopped")]
    public static void A_hook_gets_the_state_on_its_standard_input(Bundle bundle, string kind, string status)
    {
        bundle.Hook(kind, $"cat > '{bundle.Scratch}/state.json'").With("annotations", Json("""{ "com.example.key": "value" }"""));
        bundle.Shell("sleep 0.2").Run().ShouldSucceed();
        var state = JsonNode.Parse(File.ReadAllText(bundle.Scratch + "/state.json"))!;
        ((string?)state["id"]).Should().Be(bundle.Id);
        ((string?)state["bundle"]).Should().Be(bundle.Location);
        ((string?)state["annotations"]?["com.example.key"]).Should().Be("value");
        ((string?)state["status"]).Should().Be(status);
        ((string?)state["ociVersion"]).Should().StartWith("1.");
    }

    [Rule("HOOK-10", "HOOK-11")]
    public static void A_startContainer_hook_gets_the_state_as_the_container_sees_it(Bundle bundle)
    {
        bundle.Hook("startContainer", "cat > /state.json").With("annotations", Json("""{ "com.example.key": "value" }""")).Writable().Args("true").Run().ShouldSucceed();
        var state = JsonNode.Parse(File.ReadAllText(Path.Combine(bundle.RootfsPath, "state.json")))!;
        ((string?)state["id"]).Should().Be(bundle.Id);
        ((string?)state["bundle"]).Should().Be(bundle.Location);
        ((string?)state["annotations"]?["com.example.key"]).Should().Be("value");
        ((string?)state["status"]).Should().Be("created");
        ((string?)state["ociVersion"]).Should().StartWith("1.");
        ((int?)state["pid"]).Should().Be(1);
    }

    [Rule("HOOK-11")]
    public static void A_hook_of_the_runtimes_namespace_gets_the_pid_as_the_runtime_sees_it(Bundle bundle)
    {
        bundle.Hook("createRuntime", $"cat > '{bundle.Scratch}/state.json'").Args("true").Create();
        var state = JsonNode.Parse(File.ReadAllText(bundle.Scratch + "/state.json"))!;
        ((int?)state["pid"]).Should().Be(bundle.ProcessId());
    }

    [Rule("HOOK-11")]
    public static void A_createContainer_hook_gets_the_pid_as_the_container_sees_it(Bundle bundle)
    {
        bundle.Hook("createContainer", $"cat > '{bundle.Scratch}/state.json'").Args("true").Create();
        ((int?)JsonNode.Parse(File.ReadAllText(bundle.Scratch + "/state.json"))!["pid"]).Should().Be(1);
    }

    [Rule("HOOK-02", "HOOK-01")]
    [With("""{ "path": "relative/hook" }""")]
    [With("""{ "path": "/bin/true", "timeout": 0 }""")]
    [With("""{ "path": "/bin/true", "timeout": -1 }""")]
    [With("""{ "args": ["true"] }""")]
    public static void A_hook_with_a_relative_path_or_no_time_is_refused(Bundle bundle, string json)
    {
        bundle.Adding("hooks.createRuntime", Json(json)).Args("true").ShouldBeRefused();
    }

    [Rule("HOOK-04")]
    public static void A_hook_that_outlasts_its_time_is_a_failed_hook(Bundle bundle)
    {
        bundle.Hook("createRuntime", $"echo $$ > '{bundle.Scratch}/pid'; exec sleep 20");
        bundle.Config["hooks"]!["createRuntime"]![0]!["timeout"] = 1;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        bundle.Args("true").ShouldBeRefused();
        watch.Elapsed.Should().BeLessThan(Patience.Seconds(10));
        var pid = File.ReadAllText(bundle.Scratch + "/pid").Trim();
        Eventually.Holds(() => !File.Exists($"/proc/{pid}/exe") || new FileInfo($"/proc/{pid}/exe").LinkTarget is null, () => "the hook should be killed");
    }

    [Rule("HOOK-05")]
    public static void A_hook_has_exactly_its_arguments_and_its_environment(Bundle bundle)
    {
        bundle.Adding("hooks.createRuntime", new JsonObject
        {
            ["path"] = "/bin/sh",
            ["args"] = Array("another-name", "-c", $"tr '\\0' '|' < /proc/$$/cmdline > '{bundle.Scratch}/seen'; tr '\\0' '|' < /proc/$$/environ >> '{bundle.Scratch}/seen'", "x", "y z"),
            ["env"] = Array("ONE=1", "TWO=a b"),
        });
        bundle.Args("true").Run().ShouldSucceed();
        File.ReadAllText(bundle.Scratch + "/seen").Should().StartWith("another-name|-c|").And.EndWith("|x|y z|ONE=1|TWO=a b|");
    }

    [Rule("HOOK-05")]
    public static void A_hook_without_environment_has_none(Bundle bundle)
    {
        bundle.Adding("hooks.createRuntime", new JsonObject
        {
            ["path"] = "/bin/sh", ["args"] = Array("sh", "-c", $"/usr/bin/tr '\\0' '|' < /proc/$$/environ > '{bundle.Scratch}/seen'"),
        });
        bundle.Args("true").RunCommand().Environment("OF_THE_CALLER", "1").Run().ShouldSucceed();
        File.ReadAllText(bundle.Scratch + "/seen").Should().BeEmpty();
    }

    [Rule("HOOK-06")]
    public static void A_hook_of_the_runtimes_namespace_starts_in_the_bundle(Bundle bundle)
    {
        bundle.Hook("createRuntime", $"pwd > '{bundle.Scratch}/seen'").Args("true").Run().ShouldSucceed();
        File.ReadAllText(bundle.Scratch + "/seen").Trim().Should().Be(bundle.Location);
    }

    [Rule("LIFE-02", "LIFE-03", "LIFE-04")]
    [With("prestart")]
    [With("createRuntime")]
    public static void Hooks_of_create_run_in_the_runtimes_namespaces_when_the_containers_exist(Bundle bundle, string kind)
    {
        bundle.Hook(kind, $"pid=$(sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/' | tr -dc 0-9); readlink /proc/self/ns/mnt /proc/$pid/ns/mnt /proc/self/ns/net /proc/$pid/ns/net > '{bundle.Scratch}/seen'");
        bundle.Args("true").Run().ShouldSucceed();
        var seen = File.ReadAllLines(bundle.Scratch + "/seen");
        seen.Should().HaveCount(4);
        seen[0].Should().Be(new FileInfo("/proc/self/ns/mnt").LinkTarget).And.NotBe(seen[1]);
        seen[2].Should().Be(new FileInfo("/proc/self/ns/net").LinkTarget).And.NotBe(seen[3]);
    }

    [Rule("LIFE-05")]
    public static void A_createContainer_hook_runs_in_the_containers_namespaces_before_its_root(Bundle bundle)
    {
        var file = Path.Combine(bundle.Scratch, "seen");
        bundle.Hook("createContainer", $"readlink /proc/self/ns/mnt /proc/self/ns/uts > '{file}'; test -d '{bundle.Home}' && echo host paths >> '{file}'").Shell("readlink /proc/self/ns/mnt; readlink /proc/self/ns/uts");
        var inside = bundle.Run().Output.Trim().Split('\n');
        File.ReadAllLines(file).Should().Equal(inside[0], inside[1], "host paths");
    }

    [Rule("LIFE-07")]
    public static void A_startContainer_hook_runs_in_the_container_at_start(Bundle bundle)
    {
        bundle.Hook("startContainer", "readlink /proc/self/ns/mnt > /seen; hostname >> /seen").Writable().With("hostname", "inside").Shell("readlink /proc/self/ns/mnt");
        var command = bundle.Create();
        File.Exists(Path.Combine(bundle.RootfsPath, "seen")).Should().BeFalse("it belongs to start, not to create");
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        File.ReadAllLines(Path.Combine(bundle.RootfsPath, "seen")).Should().Equal(command.Output.Trim(), "inside");
    }

    [Rule("LIFE-07")]
    public static void A_startContainer_hook_is_looked_up_in_the_container(Bundle bundle)
    {
        bundle.WithFile("/hook", "#!/bin/sh\nhostname > /seen\n", (UnixFileMode)Convert.ToInt32("755", 8)).With("hostname", "inside")
            .With("hooks.startContainer", Json("""[{ "path": "/hook" }]""")).Writable().Args("true").Run().ShouldSucceed();
        File.ReadAllText(Path.Combine(bundle.RootfsPath, "seen")).Should().Be("inside\n");
    }

    [Rule("LIFE-09", "LIFE-13")]
    [With("poststart")]
    [With("poststop")]
    public static void Hooks_of_start_and_delete_run_in_the_runtimes_namespaces(Bundle bundle, string kind)
    {
        bundle.Hook(kind, $"readlink /proc/self/ns/mnt /proc/self/ns/net > '{bundle.Scratch}/seen'").Args("true").Run().ShouldSucceed();
        File.ReadAllLines(bundle.Scratch + "/seen").Should().Equal(new FileInfo("/proc/self/ns/mnt").LinkTarget, new FileInfo("/proc/self/ns/net").LinkTarget);
    }

    [Rule("LIFE-09", "OP-STR-02")]
    public static void Poststart_hooks_run_after_the_program_has_been_started_and_before_start_returns(Bundle bundle)
    {
        bundle.Hook("poststart", $"pid=$(sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/' | tr -dc 0-9); readlink /proc/$pid/exe > '{bundle.Scratch}/seen'");
        bundle.Args("/bin/sleep", "20").Create();
        File.Exists(bundle.Scratch + "/seen").Should().BeFalse("poststart belongs to start");
        bundle.Start().ShouldSucceed();
        File.ReadAllText(bundle.Scratch + "/seen").Trim().Should().EndWith("/bin/busybox");
    }

    [Rule("LIFE-13", "OP-DEL-02")]
    public static void Poststop_hooks_run_after_the_container_is_gone_and_before_delete_returns(Bundle bundle)
    {
        bundle.Hook("poststop", $"sleep 0.1; echo done > '{bundle.Scratch}/seen'").Stopped();
        File.Exists(bundle.Scratch + "/seen").Should().BeFalse();
        bundle.Delete().ShouldSucceed();
        File.Exists(bundle.Scratch + "/seen").Should().BeTrue();
    }

    [Rule("HOOK-07", "LIFE-15")]
    [With("prestart")]
    [With("createRuntime")]
    [With("createContainer")]
    public static void A_failing_hook_of_create_leaves_no_container(Bundle bundle, string kind)
    {
        bundle.Hook(kind, "exit 3").Args("true").ShouldBeRefused();
        Eventually.Holds(() => Cgroups.Below(bundle.CgroupPath).Count == 0, () => "the cgroup should be gone");
    }

    [Rule("HOOK-07", "LIFE-15")]
    [With("prestart")]
    [With("createRuntime")]
    public static void After_a_failing_hook_of_create_the_poststop_hooks_run(Bundle bundle, string kind)
    {
        bundle.Hook(kind, "exit 3").Note("poststop").Args("true").ShouldBeRefused();
        Noted(bundle).Should().Equal("poststop");
    }

    [Rule("HOOK-07")]
    public static void After_a_failing_hook_the_later_ones_do_not_run(Bundle bundle)
    {
        bundle.Hook("prestart", "exit 3").Note("prestart").Note("createRuntime").Note("createContainer").Args("true").ShouldBeRefused();
        Noted(bundle).Should().BeEmpty();
    }

    [Rule("HOOK-08", "LIFE-15")]
    public static void A_failing_startContainer_hook_is_an_error_of_start_and_the_program_does_not_run(Bundle bundle)
    {
        var create = bundle.Hook("startContainer", "exit 3").Note("poststop").Shell("echo the program ran").Create();
        bundle.Start().Status.Should().NotBe(0);
        Eventually.Holds(() => bundle.Status() is null or "stopped", () => "the container should be stopped");
        create.Output.Should().BeEmpty();
        Noted(bundle).Should().Equal("poststop");
    }

    [Rule("HOOK-09", "LIFE-15", Since = "1.3.0")]
    public static void A_failing_poststart_hook_is_an_error_and_stops_the_container(Bundle bundle)
    {
        bundle.Hook("poststart", "exit 3").Note("poststop").Shell("while :; do sleep 1; done").Create();
        bundle.Start().Status.Should().NotBe(0);
        Eventually.Holds(() => bundle.Status() is null or "stopped", () => "the container should be stopped");
        Noted(bundle).Should().Equal("poststop");
    }

    [Rule("LIFE-13", "LIFE-15")]
    [With("delete")]
    [With("run")]
    public static void A_failing_poststop_hook_is_no_error_and_the_others_run(Bundle bundle, string operation)
    {
        bundle.Hook("poststop", "exit 3").Note("poststop");
        var outcome = operation == "run" ? bundle.Args("true").Run() : bundle.Stopped().Delete();
        outcome.ShouldSucceed();
        bundle.State().Should().BeNull();
        Noted(bundle).Should().Equal("poststop");
    }

    [Rule("HOOK-12")]
    public static void The_cgroup_is_there_for_createRuntime_hooks(Bundle bundle)
    {
        bundle.Hook("createRuntime", $"pid=$(sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/' | tr -dc 0-9); cat /proc/$pid/cgroup > '{bundle.Scratch}/seen'").Args("true").Run().ShouldSucceed();
        File.ReadAllText(bundle.Scratch + "/seen").Should().Contain(bundle.CgroupPath);
    }

    [Rule("HOOK-13")]
    public static void A_hook_can_write_to_its_outputs(Bundle bundle)
    {
        bundle.Hook("createRuntime", "echo output && echo error >&2").Hook("poststop", "echo output && echo error >&2").Args("true").Run().ShouldSucceed();
    }

    private static string LogOf(Bundle bundle) => Path.Combine(bundle.Scratch, "hooks");

    private static string[] Noted(Bundle bundle) => File.Exists(LogOf(bundle)) ? File.ReadAllLines(LogOf(bundle)) : [];

    private static Bundle Note(this Bundle bundle, string kind) => bundle.Hook(kind, $"echo {kind} >> '{LogOf(bundle)}'");

    private static Bundle Hook(this Bundle bundle, string kind, string script) => bundle.Adding("hooks." + kind, new JsonObject
    {
        ["path"] = "/bin/sh",
        ["args"] = Array("sh", "-c", script),
        ["env"] = Array("PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
    });
}
