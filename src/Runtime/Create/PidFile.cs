using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The file that tells an engine the pid: the bare number, there all at once or not at all.</summary>
internal static class PidFile
{
    public static void Write(string path, int pid)
    {
        int slash = path.LastIndexOf('/');
        string directory = slash switch { < 0 => ".", 0 => "/", _ => path[..slash] };
        try
        {
            using OwnedFd opened = HostFiles.OpenDirectory(Fd.CurrentDirectory, directory);
            HostFiles.ReplaceAtomically(opened, path[(slash + 1)..], Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)), 0x1A4);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"write the pid file {CallerText.Printable(path)}: {failure.Call}", failure.Errno) { Property = "--pid-file" };
        }
    }

    /// <summary>Takes it back when the container is not to be after all: the number would soon be another process's.</summary>
    public static void Remove(string path) => Files.Unlink(Fd.CurrentDirectory, path);
}

/// <summary>The socket that gets a pidfd of the new process (<c>--pidfd-socket</c>): its pid could be another process's by the time it is used.</summary>
internal sealed class PidfdSocket : IDisposable
{
    private OwnedFd? _socket;

    /// <summary>Connects to the socket, before anything is made.</summary>
    public void Connect(string path) => _socket = UnixAddresses.Connect(path);

    /// <summary>Sends the descriptor, and is done.</summary>
    /// <param name="kind">What comes with it: runc's name for how the process was made.</param>
    public void Send(string kind, OwnedFd process)
    {
        Processes.RequirePidfd(process).OrThrow("pidfd_open");
        Sockets.SendDescriptors(_socket!, Encoding.ASCII.GetBytes(kind), [process.Fd]).OrThrow("sendmsg");
        Dispose();
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }
}

/// <summary>A pidfd of the new process for the caller: sent when nothing but the program is left to be done.</summary>
internal static class PidfdPlanning
{
    private static Origin Demand => Origins.Lifecycle("OP-CRE-02");

    /// <summary>A socket without a listener is noticed before anything is made.</summary>
    public static void Connect(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.PidfdSocket is { } socket)
        {
            plan.HostBefore(new ConnectPidfdSocket(socket), Demand);
        }
    }

    /// <param name="kind">What is sent with it: <c>standard</c> or <c>setns</c>.</param>
    public static void Send(ResolvedProgram program, string kind, PlanBuilder plan)
    {
        if (program.PidfdSocket is not null)
        {
            plan.Host(new SendPidfd(kind), Demand);
        }
    }
}
