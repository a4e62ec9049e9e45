using System.Diagnostics;
using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime.Tests.Lifecycle;

public sealed class ProcessEndTests : IDisposable
{
    private readonly Process _sleeper = Process.Start("sleep", "1000");

    public void Dispose()
    {
        _sleeper.Kill();
        _sleeper.WaitForExit();
        _sleeper.Dispose();
    }

    // One that was not killed stands for one that does not die of it.
    [Fact]
    public void A_process_that_does_not_die_is_named_with_its_state_and_not_waited_for_without_an_end()
    {
        using OwnedFd process = Processes.OpenProcess(_sleeper.Id).OwnedOrThrow("pidfd_open");

        string named = string.Create(CultureInfo.InvariantCulture, $"container \"web\": process {_sleeper.Id} (");

        RuntimeError error = FluentActions.Invoking(() => ProcessEnd.Await(process, _sleeper.Id, "container \"web\": ", "try again", timeoutMilliseconds: 1))
            .Should().Throw<RuntimeError>().Which;

        error.Action.Should().StartWith(named).And.EndWith("does not die");
        error.Hint.Should().EndWith("; try again");
    }

    [Fact]
    public void The_end_of_a_process_that_was_killed_is_seen()
    {
        using OwnedFd process = Processes.OpenProcess(_sleeper.Id).OwnedOrThrow("pidfd_open");
        ProcessEnd.HasCome(process).Should().BeFalse();

        Processes.SendSignal(process, (int)Signal.SIGKILL).OrThrow("pidfd_send_signal");

        FluentActions.Invoking(() => ProcessEnd.Await(process, _sleeper.Id)).Should().NotThrow();
        ProcessEnd.HasCome(process).Should().BeTrue();
    }
}
