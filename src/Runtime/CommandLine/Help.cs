using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CommandLine;
using CommandLine.Text;
using Hull.Runtime.Options;
using TypeInfo = CommandLine.TypeInfo;

namespace Hull.Runtime;

/// <summary>
/// The pages of help, in runc's outline; the lists in them are CommandLineParser's, from the attributes. Its reflection costs
/// milliseconds, so nothing else may come here.
/// </summary>
internal static class Help
{
    private const int Width = 100;

    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(GlobalOptions))]
    internal static HelpPage OfProgram() => new($"""
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
        {Body(NewText(dashes: false).AddVerbs([.. CommandTable.OptionClasses()]))}

        GLOBAL OPTIONS:
        {OptionsOf(typeof(GlobalOptions))}

        """);

    internal static HelpPage Of(OptionReader reader) => new($"""
        NAME:
           hull {reader.Verb} - {reader.Summary}

        USAGE:
           {$"hull {reader.Verb} [options] {reader.Arguments}".TrimEnd()}

        OPTIONS:
        {OptionsOf(reader.Options.GetType())}

        """);

    private static string OptionsOf(Type options) => Body(NewText().AddOptions(Declared(options)));

    private static HelpText NewText(bool dashes = true) => new("")
    {
        AutoHelp = false,
        AutoVersion = false,
        AdditionalNewLineAfterOption = false,
        AddDashesToOption = dashes,
        MaximumDisplayWidth = Width,
    };

    private static string Body(HelpText text) => text.ToString().Trim('\r', '\n');

    /// <summary>
    /// HelpText wants the result of a Parser, although it looks at nothing but the class in it. The Parser would bring its
    /// converters and System.Console into the binary, so the result is made without one, by constructors that are not public.
    /// </summary>
    private static NotParsed<object> Declared(Type options)
    {
        const BindingFlags Any = BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        object? typeInfo = typeof(TypeInfo).GetMethod("Create", Any, [typeof(Type)])!.Invoke(null, [options]);
        ConstructorInfo constructor = typeof(NotParsed<object>).GetConstructor(Any, [typeof(TypeInfo), typeof(IEnumerable<Error>)])!;
        return (NotParsed<object>)constructor.Invoke([typeInfo, Array.Empty<Error>()]);
    }
}
