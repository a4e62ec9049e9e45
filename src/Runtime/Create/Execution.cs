using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Carries out the plan of a program that joins a container. Only the process itself and its pid file are made, so a failure anywhere is
/// undone by ending the one and removing the other.
/// </summary>
internal sealed class Execution : IDisposable
{
    private readonly PlannedProcess _process;
    private readonly string? _pidFile;
    private readonly bool _foreground;
    private readonly ContainerRecord _record;
    private bool _pidFileWritten;

    /// <param name="plan">What to do.</param>
    /// <param name="container">A pidfd of the container's first process.</param>
    /// <param name="record">The container.</param>
    /// <param name="pidFile">Where the pid goes, or null.</param>
    /// <param name="foreground">We stay until the program's end.</param>
    /// <param name="log">For the times of the steps.</param>
    public Execution(Plan plan, OwnedFd container, ContainerRecord record, string? pidFile, bool foreground, Log log)
    {
        _record = record;
        _process = new PlannedProcess(plan)
        {
            Container = () => record,
            Status = Oci.ContainerStatus.Running,
            MayBeMoved = record.Unit.Length > 0,
            Log = log,
            Command = "exec",
        };
        _process.Slots[Slot.ContainerProcess] = container;
        _pidFile = pidFile;
        _foreground = foreground;
    }

    /// <summary>The program's pidfd.</summary>
    public OwnedFd Process => _process.Process;

    /// <summary>The host's side of the program's terminal, where it is ours to serve; null otherwise.</summary>
    public OwnedFd? Console => _process.Console;

    /// <summary>Runs the program.</summary>
    /// <exception cref="RuntimeError">It does not run; nothing of it is left, or the message says what.</exception>
    public void Run()
    {
        try
        {
            _process.Run(CarryOut);
        }
        catch (Exception failure)
        {
            if (Undo() is { } left)
            {
                throw new RuntimeError($"{failure.Message}; and cleaning up failed: {left}");
            }

            throw;
        }
    }

    public void Dispose() => _process.Dispose();

    private void CarryOut(HostStep step)
    {
        switch (step.Action)
        {
            case RecordProcess: Record(); break;
            case SetInitialAffinity affinity: Scheduling.SetAffinity(0, affinity.Mask.AsSpan()).OrThrow("sched_setaffinity"); break;
            default: _process.CarryOut(step); break;
        }
    }

    /// <summary>
    /// Until now a signal to us ends us and with us the process, which waits for our word. From now on the program may run without us, so a
    /// signal waits until it can be passed on.
    /// </summary>
    private void Record()
    {
        if (_process.IsElsewhere)
        {
            // A user's session and his systemd's units have no cgroup of his above both: systemd can move the process, he cannot.
            using UnitManager systemd = UnitManager.Connect(_record.UnitOfUser);
            systemd.Attach(_record.Unit, _process.Pid);
        }

        if (_foreground)
        {
            Foreground.HoldSignals();
        }

        if (_pidFile is not null)
        {
            PidFile.Write(_pidFile, _process.Pid);
            _pidFileWritten = true;
        }
    }

    private string? Undo()
    {
        if (_pidFileWritten)
        {
            PidFile.Remove(_pidFile!);
        }

        try
        {
            _process.Kill();
            return null;
        }
        catch (KernelException failure)
        {
            return failure.Message;
        }
    }
}
