namespace Hull.EndToEnd.Tests;

/// <summary>Processes that SIGKILL does not end: which they are, and where in the kernel they wait, is told.</summary>
public sealed class HangTests : EndToEndTest
{
    /// <summary>A freezer of version 1 above the container's own holds its processes, SIGKILL or not, as a file server that is away does.</summary>
    [Fact]
    public void A_delete_whose_processes_do_not_die_names_them_with_state_and_place_and_can_be_repeated()
    {
        Requires.Hull("runc tells of no process");
        Requires.CgroupV1("freezer");
        var bundle = NewBundle();
        bundle.With("linux.cgroupsPath", bundle.CgroupPath + "/inner").Shell("sleep 1000 & exec sleep 2000");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        bundle.WaitForStatus("running");
        Eventually.Holds(
            () => Members(bundle) is { Length: 2 } both && both.All(pid => File.ReadAllText($"/proc/{pid}/comm") == "sleep\n"), () => "both should have become sleep");
        int first = bundle.ProcessId(), second = Members(bundle).Single(pid => pid != first);
        string state = Cgroups.Version1Mount("freezer") + bundle.CgroupPath + "/freezer.state";
        File.WriteAllText(state, "FROZEN");
        Outcome hung;
        try
        {
            Eventually.Holds(() => File.ReadAllText(state).Trim() == "FROZEN", () => "it should freeze");
            hung = bundle.Delete("--force");
        }
        finally
        {
            File.WriteAllText(state, "THAWED");
        }

        hung.Status.Should().Be(1);
        hung.Error.Should().MatchRegex($@"process {first} \(sleep, D(, \w+)?(; stack [\w.]+( < [\w.]+)*)?\) does not die, nor does {second} \(sleep, D");
        hung.Error.Should().Contain("delete the container again later");
        bundle.Delete("--force").ShouldSucceed();
        bundle.State().Should().BeNull();
    }

    private static int[] Members(Bundle bundle) => [.. Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).Distinct()];
}
