using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>
/// hull or CRIU dies by SIGKILL at a callback: an action script of CRIU's own settings does it. The most telling callbacks as a rule, with
/// HULL_FAULTS=all every one.
/// </summary>
public sealed class KillTests : CheckpointedTest
{
    private static readonly string[] Dumping = ["pre-dump", "network-lock", "post-dump"];

    private static readonly string[] Restoring =
        ["pre-restore", "setup-namespaces", "post-setup-namespaces", "post-restore", "network-unlock", "pre-resume", "post-resume"];

    private const int Killed = 137;

    public static TheoryData<string> DumpCallbacks => Chosen(Dumping, "network-lock", "post-dump");

    public static TheoryData<string> RestoreCallbacks => Chosen(Restoring, "setup-namespaces", "post-restore", "pre-resume");

    [Theory]
    [MemberData(nameof(DumpCallbacks))]
    public void CRIU_killed_while_it_saves_leaves_the_container_running(string callback)
    {
        var bundle = RunningWithKiller("criu", callback);
        var pid = bundle.ProcessId();
        var outcome = CheckpointCommand(bundle).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("CRIU has ended");
        (bundle.Status(), bundle.ProcessId()).Should().Be(("running", pid));
        Counts(bundle, Count(bundle));
        Disarm(bundle);
        SaveAndGoOn(bundle);
    }

    [Theory]
    [MemberData(nameof(DumpCallbacks))]
    public void Killed_while_it_saves_the_container_runs_on_or_is_removed_whole(string callback)
    {
        var bundle = RunningWithKiller("hull", callback);
        CheckpointCommand(bundle).Run().Status.Should().Be(Killed);
        Eventually.Holds(() => !RunsCriu(bundle), () => "CRIU should end with its caller");
        Disarm(bundle);
        if (callback == "post-dump")
        {
            bundle.WaitForStatus("stopped");
        }
        else
        {
            bundle.Status().Should().Be("running");
            Counts(bundle, Count(bundle));
            SaveAndGoOn(bundle);
        }

        RemovedWhole(bundle);
    }

    [Theory]
    [MemberData(nameof(RestoreCallbacks))]
    public void CRIU_killed_while_it_restores_leaves_nothing_and_the_images_are_good_for_another_time(string callback)
    {
        var bundle = Saved("criu", callback);
        RestoreCommand(bundle, "--detach").Run().Status.Should().Be(1);

        File.ReadAllText(Complaints(bundle)).Should().Contain("CRIU has ended");
        bundle.State().Should().BeNull();
        Gone(bundle);
        GoesOnAnotherTime(bundle);
    }

    [Theory]
    [MemberData(nameof(RestoreCallbacks))]
    public void Killed_while_it_restores_it_leaves_only_what_delete_removes(string callback)
    {
        var bundle = Saved("hull", callback);
        RestoreCommand(bundle, "--detach").Run().Status.Should().Be(Killed);
        Eventually.Holds(() => !RunsCriu(bundle), () => "CRIU should end with its caller");

        RemovedWhole(bundle);
        GoesOnAnotherTime(bundle);
    }

    private static TheoryData<string> Chosen(string[] all, params string[] some)
    {
        var data = new TheoryData<string>();
        foreach (var callback in Environment.GetEnvironmentVariable("HULL_FAULTS") == "all" ? all : some)
        {
            data.Add(callback);
        }

        return data;
    }

    private Bundle RunningWithKiller(string victim, string callback)
    {
        var bundle = Counter(NewBundle());
        Arm(bundle, victim, callback);
        Running(bundle);
        Counts(bundle, 1);
        return bundle;
    }

    private Bundle Saved(string victim, string callback)
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        Arm(bundle, victim, callback);
        bundle.Save();
        return bundle;
    }

    /// <summary>The script is CRIU's child, and CRIU is hull's.</summary>
    private static void Arm(Bundle bundle, string victim, string callback)
    {
        string script = Path.Combine(bundle.Scratch, "kill.sh"), settings = Path.Combine(bundle.Scratch, "criu.conf");
        var who = victim == "criu" ? "$PPID" : "$(sed -n 's/^PPid:[[:space:]]*//p' /proc/$PPID/status)";
        File.WriteAllText(script, $"#!/bin/sh\n[ \"$CRTOOLS_SCRIPT_ACTION\" != {callback} ] || kill -9 {who}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(settings, $"action-script {script}\n");
        bundle.With("annotations", new JsonObject { ["org.criu.config"] = settings });
    }

    private static void Disarm(Bundle bundle)
    {
        File.WriteAllText(Path.Combine(bundle.Scratch, "criu.conf"), "");
        bundle.Without("annotations").Save();
    }

    private static bool RunsCriu(Bundle bundle) => Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Any(IsCriu)
        || Directory.GetDirectories("/proc").Select(Path.GetFileName).Any(name => int.TryParse(name, out var pid) && IsCriu(pid) && OpensImages(pid, bundle));

    private static bool IsCriu(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim() == "criu";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool OpensImages(int pid, Bundle bundle)
    {
        try
        {
            return Directory.GetFiles($"/proc/{pid}/fd").Any(file => new FileInfo(file).LinkTarget?.StartsWith(bundle.Home, StringComparison.Ordinal) == true);
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void RemovedWhole(Bundle bundle)
    {
        bundle.Delete("--force").ShouldSucceed();
        bundle.State().Should().BeNull();
        Gone(bundle);
    }

    private static void Gone(Bundle bundle)
    {
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
        MountTable.Below(bundle.Home).Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(bundle.StateRoot).Should().BeEmpty();
        var stands = Count(bundle);
        Thread.Sleep(200);
        Count(bundle).Should().Be(stands, "nothing goes on unseen");
    }

    private static void GoesOnAnotherTime(Bundle bundle)
    {
        Disarm(bundle);
        GoOn(bundle);
        Counts(bundle, Count(bundle));
    }
}
