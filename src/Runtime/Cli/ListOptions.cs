using CommandLine;

namespace Hull.Runtime;

internal enum ListFormat { Table, Json }

[Verb("list", HelpText = "list the containers below --root")]
[Example("", "all containers as a table")]
[Example("--format json", "the same for programs, on one line")]
[Example("hull list -q | xargs -rn1 hull delete --force", "remove them all")]
internal sealed class ListOptions : CommandOptions
{
    [Option('f', "format", MetaValue = "table|json", HelpText = "how to print them")]
    public ListFormat Format { get; set; }

    [Option('q', "quiet", HelpText = "print the names only")]
    public bool Quiet { get; set; }
}

[Verb("ps", HelpText = "list the processes of a container")]
[Example("web", "the processes of web, as the host numbers them")]
[Example("--format json web", "their numbers alone")]
[Example("web -o pid,rss,args", "other columns: arguments of ps(1) follow the name")]
[OptionsEndAtFirstArgument]
internal sealed class PsOptions : ContainerOptions
{
    [Option('f', "format", MetaValue = "table|json", HelpText = "how to print them")]
    public ListFormat Format { get; set; }

    [Value(1, MetaName = "ps-arguments", HelpText = "arguments of ps(1): -ef when absent")]
    public IReadOnlyList<string> Arguments { get; set; } = [];
}
