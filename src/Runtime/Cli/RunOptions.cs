using CommandLine;

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
}
