using CommandLine;

namespace Hull.Runtime;

[Verb("create", HelpText = "make a container that waits for start")]
[Example("--bundle /bundles/web web", "make web from a bundle; hull start web lets it run")]
[Example("--console-socket tty.sock web", "the terminal goes to whoever listens on tty.sock")]
internal sealed class CreateOptions : NewContainerOptions
{
    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => CreateCommand.Run(global, this, log);
}

/// <summary><c>hull create</c>: the container is built; its program waits for <c>hull start</c>.</summary>
internal static class CreateCommand
{
    internal static int Run(GlobalOptions global, CreateOptions options, Log log)
    {
        using NewContainer container = NewContainer.Make(options.Container(global, waitForStart: true, foreground: false), log);
        return ExitStatus.Success;
    }
}
