using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The terminal that hull was called from, if there is one.</summary>
internal sealed class HostTerminal : IDisposable
{
    private readonly Fd _terminal;
    private readonly OwnedFd? _opened;
    private TerminalAttributes? _before;

    private HostTerminal(Fd terminal, OwnedFd? opened)
    {
        _terminal = terminal;
        _opened = opened;
    }

    /// <summary>
    /// Looks where runc looks: error output, output, input, and then the controlling terminal, which is there even when all three go
    /// elsewhere.
    /// </summary>
    public static HostTerminal? Find()
    {
        for (var stream = 2; stream >= 0; stream--)
        {
            if (Terminals.IsTerminal(new Fd(stream)))
            {
                return new HostTerminal(new Fd(stream), null);
            }
        }

        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, "/dev/tty", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
        return opened.Failed ? null : new HostTerminal(opened.Fd, new OwnedFd(opened.Fd.Number));
    }

    /// <summary>
    /// What is typed goes on as it is: echo, lines and control-C are the container's business. What is printed is translated as before,
    /// since the container's terminal leaves newlines alone. A terminal that refuses stays as it is. Done again after a pause, it is still
    /// the first state that comes back in the end.
    /// </summary>
    public void MakeRaw()
    {
        if (Terminals.GetAttributes(_terminal, out TerminalAttributes now).Failed)
        {
            return;
        }

        // A shell that stopped us has made it its own meanwhile: what we give back is what we found at first.
        TerminalAttributes raw = _before ?? now;
        TerminalOutput output = raw.Output;
        raw.MakeRaw();
        raw.Output = output;
        if (!Terminals.SetAttributes(_terminal, raw).Failed)
        {
            _before ??= now;
        }
    }

    /// <summary>It is ours to change: no shell has given it to another job. A terminal that is not our controlling one has no jobs.</summary>
    public bool IsOurs() =>
        Terminals.ForegroundGroupOf(_terminal, out int group).Failed || group == (int)Processes.GroupOf(0).Value;

    /// <summary>Makes another terminal as large as this one. One that has no size now gets none.</summary>
    public void GiveSizeTo(Fd other)
    {
        if (!Terminals.GetWindowSize(_terminal, out WindowSize size).Failed)
        {
            Terminals.SetWindowSize(other, size);
        }
    }

    /// <summary>As it was before. One in whose background we run is the shell's, and is as the shell wants it.</summary>
    public void Dispose()
    {
        if (_before is { } before)
        {
            if (IsOurs())
            {
                Terminals.SetAttributes(_terminal, before);
            }

            _before = null;
        }

        _opened?.Dispose();
    }
}
