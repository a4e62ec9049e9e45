using CommandLine;

namespace Hull.Runtime;

[Verb("spec", HelpText = "write a config.json to start from")]
[Example("", "write config.json here")]
[Example("--bundle /bundles/web --rootless", "for a user without privileges")]
internal sealed class SpecOptions : CommandOptions
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "where to write it; the current directory when absent")]
    public string? Bundle { get; set; }

    [Option("rootless", HelpText = "for a user without privileges")]
    public bool Rootless { get; set; }
}

[Verb("features", HelpText = "print what this runtime can do as JSON")]
[Example("hull features | jq .linux.seccomp", "one part of it")]
internal sealed class FeaturesOptions : CommandOptions;

[Verb("help", HelpText = "show the help of a command")]
[Example("run", "explain hull run")]
[Example("hull help --man run | man -l -", "as a manual page")]
internal sealed class HelpOptions : CommandOptions
{
    [Option("man", HelpText = "as a manual page for man(1)")]
    public bool Manual { get; set; }

    [Value(0, MetaName = "command", HelpText = "the command to explain")]
    public string? Command { get; set; }
}

[Verb("completion", HelpText = "print the completion script of a shell")]
[Example("source <(hull completion bash)", "complete in this shell, bash or zsh")]
[Example("hull completion bash >/etc/bash_completion.d/hull", "complete in every bash")]
[Example("hull completion fish | source", "complete in this fish")]
internal sealed class CompletionOptions : CommandOptions
{
    [Value(0, MetaName = "bash|zsh|fish", Required = true, HelpText = "which shell")]
    public string Shell { get; set; } = "";
}
