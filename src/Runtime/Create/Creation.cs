using System.Globalization;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Carries out a plan on the host's side: the steps before the birth, the birth, and the steps beside the container
/// process. A failure anywhere leaves the host as if it had never been tried (ERR-01).
/// </summary>
internal sealed class Creation : IDisposable
{
    private readonly ContainerDirectory _directory;
    private readonly ContainerRecord _intent;
    private readonly ResolvedHooks _hooks;
    private readonly string? _pidFile;
    private readonly Log _log;
    private readonly PlannedProcess _process;
    private readonly ContainerCgroups _cgroups = new();
    private readonly MountHelper _mountHelper = new();
    private readonly NetworkDevices _networkDevices = new();
    private readonly Resctrl _resctrl = new();
    private readonly ContainerUnit _unit;
    private bool _hookFailed;
    private bool _pidFileWritten;

    /// <param name="plan">What to do.</param>
    /// <param name="directory">The container's directory, reserved and locked; its record says what is about to be made.</param>
    /// <param name="intent">That record.</param>
    /// <param name="hooks">The container's hooks: poststop ones run when another has failed.</param>
    /// <param name="pidFile">Where the pid goes, or null.</param>
    /// <param name="unit">Who makes its unit, if it gets one.</param>
    /// <param name="log">For warnings.</param>
    public Creation(
        Plan plan, ContainerDirectory directory, ContainerRecord intent, ResolvedHooks hooks, string? pidFile, ContainerUnit unit, Log log)
    {
        _unit = unit;
        _process = new PlannedProcess(plan) { Cgroups = () => _cgroups.Made, Container = () => Record, Log = log, Command = "create" };
        _directory = directory;
        _intent = intent;
        _hooks = hooks;
        _pidFile = pidFile;
        _log = log;
    }

    /// <summary>We stay until the program's end: signals to us are its own.</summary>
    public bool InForeground { get; init; }

    /// <summary>The container's record once it is complete.</summary>
    public ContainerRecord Record { get; private set; } = null!;

    /// <summary>The container process, once it is born.</summary>
    public OwnedFd Process => _process.Process;

    /// <summary>The host's side of the program's terminal, where it is ours to serve; null otherwise.</summary>
    public OwnedFd? Console => _process.Console;

    /// <summary>Makes the container.</summary>
    /// <exception cref="RuntimeError">It could not be made; nothing of it is left, or the message says what.</exception>
    public void Run()
    {
        try
        {
            _process.Run(CarryOut);
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
        _mountHelper.Dispose();
        _process.Dispose();
        _cgroups.Dispose();
        _networkDevices.Dispose();
        _unit.Dispose();
    }

    private void CarryOut(HostStep step)
    {
        switch (step.Action)
        {
            case StartUnit start: Start(start); break;
            case MakeCgroup make: _cgroups.Make(make); break;
            case InheritCpuset cpuset: _cgroups.Inherit(cpuset); break;
            case WriteCgroupFile write: _cgroups.Write(write); break;
            case DelegateCgroup owned: CgroupDelegation.Delegate(owned); break;
            case AttachDeviceFilter filter: DeviceFiltering.Attach(filter); break;
            case EnterCgroups enter: _cgroups.Enter(enter, _process.Pid); break;
            case RecordContainer: Complete(); break;
            case MoveNetworkDevice move: _networkDevices.Move(move, move.IntoJoined ? _process.Slots[Slot.NetworkNamespace] : Fd.None, _process.Pid); break;
            case MakeResctrlGroup make: _resctrl.Make(make); break;
            case MakeMonitoringGroup make: _resctrl.Make(make); break;
            case OpenStartSocket: _process.Slots[Slot.StartSocket] = _process.Keep(StartSocket.Open(_directory)); break;
            case OpenMountHelper: _mountHelper.Open(_process.Slots); break;
            case ServeMounts lend: _mountHelper.Start(lend.Mounts, _process.Pid, _process.Slots); break;
            case PrepareHookState prepare: PrepareHookState(prepare.Slot); break;
            case WriteHookState write: WriteHookState(write); break;
            case RunHooks run: Run(run); break;
            default: _process.CarryOut(step); break;
        }
    }

    private void Start(StartUnit start)
    {
        try
        {
            _unit.Start(start, _process.Pid);
        }
        catch (RuntimeError)
        {
            // systemd does not take a process that has ended; why it has is the better answer.
            if (_process.EndedEarly() is { } ended)
            {
                throw ended;
            }

            throw;
        }
    }

    /// <summary>From here on the container outlives us: a signal that ended us would leave it alone, and never reach it.</summary>
    private void Complete()
    {
        _mountHelper.Dispose();
        if (InForeground)
        {
            Foreground.HoldSignals();
        }

        Record = _intent with
        {
            Phase = RecordPhase.Complete,
            Process = ProcessIdentity.Of(_process.Pid),
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
        _process.Slots[slot] = _process.Keep(HostFiles.InMemory("hook-state", []));
        if (!_process.Slots[Slot.HookOutput].IsOpen)
        {
            _process.Slots[Slot.HookOutput] = _process.Keep(HostFiles.InMemory("hook-output", []));
        }
    }

    private void WriteHookState(WriteHookState write)
    {
        int pid = write.Pid != 0 ? write.Pid : NamespaceFiles.InnermostPid(_process.Pid);
        Files.Write(_process.Slots[write.Slot], HookState.Of(_intent, write.Status, pid)).OrThrow("write the hooks' state");
    }

    private void Run(RunHooks run)
    {
        try
        {
            HookRunner.Run(run.Kind, run.Hooks, HookState.Of(_intent, run.Status, _process.Pid), _intent.Bundle);
        }
        catch (RuntimeError)
        {
            _hookFailed = true;
            throw;
        }
    }

    /// <summary>Takes everything back, newest first. Goes on when something cannot be taken back, and says what.</summary>
    private string? Undo()
    {
        RemovePidFile();
        try
        {
            // First of all: virtual interfaces would end with the network namespace that they are in.
            _networkDevices.Undo();
            _process.Kill();
            _resctrl.Undo();
            _unit.Undo();
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
        if (_hookFailed || _process.HookFailed)
        {
            foreach (string warning in HookRunner.RunAll(HookKind.Poststop, _hooks.Poststop, HookState.Of(_intent, ContainerStatus.Stopped, 0), _intent.Bundle))
            {
                _log.Warning(warning);
            }
        }
    }
}
