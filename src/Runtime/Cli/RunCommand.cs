using System.Globalization;
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

/// <summary>
/// <c>hull run</c>: create and start in one, without a start socket; attached, it lasts as long as the program and leaves nothing. A failure
/// until the program's end ends the container (LIFE-15); from then on the program's status is the result, whatever fails.
/// </summary>
internal static class RunCommand
{
    internal static int Run(GlobalOptions global, RunOptions options, Log log)
    {
        using NewContainer container = NewContainer.Make(options.Container(global, waitForStart: false, foreground: !options.Detach), log);
        WaitStatus status;
        try
        {
            PoststartHooks.Run(container.Record, ResolvedHooks.Of(container.Config.Hooks ?? new Hooks(), []));

            // Others may work on it while we wait: for its end, or until it says that it is ready.
            container.Directory.Unlock();
            if (options.Detach)
            {
                container.Notify?.AwaitReady(container.Process, container.Record.Process.Pid);
                return ExitStatus.Success;
            }

            StepClock clock = StepClock.Start(log, "run");
            status = container.AwaitEnd();
            clock.Tell("wait for the program's end");
        }
        catch (Exception failure) when (failure is RuntimeError or KernelException)
        {
            container.DestroyAfter(failure, log);
            throw;
        }

        TellOutOfMemory(container.Record, status, log);
        if (options.Keep)
        {
            ProgramEnd.Keep(container.Directory, container.Record, status, log);
        }
        else
        {
            Remove(container.Directory, container.Record, log);
        }

        return status.Signal != 0 ? ExitStatus.OfSignal(status.Signal) : status.ExitCode;
    }

    /// <summary>Another process may have deleted it meanwhile. What stays is told; the program's status is passed on all the same.</summary>
    internal static void Remove(ContainerDirectory directory, ContainerRecord record, Log log)
    {
        try
        {
            if (directory.Lock(log))
            {
                ContainerEnd.Remove(directory, record, log);
            }
        }
        catch (Exception left) when (left is RuntimeError or KernelException)
        {
            Warn($"container \"{record.Id}\" has ended and is not all removed: {left.Message}: hull delete --force {record.Id} tries again", log);
        }
    }

    /// <summary>A program that the kernel kills for want of memory says nothing itself (MEM-11).</summary>
    internal static void TellOutOfMemory(ContainerRecord record, WaitStatus status, Log log)
    {
        if (status.Signal == (int)Signal.SIGKILL && OutOfMemory.LimitIn(record.Cgroups) is { } limit)
        {
            string reason = limit < long.MaxValue
                ? string.Create(CultureInfo.InvariantCulture, $"because they needed more memory than the limit of {limit} bytes")
                : "because a cgroup above, or the machine, had no more memory";
            Warn($"linux.resources.memory: the kernel has killed processes of container \"{record.Id}\" {reason}", log);
        }
    }

    private static void Warn(string text, Log log)
    {
        try
        {
            log.Warning(text);
        }
        catch (RuntimeError unwritable)
        {
            StandardStreams.WriteError($"{text}\n{unwritable.Message}\n");
        }
    }
}
