using System.Globalization;
using Xunit.Abstractions;

namespace Hull.EndToEnd.Tests.Faults;

/// <summary>
/// hull dies by SIGKILL at a system call, or one fails: nobody is told a lie, and nothing is left that `delete --force` does not remove.
/// By default a sample; see <see cref="Sweep"/>.
/// </summary>
public sealed class FaultTests(ITestOutputHelper output) : EndToEndTest
{
    [Fact]
    public void Killed_at_any_system_call_create_leaves_only_what_delete_removes() =>
        Hold(() => new CreateOperation(Observing()), Fault.Kills);

    [Fact]
    public void Killed_at_any_system_call_run_leaves_only_what_delete_removes() =>
        Hold(() => new RunOperation(Observing()), Fault.Kills);

    [Fact]
    public void Killed_at_any_system_call_start_leaves_only_what_delete_removes() =>
        Hold(() => new StartOperation(Observing()), Fault.Kills);

    [Fact]
    public void Killed_at_any_system_call_exec_leaves_only_what_delete_removes() =>
        Hold(() => new ExecOperation(NewBundle()), Fault.Kills);

    [Fact]
    public void Whatever_system_call_of_exec_fails_it_says_so_and_leaves_nothing_or_the_program_is_right() =>
        Hold(() => new ExecOperation(NewBundle()), Fault.Failures);

    [Fact]
    public void Whatever_system_call_of_the_process_that_joins_fails_exec_says_so_and_leaves_nothing_or_the_program_is_right() =>
        Hold(() => new ExecOperation(NewBundle()), Fault.AlternatingFailures, follow: true);

    [Fact]
    public void Killed_at_any_system_call_delete_leaves_only_what_another_delete_removes() =>
        Hold(() => new DeleteOperation(Observing()), Fault.Kills);

    [Fact]
    public void Whatever_system_call_of_create_fails_it_says_so_and_leaves_nothing_or_the_container_is_right() =>
        Hold(() => new CreateOperation(Observing()), Fault.Failures);

    [Fact]
    public void Whatever_system_call_of_run_fails_it_says_so_or_the_container_is_right() =>
        Hold(() => new RunOperation(Observing()), Fault.Failures);

    [Fact]
    public void Whatever_system_call_of_start_fails_it_says_so_or_the_container_is_right() =>
        Hold(() => new StartOperation(Observing()), Fault.Failures);

    [Fact]
    public void Whatever_system_call_of_delete_fails_it_says_so_or_everything_is_gone() =>
        Hold(() => new DeleteOperation(Observing()), Fault.Failures);

    [Fact]
    public void Killed_at_any_system_call_the_container_process_is_missed_by_its_creator() =>
        Hold(() => new RunOperation(Observing()), Fault.Kills, follow: true);

    [Fact]
    public void Whatever_system_call_of_the_container_process_fails_it_says_so_or_the_container_is_right() =>
        Hold(() => new RunOperation(Observing()), Fault.AlternatingFailures, follow: true);

    [Fact]
    public void The_program_s_status_is_passed_on_when_a_later_step_of_run_fails() =>
        PassOn(() => new RunToTheEndOperation(NewBundle().Shell("exit 7")), isCleanedUp: true);

    [Fact]
    public void The_program_s_status_is_passed_on_when_a_later_step_of_exec_fails() =>
        PassOn(() => new ExecToTheEndOperation(NewBundle()), isCleanedUp: false);

    private static void PassOn(Func<Operation> make, bool isCleanedUp)
    {
        Requires.Hull("hull's own system calls are disturbed");
        Requires.Program("strace");
        var sweep = new Sweep(make, follow: false);
        sweep.Try(Fault.Failures(sweep.Calls()));

        string.Join('\n', sweep.Broken).Should().BeEmpty("every law holds in every trial");
        sweep.Trials.Should().BePositive();
        sweep.Failed.Should().Be(0, "the program ended with 7, whatever came after that");
        sweep.Warned.Should().Match(warned => warned > 0 || !isCleanedUp, "what stays is told");
    }

    private void Hold(Func<Operation> make, Func<IEnumerable<TracedCall>, IEnumerable<Fault>> faults, bool follow = false)
    {
        Requires.Hull("hull's own system calls are disturbed");
        Requires.Program("strace");
        var sweep = new Sweep(make, follow);
        var calls = sweep.Calls();
        calls.Count.Should().BeGreaterThan(10, "there must be something to disturb");
        sweep.Try(faults(calls));

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls.Count} calls, {sweep.Trials} trials, {sweep.Failed} failed, {sweep.Broken.Count} broke a law"));
        sweep.Failed.Should().BePositive("some of the disturbances must have disturbed");
        string.Join('\n', sweep.Broken).Should().BeEmpty("every law holds in every trial");
    }

    /// <summary>The default container, which tells what it sees; the paths are of what is masked, read-only and writable.</summary>
    private Bundle Observing() => NewBundle().Observing("/proc/kcore", "/sys/firmware", "/proc/timer_list", "/proc/sys/kernel", "/dev/null", "/etc/passwd");
}
