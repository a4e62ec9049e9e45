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

        try
        {
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
