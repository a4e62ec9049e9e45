using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What performs each action of the host: one overload for each record.</summary>
internal abstract partial class PlannedProcess
{
    /// <summary>Generated: calls the overload for the record. An action without one fails the build.</summary>
    [Dispatch]
    private partial void Perform(HostAction action);

    // Before the clone.
    private void Perform(OpenNamespace open) => Slots[open.Slot] = Keep(NamespaceFiles.Open(open));

    private void Perform(RequireIdMappings require) => JoinedIdMappings.Require(require, Slots[Slot.UserNamespace]);

    private void Perform(OpenProcessFilesystem _) => Slots[Slot.ProcessFilesystem] = Keep(ProcessFilesystem.Open());

    private void Perform(TakeSessionKeyring take) => SessionKeyring.Take(take, Slots[Slot.ProcessFilesystem]);

    private static void Perform(RequireSecurityModule require) => SecurityModules.Require(require);

    private void Perform(OpenStartSocket _) => Slots[Slot.StartSocket] = Keep(StartSocket.Open(Directory));

    private void Perform(OpenMountHelper _) => _mountHelper.Open(Slots);

    private void Perform(ConnectConsole connect) => _console.Connect(connect.Socket);

    private void Perform(ConnectPidfdSocket connect) => _pidfdSocket.Connect(connect.Socket);

    private static void Perform(FindListener find) => SeccompAgent.Find(find.Path);

    private void Perform(ConnectListener connect) => _agent = SeccompAgent.Connect(connect.Listener);

    private void Perform(PrepareSeccompHandshake prepare)
    {
        Fd file = Keep(SeccompHandshake.MakeFile());
        Slots[Slot.SeccompHandshake] = file;
        Slots.SeccompHandshake = new SeccompHandshake(file) { Traceable = prepare.Traceable };
    }

    private void Perform(PrepareHookState prepare)
    {
        Slots[prepare.Slot] = Keep(HostFiles.InMemory("hook-state", []));
        if (!Slots[Slot.HookOutput].IsOpen)
        {
            Slots[Slot.HookOutput] = Keep(HostFiles.InMemory("hook-output", []));
        }
    }

    private static void Perform(SetInitialAffinity affinity) => Scheduling.SetAffinity(0, affinity.Mask.AsSpan()).OrThrow("sched_setaffinity");

    // Cgroups, units and resctrl.
    private void Perform(MakeCgroup make) => _cgroups.Make(make);

    private void Perform(InheritCpuset inherit) => _cgroups.Inherit(inherit);

    private void Perform(WriteCgroupFile write) => _cgroups.Write(write);

    private static void Perform(DelegateCgroup delegated) => CgroupDelegation.Delegate(delegated);

    private static void Perform(CheckMemoryUsage check) => MemoryUsage.Check(check);

    private static void Perform(AttachDeviceFilter filter) => DeviceFiltering.Attach(filter);

    private void Perform(EnterCgroups enter) => _cgroups.Enter(enter, Pid);

    private void Perform(StartUnit start)
    {
        try
        {
            _unit.Start(start, Pid);
        }
        catch (RuntimeError)
        {
            // systemd refuses a process that has ended; why that has ended is the better message.
            if (EndedEarly() is { } ended)
            {
                throw ended;
            }

            throw;
        }
    }

    private void Perform(MakeResctrlGroup make) => _resctrl.Make(make);

    private void Perform(MakeMonitoringGroup make) => _resctrl.Make(make);

    private void Perform(EnterResctrlGroup enter) => _resctrl.Enter(enter, Pid);

    // Attributes and namespaces of the process.
    private void Perform(SetScheduler set) => Scheduling.SetScheduler(Pid, set.Attributes).OrThrow("sched_setattr");

    private void Perform(SetIoPriority set) => Scheduling.SetIoPriority(Pid, set.Class, set.Level).OrThrow("ioprio_set");

    private void Perform(WriteIdMappings mappings) => IdMappings.Write(Pid, mappings, Log.Warning);

    private void Perform(SetOomScoreAdjustment score)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/oom_score_adj");
        HostFiles.WriteAll(Fd.CurrentDirectory, path, Encoding.ASCII.GetBytes(score.Value.ToString(CultureInfo.InvariantCulture)));
    }

    private void Perform(ServeMounts serve) => _mountHelper.Start(serve.Mounts, Pid, Slots);

    private void Perform(MoveNetworkDevice move) => _networkDevices.Move(move, move.IntoJoined ? Slots[Slot.NetworkNamespace] : Fd.None, Pid);

    // Terminal, hooks and what is sent of the process.
    private void Perform(SendConsole _) => _console.Send();

    private void Perform(AdoptConsole adopt) => _console.Adopt(adopt.TakeSize);

    private void Perform(SendPidfd send) => _pidfdSocket.Send(send.Kind, Process);

    private void Perform(WriteHookState write)
    {
        int pid = write.Pid != 0 ? write.Pid : NamespaceFiles.InnermostPid(Pid);
        Files.Write(Slots[write.Slot], HookState.Of(Record, write.Status, pid)).OrThrow("write the hooks' state");
    }

    private void Perform(RunHooks run)
    {
        try
        {
            HookRunner.Run(run.Kind, run.Hooks, HookState.Of(Record, run.Status, Pid), Record.Bundle);
        }
        catch (RuntimeError)
        {
            HookFailed = true;
            throw;
        }
    }

    private void Perform(RecordContainer _) => RecordPid();

    private void Perform(RecordProcess _) => RecordPid();

    /// <summary>
    /// Until now a signal that ends us ends the process, too, which waits for us. From now on the process outlives us, so in the foreground a
    /// signal waits until it can be passed on.
    /// </summary>
    private void RecordPid()
    {
        _mountHelper.Stop();
        if (_mustBeMoved)
        {
            // A user's session and the units of the user's systemd have no cgroup of the user above both: only systemd can move the process.
            using UnitManager systemd = UnitManager.Connect(Record.UnitOfUser);
            systemd.Attach(Record.Unit, Pid);
        }

        if (InForeground)
        {
            _foreground = Foreground.Begin();
        }

        if (PidFilePath is not null)
        {
            PidFile.Write(PidFilePath, Pid);
            _pidFileWritten = true;
        }

        Complete(_cgroups.Made);
    }

    // Restoring.
    private void Perform(RestoreImages part) => Restore(part.Part);

    /// <summary>Carries out a part of a restore.</summary>
    protected virtual void Restore(RestorePart part) => throw new NotSupportedException("only a restored container has images");

    // Checkpoints.
    private void Perform(TellContainer tell) => _channel!.Tell(tell.Checkpoint);

    private void Perform(AwaitContainer wait)
    {
        Report report = NextReport(out OwnedFd? descriptor)
            ?? throw EndedEarly(wait: true) ?? (Exception)new KernelException("the container process has closed its channel", Errno.EPIPE);
        if (report.Kind == ReportKind.Failure)
        {
            throw Failed(report);
        }

        if (report.Kind != ReportKind.Checkpoint || report.Checkpoint != wait.Checkpoint)
        {
            throw new KernelException($"the container process announced {report.Checkpoint} instead of {wait.Checkpoint}", Errno.EPROTO);
        }

        if (wait.Checkpoint == Checkpoint.ConsoleReady)
        {
            _console.Take(descriptor ?? throw new KernelException("the container process sent no terminal", Errno.EPROTO));
        }

        if (wait.Checkpoint == Checkpoint.Forked)
        {
            Follow((int)report.Pid);
        }
    }

    /// <summary>What the container process says next; its warnings are passed on to the log.</summary>
    private Report? NextReport(out OwnedFd? descriptor)
    {
        while (true)
        {
            Report? report = _channel!.Receive(out descriptor);
            if (report is not { Kind: ReportKind.Warning } warning)
            {
                return report;
            }

            Log.Warning(Failure.Warning(_plan.Container[Math.Clamp(warning.Step, 0, _plan.Container.Length - 1)], warning));
        }
    }

    /// <summary>execve closes the channel; any message before that is a failure.</summary>
    private void Perform(AwaitProgram _)
    {
        using OwnedFd? interrupts = _foreground is not null && RunsHooksAtLast ? Foreground.Interrupts() : null;
        var start = new ProgramStart(_channel!, Slots.SeccompHandshake)
        {
            Interrupts = interrupts,
            Agent = _agent,
            Record = Record,
            Process = Process,
            Pid = Pid,
            Status = Status,
        };
        if (start.Await() is { } report)
        {
            throw report.Kind == ReportKind.Failure ? Failed(report) : new KernelException($"the container process announced {report.Checkpoint} before the program ran", Errno.EPROTO);
        }
    }

    /// <summary>Hooks run where the program is about to: in the container, after it was recorded.</summary>
    private bool RunsHooksAtLast
    {
        get
        {
            for (int i = _plan.Container.Length - 1; i >= 0 && _plan.Container[i].Operation is not Await; i--)
            {
                if (_plan.Container[i].Operation is RunHook)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Closes a descriptor with this object.</summary>
    private Fd Keep(OwnedFd opened)
    {
        _opened.Add(opened);
        return opened;
    }
}
