using Hull.Linux;

namespace Hull.Runtime;

internal static class Program
{
    internal static int Main(string[] arguments)
    {
        // All that was written is out, and the kernel closes what is open faster than it can be told to.
        Processes.Exit(Run(arguments));
        return 0;
    }

    private static int Run(string[] arguments)
    {
        Invocation invocation = CommandLine.Read(arguments);
        Log log = invocation.Global.NewLog();
        if (invocation.Request is Command && log.Unwritable is { } unwritable)
        {
            StandardStreams.WriteError($"{unwritable.Message}\n");
            return invocation.Request.FailureStatus;
        }

        int status = Run(invocation, log);
        if (Trace.Current is { } trace)
        {
            Write(trace, status, log);
        }

        return status;
    }

    /// <summary>The command has done what it was asked for: that nobody can read of it is only worth a warning.</summary>
    private static void Write(Trace trace, int status, Log log)
    {
        try
        {
            trace.Write(status);
        }
        catch (RuntimeError error)
        {
            log.Failure(error.Message, error);
        }
    }

    private static int Run(Invocation invocation, Log log)
    {
        try
        {
            if (invocation.Request is ITraced { Trace: { } file })
            {
                Trace.Begin(file, invocation.Global.Command!);
            }

            return invocation.Request.Run(invocation.Global, log);
        }
        catch (RuntimeError error)
        {
            log.Failure(error.Message, error);
        }
        catch (KernelException error)
        {
            log.Failure(error.Message);
        }
#pragma warning disable CA1031 // The last resort: callers get one line and the right status, not a stack trace and SIGABRT.
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.Failure($"internal error: {error.GetType().Name}: {error.Message}");
        }

        return invocation.Request.FailureStatus;
    }
}
