using CommandLine;

namespace Hull.Runtime;

/// <summary>
/// What every command takes. These classes are the one declaration of the command line: CommandLineParser makes the help
/// from their attributes, src/Generators the readers. A value that nobody gave is null, zero, false or empty.
/// </summary>
internal abstract class CommandOptions
{
    [Option('h', "help", HelpText = "show this help")]
    public bool Help { get; set; }
}
