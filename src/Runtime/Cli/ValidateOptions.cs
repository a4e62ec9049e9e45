using CommandLine;

namespace Hull.Runtime;

internal enum ValidateFormat { Text, Json }

[Verb("validate", HelpText = "say everything that is wrong with a bundle's config.json, and do nothing")]
[Example("--bundle /bundles/web", "everything that is wrong with it, one line each")]
[Example("--format json", "the same for programs")]
internal sealed class ValidateOptions : CommandOptions
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Option('f', "format", MetaValue = "text|json", HelpText = "how to say it")]
    public ValidateFormat Format { get; set; }
}
