using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The host's side of a container's terminal, until it is with the process that will serve it.</summary>
internal sealed class ContainerConsole : IDisposable
{
    private OwnedFd? _socket;

    /// <summary>The host's side; null before it has come and after it has been sent away.</summary>
    public OwnedFd? Master { get; private set; }

    /// <summary>Connects to the socket that will get it (TTY-04).</summary>
    public void Connect(string path) => _socket = UnixAddresses.Connect(path);

    /// <summary>Takes over what the container process has sent.</summary>
    public void Take(OwnedFd master) => Master = master;

    /// <summary>Sends it away, with the name that the container knows it by, as runc does.</summary>
    public void Send()
    {
        Terminals.SlaveNumberOf(Master!, out int number).OrThrow("TIOCGPTN");
        byte[] name = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{number}"));
        Sockets.SendDescriptors(_socket!, name, [Master!.Fd]).OrThrow("sendmsg");
        Dispose();
    }

    /// <summary>
    /// Makes it ours to serve. Nothing waits for it (see <see cref="ConsoleRelay"/>), and a newline stays one character, so that output
    /// which goes to a file or a pipe is what the program wrote; a terminal of ours does its own translation.
    /// </summary>
    public void Adopt(bool takeSize)
    {
        OpenFlags flags = (OpenFlags)Descriptors.GetStatusFlags(Master!).OrThrow("fcntl");
        Descriptors.SetStatusFlags(Master!, flags | OpenFlags.NonBlocking).OrThrow("fcntl");
        Terminals.GetAttributes(Master!, out TerminalAttributes attributes).OrThrow("TCGETS");
        attributes.Output &= ~TerminalOutput.NewlineToReturnNewline;
        Terminals.SetAttributes(Master!, attributes).OrThrow("TCSETS");
        if (takeSize)
        {
            using HostTerminal? own = HostTerminal.Find();
            own?.GiveSizeTo(Master!);
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
        Master?.Dispose();
        Master = null;
    }
}
