using System.Text;
using System.Text.Json;
using Hull.Observer;

// What systemd-notify does: says something to the socket that NOTIFY_SOCKET names.
if (args is ["--notify", var message])
{
    using var notify = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Dgram, default);
    notify.SendTo(Encoding.UTF8.GetBytes(message), new System.Net.Sockets.UnixDomainSocketEndPoint(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")!));
    return 0;
}

// Everything is read before anything else is opened: the descriptors listed are those the runtime left open.
var descriptors = Descriptors.Read();
using var memory = new MemoryStream();
using (var json = new Utf8JsonWriter(memory))
{
    json.WriteStartObject();
    Identity.Write(json, args);
    ProcFiles.Write(json);
    Descriptors.Write(json, descriptors);
    Paths.WriteDevices(json);
    Paths.WriteInterfaces(json);
    json.WriteBoolean("rootWritable", Kernel.WriteAccess("/") == 0);
    json.WriteStartObject("paths");
    foreach (var path in args.Where(argument => argument.StartsWith('/')))
    {
        Paths.Write(json, path);
    }

    json.WriteEndObject();
    json.WriteEndObject();
}

memory.WriteByte((byte)'\n');
Output.Write(memory.ToArray());
return 0;

internal static class Output
{
    /// <summary>Straight to descriptor 1: System.Console would open terminals and start a thread.</summary>
    public static unsafe void Write(byte[] bytes)
    {
        fixed (byte* first = bytes)
        {
            nint done = 0;
            while (done < bytes.Length)
            {
                var count = Kernel.write(1, first + done, (nuint)(bytes.Length - done));
                if (count <= 0)
                {
                    Environment.Exit(70);
                }

                done += count;
            }
        }
    }
}
