using CommandLine;

namespace Hull.Runtime.Options;

internal enum ValidateFormat { Text, Json }

[Verb("validate", HelpText = "say everything that is wrong with a bundle's config.json, and do nothing")]
internal sealed class ValidateOptions : CommandOptions
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Option('f', "format", MetaValue = "text|json", HelpText = "how to say it")]
    public ValidateFormat Format { get; set; }
}
