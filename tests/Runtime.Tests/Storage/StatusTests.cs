using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Hull.Linux;
using Hull.Oci;
using Process = System.Diagnostics.Process;

namespace Hull.Runtime.Tests.Storage;

public sealed class StatusTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly Process _sleeper = Process.Start("sleep", "1000");

    public void Dispose()
    {
        _sleeper.Kill();
        _sleeper.WaitForExit();
        _sleeper.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void An_intent_is_creating_while_its_creator_holds_the_lock_and_stopped_afterwards()
    {
        ContainerDirectory creator = _temporary.Reserve();
        using ContainerDirectory reader = ContainerStore.Get(_temporary.Root, "c1");

        StatusReading.StatusOf(reader, reader.ReadRecord()).Should().Be(ContainerStatus.Creating);
        creator.Dispose();
        StatusReading.StatusOf(reader, reader.ReadRecord()).Should().Be(ContainerStatus.Stopped);
    }

    [Fact]
    public void A_container_is_created_until_its_process_becomes_its_program_and_stopped_when_that_has_ended()
    {
        using ContainerDirectory directory = _temporary.Reserve();
        using var waiting = new WaitingProcess();
        ContainerRecord record = TemporaryStore.Complete("c1", ProcessIdentity.Of(waiting.Id), gate: true);

        StatusReading.StatusOf(directory, record).Should().Be(ContainerStatus.Created);
        waiting.Execute();
        SpinWait.SpinUntil(() => StatusReading.StatusOf(directory, record) == ContainerStatus.Running, 180_000).Should().BeTrue();
        waiting.End();
        SpinWait.SpinUntil(() => StatusReading.StatusOf(directory, record) == ContainerStatus.Stopped, 180_000).Should().BeTrue();
    }

    [Fact]
    public void Asking_for_the_status_does_not_wake_the_process_that_waits()
    {
        using ContainerDirectory directory = _temporary.Reserve();
        using OwnedFd socket = StartSocket.Open(directory);
        using var waiting = new WaitingProcess();

        StatusReading.StatusOf(directory, TemporaryStore.Complete("c1", ProcessIdentity.Of(waiting.Id), gate: true)).Should().Be(ContainerStatus.Created);

        var poll = new PollDescriptor(socket, PollEvents.In);
        Polling.PollWaiting(new Span<PollDescriptor>(ref poll), 0).OrThrow("ppoll").Should().Be(0, "nothing has connected");
    }

    [Fact]
    public void A_start_socket_on_which_no_process_listens_any_more_is_no_error()
    {
        using ContainerDirectory directory = _temporary.Reserve();
        StartSocket.Open(directory).Dispose();

        StartSocket.Connect(directory).Should().BeNull();
    }

    [Fact]
    public void What_start_sends_reaches_the_process_that_listens()
    {
        using ContainerDirectory directory = _temporary.Reserve();
        using OwnedFd gate = StartSocket.Open(directory);

        using OwnedFd? knock = StartSocket.Connect(directory);
        Sockets.Send(knock!, "go"u8, MessageFlags.None).OrThrow("send");
        using OwnedFd visitor = Sockets.Accept(gate).OwnedOrThrow("accept");
        byte[] word = new byte[8];
        int length = (int)Sockets.ReceiveWaiting(visitor, word, MessageFlags.None).OrThrow("recv");
        Encoding.ASCII.GetString(word, 0, length).Should().Be("go");
    }

    [Fact]
    public void A_start_socket_works_however_long_the_path_of_the_store_is()
    {
        string deep = $"{_temporary.Path}/{new string('d', 200)}";
        using ContainerStore store = ContainerStore.OpenOrMake(new StoreRoot(deep, true));
        using ContainerDirectory directory = store.Reserve(TemporaryStore.Intent(new string('i', 255)), "{}"u8);
        using OwnedFd gate = StartSocket.Open(directory);

        StartSocket.Connect(directory).Should().NotBeNull();
    }

    [Fact]
    public void A_container_made_by_run_is_running_at_once_and_stopped_with_its_process()
    {
        using ContainerDirectory directory = _temporary.Reserve();
        ContainerRecord record = TemporaryStore.Complete("c1", ProcessIdentity.Of(_sleeper.Id));

        StatusReading.StatusOf(directory, record).Should().Be(ContainerStatus.Running);
        _sleeper.Kill();
        _sleeper.WaitForExit();
        StatusReading.StatusOf(directory, record).Should().Be(ContainerStatus.Stopped);
    }

    [Fact]
    public void A_later_process_of_the_same_number_is_not_the_container()
    {
        ProcessIdentity now = ProcessIdentity.Of(_sleeper.Id);

        now.IsAlive().Should().BeTrue();
        (now with { StartTime = now.StartTime - 1 }).IsAlive().Should().BeFalse();
        default(ProcessIdentity).IsAlive().Should().BeFalse();
    }

    [Fact]
    public void The_identity_of_nobody_is_an_error_and_never_a_zero() =>
        FluentActions.Invoking(() => ProcessIdentity.Of(0x3FFFFFFF)).Should().Throw<KernelException>();

    [Theory]
    [InlineData("7 (a) b) R) S 1 7 7 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 8192 1", false, false, true, 8192UL)]
    [InlineData("7 (sh) Z 1 7 7 0 -1 4194564 0 0 0 0 0 0 0 0 20 0 1 0 99 1", true, true, true, 99UL)]
    [InlineData("7 (hull) S 1 7 7 0 -1 4194624 0 0 0 0 0 0 0 0 20 0 1 0 99 1", false, false, false, 99UL)]
    public void Names_with_blanks_and_parentheses_do_not_shift_the_fields(string text, bool ended, bool exiting, bool executed, ulong startTime) =>
        ProcessIdentity.ParseStat(Encoding.ASCII.GetBytes(text)).Should().Be(new ProcessIdentity.Stat(ended, exiting, executed, startTime));

    [Theory]
    [InlineData("")]
    [InlineData("7 (sh) S 1")]
    [InlineData("7 (sh) S 1 7 7 0 -1 x 0 0 0 0 0 0 0 0 20 0 1 0 8192 1")]
    [InlineData("7 (sh) S 1 7 7 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 0 1")]
    public void A_cut_line_is_not_an_answer(string text) => ProcessIdentity.ParseStat(Encoding.ASCII.GetBytes(text)).Should().BeNull();

    [Fact]
    public void The_state_document_has_the_members_that_callers_know_in_their_order()
    {
        ContainerRecord record = TemporaryStore.Complete("c1", new ProcessIdentity(42, 7)) with { Annotations = [KeyValuePair.Create("a", "<b>")] };

        string text = StateDocument.Text(StateDocument.Of(record, ContainerStatus.Running));

        using JsonDocument document = JsonDocument.Parse(text);
        document.RootElement.EnumerateObject().Select(member => member.Name)
            .Should().Equal("ociVersion", "id", "pid", "status", "bundle", "rootfs", "created", "annotations", "owner");
        text.Should().StartWith("{\n  \"ociVersion\": \"1.2.0\",\n").And.Contain("\"status\": \"running\"").And.Contain("<b>");
        StateDocument.Of(record, ContainerStatus.Stopped).Pid.Should().Be(0);
        StateDocument.Text([StateDocument.Of(record, ContainerStatus.Stopped)]).Should().StartWith("[{\"ociVersion\"").And.EndWith("}]\n");
    }

    [Fact]
    public void Users_without_a_name_are_shown_as_numbers()
    {
        UserNames.Find("root:x:0:0::/root:/bin/sh\nbroken\nme:x:1000:1000::/:\n"u8, 1000).Should().Be("me");
        UserNames.Find("root:x:0:0::/root:/bin/sh\n"u8, 7).Should().BeNull();
    }
}
