using CommandLine;

namespace Hull.Runtime;

[Verb("help", HelpText = "show the help of a command, or what a rule of the specification says")]
[Example("run", "explain hull run")]
[Example("MNT-15", "the rule that a plan or an error names")]
[Example("hull help --man run | man -l -", "as a manual page")]
internal sealed class HelpOptions : Command
{
    [Option("man", HelpText = "as a manual page for man(1)")]
    public bool Manual { get; set; }

    [Value(0, MetaName = "command", HelpText = "the command to explain, or the id of a rule")]
    public string? Command { get; set; }

    /// <inheritdoc/>
    public override IRequest Request => Command is { } verb ? Hull.Runtime.Help.About(verb, Manual) : Manual ? new PlainText(ManualPage.OfProgram()) : Hull.Runtime.Help.OfProgram();

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => Request.Run(global, log);
}
