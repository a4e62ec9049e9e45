using CommandLine;

namespace Hull.Runtime;

internal enum PlanFormat { Text, Json }

[Verb("plan", HelpText = "print what create would do, step by step, and do nothing")]
[Example("--bundle /bundles/web", "read what create would do")]
[Example("--format json", "the same for programs")]
internal sealed class PlanOptions : BundleOptions
{
    [Option('f', "format", MetaValue = "text|json", HelpText = "how to print the plan")]
    public PlanFormat Format { get; set; }

    [Value(0, MetaName = "container-id", HelpText = "the name that the container would have")]
    public string? ContainerId { get; set; }
}
