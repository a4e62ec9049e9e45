using CommandLine;
using CommandLine.Text;
using Hull.Runtime.Options;

namespace Hull.Runtime;

/// <summary>
/// The pages of help, in runc's outline; the lists in them are CommandLineParser's, from the attributes. Its reflection costs
/// milliseconds and its settings ask System.Console for the width, so nothing else may come here.
/// </summary>
internal static class Help
{
    private const int Width = 100;

    internal static HelpPage OfProgram()
    {
        using Parser parser = NewParser();
        HelpText commands = NewText(dashes: false).AddVerbs([.. CommandTable.OptionClasses()]);
        return new HelpPage($"""
            NAME:
               hull - Open Container Initiative runtime

            hull makes and runs containers as the OCI runtime specification describes them. Engines such as
            containerd, Docker and Podman call it; a person may, too:

               mkdir -p bundle/rootfs && cd bundle     # a rootfs of your choice
               hull spec                               # writes config.json
               hull run my-container

            USAGE:
               hull [global options] command [command options] [arguments]

            COMMANDS:
            {Body(commands)}

            GLOBAL OPTIONS:
            {Body(NewText().AddOptions(parser.ParseArguments<GlobalOptions>([])))}

            """);
    }

    internal static HelpPage Of(OptionReader reader)
    {
        using Parser parser = NewParser();
        ParserResult<object> declared = parser.ParseArguments([reader.Verb, "--help"], CommandTable.OptionClasses());
        return new HelpPage($"""
            NAME:
               hull {reader.Verb} - {reader.Summary}

            USAGE:
               {$"hull {reader.Verb} [options] {reader.Arguments}".TrimEnd()}

            OPTIONS:
            {Body(NewText().AddOptions(declared))}

            """);
    }

    private static Parser NewParser() => new(settings =>
    {
        settings.AutoHelp = false;
        settings.AutoVersion = false;
        settings.HelpWriter = null;
    });

    private static HelpText NewText(bool dashes = true) => new("")
    {
        AutoHelp = false,
        AutoVersion = false,
        AdditionalNewLineAfterOption = false,
        AddDashesToOption = dashes,
        MaximumDisplayWidth = Width,
    };

    private static string Body(HelpText text) => text.ToString().Trim('\r', '\n');
}
