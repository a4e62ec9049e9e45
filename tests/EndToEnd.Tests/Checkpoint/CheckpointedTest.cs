using System.Globalization;

namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>A test that saves containers and lets them go on.</summary>
public abstract class CheckpointedTest : EndToEndTest
{
    /// <summary>Counts in a file of the rootfs, so that it is seen from outside whether it goes on, and where.</summary>
    protected const string Counting = "i=0; while :; do i=$((i+1)); echo $i > /count.new; mv /count.new /count; sleep 0.05; done";

    protected CheckpointedTest()
    {
        Requires.Hull("checkpoint and restore as hull has them");
        Criu.Require();
    }

    /// <summary>A container that counts, with nothing of the host's open.</summary>
    protected static Bundle Counter(Bundle bundle) => bundle.With("root.readonly", false).Shell(Counting);

    /// <summary>Runs it with its streams in /dev/null: files of the host outside the container cannot be saved.</summary>
    protected static Bundle Running(Bundle bundle, params string[] options)
    {
        bundle.Through = ["/bin/sh", "-c", "exec \"$@\" </dev/null >/dev/null 2>&1", "sh"];
        var outcome = bundle.RunCommand(["--detach", .. options]).Run();
        bundle.Through = [];
        outcome.Status.Should().Be(0, "it should run: {0}", File.Exists(bundle.Log) ? File.ReadAllText(bundle.Log) : "");
        return bundle;
    }

    protected static string Images(Bundle bundle) => Path.Combine(bundle.Home, "images");

    protected static Command CheckpointCommand(Bundle bundle, params string[] options) =>
        bundle.Runtime(["checkpoint", "--image-path", Images(bundle), .. options, bundle.Id]).Environment("PATH", Criu.SearchPath);

    protected static Command RestoreCommand(Bundle bundle, params string[] options) => RestoreCommand(bundle, bundle.Id, options);

    /// <summary>A restore whose container does not hold the test's files open.</summary>
    protected static Command RestoreCommand(Bundle bundle, string id, string[] options) =>
        new Command(
            bundle.Scratch, "/bin/sh", "-c", "exec \"$@\" 2>\"$0\" </dev/null >/dev/null", Complaints(bundle), bundle.RuntimePath, "--root", bundle.StateRoot, "restore",
            "--bundle", bundle.Location, "--image-path", Images(bundle)).With(options).With(id).In(bundle.Location).Environment("PATH", Criu.SearchPath);

    protected static string Complaints(Bundle bundle) => Path.Combine(bundle.Scratch, "restore.err");

    protected static void Save(Bundle bundle, params string[] options) => CheckpointCommand(bundle, options).Run().ShouldSucceed();

    protected static void GoOn(Bundle bundle, params string[] options)
    {
        var outcome = RestoreCommand(bundle, ["--detach", .. options]).Run();
        outcome.Status.Should().Be(0, "restore should succeed: {0}", File.ReadAllText(Complaints(bundle)) + Errors(bundle));
    }

    /// <summary>The errors in CRIU's log of a restore.</summary>
    protected static string Errors(Bundle bundle)
    {
        var log = Path.Combine(Images(bundle), "restore.log");
        return File.Exists(log) ? "\n" + string.Join('\n', File.ReadLines(log).Where(line => line.Contains("Error") || line.Contains("Warn"))) : "";
    }

    protected static int Count(Bundle bundle)
    {
        var file = Path.Combine(bundle.RootfsPath, "count");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var count) ? count : 0;
    }

    protected static void Counts(Bundle bundle, int from)
    {
        Eventually.Holds(() => Count(bundle) > from, () => $"the count should go on from {from}; it is {Count(bundle)}");
    }

    /// <summary>Saves it, sees that nothing of it is left, lets it go on, and sees that it does so where it stood.</summary>
    protected static void SaveAndGoOn(Bundle bundle, params string[] options)
    {
        Counts(bundle, 2);
        Save(bundle, options);
        bundle.State().Should().BeNull("a saved container is gone");
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
        var stood = Count(bundle);
        GoOn(bundle, options);
        bundle.Status().Should().Be("running");
        Counts(bundle, stood);
        Count(bundle).Should().BeLessThan(stood + 2000, "it goes on, and does not begin anew");
    }

    protected static string Inside(Bundle bundle, string script) => bundle.Exec("--", "/bin/sh", "-c", script).ShouldSucceed().Output.Trim();
}
