using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// A process that carries out a plan, as the host has it: the descriptors it will find, its birth, its lane, its end. What create and exec
/// share; what is particular to them are their own actions.
/// </summary>
internal sealed class PlannedProcess : IDisposable
{
    private readonly Plan _plan;
    private readonly List<OwnedFd> _opened = [];
    private readonly ContainerConsole _console = new();
    private readonly PidfdSocket _pidfdSocket = new();
    private SeccompAgent? _agent;
    private HostChannel? _channel;
    private ClonedProcess? _cloned;

    /// <param name="plan">What it does, and what the host does for it.</param>
    public PlannedProcess(Plan plan) => _plan = plan;

    /// <summary>The descriptors that it is born with.</summary>
    public Slots Slots { get; } = new();

    /// <summary>Its pidfd, once it is born.</summary>
    public OwnedFd Process => _cloned!.Process;

    /// <summary>Its number, once it is born.</summary>
    public int Pid => _cloned!.Pid;

    /// <summary>The host's side of its terminal, where it is ours to serve; null otherwise.</summary>
    public OwnedFd? Console => _console.Master;

    /// <summary>Where the kernel does not let us make it in its cgroup, it may be born in ours: somebody else will move it.</summary>
    public bool MayBeMoved { get; init; }

    /// <summary>It was born in our cgroup and is to be moved.</summary>
    public bool IsElsewhere { get; private set; }

    /// <summary>A hook that it ran has failed.</summary>
    public bool HookFailed { get; private set; }

    /// <summary>The cgroups whose memory limit may have killed it.</summary>
    public Func<ImmutableArray<RecordedCgroup>> Cgroups { get; init; } = () => [];

    /// <summary>The container, for a seccomp agent.</summary>
    public required Func<ContainerRecord> Container { get; init; }

    /// <summary>And its status: creating for its first process, running for another one (SECL-06).</summary>
    public Oci.ContainerStatus Status { get; init; } = Oci.ContainerStatus.Creating;

    /// <summary>For warnings, and for the times of the steps.</summary>
    public required Log Log { get; init; }

    /// <summary>The command that it is for.</summary>
    public required string Command { get; init; }

    /// <summary>The steps before the birth, the birth, and the steps beside the process.</summary>
    /// <param name="carryOut">What does each action.</param>
    /// <exception cref="RuntimeError">A step failed; what is to be undone is the caller's.</exception>
    public void Run(Action<HostStep> carryOut)
    {
        _channel = new HostChannel(Slots);
        StepClock clock = StepClock.Start(Log, Command);
        CarryOut(_plan.HostBefore, carryOut, ref clock);
        Cloned();
        clock.Tell("make the process");
        CarryOut(_plan.Host, carryOut, ref clock);
    }

    /// <summary>Carries out an action that any process may need.</summary>
    public void CarryOut(HostStep step)
    {
        switch (step.Action)
        {
            case TellContainer tell: _channel!.Tell(tell.Checkpoint); break;
            case AwaitContainer wait: Await(wait.Checkpoint); break;
            case ConnectConsole connect: _console.Connect(connect.Socket); break;
            case SendConsole: _console.Send(); break;
            case AdoptConsole adopt: _console.Adopt(adopt.TakeSize); break;
            case ConnectPidfdSocket connect: _pidfdSocket.Connect(connect.Socket); break;
            case SendPidfd send: _pidfdSocket.Send(send.Kind, Process); break;
            case PrepareSeccompHandshake silent: PrepareSeccompHandshake(silent); break;
            case FindListener find: SeccompAgent.Find(find.Path); break;
            case ConnectListener connect: _agent = SeccompAgent.Connect(connect.Listener); break;
            case AwaitProgram: WaitForProgram(); break;
            case OpenNamespace open: Slots[open.Slot] = Keep(NamespaceFiles.Open(open)); break;
            case OpenProcessFilesystem: Slots[Slot.ProcessFilesystem] = Keep(ProcessFilesystem.Open()); break;
            case RequireSecurityModule require: SecurityModules.Require(step, require.Module); break;
            case SetScheduler set: Scheduling.SetScheduler(Pid, set.Attributes).OrThrow("sched_setattr"); break;
            case SetIoPriority set: Scheduling.SetIoPriority(Pid, set.Class, set.Level).OrThrow("ioprio_set"); break;
            case EnterResctrlGroup enter: new Resctrl().Enter(enter, Pid); break;
            case WriteIdMappings mappings: IdMappings.Write(Pid, mappings, Log.Warning); break;
            case SetOomScoreAdjustment score: SetOomScore(score.Value); break;
            default: throw new InvalidOperationException($"no way to {ActionText.Describe(step.Action)}");
        }
    }

    /// <summary>A descriptor that lives as long as this.</summary>
    public Fd Keep(OwnedFd opened)
    {
        _opened.Add(opened);
        return opened;
    }

    /// <summary>Ends the process, if there is one, and waits for that.</summary>
    public void Kill()
    {
        if (_cloned is null)
        {
            return;
        }

        // Without a kill there may be no end to wait for.
        SyscallResult killed = Processes.SendSignal(Process, (int)Signal.SIGKILL);
        if (killed.Failed && killed.Errno != Errno.ESRCH)
        {
            killed.OrThrow($"kill {Pid}");
        }

        Processes.Wait(Process, WaitOptions.Exited, out _);
    }

    public void Dispose()
    {
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
    }

    private void Cloned()
    {
        var operations = new Operation[_plan.Container.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = _plan.Container[i].Operation;
        }

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
            IsElsewhere = true;
            _cloned = Clone.Start(operations, Slots, new CloneContext(_plan.Clone.New, borrowed, Fd.None));
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"make the container process: {failure.Call}", failure.Errno)
            {
                Property = "linux.namespaces",
                Hint = failure.Errno switch
                {
                    Errno.EPERM => "making these namespaces needs CAP_SYS_ADMIN, or a new user namespace among them",
                    Errno.ENOSPC => "a limit in /proc/sys/user/max_*_namespaces is reached",
                    Errno.EINVAL => "this kernel lacks one of the namespaces",
                    _ => null,
                },
            };
        }

        _channel!.CloseFarEnd();
    }

    private void CarryOut(ImmutableArray<HostStep> steps, Action<HostStep> carryOut, ref StepClock clock)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            try
            {
                carryOut(steps[i]);
                clock.Tell(steps[i]);
            }
            catch (KernelException failure)
            {
                // When the container process is gone, that is the reason, and what the kernel said to us only its echo.
                throw EndedEarly() ?? Failure.Of(steps[i], i, failure);
            }
        }
    }

    private void Await(Checkpoint checkpoint)
    {
        Report report = _channel!.Receive(out OwnedFd? descriptor)
            ?? throw EndedEarly(wait: true) ?? (Exception)new KernelException("the container process has closed its lane", Errno.EPIPE);
        if (report.Kind == ReportKind.Failure)
        {
            throw Failed(report);
        }

        if (report.Kind != ReportKind.Checkpoint || report.Checkpoint != checkpoint)
        {
            throw new KernelException($"the container process spoke out of turn ({report.Checkpoint} instead of {checkpoint})", Errno.EPROTO);
        }

        if (checkpoint == Checkpoint.ConsoleReady)
        {
            _console.Take(descriptor ?? throw new KernelException("the container process sent no terminal", Errno.EPROTO));
        }

        if (checkpoint == Checkpoint.Forked)
        {
            Follow((int)report.Pid);
        }
    }

    private RuntimeError Failed(Report report)
    {
        Step step = _plan.Container[Math.Clamp(report.Step, 0, _plan.Container.Length - 1)];
        HookFailed |= step.Operation is RunHook;
        return Failure.Of(step, report);
    }

    /// <summary>The container goes on in another process: that one is watched from here on, the first one is done.</summary>
    private void Follow(int pid)
    {
        OwnedFd next = Processes.OpenProcess(pid).OwnedOrThrow($"pidfd_open {pid}");
        Processes.Wait(Process, WaitOptions.Exited, out _).OrThrow("waitid");
        Process.Dispose();
        _cloned = new ClonedProcess(pid, next);
    }

    /// <summary>The lane ends with execve, without a word; anything else is a failure.</summary>
    private void WaitForProgram()
    {
        var start = new ProgramStart(_channel!, Slots.SeccompHandshake)
        {
            Agent = _agent,
            Record = Container(),
            Process = Process,
            Pid = Pid,
            Status = Status,
        };
        if (start.Await() is { } report)
        {
            throw report.Kind == ReportKind.Failure ? Failed(report) : new KernelException("the container process spoke out of turn", Errno.EPROTO);
        }
    }

    private void PrepareSeccompHandshake(PrepareSeccompHandshake prepare)
    {
        Fd file = Keep(SeccompHandshake.MakeFile());
        Slots[Slot.SeccompHandshake] = file;
        Slots.SeccompHandshake = new SeccompHandshake(file) { Traceable = prepare.Traceable };
    }

    private void SetOomScore(int value)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/oom_score_adj");
        HostFiles.WriteAll(Fd.CurrentDirectory, path, System.Text.Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>What became of a container process that has ended, told by itself or by the kernel; null when it lives.</summary>
    public RuntimeError? EndedEarly(bool wait = false)
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

        if (_channel!.Receive() is { Kind: ReportKind.Failure } report)
        {
            return Failed(report);
        }

        return Failure.Silent(status.Signal == 0 ? null : status.Signal, OutOfMemory.IsIn(Cgroups()));
    }
}
