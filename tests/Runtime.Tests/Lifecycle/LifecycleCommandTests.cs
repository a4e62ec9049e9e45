using System.Diagnostics;
using Hull.Linux;
using Hull.Oci;
using Hull.Runtime.Tests.Storage;
using Process = System.Diagnostics.Process;

namespace Hull.Runtime.Tests.Lifecycle;

public sealed class LifecycleCommandTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly Process _sleeper = Process.Start("sleep", "1000");

    private GlobalOptions Global => new() { Root = _temporary.Path };

    public void Dispose()
    {
        _sleeper.Kill();
        _sleeper.WaitForExit();
        _sleeper.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void Delete_refuses_a_container_that_runs_and_says_what_it_does()
    {
        Make();

        FluentActions.Invoking(() => Delete()).Should().Throw<RuntimeError>().WithMessage("cannot delete container c1 that is not stopped: running*");
        _sleeper.HasExited.Should().BeFalse();
    }

    [Fact]
    public void Delete_refuses_a_container_that_was_not_started_either()
    {
        using var waiting = new WaitingProcess();
        using OwnedFd socket = MakeWaiting(waiting, bundle: "/");

        FluentActions.Invoking(() => Delete()).Should().Throw<RuntimeError>().WithMessage("*not stopped: created*");
        waiting.HasEnded.Should().BeFalse();
    }

    [Fact]
    public void Delete_kills_what_was_never_started_when_its_bundle_is_gone_as_Buildah_expects()
    {
        using var waiting = new WaitingProcess();
        using OwnedFd socket = MakeWaiting(waiting, bundle: "/no/such/bundle");

        Delete().Should().Be(0);

        waiting.WaitForEnd().Should().BeTrue();
        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
    }

    [Fact]
    public void Delete_with_force_kills_and_leaves_nothing()
    {
        Make();

        Delete(force: true).Should().Be(0);

        _sleeper.WaitForExit(5000).Should().BeTrue();
        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
    }

    [Fact]
    public void Delete_of_a_stopped_container_leaves_nothing()
    {
        Make();
        _sleeper.Kill();
        _sleeper.WaitForExit();

        Delete().Should().Be(0);

        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
        FluentActions.Invoking(() => Delete()).Should().Throw<RuntimeError>().WithMessage("*container does not exist*");
    }

    [Fact]
    public void Delete_with_force_of_nothing_is_a_success_and_makes_nothing()
    {
        Delete(force: true).Should().Be(0);

        Directory.Exists(_temporary.Path).Should().BeFalse();
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData("")]
    public void Delete_with_force_of_a_bad_id_is_an_error(string id) =>
        FluentActions.Invoking(() => Delete(force: true, id)).Should().Throw<RuntimeError>().WithMessage("invalid container ID*");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_killed_creator_left_is_deleted_with_or_without_force(bool force)
    {
        _temporary.Reserve().Dispose();

        Delete(force).Should().Be(0);

        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
    }

    [Fact]
    public void A_directory_whose_creator_died_before_the_record_is_deleted_too()
    {
        _temporary.Open().Dispose();
        Directory.CreateDirectory(_temporary.Path + "/c1", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Delete(force: true).Should().Be(0);

        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
    }

    [Fact]
    public void A_broken_record_stops_delete_but_never_delete_with_force_which_kills_whom_it_still_names()
    {
        Make();
        string file = _temporary.Path + "/c1/record.json";
        string text = File.ReadAllText(file);
        File.WriteAllText(file, text[..text.IndexOf("\"annotations\"", StringComparison.Ordinal)]);

        FluentActions.Invoking(() => Delete()).Should().Throw<RuntimeError>().WithMessage("*record.json is broken*delete --force c1*");
        Delete(force: true).Should().Be(0);

        _sleeper.WaitForExit(5000).Should().BeTrue();
        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    public void Nothing_that_a_record_says_stops_delete_with_force(string text)
    {
        Make();
        File.WriteAllText(_temporary.Path + "/c1/record.json", text);

        Delete(force: true).Should().Be(0);

        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_stops_no_removal()
    {
        Make();
        File.Delete(_temporary.Path + "/c1/config.json");
        Directory.CreateDirectory(_temporary.Path + "/c1/config.json");

        Delete(force: true).Should().Be(0);

        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
    }

    [Fact]
    public void Kill_reaches_the_container_process()
    {
        Make();

        Kill("usr1").Should().Be(0);

        _sleeper.WaitForExit(5000).Should().BeTrue();
        _sleeper.ExitCode.Should().Be(128 + 10);
    }

    [Fact]
    public void Kill_without_a_signal_means_term()
    {
        Make();

        Kill(null).Should().Be(0);

        _sleeper.WaitForExit(5000).Should().BeTrue();
        _sleeper.ExitCode.Should().Be(128 + 15);
    }

    [Theory]
    [InlineData("15")]
    [InlineData("KILL")]
    public void Kill_of_a_stopped_container_says_that_it_does_not_run(string signal)
    {
        Make();
        _sleeper.Kill();
        _sleeper.WaitForExit();

        FluentActions.Invoking(() => Kill(signal)).Should().Throw<RuntimeError>().WithMessage("*container not running*");
        Kill(signal, all: true).Should().Be(0, "podman and containerd say --all after the end, too");
    }

    [Fact]
    public void Kill_of_a_container_in_creation_says_that_it_does_not_run()
    {
        using ContainerDirectory creator = _temporary.Reserve();

        FluentActions.Invoking(() => Kill("9")).Should().Throw<RuntimeError>().WithMessage("*container not running*");
    }

    [Theory]
    [InlineData("65")]
    [InlineData("SIGNOTHING")]
    [InlineData("")]
    public void Kill_knows_which_signals_there_are(string signal)
    {
        Make();

        FluentActions.Invoking(() => Kill(signal)).Should().Throw<RuntimeError>().WithMessage("unknown signal*");
        _sleeper.HasExited.Should().BeFalse();
    }

    [Fact]
    public void Kill_of_nothing_says_so() =>
        FluentActions.Invoking(() => Kill("9")).Should().Throw<RuntimeError>().WithMessage("*container does not exist*");

    [Fact]
    public void A_start_that_finds_the_process_gone_has_no_effect_on_the_container()
    {
        using var waiting = new WaitingProcess();
        MakeWaiting(waiting).Dispose();

        FluentActions.Invoking(() => Start()).Should().Throw<RuntimeError>().WithMessage("cannot start container \"c1\": its process has ended*");

        waiting.HasEnded.Should().BeFalse();
        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().ContainSingle();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_whose_message_is_never_read_has_no_effect_on_the_container(bool accepted)
    {
        using var waiting = new WaitingProcess();
        using OwnedFd socket = MakeWaiting(waiting);
        var start = Task.Run(() => FluentActions.Invoking(() => Start()).Should().Throw<RuntimeError>().WithMessage("*its process has ended*"));

        AwaitInput(socket);
        if (accepted)
        {
            using OwnedFd connection = Sockets.Accept(socket).OwnedOrThrow("accept4");
            AwaitInput(connection);
        }

        socket.Dispose();
        await start.WaitAsync(TimeSpan.FromMinutes(3));
        waiting.HasEnded.Should().BeFalse();
        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().ContainSingle();
    }

    [Fact]
    public void A_container_that_is_being_removed_is_not_in_creation_but_gone()
    {
        using ContainerDirectory remover = _temporary.Reserve();
        File.Delete(_temporary.Path + "/c1/record.json");

        FluentActions.Invoking(() => StateCommand.Run(Global, new StateOptions { ContainerId = "c1" })).Should().Throw<RuntimeError>().WithMessage("*container does not exist*");
        FluentActions.Invoking(() => RunningContainer.Find(_temporary.Root, "c1", evenPaused: false)).Should().Throw<RuntimeError>().WithMessage("*container does not exist*");
    }

    [Fact]
    public void A_list_is_a_table_with_the_columns_that_scripts_cut()
    {
        ContainerRecord record = TemporaryStore.Complete("a-rather-long-id", new ProcessIdentity(42, 7));

        string table = ListCommand.Table([StateDocument.Of(record, ContainerStatus.Running) with { Owner = "root" }]);

        table.Should().Be(
            "ID                 PID         STATUS      BUNDLE                      CREATED                          OWNER\n" +
            "a-rather-long-id   42          running     /bundles/a-rather-long-id   2026-01-02T03:04:05.600000000Z   root\n");
    }

    [Fact]
    public void A_list_of_a_root_that_was_named_and_is_not_there_is_an_error() =>
        FluentActions.Invoking(() => ListCommand.Run(Global, new ListOptions(), Global.NewLog())).Should().Throw<RuntimeError>().WithMessage("*no such file or directory*");

    private static void AwaitInput(Fd fd)
    {
        var poll = new PollDescriptor(fd, PollEvents.In);
        Polling.PollWaiting(new Span<PollDescriptor>(ref poll), -1).OrThrow("ppoll");
    }

    private void Make()
    {
        using ContainerDirectory directory = _temporary.Reserve();
        directory.Complete(TemporaryStore.Complete("c1", ProcessIdentity.Of(_sleeper.Id)) with { Bundle = "/" });
    }

    /// <summary>A container between create and start, and its start socket.</summary>
    private OwnedFd MakeWaiting(WaitingProcess process, string bundle = "/")
    {
        using ContainerDirectory directory = _temporary.Reserve();
        directory.Complete(TemporaryStore.Complete("c1", ProcessIdentity.Of(process.Id), gate: true) with { Bundle = bundle });
        return StartSocket.Open(directory);
    }

    private int Delete(bool force = false, string id = "c1") => DeleteCommand.Run(Global, new DeleteOptions { ContainerId = id, Force = force }, Global.NewLog());

    private int Start() => StartCommand.Run(Global, new StartOptions { ContainerId = "c1" }, Global.NewLog());

    private int Kill(string? signal, bool all = false) =>
        KillCommand.Run(Global, new KillOptions { ContainerId = "c1", Signal = signal, All = all }, Global.NewLog());
}
