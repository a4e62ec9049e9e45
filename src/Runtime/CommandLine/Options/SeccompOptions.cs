using CommandLine;

namespace Hull.Runtime.Options;

[Verb("seccomp", HelpText = "say what a bundle's filter of system calls does: explain SYSCALL [ARG...], or dump")]
internal sealed class SeccompOptions : CommandOptions
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Value(0, MetaName = "explain|dump", Required = true, HelpText = "explain: which rule decides about a call, and what happens; dump: the program, readable")]
    public string Question { get; set; } = "";

    [Value(1, MetaName = "syscall", HelpText = "explain: the call by name or number, and what is known of its arguments, decimal or 0x...")]
    public IReadOnlyList<string> Call { get; set; } = [];
}
