using System.Globalization;
using Process = System.Diagnostics.Process;

namespace Hull.Runtime.Tests.Storage;

/// <summary>A process that was forked and has not become a program, like the first of a container that waits for <c>start</c>.</summary>
internal sealed class WaitingProcess : IDisposable
{
    private readonly Process _shell;

    internal WaitingProcess()
    {
        // The shell itself waits for it, so that its end is the shell's.
        _shell = Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", "exec 3<&0; (read line <&3; exec sleep 1000) & echo $!; wait"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Id = int.Parse(_shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    internal int Id { get; }

    internal bool HasEnded => _shell.HasExited;

    /// <summary>Lets it become a program.</summary>
    internal void Execute() => _shell.StandardInput.WriteLine();

    internal bool WaitForEnd() => _shell.WaitForExit(180_000);

    internal void End()
    {
        _shell.Kill(entireProcessTree: true);
        _shell.WaitForExit();
    }

    public void Dispose()
    {
        End();
        _shell.Dispose();
    }
}
