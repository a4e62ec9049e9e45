using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>`exec`: another program in a container, and how it and its caller hear of each other.</summary>
public sealed class ExecTests : EndToEndTest
{
    [Fact]
    public void In_a_mount_namespace_of_others_the_root_is_the_container_s_own()
    {
        var other = NewBundle().With("root.readonly", false).WithFile("/inner/mine", "inner").WithFile("/mine", "outer");
        Rootfs.Create(Path.Combine(other.RootfsPath, "inner"));
        other.Running();
        var bundle = NewBundle().Namespace("mount", $"/proc/{other.ProcessId()}/ns/mnt").With("root.path", "/inner").With("root.readonly", false)
            .With("mounts", new JsonArray()).Without("linux.maskedPaths").Without("linux.readonlyPaths").Running();

        bundle.Exec("--", "cat", "/mine").ShouldSucceed().Output.Should().Be("inner");
        bundle.Exec("--", "ls", "/..").ShouldSucceed().Output.Should().NotContain("inner");
    }

    [Fact]
    public void The_end_of_a_pipe_is_the_programs_end_of_input()
    {
        var bundle = NewBundle().Running();
        var line = $"printf one | {HullBinary.Path} --root {bundle.StateRoot} exec {bundle.Id} cat | cat";

        new Command(bundle.Scratch, "sh", "-c", line).Run().ShouldSucceed().Output.Should().Be("one");
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

        new Command(bundle.Scratch, "sh", "-c", line).Run().ShouldSucceed().Output.Should().Be("said\n");
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
}
