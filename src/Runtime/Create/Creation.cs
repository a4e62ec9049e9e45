using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Carries out the plan of a new container. A failure anywhere leaves the host as if it had never been tried (ERR-01).</summary>
internal sealed class Creation : PlannedProcess
{
    private readonly ResolvedHooks _hooks;

    /// <param name="plan">What to do.</param>
    /// <param name="directory">The container's directory, reserved and locked; its record says what is about to be made.</param>
    /// <param name="intent">That record.</param>
    /// <param name="hooks">The container's hooks: poststop ones run when another has failed.</param>
    /// <param name="pidFile">The path of the pid file, or null.</param>
    /// <param name="unit">Starts its systemd unit, if it gets one.</param>
    /// <param name="log">For warnings.</param>
    public Creation(
        Plan plan, ContainerDirectory directory, ContainerRecord intent, ResolvedHooks hooks, string? pidFile, ContainerUnit unit, Log log)
        : base(plan, directory, intent, unit)
    {
        _hooks = hooks;
        PidFilePath = pidFile;
        Log = log;
        Command = "create";
        HintOfLeftovers = $"hull delete --force {intent.Id} tries again";
    }

    protected override void Complete(ImmutableArray<RecordedCgroup> cgroups)
    {
        Record = Record with
        {
            Phase = RecordPhase.Complete,
            Process = ProcessIdentity.Of(Pid),
            Cgroups = cgroups,
        };
        Directory.Complete(Record);
    }

    protected override void Undo(CleaningUp cleaning)
    {
        base.Undo(cleaning);

        // What is left can be found only through its record.
        cleaning.Try(cleaning.IsComplete ? Directory.Remove : () => Directory.WriteRecord(RecordOfLeftovers()));
        if (HookFailed)
        {
            cleaning.Try(RunPoststopHooks);
        }
    }

    /// <summary>A failed hook ends the lifecycle like a stop does, poststop hooks included (LIFE-15).</summary>
    private void RunPoststopHooks()
    {
        foreach (string warning in HookRunner.RunAll(HookKind.Poststop, _hooks.Poststop, HookState.Of(Record, ContainerStatus.Stopped, 0), Record.Bundle))
        {
            Log.Warning(warning);
        }
    }
}
