using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Hull.Linux;
using Hull.Skipping;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>On a directory that looks like a frozen cgroup of v1 as far as signals go.</summary>
public sealed class CgroupSignalsTests : IDisposable
{
    private const int Kill = 5;
    private readonly string _cgroup = Directory.CreateTempSubdirectory("hull-freezer-").FullName;
    private readonly Process _others = Process.Start(new ProcessStartInfo("setpriv", ["--reuid", "65534", "sleep", "1000"]))!;
    private readonly Process _own = Process.Start("sleep", "1000");

    public void Dispose()
    {
        foreach (Process process in new[] { _others, _own })
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_cgroup, recursive: true);
    }

    [Fact]
    public void A_process_that_may_not_be_killed_keeps_no_other_alive_and_nothing_frozen()
    {
        Skip.Unless(Environment.UserName == "root", "needs root");
        SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{_others.Id}/status").Contains("Uid:\t65534", StringComparison.Ordinal), 180_000).Should().BeTrue();
        File.WriteAllText(Path.Combine(_cgroup, "freezer.state"), "FROZEN");
        File.WriteAllText(Path.Combine(_cgroup, "cgroup.procs"), string.Create(CultureInfo.InvariantCulture, $"{_others.Id}\n{_own.Id}\n"));

        Action kill = () => WithoutTheRightToKill(() => CgroupSignals.Kill([new RecordedCgroup(_cgroup, 1)]));

        kill.Should().Throw<KernelException>().Which.Errno.Should().Be(Errno.EPERM);
        _own.WaitForExit(180_000).Should().BeTrue("the other one was killed");
        File.ReadAllText(Path.Combine(_cgroup, "freezer.state")).Should().Be("THAWED");
    }

    /// <summary>On a thread of its own, which capabilities belong to.</summary>
    private static void WithoutTheRightToKill(Action action)
    {
        ExceptionDispatchInfo? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                Capabilities.Get(0, out CapabilitySet effective, out CapabilitySet permitted, out CapabilitySet inheritable).OrThrow("capget");
                var less = new CapabilitySet(effective.Bits & ~(1UL << Kill));
                Capabilities.Set(less, permitted, inheritable).OrThrow("capset");
                action();
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        thrown?.Throw();
    }
}
