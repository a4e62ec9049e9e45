using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// A process that carries out a plan, from the side of the host: what exists before it, its clone, its channel, its end. PlannedProcess.Actions.cs
/// has what the host does for it, step by step. A failure undoes all of that.
/// </summary>
internal abstract partial class PlannedProcess : IDisposable
{
    private readonly Plan _plan;
    private readonly List<OwnedFd> _opened = [];
    private readonly ContainerConsole _console = new();
    private readonly PidfdSocket _pidfdSocket = new();
    private readonly ContainerCgroups _cgroups = new();
    private readonly MountHelper _mountHelper = new();
    private readonly NetworkDevices _networkDevices = new();
    private readonly Resctrl _resctrl = new();
    private readonly ContainerUnit _unit;
    private SeccompAgent? _agent;
    private HostChannel? _channel;
    private ClonedProcess? _cloned;

    // Of a restored container: CRIU, which was cloned, beside the process that it has made.
    private ClonedProcess? _maker;

    // It was cloned into our own cgroup: systemd has to move it into the container's.
    private bool _mustBeMoved;
    private bool _pidFileWritten;
    private Foreground? _foreground;

    /// <param name="plan">What it does, and what the host does for it.</param>
    /// <param name="directory">The container's directory.</param>
    /// <param name="record">The container's record as it is now.</param>
    /// <param name="unit">Starts the container's systemd unit, if the plan does.</param>
    protected PlannedProcess(Plan plan, ContainerDirectory directory, ContainerRecord record, ContainerUnit unit)
    {
        _plan = plan;
        Directory = directory;
        Record = record;
        _unit = unit;
    }

    /// <summary>We stay until the program's end and pass on signals that we get.</summary>
    public bool InForeground { get; init; }

    /// <summary>The container's record; of a new container complete once <see cref="Run"/> has returned.</summary>
    public ContainerRecord Record { get; protected set; }

    /// <summary>Its pidfd, once it is cloned.</summary>
    public OwnedFd Process => _cloned!.Process;

    /// <summary>The host's side of its terminal, where it is ours to serve; null otherwise.</summary>
    public OwnedFd? Console => _console.Master;

    /// <summary>Takes over the host's side of its terminal.</summary>
    protected void TakeConsole(OwnedFd master) => _console.Take(master);

    /// <summary>The container's directory.</summary>
    protected ContainerDirectory Directory { get; }

    /// <summary>The directory that is its root, as the host sees it.</summary>
    protected virtual string RootDirectory => Record.Rootfs;

    /// <summary>Its pid as we see it, once it is cloned.</summary>
    protected int Pid => _cloned!.Pid;

    /// <summary>The descriptors that it starts with.</summary>
    protected Slots Slots { get; } = new();

    /// <summary>A hook has failed, of the host or inside the container.</summary>
    protected bool HookFailed { get; private set; }

    /// <summary>The path of the pid file; null for none.</summary>
    protected string? PidFilePath { get; init; }

    /// <summary>Where the kernel does not let us clone it into its cgroup, it may be cloned into ours, and systemd asked to move it.</summary>
    protected bool MayBeMoved { get; init; }

    /// <summary>The container's status, for a seccomp agent: creating for its first process, running for another one (SECL-06).</summary>
    protected Oci.ContainerStatus Status { get; init; } = Oci.ContainerStatus.Creating;

    /// <summary>For warnings, and for the times of the steps.</summary>
    protected Log Log { get; init; } = null!;

    /// <summary>The command that runs it: create or exec.</summary>
    protected string Command { get; init; } = "";

    /// <summary>The hint of an error after which something could not be undone; null for none.</summary>
    protected string? HintOfLeftovers { get; init; }

    /// <summary>Carries out the plan: the steps before the clone, the clone, and the steps of the host while the process carries out its own.</summary>
    /// <exception cref="RuntimeError">A step failed. Everything is undone, or the message says what could not be.</exception>
    public void Run()
    {
        try
        {
            _channel = new HostChannel(Slots);
            StepClock clock = StepClock.Start(Log, Command);
            Perform(_plan.HostBefore, "hostBefore", ref clock);
            BeforeClone();
            CloneProcess();
            clock.Tell("make the process");
            WarnOfPlan();
            Perform(_plan.Host, "host", ref clock);
            TraceContainer();
        }
        catch (Exception failure)
        {
            TraceContainer();
            UndoAfter(failure);
            throw;
        }
    }

    /// <summary>What the container process has noted of its steps, until now.</summary>
    private void TraceContainer()
    {
        if (Trace.Current is not { } trace || Slots.Times is not { } times || _cloned is null)
        {
            return;
        }

        for (int i = 0; i < _plan.Container.Length && times[i] != 0; i++)
        {
            // The one that has not ended: execve, a step that failed, or the wait for start.
            (Step step, long end) = (_plan.Container[i], times[i + 1]);
            trace.Add(new Trace.Span(
                step.Operation.Describe(), step.Origin.ToString(), step.Origin.Rule, "container", i, MakerPid, times[i], end == 0 ? Trace.Now() : end));
        }
    }

    /// <summary>
    /// In the foreground: waits for the program's end, passing on signals and serving its terminal. What it ended with is known from here on,
    /// whatever else fails.
    /// </summary>
    /// <param name="notify">Where the program says that it is ready; null when the caller does not ask.</param>
    public WaitStatus AwaitEnd(NotifySocket? notify = null) => _foreground!.Await(Process, Console, notify);

    /// <summary>Undoes every step after a failure, which the caller passes on.</summary>
    /// <exception cref="RuntimeError">Something could not be undone; the message names that failure, too.</exception>
    public void UndoAfter(Exception failure)
    {
        var cleaning = new CleaningUp();
        Undo(cleaning);
        cleaning.ThrowAfter(failure, HintOfLeftovers);
    }

    /// <summary>Removes the pid file, if it has been written.</summary>
    public void RemovePidFile()
    {
        if (_pidFileWritten)
        {
            PidFile.Remove(PidFilePath!);
        }
    }

    public void Dispose()
    {
        _foreground?.Dispose();
        _mountHelper.Dispose();
        _channel?.Dispose();
        _console.Dispose();
        _pidfdSocket.Dispose();
        _agent?.Dispose();
        foreach (OwnedFd opened in _opened)
        {
            opened.Dispose();
        }

        _opened.Clear();
        _cloned?.Process.Dispose();
        _maker?.Process.Dispose();
        _cgroups.Dispose();
        _networkDevices.Dispose();
        _resctrl.Dispose();
        _unit.Dispose();
    }

    /// <summary>Everything that the process starts with is open.</summary>
    protected virtual void BeforeClone()
    {
    }

    /// <summary>The cloned process has made another one, a child of ours: that is the container's, and what follows is about it.</summary>
    protected void GoOnWith(int pid)
    {
        OwnedFd made = Processes.OpenProcess(pid).OwnedOrThrow($"pidfd_open {pid}");
        _maker = _cloned;
        _cloned = new ClonedProcess(pid, made);
    }

    /// <summary>The pid of the process that was cloned, also once another one has taken its place.</summary>
    protected int MakerPid => (_maker ?? _cloned!).Pid;

    /// <summary>That process itself.</summary>
    protected Fd MakerProcess => (_maker ?? _cloned!).Process;

    /// <summary>The cloned process has done its work: waits for its end.</summary>
    protected void AwaitMaker() => Processes.Wait(_maker!.Process, WaitOptions.Exited, out _).OrThrow("waitid");

    /// <summary>The process is recorded: what else makes a container complete.</summary>
    /// <param name="cgroups">Its cgroups.</param>
    protected virtual void Complete(ImmutableArray<RecordedCgroup> cgroups)
    {
    }

    /// <summary>Undoes every step, newest first.</summary>
    /// <param name="cleaning">Gets what could not be undone.</param>
    protected virtual void Undo(CleaningUp cleaning)
    {
        cleaning.Try(RemovePidFile);

        // First of all: virtual interfaces would end with the network namespace that they are in.
        cleaning.Try(_networkDevices.Undo);
        cleaning.Try(_mountHelper.Stop);
        cleaning.Try(() => Kill(_maker));
        cleaning.Try(() => Kill(_cloned));
        cleaning.Try(_resctrl.Undo);
        cleaning.Try(_unit.Undo);
        ImmutableArray<RecordedCgroup> cgroups = _cgroups.Made;
        cleaning.Try(_cgroups.Undo);
        cleaning.Try(() => CgroupParents.RemoveUnused(Directory, cgroups));
    }

    /// <summary>The record of what could not be undone, for a later attempt: with the process, if it still lives.</summary>
    protected ContainerRecord RecordOfLeftovers()
    {
        bool lives = _cloned is not null && !ProcessEnd.HasCome(Process);
        return Record with
        {
            Phase = lives ? RecordPhase.Complete : Record.Phase,
            Process = lives ? ProcessIdentity.Of(Pid) : Record.Process,
            Cgroups = _cgroups.Made,
        };
    }

    /// <summary>Not before: to a caller who may make no container at all, what it would lack is not worth a line beside the error.</summary>
    private void WarnOfPlan()
    {
        foreach (string warning in _plan.Warnings)
        {
            Log.Warning(warning);
        }
    }

    private void CloneProcess()
    {
        var operations = new Operation[_plan.Container.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = _plan.Container[i].Operation;
        }

        Slots.Times = Trace.Current is null ? null : new StepTimes(operations.Length);
        var borrowed = new List<(Slot, NamespaceKinds)>();
        foreach (BorrowedNamespace one in _plan.Clone.Borrowed)
        {
            borrowed.Add((one.Slot, one.Kind));
        }

        try
        {
            _cloned = CloneCgroup.Start(_plan.Clone, cgroup => Clone.Start(operations, Slots, new CloneContext(_plan.Clone.New, borrowed, cgroup)));
        }
        catch (KernelException refused) when (MayBeMoved && refused.Errno == Errno.EACCES)
        {
            _mustBeMoved = true;
            _cloned = Clone.Start(operations, Slots, new CloneContext(_plan.Clone.New, borrowed, Fd.None));
        }
        catch (KernelException failure)
        {
            throw Failure.OfClone(failure);
        }

        _channel!.CloseFarEnd();
    }

    private void Perform(ImmutableArray<HostStep> steps, string list, ref StepClock clock)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            try
            {
                Perform(steps[i].Action);
                clock.Tell(steps[i], list, i);
            }
            catch (KernelException failure)
            {
                // When the container process has ended, that is the reason, and this failure only follows from it.
                throw EndedEarly() ?? Failure.Of(steps[i], i, failure);
            }
        }
    }

    /// <summary>Ends the process, if there is one, and waits for that.</summary>
    private static void Kill(ClonedProcess? cloned)
    {
        if (cloned is not null)
        {
            ProcessEnd.Kill(cloned);
        }
    }

    private RuntimeError Failed(Report report)
    {
        Step step = _plan.Container[Math.Clamp(report.Step, 0, _plan.Container.Length - 1)];
        HookFailed |= step.Operation is RunHook;
        return Failure.Of(step, report, RootDirectory);
    }

    /// <summary>Another process carries out the remaining operations: it is ours to watch from here on, and the first one has ended.</summary>
    private void Follow(int pid)
    {
        OwnedFd next = Processes.OpenProcess(pid).OwnedOrThrow($"pidfd_open {pid}");
        Processes.Wait(Process, WaitOptions.Exited, out _).OrThrow("waitid");
        Process.Dispose();
        _cloned = new ClonedProcess(pid, next);
    }

    /// <summary>Why a container process has ended, from its report or its wait status; null when it has not.</summary>
    private RuntimeError? EndedEarly(bool wait = false)
    {
        if (_cloned is null)
        {
            return null;
        }

        SyscallResult waited = Processes.Wait(Process, WaitOptions.Exited | (wait ? 0 : WaitOptions.NoHang), out WaitStatus status);
        if (waited.Failed || status.ProcessId == 0)
        {
            return null;
        }

        if (NextReport(out _) is { Kind: ReportKind.Failure } report)
        {
            return Failed(report);
        }

        return Failure.Silent(status.Signal == 0 ? null : status.Signal, OutOfMemory.LimitIn(_cgroups.Made));
    }
}
