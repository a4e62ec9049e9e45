namespace Hull.EndToEnd.Tests.Faults;

/// <summary>An update that is killed or fails at a system call: the container can always be read and updated again, and never has half of what was asked.</summary>
public sealed class UpdateFaultTests : EndToEndTest
{
    private const int SampleSize = 40;
    private const int Killed = 128 + 9;
    private static readonly string[] Old = ["--memory", "64M", "--memory-swap", "96M", "--cpu-quota", "40000", "--pids-limit", "100"];
    private static readonly string[] New = ["--memory", "128M", "--memory-swap", "256M", "--cpu-quota", "20000", "--pids-limit", "50"];
    private static readonly string[] OldLimits = ["67108864", "100663296", "40000", "100"];
    private static readonly string[] NewLimits = ["134217728", "268435456", "20000", "50"];

    [Fact]
    public void Killed_at_any_system_call_it_leaves_a_container_that_can_be_read_and_updated() => Hold(Fault.Kills);

    [Fact]
    public void Whatever_system_call_fails_all_limits_are_new_or_all_are_old_or_it_says_which_are_not() => Hold(Fault.Failures);

    private void Hold(Func<IEnumerable<TracedCall>, IEnumerable<Fault>> faults)
    {
        Requires.Hull("hull's own system calls are disturbed");
        Requires.Program("strace");
        Requires.CgroupV1("memory");
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        var kept = Path.Combine(bundle.StateRoot, bundle.Id, "config.json");
        Reset(bundle);
        var log = Path.Combine(bundle.Scratch, "strace");
        Update(bundle, New, "-o", log, "-s", "4096").ShouldSucceed();
        Fault[] all = [.. faults(TracedCall.OfRuntime(File.ReadAllLines(log), bundle.Home))];
        all.Should().HaveCountGreaterThan(30);
        if (Environment.GetEnvironmentVariable("HULL_FAULTS") != "all")
        {
#pragma warning disable CA5394 // A sample that can be repeated is what is wanted.
            new Random(1).Shuffle(all);
#pragma warning restore CA5394
            all = all[..Math.Min(all.Length, SampleSize)];
        }

        var failed = 0;
        foreach (var fault in all)
        {
            Reset(bundle);
            var before = File.ReadAllText(kept);

            var outcome = Update(bundle, New, "-o", "/dev/null", "-e", fault.Injection);

            failed += outcome.Status == 0 ? 0 : 1;
            bundle.Status().Should().Be("running", "{0}", fault);
            if (outcome.Status == 0)
            {
                Limits(bundle).Should().Equal(NewLimits, "{0}, and it said that all was right", fault);
            }
            else if (outcome.Status != Killed)
            {
                outcome.Status.Should().Be(1, "{0}", fault);
                outcome.Error.Should().NotBeEmpty("{0}", fault);
                if (!outcome.Error.Contains("could not be taken back"))
                {
                    Limits(bundle).Should().Equal(OldLimits, "{0}, and it said {1}", fault, outcome.Error);
                    File.ReadAllText(kept).Should().Be(before, "{0}", fault);
                }
            }
        }

        failed.Should().BePositive("some of the disturbances must have disturbed");
        Update(bundle, New, "-o", "/dev/null").ShouldSucceed();
        Limits(bundle).Should().Equal(NewLimits);
    }

    private static void Reset(Bundle bundle)
    {
        bundle.Runtime(["update", .. Old, bundle.Id]).Run().ShouldSucceed();
        Limits(bundle).Should().Equal(OldLimits);
    }

    private static Outcome Update(Bundle bundle, string[] options, params string[] strace) => new Command(
        bundle.Scratch, ["strace", .. strace, HullBinary.Path, "--root", bundle.StateRoot, "update", .. options, bundle.Id]).Run();

    private static string[] Limits(Bundle bundle) =>
    [
        Read(bundle, "memory", "memory.limit_in_bytes"), Read(bundle, "memory", "memory.memsw.limit_in_bytes"), Read(bundle, "cpu", "cpu.cfs_quota_us"), Read(bundle, "pids", "pids.max"),
    ];

    private static string Read(Bundle bundle, string controller, string file) => Cgroups.Read(controller, bundle.CgroupPath, file, file);
}
