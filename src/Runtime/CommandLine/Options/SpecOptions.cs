using CommandLine;

namespace Hull.Runtime.Options;

[Verb("spec", HelpText = "write a config.json to start from")]
internal sealed class SpecOptions : CommandOptions
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "where to write it; the current directory when absent")]
    public string? Bundle { get; set; }

    [Option("rootless", HelpText = "for a user without privileges")]
    public bool Rootless { get; set; }
}

[Verb("features", HelpText = "print what this runtime can do as JSON")]
internal sealed class FeaturesOptions : CommandOptions;

[Verb("help", HelpText = "show the help of a command")]
internal sealed class HelpOptions : CommandOptions
{
    [Value(0, MetaName = "command", HelpText = "the command to explain")]
    public string? Command { get; set; }
}
