using CommandLine;

namespace Hull.Runtime;

/// <summary>The commands that look at one container or act on it.</summary>
internal abstract class ContainerOptions : CommandOptions
{
    [Value(0, MetaName = "container-id", Required = true, HelpText = "the container's name")]
    public string ContainerId { get; set; } = "";
}

[Verb("start", HelpText = "let a created container run its program")]
[Example("web", "let the program of the created container web run")]
internal sealed class StartOptions : ContainerOptions;

[Verb("state", HelpText = "print the state of a container as JSON")]
[Example("web", "what web is doing now")]
[Example("hull state web | jq -r .status", "one word of it")]
internal sealed class StateOptions : ContainerOptions;

[Verb("pause", HelpText = "freeze all processes of a container")]
[Example("web", "stop every process of web where it is")]
internal sealed class PauseOptions : ContainerOptions;

[Verb("resume", HelpText = "let the processes of a paused container go on")]
[Example("web", "let them go on")]
internal sealed class ResumeOptions : ContainerOptions;

[Verb("delete", HelpText = "remove what is left of a container")]
[Example("web", "forget a container that has stopped")]
[Example("--force web", "kill it first; also removes what an interrupted creation left")]
internal sealed class DeleteOptions : ContainerOptions
{
    [Option('f', "force", HelpText = "kill the container first if it still runs; an unknown container is no error")]
    public bool Force { get; set; }
}

[Verb("kill", HelpText = "send a signal to a container")]
[Example("web", "ask its first process to end: TERM")]
[Example("web KILL", "end it")]
[Example("--all web HUP", "tell every process of the container")]
[OptionsEndAtFirstArgument]
internal sealed class KillOptions : ContainerOptions
{
    [Option('a', "all", HelpText = "send it to every process of the container")]
    public bool All { get; set; }

    [Value(1, MetaName = "signal", HelpText = "a name or a number; TERM when absent")]
    public string? Signal { get; set; }
}

[Verb("events", HelpText = "print resource usage and out-of-memory events as JSON lines")]
[Example("--stats web", "what web uses now")]
[Example("--interval 1s web", "every second, until it ends; and when it runs out of memory")]
internal sealed class EventsOptions : ContainerOptions
{
    [Option("interval", MetaValue = "DURATION", HelpText = "time between two lines of usage: 5s, 100ms")]
    public string? Interval { get; set; }

    [Option("stats", HelpText = "print the usage once and end")]
    public bool Stats { get; set; }
}
