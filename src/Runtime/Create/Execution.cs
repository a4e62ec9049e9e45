using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Carries out the plan of a program that joins a container. It makes only the process and its pid file: a failure ends the one and removes
/// the other.
/// </summary>
internal sealed class Execution : PlannedProcess
{
    /// <param name="plan">What to do.</param>
    /// <param name="container">The container.</param>
    /// <param name="pidFile">The path of the pid file, or null.</param>
    /// <param name="log">For the times of the steps.</param>
    public Execution(Plan plan, RunningContainer container, string? pidFile, Log log)
        : base(plan, container.Directory, container.Record, new ContainerUnit())
    {
        Slots[Slot.ContainerProcess] = container.Process;
        Status = Oci.ContainerStatus.Running;
        MayBeMoved = container.Record.Unit.Length > 0;
        PidFilePath = pidFile;
        Log = log;
        Command = "exec";
    }

    /// <summary>The program's pid as we see it.</summary>
    public int ProgramPid => Pid;

    protected override string RootDirectory => string.Create(CultureInfo.InvariantCulture, $"/proc/{Record.Process.Pid}/root");
}
