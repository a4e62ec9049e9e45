using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// <c>hull exec</c>: another program joins a container. Its exit status is ours; our own failures end with 255, so that callers can tell
/// them apart.
/// </summary>
internal static class ExecCommand
{
    internal static int Run(GlobalOptions global, ExecOptions options, Log log)
    {
        StepClock clock = StepClock.Start(log, "exec");
        var preserved = PreservedDescriptors.Of(options.PreserveFds);
        using RunningContainer container = RunningContainer.Find(StoreRoot.Choose(global.Root), options.ContainerId, options.IgnorePaused);
        clock.Tell("find the container");
        ExecRequest request = Request(container, options, preserved, log);
        Plan plan = ExecPlanner.Plan(request, HostProbe.ProbeCaller());
        clock.Tell("read its configuration and plan");
        foreach (string warning in plan.Warnings)
        {
            log.Warning(warning);
        }

        using var execution = new Execution(plan, container, options.PidFile, log) { InForeground = !options.Detach };
        execution.Run();
        if (options.Detach)
        {
            return ExitStatus.Success;
        }

        clock = StepClock.Start(log, "exec");
        WaitStatus status = Foreground.Await(execution.Process, execution.Console);
        clock.Tell("wait for the program's end");
        return status.Signal != 0 ? ExitStatus.OfSignal(status.Signal) : status.ExitCode;
    }

    private static ExecRequest Request(RunningContainer container, ExecOptions options, PreservedDescriptors preserved, Log log)
    {
        Config config = container.ReadConfig();
        return new ExecRequest
        {
            Id = container.Record.Id,
            Config = config,
            FirstProcess = container.Record.Process.Pid,
            Rootfs = container.Record.Rootfs,
            Process = options.Process is { } file ? FromFile(file, options, log) : ExecProcess.Of(options, config.Process),
            Cgroups = container.Cgroups().Choose(options.Cgroups, () => HostProbe.ProbeCgroups()),
            KeepKeyring = container.Record.KeepsKeyring,
            Calling = new Calling(
                !options.Detach, options.ConsoleSocket, options.PidfdSocket, preserved.Count, preserved.Sockets) { Bundle = container.Record.Bundle },
        };
    }

    private static Process FromFile(string file, ExecOptions options, Log log)
    {
        if (ExecProcess.Unused(options) is { Length: > 0 } unused)
        {
            log.Warning($"--process {file} says everything about the program: left out: {unused}");
        }

        return ProcessFile.Read(file, log);
    }
}
