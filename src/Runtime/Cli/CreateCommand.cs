
namespace Hull.Runtime;

/// <summary><c>hull create</c>: the container is built; its program waits for <c>hull start</c>.</summary>
internal static class CreateCommand
{
    internal static int Run(GlobalOptions global, CreateOptions options, Log log)
    {
        using NewContainer container = NewContainer.Make(global, options, waitForStart: true, foreground: false, log);
        return ExitStatus.Success;
    }
}
