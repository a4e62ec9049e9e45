using Hull.Linux;

namespace Hull.Runtime.Tests.Host;

/// <summary>What the environment of the caller asks for.</summary>
public sealed class CallerTests
{
    [Theory]
    [InlineData("2", "77", "a:b", 2, "a:b")]
    [InlineData("2", "77", null, 2, "")]
    [InlineData("0", "77", "a", 0, "")]
    [InlineData("2", "78", "a:b", 0, "")]
    [InlineData("2", null, null, 0, "")]
    [InlineData("", "77", null, 0, "")]
    [InlineData(null, "77", null, 0, "")]
    public void Sockets_are_those_that_were_meant_for_us(string? count, string? process, string? names, int expected, string expectedNames) =>
        PreservedDescriptors.Parse(count, process, names, own: 77).Should().Be(new SocketActivation(expected, expectedNames));

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    public void A_count_that_is_none_is_an_error(string count) => FluentActions.Invoking(() => PreservedDescriptors.Parse(count, "77", null, 77))
        .Should().Throw<RuntimeError>().WithMessage($"LISTEN_FDS={count} is not a number of descriptors*");

    [Fact]
    public void The_program_is_told_of_its_sockets_and_of_no_others()
    {
        Execute run = new SocketActivation(2, "http:admin").Run(["/bin/x"], new CStringArray(["x"]), ["A=1", "LISTEN_FDS=9", "LISTEN_PID=8", "LISTEN_FDNAMES=z", "B=2"], null);

        Enumerable.Range(0, run.Environment.Count).Select(index => run.Environment[index])
            .Should().Equal("A=1", "B=2", "LISTEN_FDS=2", "LISTEN_FDNAMES=http:admin", "LISTEN_PID=0000000000");
        run.ListenPid.Should().Be(4, "the container process puts its number there, as only it knows it");
    }

    [Fact]
    public void Without_sockets_the_environment_is_as_configured()
    {
        Execute run = SocketActivation.None.Run(["/bin/x"], new CStringArray(["x"]), ["LISTEN_FDS=9"], null);

        (run.Environment.Count, run.Environment[0], run.ListenPid).Should().Be((1, "LISTEN_FDS=9", -1));
    }

    [Fact]
    public void What_a_program_says_of_its_own_processes_and_descriptors_stays_inside() =>
        NotifySocket.Meaningful("READY=1\nMAINPID=7\nSTATUS=a=b\nFDSTORE=1\nFDNAME=x\nBARRIER=1\nERRNO=5\n\nX_MINE=1\n")
            .Should().Equal("READY=1", "STATUS=a=b", "ERRNO=5", "X_MINE=1");
}
