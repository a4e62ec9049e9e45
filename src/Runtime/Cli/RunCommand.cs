using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("run", HelpText = "create and start a container, and wait for its end")]
[Example("web", "run the bundle of the current directory as web")]
[Example("--bundle /bundles/web --detach --pid-file web.pid web", "leave it running, and note its process")]
[EndsWith("the program's own; 128 and the signal's number when a signal ended it; 1 when hull failed; with --detach 0 or 1")]
internal sealed class RunOptions : NewContainerOptions
{
    [Option('d', "detach", HelpText = "do not wait: leave the container running")]
    public bool Detach { get; set; }

    [Option("keep", HelpText = "do not delete the container when it has ended")]
    public bool Keep { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => RunCommand.Run(global, this, log);
}

/// <summary><c>hull run</c>: create and start in one, without a start socket; attached, it lasts as long as the program and leaves nothing.</summary>
internal static class RunCommand
{
    internal static int Run(GlobalOptions global, RunOptions options, Log log)
    {
        using NewContainer container = NewContainer.Make(options.Container(global, waitForStart: false, foreground: !options.Detach), log);
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

    /// <summary>Another process may have deleted it meanwhile.</summary>
    private static void Remove(NewContainer container, Log log)
    {
        if (container.Directory.Lock(log))
        {
            ContainerEnd.Remove(container.Directory, container.Record, log);
        }
    }
}
