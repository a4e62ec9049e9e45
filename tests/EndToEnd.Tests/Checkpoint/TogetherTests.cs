namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>What happens beside a checkpoint: another one, and what the session keyring of a restored container shows.</summary>
public sealed class TogetherTests : CheckpointedTest
{
    [Fact]
    public void A_second_checkpoint_of_a_container_waits_for_the_first()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        string folder = Directory.CreateDirectory(Path.Combine(bundle.Scratch, "slow")).FullName, gate = Path.Combine(folder, "gate"), reached = Path.Combine(folder, "reached");
        var program = Path.Combine(folder, "criu");
        File.WriteAllText(program, $"#!/bin/sh\ntouch '{reached}'\nwhile [ ! -e '{gate}' ]; do sleep 0.02; done\nPATH='{Criu.SearchPath}'\nexec criu \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var first = CheckpointCommand(bundle, "--leave-running").Environment("PATH", $"{folder}:{Criu.SearchPath}").Start();
        Eventually.Holds(() => File.Exists(reached), () => "the first should have started");
        var log = Path.Combine(bundle.Scratch, "second.log");
        var second = new Command(
            bundle.Scratch, bundle.RuntimePath, "--root", bundle.StateRoot, "--debug", "--log", log, "checkpoint", "--leave-running", "--image-path", Images(bundle) + "-2", bundle.Id)
            .Environment("PATH", Criu.SearchPath).Start();
        Eventually.Holds(() => File.Exists(log) && File.ReadAllText(log).Contains("is busy"), () => "the second should wait");
        second.HasEnded.Should().BeFalse();
        Directory.Exists(Images(bundle) + "-2").Should().BeFalse("it has not begun");
        File.WriteAllText(gate, "");

        first.Wait().ShouldSucceed();
        second.Wait().ShouldSucceed();
        File.Exists(Images(bundle) + "-2/inventory.img").Should().BeTrue();
        bundle.Status().Should().Be("running");
        Counts(bundle, Count(bundle));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_restored_container_sees_its_callers_keys_only_without_a_keyring_of_its_own(bool keepsCallers)
    {
        var holder = StaticProgram.Compile("holder");
        var bundle = NewBundle().With("root.readonly", false).Args("/holder", "keyring");
        File.Copy(holder, Path.Combine(bundle.RootfsPath, "holder"));
        var state = Path.Combine(bundle.RootfsPath, "state");
        Running(bundle);
        Eventually.Holds(() => File.Exists(state), () => "the program should run");
        Save(bundle);
        string[] options = keepsCallers ? ["--detach", "--no-new-keyring"] : ["--detach"];
        var outcome = RestoreThrough(bundle, holder, options);
        outcome.Status.Should().Be(0, File.ReadAllText(Complaints(bundle)) + Errors(bundle));
        File.WriteAllText(Path.Combine(bundle.RootfsPath, "go"), "");

        Eventually.Holds(() => File.ReadAllText(state) != "holds", () => "the program should go on");
        File.ReadAllText(state).Should().Be(keepsCallers ? "finds the secret" : "finds no secret");
        bundle.Exec("--", "true").ShouldSucceed();
    }

    private static Outcome RestoreThrough(Bundle bundle, string holder, string[] options) => new Command(
        bundle.Scratch, "/bin/sh", "-c", "exec \"$@\" 2>\"$0\" </dev/null >/dev/null", Complaints(bundle), holder, "with-secret", bundle.RuntimePath, "--root", bundle.StateRoot,
        "restore", "--bundle", bundle.Location, "--image-path", Images(bundle)).With(options).With(bundle.Id).In(bundle.Location).Environment("PATH", Criu.SearchPath).Run();
}
