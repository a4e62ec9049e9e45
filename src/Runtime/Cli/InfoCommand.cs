using System.Globalization;
using System.Text;
using CommandLine;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("info", HelpText = "tell what this host and its kernel give to containers")]
[Example("", "the facts, for people")]
[Example("hull info --format json | jq .cgroups", "a part of them, for programs")]
internal sealed class InfoOptions : Command
{
    [Option('f', "format", MetaValue = "text|json", HelpText = "how to print them")]
    public TextFormat Format { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => InfoCommand.Run(global, this);
}

/// <summary><c>hull info</c>: what this host gives to the caller, without a judgement: that is <c>hull doctor</c>.</summary>
internal static class InfoCommand
{
    internal static int Run(GlobalOptions global, InfoOptions options)
    {
        HostReport report = HostSurvey.Ask(StoreRoot.Choose(global.Root));
        StandardStreams.WriteOut(options.Format == TextFormat.Json ? AsJson(report) : AsText(report));
        return ExitStatus.Success;
    }

    private static string AsText(HostReport report)
    {
        var text = new StringBuilder();
        string group = "";
        foreach ((string of, string name, object value) in report.Facts())
        {
            text.Append(of == group ? "" : $"{of}\n");
            group = of;
            text.Append("  ").Append(name.PadRight(24)).Append(' ').Append(value switch
            {
                string[] list => list.Length == 0 ? "none" : string.Join(' ', list),
                true => "yes",
                false => "no",
                _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
            }).Append('\n');
        }

        return text.ToString();
    }

    private static string AsJson(HostReport report)
    {
        var json = new JsonText(indented: true);
        json.Open('{');
        WriteFacts(json, report);
        json.Close('}');
        return json.ToString();
    }

    /// <summary>The groups of facts as members of an object that is open.</summary>
    internal static void WriteFacts(JsonText json, HostReport report)
    {
        foreach (IGrouping<string, (string Group, string Name, object Value)> group in report.Facts().GroupBy(fact => fact.Group))
        {
            json.Name(group.Key);
            json.Open('{');
            foreach ((_, string name, object value) in group)
            {
                Write(json, name, value);
            }

            json.Close('}');
        }
    }

    private static void Write(JsonText json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.Member(name, text);
                break;
            case ulong number:
                json.Member(name, number);
                break;
            case bool truth:
                json.Member(name, truth);
                break;
            case string[] texts:
                json.Name(name);
                json.Open('[');
                foreach (string text in texts)
                {
                    json.Value(text);
                }

                json.Close(']');
                break;
        }
    }
}
