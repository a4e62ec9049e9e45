namespace Hull.Linux.Tests;

public sealed class ReportTests
{
    [Fact]
    public void The_last_report_of_a_process_that_ends_with_a_message_unread_arrives_and_then_the_end()
    {
        Sockets.Pair(out var a, out var b, SocketType.SequencedPacket).OrThrow("socketpair");
        using OwnedFd host = new(a.Number);
        using (OwnedFd process = new(b.Number))
        {
            Report.Go.Send(host).OrThrow("sendto");
            new Report { Kind = ReportKind.Failure, Step = 3, Errno = Errno.EPERM }.Send(process).OrThrow("sendto");
        }

        Report.Receive(host).Should().Match<Report?>(report => report!.Value.Kind == ReportKind.Failure && report.Value.Step == 3 && report.Value.Errno == Errno.EPERM);
        Report.Receive(host).Should().BeNull();
    }

    [Fact]
    public void A_process_that_ends_without_a_report_is_the_end_whether_it_read_everything_or_not()
    {
        foreach (var unread in new[] { false, true })
        {
            Sockets.Pair(out var a, out var b, SocketType.SequencedPacket).OrThrow("socketpair");
            using OwnedFd host = new(a.Number);
            using (OwnedFd process = new(b.Number))
            {
                (unread ? Report.Go.Send(host) : default).OrThrow("sendto");
            }

            Report.Receive(host, out _, out var wasUnread).Should().BeNull();
            wasUnread.Should().Be(unread);
        }
    }
}
