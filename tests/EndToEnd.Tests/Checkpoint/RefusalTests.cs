using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>What hinders a checkpoint is said before anything is frozen, and the container goes on unchanged.</summary>
public sealed class RefusalTests : CheckpointedTest
{
    [Fact]
    public void A_file_lock_is_named_also_when_the_process_that_took_it_has_ended()
    {
        Requires.Program("flock");
        var bundle = Counter(NewBundle());
        File.WriteAllText(Path.Combine(bundle.RootfsPath, "lock"), "");
        bundle.RunCommand("--detach", "--preserve-fds", "1").Prelude($"exec 3<'{bundle.RootfsPath}/lock'; flock 3").Run().ShouldSucceed();
        Refused(bundle, "file lock");
    }

    [Fact]
    public void A_program_that_exec_has_brought_in_is_refused_for_it_would_be_left_behind()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        bundle.Exec("--detach", "--", "/bin/sh", "-c", "exec </dev/null >/dev/null 2>&1; exec sleep 1234").ShouldSucceed();
        Refused(bundle, "by exec", "first process");
    }

    [Fact]
    public void A_file_of_the_host_as_output_is_named()
    {
        var bundle = Counter(NewBundle());
        bundle.RunCommand("--detach").Run().ShouldSucceed();

        Refused(bundle, "descriptor 1 of process", "outside the container", "pipes");
    }

    [Fact]
    public void A_traced_process_is_refused()
    {
        Requires.Program("strace");
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        var tracer = new Command(bundle.Scratch, "strace", "-o", "/dev/null", "-p", $"{bundle.ProcessId()}").Start();
        Eventually.Holds(() => !File.ReadAllText($"/proc/{bundle.ProcessId()}/status").Contains("TracerPid:\t0"), () => "strace should trace it");
        try
        {
            Refused(bundle, "is traced by process", "strace");
        }
        finally
        {
            tracer.Kill();
        }
    }

    [Fact]
    public void Mapped_owners_of_a_new_file_system_are_refused()
    {
        Requires.Kernel(6, 3);
        var mount = JsonNode.Parse("""
            { "destination": "/mapped", "type": "tmpfs", "source": "tmpfs",
              "uidMappings": [{ "containerID": 0, "hostID": 4000, "size": 10 }], "gidMappings": [{ "containerID": 0, "hostID": 4000, "size": 10 }] }
            """)!;
        var bundle = Running(Counter(NewBundle()).Adding("mounts", mount));
        Counts(bundle, 1);

        Refused(bundle, "/mapped are mapped");
    }

    [Fact]
    public void Only_a_running_container_can_be_saved()
    {
        var bundle = NewBundle().Args("true");
        bundle.Create();
        CheckpointCommand(bundle).Run().Error.Should().Contain("Container cannot be checkpointed in created state");
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        CheckpointCommand(bundle).Run().Error.Should().Contain("Container cannot be checkpointed in stopped state");
    }

    [Fact]
    public void Checkpoints_that_build_on_others_are_refused_with_the_reason_where_the_kernel_cannot()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        var outcome = CheckpointCommand(bundle, "--pre-dump").Run();

        if (outcome.Status != 0)
        {
            outcome.Error.Should().Contain("criu is missing features: [MemTrack]");
        }

        bundle.Status().Should().Be("running");
        Counts(bundle, Count(bundle));
    }

    [Theory]
    [InlineData("--parent-path must be relative", "--parent-path", "/images")]
    [InlineData("invalid manage-cgroups-mode value", "--manage-cgroups-mode", "all")]
    [InlineData("namespace \"mnt\" is not supported", "--empty-ns", "mnt")]
    [InlineData("Use --page-server ADDRESS:PORT", "--page-server", "nowhere")]
    [InlineData("Invalid port number", "--page-server", "127.0.0.1:port")]
    [InlineData("invalid --status-fd argument 77", "--status-fd", "77")]
    public void A_wrong_option_is_named(string text, params string[] options)
    {
        var bundle = Running(Counter(NewBundle()));

        CheckpointCommand(bundle, options).Run().Error.Should().Contain(text);
        bundle.Status().Should().Be("running");
    }

    [Fact]
    public void A_dry_run_tells_the_same_and_touches_nothing()
    {
        var bundle = Counter(NewBundle());
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        Counts(bundle, 1);
        var outcome = CheckpointCommand(bundle, "--dry-run", "--format", "json").Run();

        outcome.Status.Should().Be(1);
        JsonNode.Parse(outcome.Output)!.AsArray().Select(finding => (string?)finding!["kind"]).Should().Contain("descriptor");
        Directory.Exists(Images(bundle)).Should().BeFalse();
        bundle.Delete("--force").ShouldSucceed();

        Running(bundle);
        CheckpointCommand(bundle, "--dry-run").Run().Status.Should().Be(0);
    }

    [Fact]
    public void Times_and_sizes_are_printed_as_JSON()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        var told = JsonNode.Parse(CheckpointCommand(bundle, "--format", "json").Run().ShouldSucceed().Output)!;

        ((long)told["durationMicroseconds"]!).Should().BeGreaterThan(0);
        ((long)told["frozenMicroseconds"]!).Should().BeGreaterThan(0);
        ((long)told["pagesWritten"]!).Should().BeGreaterThan(0);
        ((long)told["imageBytes"]!).Should().BeGreaterThan(4096);
    }

    [Fact]
    public void The_images_of_another_container_are_not_replaced()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle, "--leave-running");
        var other = Running(Counter(NewBundle()));
        Counts(other, 1);

        var outcome = other.Runtime("checkpoint", "--image-path", Images(bundle), other.Id).Environment("PATH", Criu.SearchPath).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain($"holds a checkpoint of container \"{bundle.Id}\"");
        other.Status().Should().Be("running");
    }

    [Fact]
    public void Without_CRIU_it_is_said_what_to_install()
    {
        var bundle = Running(Counter(NewBundle()));

        CheckpointCommand(bundle).Environment("PATH", "/nowhere").Run().Error.Should().Contain("there is no criu in PATH").And.Contain("install");
        bundle.Status().Should().Be("running");
    }

    [Theory]
    [InlineData("exit 3", "has ended")]
    [InlineData("echo trouble >&2; exit 1", "trouble")]
    public void A_CRIU_that_dies_leaves_the_container_running(string script, string text)
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        var folder = Directory.CreateDirectory(Path.Combine(bundle.Home, "false-criu")).FullName;
        File.WriteAllText(Path.Combine(folder, "criu"), $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(Path.Combine(folder, "criu"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        CheckpointCommand(bundle).Environment("PATH", folder + ":/bin:/usr/bin").Run().Error.Should().Contain(text);
        bundle.Status().Should().Be("running");
        Counts(bundle, Count(bundle));
    }

    private static void Refused(Bundle bundle, params string[] texts)
    {
        var pid = bundle.ProcessId();
        var outcome = CheckpointCommand(bundle).Run();

        outcome.Status.Should().Be(1);
        texts.Should().OnlyContain(text => outcome.Error.Split('\n', StringSplitOptions.None)[0].Contains(text), outcome.Error);
        (bundle.Status(), bundle.ProcessId()).Should().Be(("running", pid));
        Counts(bundle, Count(bundle));
    }
}
