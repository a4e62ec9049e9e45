
namespace Hull.Runtime;

/// <summary>The arguments of the program: <c>hull [options] command [options] [arguments]</c>.</summary>
internal static class CommandLine
{
    /// <summary>Reads them. Never throws: what is wrong with them is a <see cref="UsageError"/>.</summary>
    internal static Invocation Read(string[] arguments)
    {
        var reader = new GlobalOptionsReader();
        string? error = reader.Read(arguments);
        var global = (GlobalOptions)reader.Options;
        object request = (error, global) switch
        {
            (not null, _) => new UsageError(WithPage(error, "hull --help"), ExitStatus.Failure),
            (_, { Help: true }) => Help.OfProgram(),
            (_, { Version: true }) => new VersionRequest(),
            (_, { Command: { } command }) => ReadCommand(command, [.. global.Arguments]),
            _ => Help.OfProgram(),
        };
        return new Invocation(global, request);
    }

    private static object ReadCommand(string verb, string[] arguments)
    {
        if (CommandTable.Find(verb) is not { } reader)
        {
            return UnknownCommand(verb, arguments is ["-h" or "--help", ..]);
        }

        if (reader.Read(arguments) is { } error)
        {
            return new UsageError(WithPage(error, $"hull {verb} --help"), ExitStatus.OfFailure(reader.Options));
        }

        return reader.Options switch
        {
            { Help: true } => HelpOf(verb),
            HelpOptions { Command: null, Manual: var manual } => manual ? new PlainText(ManualPage.OfProgram()) : Help.OfProgram(),
            HelpOptions { Command: { } about, Manual: var manual } => HelpOf(about, manual),
            CompletionOptions { Shell: var shell } => CompletionFor(shell),
            CommandOptions options => options,
        };
    }

    private static object CompletionFor(string shell) => Completion.For(shell) is { } script
        ? new PlainText(script)
        : new UsageError($"no completion for {OptionReader.Quote(shell)}: there is one for {string.Join(", ", Completion.Shells)}", ExitStatus.Failure);

    private static object HelpOf(string verb, bool manual = false) => CommandTable.Find(verb) switch
    {
        null => UnknownCommand(verb, helpWanted: true),
        { Hidden: true } => new UsageError($"{verb} is not built yet", ExitStatus.Failure),
        { } reader when manual => new PlainText(ManualPage.Of(reader)),
        { } reader => Help.Of(reader),
    };

    private static UsageError UnknownCommand(string verb, bool helpWanted)
    {
        string complaint = helpWanted ? $"No help topic for '{OptionReader.Printable(verb)}'" : $"unknown command {OptionReader.Quote(verb)}";
        IEnumerable<string> offered = CommandTable.Verbs().Where(name => !CommandTable.Find(name)!.Hidden);
        return new UsageError(complaint + Suggestion.For(verb, offered), ExitStatus.Failure);
    }

    /// <summary>Adds where to look further, unless the reader knew what was meant.</summary>
    private static string WithPage(string error, string page) =>
        error.Contains("did you mean", StringComparison.Ordinal) ? error : $"{error}; see {page}";
}
