using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>How a restored container is attached to its caller, and what refuses it.</summary>
public sealed class RestoreTests : CheckpointedTest
{
    [Fact]
    public void In_the_foreground_the_exit_status_is_that_of_the_program_and_nothing_is_left()
    {
        var bundle = NewBundle().With("root.readonly", false).Shell("while [ ! -e /end ]; do sleep 0.05; done; exit 7");
        Running(bundle);
        Save(bundle);
        File.WriteAllText(Path.Combine(bundle.RootfsPath, "end"), "");

        RestoreCommand(bundle).Run().Status.Should().Be(7, "it waits for the program: {0}", File.ReadAllText(Complaints(bundle)));
        bundle.State().Should().BeNull();
    }

    [Fact]
    public void The_pid_file_names_the_restored_process()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        var file = Path.Combine(bundle.Scratch, "pid");
        GoOn(bundle, "--pid-file", file);

        File.ReadAllText(file).Should().Be($"{bundle.ProcessId()}");
    }

    [Fact]
    public void Output_goes_on_in_the_new_pipe()
    {
        var bundle = NewBundle().With("root.readonly", false).Shell("i=0; while :; do i=$((i+1)); echo line $i; sleep 0.05; done");
        bundle.Save();
        string first = Path.Combine(bundle.Scratch, "first"), second = Path.Combine(bundle.Scratch, "second");
        Piped(bundle, first, $"'{bundle.RuntimePath}' --root '{bundle.StateRoot}' run -d -b '{bundle.Location}' {bundle.Id}");
        Eventually.Holds(() => Lines(first) > 2, () => "it should write");
        Save(bundle);
        Piped(bundle, second, $"'{bundle.RuntimePath}' --root '{bundle.StateRoot}' restore -d -b '{bundle.Location}' --image-path '{Images(bundle)}' {bundle.Id}");

        Eventually.Holds(() => Lines(second) > 2, () => "it should go on writing: " + File.ReadAllText(second) + Errors(bundle));
        int last = Number(File.ReadAllLines(first)[^1]), next = Number(File.ReadAllLines(second)[0]);
        next.Should().BeInRange(last, last + 3);
        bundle.Delete("--force").ShouldSucceed();
    }

    [Fact]
    public void A_terminal_is_sent_to_the_console_socket_again()
    {
        var bundle = NewBundle().With("root.readonly", false).With("process.terminal", true).Shell("while :; do read line; echo \"got $line\"; done");
        using (var socket = new ConsoleSocket(Path.Combine(bundle.Home, "s1")))
        {
            bundle.RunCommand("--detach", "--console-socket", Path.Combine(bundle.Home, "s1")).Run().ShouldSucceed();
            using var terminal = socket.Receive();
            Save(bundle);
        }

        using var again = new ConsoleSocket(Path.Combine(bundle.Home, "s2"));
        GoOn(bundle, "--console-socket", Path.Combine(bundle.Home, "s2"));
        using var restored = again.Receive();
        restored.Write("words\n"u8);
        var buffer = new byte[4096];
        var text = "";
        Eventually.Holds(() => (text += System.Text.Encoding.UTF8.GetString(buffer, 0, restored.Read(buffer))).Contains("got words"), () => text);
    }

    [Fact]
    public void Prestart_and_createRuntime_hooks_run_again_with_the_restored_process_and_poststop_after_the_end()
    {
        var bundle = Counter(NewBundle());
        var told = Path.Combine(bundle.Scratch, "hooks");
        JsonArray Hook(string name) => [new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", $"echo {name} $(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/') >> {told}") }];
        bundle.With("hooks.prestart", Hook("prestart")).With("hooks.createRuntime", Hook("createRuntime")).With("hooks.poststop", Hook("poststop"));
        Running(bundle);
        Counts(bundle, 1);
        Save(bundle);
        File.ReadAllLines(told)[^1].Should().StartWith("poststop");
        File.Delete(told);
        GoOn(bundle);

        File.ReadAllLines(told).Should().Equal($"prestart {bundle.ProcessId()}", $"createRuntime {bundle.ProcessId()}");
    }

    [Fact]
    public void A_hook_that_fails_leaves_nothing_but_the_images()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        bundle.With("hooks.createRuntime", new JsonArray(new JsonObject { ["path"] = "/bin/false" })).Save();

        RestoreCommand(bundle, "--detach").Run().Status.Should().Be(1);
        LeftNothing(bundle, "hooks.createRuntime[0]");
        bundle.Without("hooks").Save();
        GoOn(bundle);
        Counts(bundle, Count(bundle));
    }

    [Theory]
    [InlineData("core-1.img", true, "bytes, it had")]
    [InlineData("pages-1.img", false, "has changed")]
    public void Damaged_images_are_refused_before_anything_starts(string image, bool cut, string text)
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        var file = Path.Combine(Images(bundle), image);
        var content = File.ReadAllBytes(file);
        content[content.Length / 2] ^= 0x55;
        File.WriteAllBytes(file, cut ? content[..88] : content);

        RestoreCommand(bundle, "--detach").Run().Status.Should().Be(1);
        LeftNothing(bundle, text);
    }

    [Fact]
    public void Images_without_a_manifest_are_taken_with_a_warning()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        File.Delete(Path.Combine(Images(bundle), "manifest.json"));
        GoOn(bundle);

        File.ReadAllText(Complaints(bundle)).Should().Contain("no manifest.json");
        Counts(bundle, Count(bundle));
    }

    [Fact]
    public void Links_lead_to_images_and_log_as_containerd_gives_them()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        var elsewhere = Directory.CreateDirectory(Path.Combine(bundle.Home, "elsewhere")).FullName;
        string work = Path.Combine(bundle.Home, "work"), images = Images(bundle);
        Directory.CreateSymbolicLink(work, elsewhere);
        Directory.Move(images, elsewhere + "/images");
        Directory.CreateSymbolicLink(images, elsewhere + "/images");
        GoOn(bundle, "--work-path", work);

        File.Exists(Path.Combine(elsewhere, "restore.log")).Should().BeTrue();
        Counts(bundle, Count(bundle));
    }

    [Fact]
    public void A_restore_that_CRIU_fails_says_why_in_the_first_line_and_leaves_nothing()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        File.Delete(Path.Combine(Images(bundle), "manifest.json"));
        var core = Path.Combine(Images(bundle), "core-1.img");
        File.WriteAllBytes(core, File.ReadAllBytes(core)[..88]);

        RestoreCommand(bundle, "--detach").Run().Status.Should().Be(1);
        LeftNothing(bundle, "bytes while");
        File.Exists(core).Should().BeTrue("the images stay");
    }

    [Fact]
    public void A_process_with_more_rights_than_the_configuration_gives_never_goes_on()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        var stood = Count(bundle);
        bundle.With("linux.seccomp", JsonNode.Parse("""{ "defaultAction": "SCMP_ACT_ALLOW" }""")).Save();

        RestoreCommand(bundle, "--detach").Run().Status.Should().Be(1);
        LeftNothing(bundle, "linux.seccomp");
        Count(bundle).Should().Be(stood);
    }

    [Fact]
    public void An_id_that_is_taken_and_a_folder_without_images_are_refused()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle, "--leave-running");

        RestoreCommand(bundle, "--detach").Run().Status.Should().Be(1);
        File.ReadAllText(Complaints(bundle)).Should().Contain("already exists");
        bundle.Status().Should().Be("running");
        var empty = Directory.CreateDirectory(Path.Combine(bundle.Home, "empty")).FullName;
        bundle.Runtime("restore", "--image-path", empty, bundle.Id + "-x").Environment("PATH", Criu.SearchPath).Run().Error.Should().Contain("there is no checkpoint in");
    }

    private static void LeftNothing(Bundle bundle, string complaint)
    {
        File.ReadAllLines(Complaints(bundle))[^1].Should().Contain(complaint);
        bundle.State().Should().BeNull();
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
        MountTable.Below(bundle.Home).Should().BeEmpty();
    }

    private static void Piped(Bundle bundle, string output, string call) => new Command(
        bundle.Scratch, "/bin/sh", "-c", $"( {call} </dev/null 2>/dev/null | cat >> '{output}' ) >/dev/null 2>&1 & sleep 0.3")
        .Environment("PATH", Criu.SearchPath).In(bundle.Location).Run();

    private static int Lines(string file) => File.Exists(file) ? File.ReadAllLines(file).Length : 0;

    private static int Number(string line) => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
