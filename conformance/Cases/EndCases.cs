using System.Text.Json.Nodes;
using Hull.Conformance.Suite;

namespace Hull.Conformance.Cases;

/// <summary>How a container is ended: kill and delete.</summary>
internal static class EndCases
{
    [Rule("OP-KIL-01")]
    public static void Kill_of_an_unknown_container_is_an_error(Bundle bundle)
    {
        bundle.Runtime("kill", "no-such-container", "TERM").Run().Status.Should().NotBe(0);
    }

    [Rule("OP-KIL-01")]
    public static void Kill_of_a_stopped_container_is_an_error_without_effect(Bundle bundle)
    {
        var before = bundle.Stopped().State()!.ToJsonString();
        bundle.Kill("KILL").Status.Should().NotBe(0);
        bundle.State()!.ToJsonString().Should().Be(before);
    }

    [Rule("OP-KIL-01")]
    [With("NOSUCH")]
    [With("0x9")]
    [With("99")]
    public static void An_unknown_signal_is_an_error(Bundle bundle, string signal)
    {
        bundle.Started().Kill(signal).Status.Should().NotBe(0);
        bundle.Status().Should().Be("running");
    }

    [Rule("OP-KIL-02")]
    [With("TERM", "TERM")]
    [With("SIGTERM", "TERM")]
    [With("15", "TERM")]
    [With("USR1", "USR1")]
    [With("SIGHUP", "HUP")]
    [With("INT", "INT")]
    [With("SIGUSR1", "USR1")]
    [With("10", "USR1")]
    public static void The_signal_reaches_the_program(Bundle bundle, string signal, string trapped)
    {
        var command = bundle.Shell($"trap 'echo caught; exit' {trapped}; echo ready; while :; do sleep 0.05; done").Create();
        bundle.Start().ShouldSucceed();
        Eventually.Holds(() => command.Output.Contains("ready", StringComparison.Ordinal), () => "the program should set its trap");
        bundle.Kill(signal).ShouldSucceed();
        bundle.WaitForStatus("stopped");
        command.Output.Should().Be("ready\ncaught\n");
    }

    [Rule("OP-CLI")]
    [With("RTMIN+3")]
    [With("SIGRTMIN+3")]
    [With("37")]
    public static void Real_time_signals_have_names(Bundle bundle, string signal) => The_signal_reaches_the_program(bundle, signal, "37");

    [Rule("OP-KIL-02")]
    public static void Without_a_signal_kill_sends_term(Bundle bundle)
    {
        var command = bundle.Shell("trap 'echo caught; exit' TERM; echo ready; while :; do sleep 0.05; done").Create();
        bundle.Start().ShouldSucceed();
        Eventually.Holds(() => command.Output.Contains("ready", StringComparison.Ordinal), () => "the program should set its trap");
        bundle.Kill().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        command.Output.Should().Be("ready\ncaught\n");
    }

    [Rule("OP-KIL-01", "OP-KIL-02")]
    public static void A_created_container_can_be_killed(Bundle bundle)
    {
        bundle.Args("true").Create();
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
    }

    [Rule("OP-DEL-01")]
    public static void Delete_of_an_unknown_container_is_an_error(Bundle bundle)
    {
        bundle.Runtime("delete", "no-such-container").Run().Status.Should().NotBe(0);
    }

    [Rule("OP-DEL-01")]
    public static void Delete_of_a_running_container_is_an_error_without_effect(Bundle bundle)
    {
        var before = bundle.Started().State()!.ToJsonString();
        bundle.Delete().Status.Should().NotBe(0);
        bundle.State()!.ToJsonString().Should().Be(before);
    }

    [Rule("OP-DEL-01")]
    public static void Delete_of_a_created_container_is_an_error_without_effect(Bundle bundle)
    {
        bundle.Args("sleep", "1000").Create();
        var before = bundle.State()!.ToJsonString();
        bundle.Delete().Status.Should().NotBe(0);
        bundle.State()!.ToJsonString().Should().Be(before);
    }

    [Rule("OP-DEL-01")]
    public static void Delete_by_force_ends_a_running_container_and_takes_an_unknown_one_for_gone(Bundle bundle)
    {
        var pid = bundle.Started().ProcessId();
        bundle.Delete("--force").ShouldSucceed();
        bundle.State().Should().BeNull();
        Eventually.Holds(() => !Directory.Exists($"/proc/{pid}") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal), () => "the program should be gone");
        bundle.Delete("--force").ShouldSucceed();
    }

    [Rule("OP-DEL-02", "LIFE-11", "LIFE-12")]
    [With("stopped")]
    [With("running")]
    public static void Delete_removes_everything_that_create_made(Bundle bundle, string status)
    {
        var before = HostSnapshot.Take(bundle);
        bundle.With("linux.resources.pids", JsonNode.Parse("""{ "limit": 10 }"""));
        (status == "running" ? bundle.Started().Delete("--force") : bundle.Stopped().Delete()).ShouldSucceed();
        HostSnapshot.ShouldBecome(bundle, before, "delete removes everything that create made");
        bundle.State().Should().BeNull();
        MountTable.Below(bundle.Home).Should().BeEmpty();
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(bundle.StateRoot).Select(Path.GetFileName).Should().NotContain(bundle.Id);
    }

    [Rule("OP-DEL-02", "OP-CLI")]
    public static void After_run_nothing_is_left(Bundle bundle)
    {
        var before = HostSnapshot.Take(bundle);
        bundle.Args("true").Run().ShouldSucceed();
        HostSnapshot.ShouldBecome(bundle, before, "run cleans up after itself");
    }

    [Rule("OP-DEL-02")]
    public static void Delete_leaves_the_bundle(Bundle bundle)
    {
        bundle.Stopped().Delete().ShouldSucceed();
        File.Exists(bundle.ConfigFile).Should().BeTrue();
        File.Exists(Path.Combine(bundle.RootfsPath, "observer")).Should().BeTrue();
    }

    [Rule("OP-DEL-03")]
    public static void After_delete_the_id_can_be_used_again(Bundle bundle)
    {
        bundle.Stopped().Delete().ShouldSucceed();
        bundle.Create();
        bundle.Status().Should().Be("created");
    }

    [Rule("OP-DEL-04", "CGP-06")]
    public static void A_cgroup_that_was_there_before_stays(Bundle bundle)
    {
        Requires.CgroupV1("pids");
        var directory = Cgroups.Version1Mount("pids") + bundle.CgroupPath;
        Directory.CreateDirectory(directory);
        bundle.Stopped().Delete().ShouldSucceed();
        var stayed = Directory.Exists(directory);
        Cgroups.Remove(bundle.CgroupPath);
        Skip.Unless(stayed, "the runtime takes an empty cgroup at the path it was given for its own");
    }

    [Rule("OP-DEL-04")]
    public static void A_namespace_that_was_joined_stays(Bundle bundle)
    {
        var other = bundle.Another().Started();
        bundle.Namespace("network", $"/proc/{other.ProcessId()}/ns/net").Stopped().Delete().ShouldSucceed();
        other.Status().Should().Be("running");
        new FileInfo($"/proc/{other.ProcessId()}/ns/net").LinkTarget.Should().StartWith("net:");
    }

    [Rule("OP-DEL-04", "CGP-06", "OP-DEL-02")]
    public static void A_cgroup_above_that_was_there_before_stays(Bundle bundle)
    {
        Requires.CgroupV1("pids");
        var above = Directory.CreateDirectory(Cgroups.Version1Mount("pids") + bundle.CgroupPath).FullName;
        bundle.With("linux.cgroupsPath", bundle.CgroupPath + "/below").Args("true").Run().ShouldSucceed();
        var stayed = Directory.Exists(above);
        var below = Directory.Exists(above + "/below");
        Cgroups.Remove(bundle.CgroupPath);
        (stayed, below).Should().Be((true, false));
    }
}
