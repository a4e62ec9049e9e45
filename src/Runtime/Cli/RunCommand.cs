using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary><c>hull run</c>: create and start in one, without the gate; attached, it lasts as long as the program and leaves nothing.</summary>
internal static class RunCommand
{
    internal static int Run(GlobalOptions global, RunOptions options, Log log)
    {
        using NewContainer container = NewContainer.Make(global, options, waitForStart: false, foreground: !options.Detach, log);
        try
        {
            PoststartHooks.Run(container.Record, ResolvedHooks.Of(container.Config.Hooks ?? new Hooks(), []));
        }
        catch (RuntimeError)
        {
            container.Destroy(log);
            throw;
        }

        // Others may work on it while we wait: for its end, or until it says that it is ready.
        container.Directory.Unlock();
        if (options.Detach)
        {
            container.Notify?.AwaitReady(container.Process, container.Record.Process.Pid);
            return ExitStatus.Success;
        }

        StepClock clock = StepClock.Start(log, "run");
        WaitStatus status = Foreground.Await(container.Process, container.Console, container.Notify);
        clock.Tell("wait for the program's end");
        if (!options.Keep)
        {
            Remove(container, log);
        }

        return status.Signal != 0 ? ExitStatus.OfSignal(status.Signal) : status.ExitCode;
    }

    /// <summary>Somebody else may have deleted it meanwhile.</summary>
    private static void Remove(NewContainer container, Log log)
    {
        if (container.Directory.Lock(log))
        {
            ContainerEnd.Remove(container.Directory, container.Record, log);
        }
    }
}
