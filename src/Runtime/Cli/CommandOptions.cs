using CommandLine;

namespace Hull.Runtime;

/// <summary>
/// What every command takes. These classes are the one declaration of the command line: CommandLineParser makes the help
/// from their attributes, src/Generators the readers. A value that is not given is null, zero, false or empty.
/// </summary>
internal abstract class CommandOptions
{
    [Option('h', "help", HelpText = "show this help")]
    public bool Help { get; set; }
}

/// <summary>
/// A command: its options, and what it does with them. A class with <c>[Verb]</c> is all that a command needs: the table of commands, help,
/// completion and the manual page are made from it.
/// </summary>
internal abstract class Command : CommandOptions, IRequest
{
    /// <summary>What is carried out: the command itself, or the text that it only looks up.</summary>
    public virtual IRequest Request => this;

    /// <summary>The exit status when hull itself fails.</summary>
    public virtual int FailureStatus => ExitStatus.Failure;

    /// <inheritdoc/>
    public abstract int Run(GlobalOptions global, Log log);
}

/// <summary>How an answer is printed: for people or for programs.</summary>
internal enum TextFormat { Text, Json }

/// <summary>The commands that look at one container or act on it.</summary>
internal abstract class ContainerOptions : Command
{
    [NamesContainer]
    [Value(0, MetaName = "container-id", Required = true, HelpText = "the container's name")]
    public string ContainerId { get; set; } = "";
}
