using Hull.Linux;

namespace Hull.Runtime.Tests.Criu;

/// <summary>The conversation, with a thread that plays CRIU at the other end of the socket.</summary>
public sealed class CriuConnectionTests
{
    private static readonly byte[] Question = CriuRequest.Version();

    [Fact]
    public void Every_notification_is_answered_known_or_not_and_then_the_answer_comes()
    {
        var noticed = new List<string>();
        List<byte[]> received = [];

        CriuResponse answer = Converse(
            far =>
            {
                received.Add(Receive(far));
                foreach (string script in (string[])["pre-dump", "a-script-of-next-year", "post-dump"])
                {
                    Send(far, Notification(script));
                    received.Add(Receive(far));
                }

                Send(far, Answer(CriuMessageType.Dump, success: true));
            },
            connection => connection.Ask(Question, (notification, _) =>
            {
                noticed.Add(notification.Script);
                return notification.Script != "post-dump";
            }));

        answer.Success.Should().BeTrue();
        noticed.Should().Equal("pre-dump", "a-script-of-next-year", "post-dump");
        received[0].Should().Equal(Question);
        received[1].Should().Equal(CriuRequest.Notified(true));
        received[2].Should().Equal(CriuRequest.Notified(true));
        received[3].Should().Equal(CriuRequest.Notified(false));
    }

    [Fact]
    public void A_descriptor_that_comes_with_a_notification_is_handed_on()
    {
        var descriptors = 0;

        Converse(
            far =>
            {
                Receive(far);
                using OwnedFd terminal = HostFiles.InMemory("terminal", "x"u8);
                Sockets.SendDescriptors(far, Notification("orphan-pts-master"), [terminal.Fd]).OrThrow("sendmsg");
                Receive(far);
                Send(far, Answer(CriuMessageType.Restore, success: true));
            },
            connection => connection.Ask(Question, (_, descriptor) =>
            {
                descriptors += descriptor is null ? 0 : 1;
                descriptor?.Dispose();
                return true;
            }));

        descriptors.Should().Be(1);
    }

    [Fact]
    public void A_conversation_stops_at_a_notification_and_goes_on_when_that_is_answered()
    {
        Converse(
            far =>
            {
                Receive(far);
                Send(far, Notification("pre-restore"));
                Receive(far);
                Send(far, Notification("setup-namespaces", pid: 77));
                Receive(far).Should().Equal(CriuRequest.Notified(true));
                Send(far, Answer(CriuMessageType.Restore, success: true));
            },
            connection =>
            {
                connection.Begin(Question);
                CriuResponse reached = connection.Until("setup-namespaces", (_, _) => true);
                reached.NotifiedPid.Should().Be(77);
                connection.Resume();
                return connection.Until(null, (_, _) => true);
            }).Success.Should().BeTrue();
    }

    [Fact]
    public void A_failure_that_comes_before_the_awaited_notification_is_the_answer()
    {
        Converse(
            far =>
            {
                Receive(far);
                Send(far, Answer(CriuMessageType.Restore, success: false));
            },
            connection =>
            {
                connection.Begin(Question);
                return connection.Until("setup-namespaces", (_, _) => true);
            }).Success.Should().BeFalse();
    }

    [Theory]
    [InlineData(false, "has ended without an answer")]
    [InlineData(true, "cannot be read")]
    public void A_CRIU_that_dies_or_talks_nonsense_is_an_error_and_no_wait(bool nonsense, string text)
    {
        Action conversation = () => Converse(
            far =>
            {
                Receive(far);
                if (nonsense)
                {
                    Send(far, [0x0B, 0xFF]);
                }
            },
            connection => connection.Ask(Question, (_, _) => true));

        conversation.Should().Throw<CriuGoneException>().WithMessage($"*{text}*");
    }

    [Fact]
    public void An_answer_that_is_longer_than_any_can_be_is_refused()
    {
        Action conversation = () => Converse(
            far =>
            {
                Receive(far);
                Sockets.Send(far, new byte[70_000], MessageFlags.None);
            },
            connection => connection.Ask(Question, (_, _) => true));

        conversation.Should().Throw<CriuGoneException>().WithMessage("*longer*");
    }

    [Fact]
    public void A_CRIU_that_says_nothing_is_given_up_when_patience_has_an_end()
    {
        using var connection = CriuConnection.Open();

        FluentActions.Invoking(() => connection.Ask(Question, (_, _) => true, patience: 1)).Should().Throw<CriuGoneException>().WithMessage("*said nothing*");
    }

    [Fact]
    public void A_CRIU_that_has_ended_is_noticed_while_what_it_has_forked_holds_the_socket()
    {
        using var program = System.Diagnostics.Process.Start("sleep", "0.5");
        using OwnedFd process = Processes.OpenProcess(program.Id).OwnedOrThrow("pidfd_open");
        using var connection = CriuConnection.Open();
        connection.Program = process;

        FluentActions.Invoking(() => connection.Ask(Question, (_, _) => true)).Should().Throw<CriuGoneException>().WithMessage("*has ended without an answer*");
        connection.Far.IsOpen.Should().BeTrue("its other end is open all the time");
    }

    private static CriuResponse Converse(Action<Fd> criu, Func<CriuConnection, CriuResponse> hull)
    {
        using var connection = CriuConnection.Open();
        var far = new OwnedFd((int)Descriptors.DuplicateAbove(connection.Far, 3).OrThrow("fcntl"));
        connection.CloseFarEnd();
        var thread = new Thread(() =>
        {
            using (far)
            {
                criu(far);
            }
        });
        thread.Start();
        try
        {
            return hull(connection);
        }
        finally
        {
            connection.Dispose();
            thread.Join();
        }
    }

    private static byte[] Receive(Fd socket)
    {
        byte[] buffer = new byte[4096];
        return buffer[..(int)Sockets.ReceiveWaiting(socket, buffer, MessageFlags.None).OrThrow("recv")];
    }

    private static void Send(Fd socket, byte[] message) => Sockets.Send(socket, message, MessageFlags.None).OrThrow("send");

    private static byte[] Notification(string script, int pid = 1)
    {
        var writer = new ProtobufWriter();
        writer.Number(1, (long)CriuMessageType.Notify);
        writer.Flag(2, true);
        writer.Message(5, notify =>
        {
            notify.Text(1, script);
            notify.Number(2, pid);
        });
        return writer.ToBytes();
    }

    private static byte[] Answer(CriuMessageType type, bool success)
    {
        var writer = new ProtobufWriter();
        writer.Number(1, (long)type);
        writer.Number(2, success ? 1 : 0);
        return writer.ToBytes();
    }
}
