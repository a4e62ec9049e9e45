using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>`exec`: another program in a container, and how it and its caller hear of each other.</summary>
public sealed class ExecTests : EndToEndTest
{
    private static readonly string[] KernelNames = ["pid", "net", "ipc", "uts", "mnt", "cgroup", "user"];

    [Fact]
    public void The_program_is_in_the_namespaces_the_root_and_the_cgroups_of_the_container()
    {
        var bundle = NewBundle().Namespace("cgroup").WithFile("/marker", "here").Running();
        var seen = new Observation(bundle.Exec("--", "/observer", "/marker").ShouldSucceed().Output);

        foreach (var name in KernelNames)
        {
            seen.Namespace(name).Should().Be(NamespaceOf(bundle.ProcessId(), name), name);
        }

        seen.Path("/marker").Content.Should().Be("here");
        seen.Text("hostname").Should().Be("hull-test");
        seen.Text("cwd").Should().Be("/");
        seen.Number("pid").Should().BeGreaterThan(1);
        bundle.Exec("--", "cat", "/proc/self/cgroup").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Except(["12:hugetlb:/"]).Should().OnlyContain(line => line.EndsWith(":/", StringComparison.Ordinal), "the container's cgroup is its root");
    }

    [Fact]
    public void The_program_is_in_every_cgroup_of_the_container()
    {
        var bundle = NewBundle().Running();
        var running = bundle.ExecCommand("--", "sleep", "1000").Start();
        Eventually.Holds(() => Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Count() == 2, () => "a second process should come");
        var second = Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Single(pid => pid != bundle.ProcessId());

        PlacesOf(second).Should().Equal(PlacesOf(bundle.ProcessId()));
        bundle.Kill("KILL").ShouldSucceed();
        running.Wait().Status.Should().Be(137, "the container takes its programs with it");
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 1", 1)]
    [InlineData("exit 42", 42)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    public void Its_exit_status_is_the_programs(string script, int status) => NewBundle().Running().Exec("--", "sh", "-c", script).Status.Should().Be(status);

    [Fact]
    public void Input_and_both_outputs_are_the_callers()
    {
        var outcome = NewBundle().Running().ExecCommand("--", "sh", "-c", "cat; echo problem >&2").Input("words\n").Run();

        outcome.Should().BeEquivalentTo(new { Status = 0, Output = "words\n", Error = "problem\n" });
    }

    [Fact]
    public void The_end_of_a_pipe_is_the_programs_end_of_input()
    {
        var bundle = NewBundle().Running();
        var line = $"printf one | {HullBinary.Path} --root {bundle.StateRoot} exec {bundle.Id} cat | cat";

        new Command(bundle.Scratch, "sh", "-c", line).Run().ShouldSucceed().Output.Should().Be("one");
    }

    [Fact]
    public void A_container_that_waits_for_start_can_be_joined_and_goes_on_waiting()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.Create();

        bundle.Exec("--", "echo", "early").ShouldSucceed().Output.Should().Be("early\n");
        bundle.Status().Should().Be("created");
        bundle.Start().ShouldSucceed();
        bundle.Exec("--", "echo", "late").ShouldSucceed();
    }

    [Fact]
    public void A_container_that_has_ended_cannot_be_joined()
    {
        var bundle = NewBundle().Args("true");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        var outcome = bundle.Exec("--", "true");

        outcome.Status.Should().Be(255);
        outcome.Error.Should().Contain("cannot exec in a stopped container");
    }

    [Fact]
    public void A_signal_to_the_caller_reaches_the_program()
    {
        var bundle = NewBundle().Running();
        var running = bundle.ExecCommand("--", "sh", "-c", "trap 'exit 7' USR1; echo ready; while :; do sleep 0.05; done").Start();
        Eventually.Holds(() => running.Output.Contains("ready", StringComparison.Ordinal), () => "the program should be ready: " + running.Error);
        new Command(bundle.Scratch, "kill", "-USR1", running.ProcessId.ToString(CultureInfo.InvariantCulture)).Run().ShouldSucceed();

        running.Wait().Status.Should().Be(7);
    }

    [Fact]
    public void Detached_the_caller_is_free_and_knows_the_pid()
    {
        var bundle = NewBundle().Running();
        var pidFile = Path.Combine(bundle.Home, "pid");
        bundle.ExecCommand("--detach", "--pid-file", "pid", "--", "sleep", "1000").In(bundle.Home).Run().ShouldSucceed();
        var pid = int.Parse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture);

        pid.Should().NotBe(bundle.ProcessId());
        NamespaceOf(pid, "pid").Should().Be(NamespaceOf(bundle.ProcessId(), "pid"));
        File.ReadAllText($"/proc/{pid}/cmdline").Should().Be("sleep\01000\0");
        Directory.EnumerateFiles(bundle.Home, ".*").Should().BeEmpty("the file is there all at once, and nothing else");
    }

    [Fact]
    public void Detached_nobody_of_ours_holds_the_callers_pipe()
    {
        var bundle = NewBundle().With("process.capabilities.ambient", new JsonArray()).Running();
        var line = $"{HullBinary.Path} --root {bundle.StateRoot} exec --detach {bundle.Id} sh -c 'echo said; exec >/dev/null 2>&1; sleep 1000' 2>&1 | cat";

        new Command(bundle.Scratch, "sh", "-c", line).Timeout(TimeSpan.FromSeconds(10)).Run().ShouldSucceed().Output.Should().Be("said\n");
    }

    [Fact]
    public void What_the_bundle_says_later_changes_nothing()
    {
        Requires.Hull("runc reads the bundle again");
        var bundle = NewBundle().Running();
        bundle.With("process.env", new JsonArray("LATER=yes")).Save();

        bundle.ExecObserve().Environment.Should().NotContainKey("LATER");
    }

    [Fact]
    public void In_a_user_namespace_the_program_is_its_root()
    {
        var bundle = NewBundle().Namespace("user")
            .With("linux.uidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]"""))
            .With("linux.gidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]"""))
            .Running();
        var seen = bundle.ExecObserve();

        seen.Numbers("uids").Should().Equal(0, 0, 0);
        seen.Namespace("user").Should().Be(NamespaceOf(bundle.ProcessId(), "user")).And.NotBe(NamespaceOf(Environment.ProcessId, "user"));
        bundle.ExecObserve("--user", "1000:1000").Numbers("uids").Should().Equal(1000, 1000, 1000);
    }

    [Fact]
    public void Without_a_mount_namespace_the_root_is_still_the_containers()
    {
        var bundle = NewBundle().WithoutNamespace("mount").With("mounts", new JsonArray()).With("root.readonly", false)
            .Without("linux.maskedPaths").Without("linux.readonlyPaths").WithFile("/marker", "here");
        foreach (var device in new[] { "dev" })
        {
            Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, device));
        }

        bundle.Running();

        bundle.Exec("--", "cat", "/marker").ShouldSucceed().Output.Should().Be("here");
        bundle.Exec("--", "pwd").Output.Should().Be("/\n");
    }

    [Theory]
    [InlineData("nosuch", "executable file not found in $PATH")]
    [InlineData("/nosuch", "no such file or directory")]
    [InlineData("/etc/passwd", "permission denied")]
    public void A_program_that_cannot_run_is_our_failure_and_leaves_nothing(string program, string reason)
    {
        var bundle = NewBundle().Running();
        var before = HostSnapshot.Take(bundle);
        var pidFile = Path.Combine(bundle.Home, "pid");
        var outcome = bundle.Exec("--pid-file", pidFile, "--", program);

        outcome.Status.Should().Be(255);
        outcome.Error.Should().Contain(program).And.Contain(reason);
        outcome.Error.TrimEnd('\n').Should().NotContain("\n");
        File.Exists(pidFile).Should().BeFalse();
        HostSnapshot.ShouldBecome(bundle, before, "a failed exec leaves nothing");
    }

    [Fact]
    public void A_pid_file_that_cannot_be_written_ends_the_program_before_it_runs()
    {
        var bundle = NewBundle().With("root.readonly", false).Running();
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Exec("--pid-file", "/no/such/directory/pid", "--", "touch", "/ran");

        outcome.Status.Should().Be(255);
        outcome.Error.Should().Contain("no such file or directory");
        File.Exists(Path.Combine(bundle.RootfsPath, "ran")).Should().BeFalse();
        HostSnapshot.ShouldBecome(bundle, before, "a failed exec leaves nothing");
    }

    [Fact]
    public void A_caller_who_is_killed_before_the_program_runs_takes_the_process_along()
    {
        Requires.CgroupV1("freezer");
        var bundle = NewBundle().With("root.readonly", false).Running();
        var freezer = Cgroups.Version1Mount("freezer") + bundle.CgroupPath + "/freezer.state";
        File.WriteAllText(freezer, "FROZEN");
        var running = bundle.ExecCommand("--ignore-paused", "--", "touch", "/ran").Start();
        Eventually.Holds(() => Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Count() == 2, () => "a second process should wait in the cgroup");
        running.Kill();
        File.WriteAllText(freezer, "THAWED");

        Eventually.Holds(() => Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Count() == 1, () => "the process should have ended");
        File.Exists(Path.Combine(bundle.RootfsPath, "ran")).Should().BeFalse();
    }

    private static string NamespaceOf(int pid, string name) =>
        File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/{name}"), returnFinalTarget: false)!.Name;

    private static string[] PlacesOf(int pid) => File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cgroup"));
}
