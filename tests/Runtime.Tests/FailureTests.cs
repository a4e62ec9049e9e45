using Hull.Linux;

namespace Hull.Runtime.Tests;

/// <summary>What an error blames, and what it says that helps.</summary>
public sealed class FailureTests
{
    private static readonly Origin Arguments = Origins.Process("args", "PROC-05");

    [Fact]
    public void An_environment_that_is_too_long_is_not_the_fault_of_the_arguments()
    {
        string[] environment = [.. Enumerable.Range(0, 60_000).Select(number => $"VARIABLE_{number}=some value")];

        RuntimeError error = TooLong(["sh"], environment);

        error.Property.Should().Be("process.env");
        error.Action.Should().Be("unable to start container process: exec: \"sh\"");
        error.Hint.Should().MatchRegex("^process.args has 11 bytes and process.env [0-9]{7}: Linux takes a quarter of RLIMIT_STACK");
        TooLong([.. environment], ["A=b"]).Property.Should().Be("process.args");
    }

    [Fact]
    public void One_text_that_is_too_long_is_named()
    {
        string text = new('x', 131_072);

        TooLong(["sh", "-c", text], ["A=b"]).Should().BeEquivalentTo(new { Property = "process.args", Hint = "process.args[2] has 131073 bytes: Linux takes 131072 of one" });
        TooLong(["sh"], ["A=b", text]).Should().BeEquivalentTo(new { Property = "process.env", Hint = "process.env[1] has 131073 bytes: Linux takes 131072 of one" });
    }

    [Theory]
    [InlineData(Errno.EMFILE, null, "ulimit -n")]
    [InlineData(Errno.ENFILE, null, "/proc/sys/fs/file-nr")]
    [InlineData(Errno.ENOMEM, null, "memory")]
    [InlineData(Errno.EAGAIN, null, "pids.max")]
    [InlineData(Errno.EPERM, "linux.namespaces", "CAP_SYS_ADMIN")]
    [InlineData(Errno.ENOSPC, "linux.namespaces", "max_*_namespaces")]
    [InlineData(Errno.EBUSY, "linux.cgroupsPath", "takes no processes")]
    public void A_process_that_cannot_be_cloned_is_blamed_on_what_asked_for_it_and_a_shortage_on_nothing(Errno errno, string? property, string hint)
    {
        RuntimeError error = Failure.OfClone(new KernelException("clone3", errno));

        error.Property.Should().Be(property);
        error.Hint.Should().Contain(hint);
    }

    [Theory]
    [InlineData(Errno.EDQUOT, "/proc/sys/kernel/keys/maxkeys")]
    [InlineData(Errno.EPERM, "--no-new-keyring")]
    public void A_refused_keyring_names_the_limit_and_the_option_that_does_without(Errno errno, string hint)
    {
        var inside = Failure.Of(new Step(new JoinSessionKeyring("_ses.x", New: true), Origins.Lifecycle("PROC-11")), new Report { Errno = errno });
        var before = Failure.Of(new HostStep(new TakeSessionKeyring("_ses.x", Label: null), Origins.Lifecycle("PROC-11")), 0, new KernelException("keyctl", errno));

        inside.Hint.Should().Contain(hint).And.Contain("--no-new-keyring");
        before.Hint.Should().Be(inside.Hint);
    }

    [Fact]
    public void Groups_of_a_parameter_that_the_container_does_not_have_are_named()
    {
        RuntimeError Refused(string file) => Failure.Of(new Step(new SetSysctl(file, "0 2147483647"), Origins.Linux("sysctl", "SYSC-01")), new Report { Errno = Errno.EINVAL });

        Refused("sys/net/ipv4/ping_group_range").Hint.Should().Contain("linux.gidMappings");
        Refused("sys/net/ipv4/ip_forward").Hint.Should().NotContain("linux.gidMappings");
    }

    private static RuntimeError TooLong(string[] arguments, string[] environment) =>
        Failure.Of(new Step(new Execute(["/bin/sh"], new CStringArray(arguments), new CStringArray(environment)), Arguments), new Report { Errno = Errno.E2BIG });
}
