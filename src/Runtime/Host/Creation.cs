using System.Globalization;
using Hull.Linux;
using Hull.Linux.Child;
using Hull.Linux.Operations;
using Hull.Oci;
using Hull.Runtime.Host.Cgroups;
using Hull.Runtime.Planning;
using Hull.Runtime.Storage;

namespace Hull.Runtime.Host;

/// <summary>
/// Carries out a plan on the host's side: the steps before the birth, the birth, and the steps beside the container
/// process. A failure anywhere leaves the host as if it had never been tried (ERR-01).
/// </summary>
internal sealed class Creation : IDisposable
{
    private readonly Plan _plan;
    private readonly ContainerDirectory _directory;
    private readonly ContainerRecord _intent;
    private readonly SettledHooks _hooks;
    private readonly string? _pidFile;
    private readonly Log _log;
    private readonly Slots _slots = new();
    private readonly List<OwnedFd> _opened = [];
    private readonly ContainerCgroups _cgroups = new();
    private readonly ContainerConsole _console = new();
    private readonly MountLender _lender = new();
    private HostLane? _lane;
    private SpawnedProcess? _process;
    private bool _hookFailed;
    private bool _pidFileWritten;

    /// <param name="plan">What to do.</param>
    /// <param name="directory">The container's directory, reserved and locked; its record says what is about to be made.</param>
    /// <param name="intent">That record.</param>
    /// <param name="hooks">The container's hooks: poststop ones run when another has failed.</param>
    /// <param name="pidFile">Where the pid goes, or null.</param>
    /// <param name="log">For warnings.</param>
    public Creation(Plan plan, ContainerDirectory directory, ContainerRecord intent, SettledHooks hooks, string? pidFile, Log log)
    {
        _plan = plan;
        _directory = directory;
        _intent = intent;
        _hooks = hooks;
        _pidFile = pidFile;
        _log = log;
    }

    /// <summary>The container's record once it is complete.</summary>
    public ContainerRecord Record { get; private set; } = null!;

    /// <summary>The container process, once it is born.</summary>
    public OwnedFd Process => _process!.Process;

    /// <summary>The host's side of the program's terminal, where it is ours to serve; null otherwise.</summary>
    public OwnedFd? Console => _console.Master;

    /// <summary>Makes the container.</summary>
    /// <exception cref="RuntimeError">It could not be made; nothing of it is left, or the message says what.</exception>
    public void Run()
    {
        try
        {
            _lane = new HostLane(_slots);
            CarryOut(_plan.Before);
            Spawned();
            CarryOut(_plan.Beside);
        }
        catch (Exception failure)
        {
            string? left = Undo();
            if (left is not null)
            {
                throw new RuntimeError($"{failure.Message}; and cleaning up failed: {left}")
                {
                    Hint = $"hull delete --force {_intent.Id} tries again",
                };
            }

            throw;
        }
    }

    public void Dispose()
    {
        _lane?.Dispose();
        _lender.Dispose();
        _console.Dispose();
        _cgroups.Dispose();
        CloseOpened();
        _process?.Process.Dispose();
    }

    private void Spawned()
    {
        var operations = new Operation[_plan.Inside.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = _plan.Inside[i].Operation;
        }

        var borrowed = new List<(Slot, NamespaceKinds)>();
        foreach (BorrowedNamespace one in _plan.Clone.Borrowed)
        {
            borrowed.Add((one.Slot, one.Kind));
        }

        try
        {
            using OwnedFd? cgroup = _plan.Clone.Cgroup.Length == 0 ? null : HostFiles.OpenDirectory(Fd.CurrentDirectory, _plan.Clone.Cgroup);
            _process = Spawn.Start(operations, _slots, new Birth(_plan.Clone.New, borrowed, cgroup?.Fd ?? Fd.None));
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

        _lane!.CloseFarEnd();
    }

    private void CarryOut(System.Collections.Immutable.ImmutableArray<HostStep> steps)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            try
            {
                CarryOut(steps[i].Action);
            }
            catch (KernelException failure)
            {
                // When the container process is gone, that is the reason, and what the kernel said to us only its echo.
                throw EndedEarly() ?? Failure.Of(steps[i], i, failure);
            }
        }
    }

    private void CarryOut(HostAction action)
    {
        switch (action)
        {
            case MakeCgroup make: _cgroups.Make(make); break;
            case InheritCpuset cpuset: _cgroups.Inherit(cpuset); break;
            case WriteCgroupFile write: _cgroups.Write(write); break;
            case AttachDeviceFilter filter: DeviceFiltering.Attach(filter); break;
            case EnterCgroups enter: _cgroups.Enter(enter, _process!.Pid); break;
            case TellContainer tell: _lane!.Tell(tell.Checkpoint); break;
            case AwaitContainer wait: Await(wait.Checkpoint); break;
            case ConnectConsole connect: _console.Connect(connect.Socket); break;
            case SendConsole: _console.Send(); break;
            case AdoptConsole adopt: _console.Adopt(adopt.TakeSize); break;
            case RecordContainer: Complete(); break;
            case AwaitProgram: WaitForProgram(); break;
            case OpenNamespace open: _slots[open.Slot] = Keep(NamespaceFiles.Open(open)); break;
            case OpenGate: _slots[Slot.Gate] = Keep(StartGate.Open(_directory)); break;
            case OpenLender: _lender.Open(_slots); break;
            case LendMounts lend: _lender.Start(lend.Mounts, _process!.Pid, _slots); break;
            case PrepareHookState prepare: PrepareHookState(prepare.Slot); break;
            case WriteHookState write: WriteHookState(write); break;
            case WriteIdMappings mappings: IdMappings.Write(_process!.Pid, mappings); break;
            case SetOomScoreAdjustment score: SetOomScore(score.Value); break;
            case RunHooks run: Run(run); break;
            default: throw new InvalidOperationException($"no way to {ActionText.Describe(action)}");
        }
    }

    private void Await(Checkpoint checkpoint)
    {
        Report report = _lane!.Receive(out OwnedFd? descriptor)
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
        Step step = _plan.Inside[Math.Clamp(report.Step, 0, _plan.Inside.Length - 1)];
        _hookFailed |= step.Operation is RunHook;
        return Failure.Of(step, report);
    }

    /// <summary>The container goes on in another process: that one is watched from here on, the first one is done.</summary>
    private void Follow(int pid)
    {
        OwnedFd next = Processes.OpenProcess(pid).OwnedOrThrow($"pidfd_open {pid}");
        Processes.Wait(_process!.Process, WaitOptions.Exited, out _).OrThrow("waitid");
        _process.Process.Dispose();
        _process = new SpawnedProcess(pid, next);
    }

    /// <summary>The lane ends with execve, without a word; anything else is a failure.</summary>
    private void WaitForProgram()
    {
        if (_lane!.Receive() is { } report)
        {
            throw report.Kind == ReportKind.Failure ? Failed(report) : new KernelException("the container process spoke out of turn", Errno.EPROTO);
        }
    }

    private void Complete()
    {
        _lender.Dispose();
        Record = _intent with
        {
            Phase = RecordPhase.Complete,
            Process = ProcessIdentity.Of(_process!.Pid),
            Cgroups = _cgroups.Made,
        };
        if (_pidFile is not null)
        {
            PidFile.Write(_pidFile, _process.Pid);
            _pidFileWritten = true;
        }

        _directory.Complete(Record);
    }

    private void PrepareHookState(Slot slot)
    {
        _slots[slot] = Keep(HookRunner.MemoryFile("hook-state", []));
        if (!_slots[Slot.HookOutput].IsOpen)
        {
            _slots[Slot.HookOutput] = Keep(HookRunner.MemoryFile("hook-output", []));
        }
    }

    private void WriteHookState(WriteHookState write)
    {
        int pid = write.Pid != 0 ? write.Pid : NamespaceFiles.InnermostPid(_process!.Pid);
        Files.Write(_slots[write.Slot], HookState.Of(_intent, write.Status, pid)).OrThrow("write the hooks' state");
    }

    private void Run(RunHooks run)
    {
        try
        {
            HookRunner.Run(run.Kind, run.Hooks, HookState.Of(_intent, run.Status, _process!.Pid), _intent.Bundle);
        }
        catch (RuntimeError)
        {
            _hookFailed = true;
            throw;
        }
    }

    private void SetOomScore(int value)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{_process!.Pid}/oom_score_adj");
        HostFiles.WriteAll(Fd.CurrentDirectory, path, System.Text.Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
    }

    private Fd Keep(OwnedFd opened)
    {
        _opened.Add(opened);
        return opened;
    }

    private void CloseOpened()
    {
        foreach (OwnedFd opened in _opened)
        {
            opened.Dispose();
        }

        _opened.Clear();
    }

    /// <summary>What became of a container process that has ended, told by itself or by the kernel; null when it lives.</summary>
    private RuntimeError? EndedEarly(bool wait = false)
    {
        if (_process is null)
        {
            return null;
        }

        SyscallResult waited = Processes.Wait(_process.Process, WaitOptions.Exited | (wait ? 0 : WaitOptions.NoHang), out WaitStatus status);
        if (waited.Failed || status.ProcessId == 0)
        {
            return null;
        }

        if (_lane!.Receive() is { Kind: ReportKind.Failure } report)
        {
            return Failed(report);
        }

        return Failure.Silent(status.Signal == 0 ? null : status.Signal, OutOfMemory.IsIn(_cgroups.Made));
    }

    /// <summary>Takes everything back, newest first. Goes on when something cannot be taken back, and says what.</summary>
    private string? Undo()
    {
        RemovePidFile();
        try
        {
            KillProcess();
            _cgroups.Undo();
            _directory.Remove();
        }
        catch (Exception failure) when (failure is KernelException or RuntimeError)
        {
            return failure.Message;
        }

        RunPoststopHooks();
        return null;
    }

    private void KillProcess()
    {
        if (_process is null)
        {
            return;
        }

        // Without a kill there may be no end to wait for.
        SyscallResult killed = Processes.SendSignal(_process.Process, (int)Signal.SIGKILL);
        if (killed.Failed && killed.Errno != Errno.ESRCH)
        {
            killed.OrThrow($"kill {_process.Pid}");
        }

        Processes.Wait(_process.Process, WaitOptions.Exited, out _);
    }

    /// <summary>Takes the pid file back, if we have written one.</summary>
    public void RemovePidFile()
    {
        if (_pidFileWritten)
        {
            PidFile.Remove(_pidFile!);
        }
    }

    /// <summary>A failed hook ends the lifecycle like a stop does, poststop hooks included (LIFE-15).</summary>
    private void RunPoststopHooks()
    {
        if (_hookFailed)
        {
            foreach (string warning in HookRunner.RunAll(HookKind.Poststop, _hooks.Poststop, HookState.Of(_intent, ContainerStatus.Stopped, 0), _intent.Bundle))
            {
                _log.Warning(warning);
            }
        }
    }
}
