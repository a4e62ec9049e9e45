using CommandLine;

namespace Hull.Runtime.Options;

[Verb("run", HelpText = "create and start a container, and wait for its end")]
internal sealed class RunOptions : NewContainerOptions
{
    [Option('d', "detach", HelpText = "do not wait: leave the container running")]
    public bool Detach { get; set; }

    [Option("keep", HelpText = "do not delete the container when it has ended")]
    public bool Keep { get; set; }
}
