using CommandLine;

namespace Hull.Runtime;

[Verb("seccomp", HelpText = "say what a bundle's filter of system calls does: explain SYSCALL [ARG...], or dump")]
[Example("explain openat", "what happens to a call, and which rule says so")]
[Example("explain --bundle /bundles/web clone 0x10000000", "the same of one with a known argument")]
[Example("dump", "the whole filter, readable")]
internal sealed class SeccompOptions : CommandOptions
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Value(0, MetaName = "explain|dump", Required = true, HelpText = "explain: which rule decides about a call, and what happens; dump: the program, readable")]
    public string Question { get; set; } = "";

    [Value(1, MetaName = "syscall", HelpText = "explain: the call, by name or number")]
    public string? Call { get; set; }

    [Value(2, MetaName = "argument-0", HelpText = "what is known of its arguments, decimal or 0x...")]
    public string? Argument0 { get; set; }

    [Value(3, MetaName = "argument-1", HelpText = "and so on")]
    public string? Argument1 { get; set; }

    [Value(4, MetaName = "argument-2", HelpText = "and so on")]
    public string? Argument2 { get; set; }

    [Value(5, MetaName = "argument-3", HelpText = "and so on")]
    public string? Argument3 { get; set; }

    [Value(6, MetaName = "argument-4", HelpText = "and so on")]
    public string? Argument4 { get; set; }

    [Value(7, MetaName = "argument-5", HelpText = "and so on")]
    public string? Argument5 { get; set; }
}
