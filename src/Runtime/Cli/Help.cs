using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CommandLine.Text;
using CommandLine;
using TypeInfo = CommandLine.TypeInfo;

namespace Hull.Runtime;

/// <summary>
/// The pages of help, in runc's outline; the lists in them are CommandLineParser's, from the attributes. Its reflection costs
/// milliseconds, so nothing else may come here.
/// </summary>
internal static class Help
{
    private const int Width = 100;

    /// <summary>The page of the program.</summary>
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

        ENVIRONMENT:
        {string.Join('\n', Variables.Select(variable => $"  {variable.Name,-24}{variable.Meaning}"))}

        hull help COMMAND explains one of them; --man gives the same as a manual page (hull help --man run | man -l -).

        """);

    /// <summary>The page of a command or what a rule of the specification says, or the error that there is neither.</summary>
    internal static IRequest About(string verb, bool manual = false) => CommandTable.Find(verb) is not { } reader
            ? RuleHelp.About(verb) is { } rule ? new PlainText(rule) : CommandLine.Unknown(verb, helpWanted: true)
        : manual ? new PlainText(ManualPage.Of(reader))
        : Of(reader);

    /// <summary>The page of a command.</summary>
    internal static HelpPage Of(OptionReader reader) => new($"""
        NAME:
           hull {reader.Verb} - {reader.Summary}

        USAGE:
           {$"hull {reader.Verb} [options] {reader.Arguments}".TrimEnd()}

        OPTIONS:
        {OptionsOf(reader.Options.GetType())}
        {Examples(Declaration.Of(reader))}
        EXIT STATUS:
          {Declaration.Of(reader).ExitStatus}

        """);

    /// <summary>What hull reads from the environment.</summary>
    internal static (string Name, string Meaning)[] Variables =>
    [
        ("XDG_RUNTIME_DIR", "for users: the directory in which the default --root is"),
        ("NOTIFY_SOCKET", "run, create and start pass on that the program is ready: sd_notify(3)"),
        ("LISTEN_FDS, LISTEN_PID", "sockets that are passed on to the program, with LISTEN_FDNAMES: sd_listen_fds(3)"),
        ("NO_COLOR", "no colours, on a terminal either"),
    ];

    /// <summary>The whole line that an example shows.</summary>
    internal static string CallOf(Declaration command, ExampleAttribute example) =>
        SaysTheCall(example.Arguments)
            ? example.Arguments
            : $"hull {command.Verb} {example.Arguments}".TrimEnd();

    /// <summary>An example that is more than one call.</summary>
    private static bool SaysTheCall(string text) =>
        text.StartsWith("hull ", StringComparison.Ordinal) || text.Contains(" hull ", StringComparison.Ordinal) || text.Contains("(hull ", StringComparison.Ordinal);

    private static string Examples(Declaration command) => command.Examples.Count == 0
        ? ""
        : $"\nEXAMPLES:\n{string.Concat(command.Examples.Select(example => $"  {CallOf(command, example)}\n      {example.Explanation}\n"))}";

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
