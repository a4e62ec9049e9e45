namespace Hull.EndToEnd.Tests;

/// <summary>Forking a managed process is safe only under the rules of src/Linux/Child: here they stand the test of many times.</summary>
public sealed class SpawnSoakTests : EndToEndTest
{
    [Fact]
    public void Of_ten_thousand_container_processes_none_hangs_and_each_reports_the_truth()
    {
        Requires.Hull("its own cloning of processes is tested");
        var bundle = NewBundle();
        var soak = new Command(bundle.Scratch, HullBinary.Soak, "10000").Timeout(10 * Patience.Limit).Run().ShouldSucceed();

        soak.Output.Should().StartWith("10000 forks, 0 hangs, 0 wrong reports").And.NotContain(" 0 collections").And.NotContain(" 0 finalizers");
    }

    [Fact]
    public void Beside_its_container_the_runtime_has_one_thread()
    {
        Requires.Hull("runc is made of threads");
        var bundle = NewBundle().Args("sleep", "1000");
        var run = bundle.RunCommand().Start();
        bundle.WaitForStatus("running");
        string[] tasks = Directory.GetDirectories($"/proc/{run.ProcessId}/task");

        // A second one makes forking unsafe, and takes the signals that the first one blocks in order to pass them on.
        tasks.Should().ContainSingle("start.c replaces the function that starts the runtime's finalizer thread, whatever its name is now");

        bundle.Kill("KILL").ShouldSucceed();
        run.Wait().Status.Should().Be(128 + 9);
    }
}
