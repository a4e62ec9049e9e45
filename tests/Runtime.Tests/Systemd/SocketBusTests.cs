using System.Net.Sockets;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime.Tests.Systemd;

/// <summary>The connection, to somebody who behaves well, badly, or not at all.</summary>
public sealed class SocketBusTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"hull-bus-{Guid.NewGuid():N}");
    private readonly Socket _listener = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);

    public SocketBusTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
    }

    [Fact]
    public async Task A_call_gets_its_own_answer_and_signals_wait_their_turn()
    {
        Task server = Serve(client =>
        {
            ReadUntil(client, "BEGIN\r\n").Should().Be("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n");
            client.Send(Encoding.ASCII.GetBytes("DATA\r\nOK 0123\r\n"));
            BusMessage call = BusMessage.Decode(Receive(client));
            byte[] signal = new BusMessage { Type = BusMessageType.Signal, Serial = 1, Path = "/", Interface = "a.b", Member = "Early" }.Encode();
            byte[] other = new BusMessage { Type = BusMessageType.Return, Serial = 2, ReplySerial = call.Serial + 1 }.Encode();
            byte[] answer = new BusMessage { Type = BusMessageType.Return, Serial = 3, ReplySerial = call.Serial, Body = [BusValue.Of("here")] }.Encode();

            // In pieces that end where no message does.
            byte[] all = [.. signal, .. other, .. answer];
            client.Send(all.AsSpan(0, 20));
            Thread.Sleep(20);
            client.Send(all.AsSpan(20));
        });
        using SocketBus bus = SocketBus.Connect(_path, In(180_000));

        bus.Call(Call, In(180_000)).Should().Equal(BusValue.Of("here"));
        bus.NextSignal(In(180_000)).Member.Should().Be("Early");
        await server.WaitAsync(TimeSpan.FromMinutes(3));
    }

    [Theory]
    [InlineData("REJECTED EXTERNAL\r\n", "*refused: REJECTED EXTERNAL*")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "*refused: HTTP*")]
    [InlineData("", "*closed*")]
    public void Whoever_does_not_let_us_in_is_a_failure_that_says_so(string answer, string message)
    {
        Serve(client =>
        {
            ReadUntil(client, "BEGIN\r\n");
            client.Send(Encoding.ASCII.GetBytes(answer));
        });

        FluentActions.Invoking(() => SocketBus.Connect(_path, In(180_000))).Should().Throw<BusFailure>().WithMessage(message);
    }

    [Fact]
    public void Nobody_waits_longer_than_the_deadline()
    {
        using var release = new ManualResetEventSlim();
        Serve(client => release.Wait(180_000));
        long start = Polling.MonotonicNanoseconds();

        FluentActions.Invoking(() => SocketBus.Connect(_path, In(100))).Should().Throw<BusFailure>().WithMessage("no answer in time");
        ((Polling.MonotonicNanoseconds() - start) / 1_000_000).Should().BeGreaterThanOrEqualTo(90);
        release.Set();
    }

    [Fact]
    public void Bytes_that_are_no_message_are_a_failure()
    {
        Serve(client =>
        {
            ReadUntil(client, "BEGIN\r\n");
            client.Send(Encoding.ASCII.GetBytes("OK 0\r\n" + new string('x', 64)));
            Thread.Sleep(500);
        });
        using SocketBus bus = SocketBus.Connect(_path, In(180_000));

        FluentActions.Invoking(() => bus.Call(Call, In(180_000))).Should().Throw<BusFailure>().WithMessage("*malformed*");
    }

    [Fact]
    public void Where_nobody_listens_the_failure_names_the_place()
    {
        FluentActions.Invoking(() => SocketBus.Connect("/nowhere/bus", In(1000))).Should().Throw<BusFailure>().WithMessage("connect to /nowhere/bus: no such file or directory");
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }

    private static BusMessage Call => new() { Type = BusMessageType.Call, Path = "/a", Interface = "b.c", Member = "D" };

    private static long In(int milliseconds) => Polling.MonotonicNanoseconds() + (milliseconds * 1_000_000L);

    private Task Serve(Action<Socket> serve) => Task.Run(() =>
    {
        using Socket client = _listener.Accept();
        serve(client);
    });

    private static string ReadUntil(Socket client, string end)
    {
        var text = new StringBuilder();
        byte[] one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && client.Receive(one) == 1)
        {
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    private static byte[] Receive(Socket client)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        do
        {
            length += client.Receive(buffer.AsSpan(length));
        }
        while (length < BusMessage.PrefixLength || length < BusMessage.LengthOf(buffer));
        return buffer[..length];
    }
}
