namespace Hull.EndToEnd.Tests.Engines;

/// <summary>A real engine drives the runtime: containerd, through its shim and `ctr`.</summary>
public sealed class ContainerdTests : IClassFixture<Containerd>
{
    private readonly Containerd _containerd;

    public ContainerdTests(Containerd containerd)
    {
        Requires.Root();
        Requires.Program("containerd");
        Requires.Program("ctr");
        Requires.Program("unshare");
        containerd.Start();
        _containerd = containerd;
    }

    [Fact]
    public void A_container_writes_and_ends()
    {
        var outcome = _containerd.RunContainer(NewId(), ["--rm"], "echo", "hello from inside").Run();

        outcome.ShouldSucceed().Output.Should().Be("hello from inside\n");
    }

    [Fact]
    public void The_exit_status_reaches_the_caller()
    {
        _containerd.RunContainer(NewId(), ["--rm"], "sh", "-c", "exit 7").Run().Status.Should().Be(7);
    }

    [Fact]
    public void A_program_that_does_not_exist_is_reported()
    {
        var outcome = _containerd.RunContainer(NewId(), ["--rm"], "no-such-program").Run();

        outcome.Status.Should().NotBe(0);
        outcome.Error.Should().Contain("no-such-program").And.Contain("executable file not found in $PATH");
    }

    [Fact]
    public void A_task_is_listed_killed_and_deleted()
    {
        var id = NewId();
        _containerd.RunContainer(id, ["--detach"], "sleep", "1000").Run().ShouldSucceed();
        _containerd.TaskStatus(id).Should().Be("RUNNING");

        _containerd.Control("tasks", "kill", "--signal", "SIGKILL", id).Run().ShouldSucceed();
        Eventually.Holds(() => _containerd.TaskStatus(id) == "STOPPED", () => "the task should stop; it is " + _containerd.TaskStatus(id));

        _containerd.Control("tasks", "delete", id).Run().ShouldSucceed();
        _containerd.Control("containers", "delete", id).Run().ShouldSucceed();
        _containerd.TaskStatus(id).Should().Be("none");
        Cgroups.Below(Cgroups.Prefix + "/" + id).Should().BeEmpty();
    }

    [Fact]
    public void A_memory_limit_given_to_the_engine_is_in_force()
    {
        var id = NewId();
        _containerd.RunContainer(id, ["--detach", "--memory-limit", "33554432"], "sleep", "1000").Run().ShouldSucceed();

        Cgroups.Read("memory", Cgroups.Prefix + "/" + id, "memory.limit_in_bytes", "memory.max").Should().Be("33554432");

        _containerd.Control("tasks", "kill", "--signal", "SIGKILL", id).Run().ShouldSucceed();
        Eventually.Holds(() => _containerd.TaskStatus(id) == "STOPPED", () => "the task should stop");
        _containerd.Control("tasks", "delete", id).Run();
        _containerd.Control("containers", "delete", id).Run().ShouldSucceed();
    }

    private static string NewId() => "hull-test-" + Guid.NewGuid().ToString("N")[..12];
}
