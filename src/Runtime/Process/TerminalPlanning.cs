using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The program's terminal: made inside, of the container's own devpts; its other side goes to a socket or stays with us.</summary>
internal static class TerminalPlanning
{
    /// <summary>A socket without a listener is noticed before anything is made.</summary>
    /// <exception cref="RuntimeError">The caller would wait for a terminal that never comes, or a terminal would have no receiver (TTY-04).</exception>
    public static void Connect(ResolvedProgram program, PlanBuilder plan)
    {
        bool terminal = program.Process.Terminal;
        Origin origin = Origins.Process("terminal", "TTY-04");
        if (terminal && !program.Foreground && program.ConsoleSocket is null)
        {
            throw origin.Refuse(
                "cannot allocate tty if hull will detach without setting console socket",
                "--console-socket names the socket that the terminal is sent to");
        }

        if (program.ConsoleSocket is null)
        {
            return;
        }

        if (!terminal || program.Foreground)
        {
            throw origin.Refuse("cannot use console socket if hull will not detach or allocate tty");
        }

        plan.HostBefore(new ConnectConsole(program.ConsoleSocket), origin);
    }

    /// <summary>
    /// Right after the root has changed: no path leads to the host any more, whatever the image or a createContainer hook has left in
    /// <c>/dev</c>, and <c>/dev</c> and the root can still be written to (TTY-01, TTY-02).
    /// </summary>
    /// <param name="place">Where it is shown as a device; null where another program's terminal is already.</param>
    public static void Open(ResolvedProgram program, RootfsPath? place, PlanBuilder plan)
    {
        if (!program.Process.Terminal)
        {
            return;
        }

        Origin origin = Origins.Process("terminal", "TTY-01");
        ConsoleSize? size = program.Process.ConsoleSize;
        plan.Container(
            new OpenConsole(
                RootfsPath.Parse("/dev/pts"), place, program.Process.UserId, Characters(size?.Height), Characters(size?.Width)),
            origin);
        plan.Host(new AwaitContainer(Checkpoint.ConsoleReady), origin);
        plan.Host(
            program.Foreground ? new AdoptConsole(TakeSize: size is null) : new SendConsole(),
            Origins.Process("terminal", program.Foreground ? "TTY-05" : "TTY-04"));
    }

    /// <summary>
    /// Streams that are the host's <c>/dev/null</c>; a terminal replaces them all. The whole create and exec of a caller whose streams
    /// are something else is without it.
    /// </summary>
    public static void ReplaceNullDevice(ResolvedProgram program, HostFacts facts, PlanBuilder plan)
    {
        if (ReplacesNullDevice(program, facts))
        {
            plan.Container(new ReopenNullDevice(facts.NullStreams), Origins.Lifecycle("FD-03"));
        }
    }

    /// <summary>There are such streams.</summary>
    public static bool ReplacesNullDevice(ResolvedProgram program, HostFacts facts) => facts.NullStreams != 0 && !program.Process.Terminal;

    private static ushort Characters(uint? count) => count is null or <= ushort.MaxValue
        ? (ushort)(count ?? 0)
        : throw Origins.Process("consoleSize", "TTY-03").Refuse($"a terminal has at most {ushort.MaxValue} rows and columns");
}
