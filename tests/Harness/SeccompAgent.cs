using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Hull.Harness;

/// <summary>
/// What answers system calls in the place of a filter: listens on a socket, receives the state of a container process with the descriptor of
/// its notifications, and lets every call pass but those it is told to answer.
/// </summary>
public sealed class SeccompAgent : IDisposable
{
    private const ulong Receive = 0xC0502100;
    private const ulong Respond = 0xC0182101;
    private const uint Continue = 1;
    private const int NotificationSize = 80;
    private const int ResponseSize = 24;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Thread _thread;
    private volatile bool _ended;

    public SeccompAgent(string path, Dictionary<int, int>? errors = null, bool hangsUp = false, bool leaves = false)
    {
        Path = path;
        Errors = errors ?? [];
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(8);
        _thread = new Thread(() => Serve(hangsUp, leaves)) { IsBackground = true };
        _thread.Start();
    }

    public string Path { get; }

    /// <summary>The calls that fail, by number, with their errors.</summary>
    public Dictionary<int, int> Errors { get; }

    /// <summary>What came with each descriptor.</summary>
    public List<JsonObject> States { get; } = [];

    /// <summary>Something came on a connection after the one state that may come (SECL-02).</summary>
    public bool SentMore { get; private set; }

    /// <summary>The number of every call that was asked about.</summary>
    public List<int> Calls { get; } = [];

    public void Dispose()
    {
        _ended = true;
        _listener.Dispose();
        _thread.Join(Patience.Limit);
    }

    private void Serve(bool hangsUp, bool leaves)
    {
        try
        {
            while (!_ended)
            {
                using var connection = _listener.Accept();
                if (hangsUp)
                {
                    continue;
                }

                // Who only looks whether somebody is here sends nothing.
                if (connection.Receive(new byte[1], SocketFlags.Peek) == 0)
                {
                    continue;
                }

                var descriptor = ConsoleSocket.ReceiveDescriptor((int)connection.Handle, out var text);
                lock (States)
                {
                    States.Add(JsonNode.Parse(text)!.AsObject());
                }

                lock (States)
                {
                    // Checked by the test: an exception here would end the whole test run.
                    SentMore |= connection.Receive(new byte[16]) != 0;
                }

                var served = new Thread(() =>
                {
                    if (!leaves)
                    {
                        Answer(descriptor);
                    }

                    _ = close(descriptor);
                }) { IsBackground = true };
                served.Start();
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Answer(int descriptor)
    {
        nint notification = Marshal.AllocHGlobal(NotificationSize), response = Marshal.AllocHGlobal(ResponseSize);
        var poll = new byte[8];
        BitConverter.TryWriteBytes(poll, descriptor);
        while (!_ended)
        {
            poll[4] = 1;
            poll[6] = 0;
            if (SeccompAgent.poll(poll, 1, 20) <= 0)
            {
                continue;
            }

            if ((poll[6] & 1) == 0)
            {
                break;
            }

            Marshal.Copy(new byte[NotificationSize], 0, notification, NotificationSize);
            if (ioctl(descriptor, Receive, notification) != 0)
            {
                continue;
            }

            var number = Marshal.ReadInt32(notification, 16);
            lock (Calls)
            {
                Calls.Add(number);
            }

            var error = Errors.GetValueOrDefault(number);
            Marshal.WriteInt64(response, 0, Marshal.ReadInt64(notification, 0));
            Marshal.WriteInt64(response, 8, 0);
            Marshal.WriteInt32(response, 16, -error);
            Marshal.WriteInt32(response, 20, error == 0 ? (int)Continue : 0);
            _ = ioctl(descriptor, Respond, response);
        }

        Marshal.FreeHGlobal(notification);
        Marshal.FreeHGlobal(response);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, ulong request, nint argument);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll(byte[] descriptors, ulong count, int timeout);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
