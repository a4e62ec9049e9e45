using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Lines for systemd's journal, in its own protocol: a datagram of fields. systemd-journald.service(8), systemd.journal-fields(7)</summary>
internal static class Journal
{
    private const string Socket = "/run/systemd/journal/socket";

    /// <summary>Why no journal takes lines; null when one does.</summary>
    public static RuntimeError? Refusal()
    {
        try
        {
            UnixAddresses.Connect(Socket, SocketType.Datagram).Dispose();
            return null;
        }
        catch (KernelException refused)
        {
            return new RuntimeError($"option --systemd-log: connecting to systemd's journal at {Socket}", refused.Errno) { Hint = "it needs a machine that runs systemd" };
        }
    }

    /// <summary>Writes a line. A journal that does not read is not waited for: the same line goes to the log or to standard error.</summary>
    public static void Write(LogLevel level, string message, RuntimeError? error)
    {
        try
        {
            using OwnedFd socket = UnixAddresses.Connect(Socket, SocketType.Datagram);
            Sockets.Send(socket, Encoding.UTF8.GetBytes(Fields(level, message, error)), MessageFlags.DontWait);
        }
        catch (KernelException)
        {
            // Refusal() has said so before the command began, or the journal has ended since.
        }
    }

    /// <summary>A field on each line; the levels are those of syslog(3).</summary>
    internal static string Fields(LogLevel level, string message, RuntimeError? error)
    {
        int priority = level switch { LogLevel.Error => 3, LogLevel.Warning => 4, LogLevel.Info => 6, LogLevel.Debug => 7 };
        string property = string.IsNullOrEmpty(error?.Property) ? "" : $"HULL_PROPERTY={error.Property}\n";
        string errno = error is null or { Errno: Errno.None } ? "" : string.Create(CultureInfo.InvariantCulture, $"ERRNO={(int)error.Errno}\n");
        return string.Create(CultureInfo.InvariantCulture, $"MESSAGE={message}\nPRIORITY={priority}\nSYSLOG_IDENTIFIER=hull\n{property}{errno}");
    }
}
