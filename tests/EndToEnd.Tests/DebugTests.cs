namespace Hull.EndToEnd.Tests;

/// <summary><c>--debug</c>: what a command spends its time on.</summary>
public sealed class DebugTests : EndToEndTest
{
    public DebugTests() => Requires.Hull("runc has debug lines of its own");

    [Fact]
    public void Each_command_of_a_container_s_life_tells_its_steps_with_their_times()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.Save();

        Steps(bundle, "create", "--bundle", bundle.Location, bundle.Id).Should().Contain(["create: plan", "create: make the process", "create: record the container"]);
        Steps(bundle, "start", bundle.Id).Should().Equal(
            "start: find and lock the container", "start: tell the container process to go on", "start: wait until the program runs",
            "start: run the poststart hooks");
        Steps(bundle, "exec", bundle.Id, "true").Should().Contain(
            ["exec: find the container", "exec: read its configuration and plan", "exec: make the process", "exec: wait for the program's end"]);
        Steps(bundle, "kill", bundle.Id, "KILL").Should().Equal("kill: find the container process", "kill: send the signal", "kill: thaw its cgroups");
        bundle.WaitForStatus("stopped");
        Steps(bundle, "delete", bundle.Id).Should().Equal(
            "delete: find and lock the container", "delete: see that the container has stopped", "delete: kill what is left in its cgroups",
            "delete: stop its unit", "delete: remove its cgroups", "delete: run the poststop hooks", "delete: forget the container");
    }

    [Fact]
    public void A_command_that_nobody_asks_says_nothing()
    {
        var bundle = NewBundle().Args("true");
        bundle.Run().ShouldSucceed().Error.Should().BeEmpty();

        bundle.LogLines().Should().NotContain(line => (string?)line["level"] == "debug");
    }

    /// <summary>The steps that a command told of, without their times.</summary>
    private static string[] Steps(Bundle bundle, params string[] command)
    {
        File.Delete(bundle.Log);
        bundle.Runtime(["--debug", .. command]).Run().ShouldSucceed();
        string[] messages = [.. bundle.LogLines().Where(line => (string?)line["level"] == "debug").Select(line => (string)line["msg"]!)];
        messages.Should().AllSatisfy(message => message.Should().MatchRegex(@": \d+\.\d{3} ms$"));
        return [.. messages.Select(message => message[..message.LastIndexOf(": ", StringComparison.Ordinal)])];
    }
}
