using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hull.Harness;

/// <summary>What an engine does behind `--console-socket`: listens, and receives one descriptor with a name.</summary>
public sealed class ConsoleSocket : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <param name="path">Where it is; with an @ in front, a name outside of the file system.</param>
    public ConsoleSocket(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path.StartsWith('@') ? "\0" + path[1..] : path));
        _listener.Listen(1);
    }

    /// <summary>What came as data.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Takes the terminal that a runtime has sent by now.</summary>
    public FileStream Receive() => new(ReceiveHandle(), FileAccess.ReadWrite, bufferSize: 0);

    /// <summary>Takes whatever descriptor a runtime has sent by now.</summary>
    public SafeFileHandle ReceiveHandle()
    {
        using var connection = _listener.Accept();
        var descriptor = ReceiveDescriptor((int)connection.Handle, out var name);
        Name = name;
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Reads what a container prints until all of it has come: a terminal without a program ends with an error.</summary>
    public static string ReadToEnd(FileStream terminal)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (var count = terminal.Read(buffer); count > 0; count = terminal.Read(buffer))
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // EIO: nobody has the other side open any more.
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    // struct msghdr and cmsghdr of a 64-bit Linux, written out by offsets: Socket cannot receive descriptors.
    internal static int ReceiveDescriptor(int socket, out string name)
    {
        nint data = Marshal.AllocHGlobal(DataCapacity), control = Marshal.AllocHGlobal(24), vector = Marshal.AllocHGlobal(16), message = Marshal.AllocHGlobal(56);
        try
        {
            Marshal.WriteIntPtr(vector, 0, data);
            Marshal.WriteInt64(vector, 8, DataCapacity);
            for (var offset = 0; offset < 56; offset += 8)
            {
                Marshal.WriteInt64(message, offset, 0);
            }

            Marshal.WriteIntPtr(message, 16, vector);
            Marshal.WriteInt64(message, 24, 1);
            Marshal.WriteIntPtr(message, 32, control);
            Marshal.WriteInt64(message, 40, 24);
            var count = recvmsg(socket, message, CloseOnExec);
            ((long)count).Should().BePositive("data comes with the descriptor");
            Marshal.ReadInt64(message, 40).Should().Be(24, "exactly one descriptor comes");
            name = Marshal.PtrToStringUTF8(data, (int)count);
            return Marshal.ReadInt32(control, 16);
        }
        finally
        {
            Marshal.FreeHGlobal(data);
            Marshal.FreeHGlobal(control);
            Marshal.FreeHGlobal(vector);
            Marshal.FreeHGlobal(message);
        }
    }

    private const int CloseOnExec = 0x40000000;
    private const int DataCapacity = 65536;

    [DllImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static extern nint recvmsg(int socket, nint message, int flags);
}
