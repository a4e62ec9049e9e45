using System.Collections.Immutable;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// A connection over a unix socket: to systemd itself, or to a bus. One thread, no queue but the signals that arrived early; nothing here
/// waits longer than the caller's deadline.
/// </summary>
internal sealed class SocketBus : IBus
{
    // With no identity given, the one that counts is the one the kernel vouches for: ours by the other side's own numbers, even when we
    // are in a user namespace. Everything in one go; the other side answers DATA, then OK.
    private static ReadOnlySpan<byte> Authentication => "\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"u8;

    private readonly OwnedFd _socket;
    private readonly Queue<BusMessage> _signals = [];
    private byte[] _received = new byte[4096];
    private int _length;
    private uint _serial;

    private SocketBus(OwnedFd socket) => _socket = socket;

    /// <summary>Connects and authenticates as our own user.</summary>
    /// <param name="path">A path, or a name outside the file system that begins with a zero character.</param>
    /// <exception cref="BusFailure">No process answers there, or it does not let us in.</exception>
    public static SocketBus Connect(string path, long deadline)
    {
        SyscallResult made = Sockets.Socket(AddressFamily.Unix, SocketType.Stream | SocketType.NonBlocking);
        var bus = new SocketBus(made.OwnedOrThrow("socket"));
        try
        {
            bus.Connect(Encoding.UTF8.GetBytes(path), path, deadline);
            bus.Send(Authentication, deadline);
            bus.AwaitAcceptance(deadline);
            return bus;
        }
        catch
        {
            bus.Dispose();
            throw;
        }
    }

    public ImmutableArray<BusValue> Call(BusMessage call, long deadline)
    {
        uint serial = ++_serial;
        Send((call with { Type = BusMessageType.Call, Serial = serial }).Encode(), deadline);
        while (true)
        {
            BusMessage message = Receive(deadline);
            if (message.Type == BusMessageType.Signal)
            {
                _signals.Enqueue(message);
            }
            else if (message.ReplySerial == serial && message.Type == BusMessageType.Return)
            {
                return message.Body;
            }
            else if (message.ReplySerial == serial && message.Type == BusMessageType.Error)
            {
                throw new BusError(message.ErrorName, message.Body is [BusText text, ..] ? text.Value : "no reason given");
            }
        }
    }

    public BusMessage NextSignal(long deadline)
    {
        while (true)
        {
            if (_signals.TryDequeue(out BusMessage? early))
            {
                return early;
            }

            BusMessage message = Receive(deadline);
            if (message.Type == BusMessageType.Signal)
            {
                return message;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Connect(byte[] address, string path, long deadline)
    {
        while (true)
        {
            SyscallResult connected = Sockets.ConnectUnix(_socket, address);
            if (!connected.Failed)
            {
                return;
            }

            // Too many wait to be let in: there is nothing to poll for.
            if (connected.Errno != Errno.EAGAIN || Polling.MonotonicNanoseconds() >= deadline)
            {
                throw new BusFailure($"connect to {path.Replace('\0', '@')}: {connected.Errno.Text()}");
            }

            Polling.Sleep(1_000_000);
        }
    }

    private void AwaitAcceptance(long deadline)
    {
        while (true)
        {
            ReadOnlySpan<byte> line = _received.AsSpan(0, _length);
            int end = line.IndexOf("\r\n"u8);
            if (end < 0)
            {
                if (_length > 512)
                {
                    throw new BusFailure("the other side does not speak D-Bus");
                }

                Fill(deadline);
                continue;
            }

            line = line[..end];
            bool accepted = line.StartsWith("OK"u8);
            if (!accepted && !line.SequenceEqual("DATA"u8))
            {
                throw new BusFailure($"authentication was refused: {Encoding.ASCII.GetString(line)}");
            }

            Drop(end + 2);
            if (accepted)
            {
                return;
            }
        }
    }

    private void Send(ReadOnlySpan<byte> bytes, long deadline)
    {
        while (!bytes.IsEmpty)
        {
            SyscallResult sent = Sockets.Send(_socket, bytes, MessageFlags.None);
            if (sent.Errno == Errno.EAGAIN)
            {
                Await(PollEvents.Out, deadline);
            }
            else if (sent.Errno != Errno.EINTR)
            {
                bytes = sent.Failed ? throw new BusFailure($"send: {sent.Errno.Text()}") : bytes[(int)sent.Value..];
            }
        }
    }

    private BusMessage Receive(long deadline)
    {
        try
        {
            while (_length < BusMessage.PrefixLength)
            {
                Fill(deadline);
            }

            int length = BusMessage.LengthOf(_received);
            while (_length < length)
            {
                Fill(deadline);
            }

            BusMessage message = BusMessage.Decode(_received.AsMemory(0, length));
            Drop(length);
            return message;
        }
        catch (BusFormatException malformed)
        {
            throw new BusFailure($"what arrived is malformed: {malformed.Message}");
        }
    }

    private void Fill(long deadline)
    {
        if (_length == _received.Length)
        {
            Array.Resize(ref _received, _length * 2);
        }

        while (true)
        {
            SyscallResult received = Sockets.ReceiveWaiting(_socket, _received.AsSpan(_length), MessageFlags.None);
            if (received.Errno == Errno.EAGAIN)
            {
                Await(PollEvents.In, deadline);
                continue;
            }

            if (received.Failed || received.Value == 0)
            {
                throw new BusFailure(received.Failed ? $"receive: {received.Errno.Text()}" : "the other side closed the connection");
            }

            _length += (int)received.Value;
            return;
        }
    }

    private void Drop(int count)
    {
        _received.AsSpan(count, _length - count).CopyTo(_received);
        _length -= count;
    }

    private void Await(PollEvents events, long deadline)
    {
        long left = (deadline - Polling.MonotonicNanoseconds() + 999_999) / 1_000_000;
        var poll = new PollDescriptor(_socket, events);
        if (left <= 0 || Polling.PollWaiting(new Span<PollDescriptor>(ref poll), (int)Math.Min(left, int.MaxValue)).OrThrow("ppoll") == 0)
        {
            throw new BusFailure("no answer in time");
        }
    }
}
