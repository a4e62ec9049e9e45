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
        IRequest request = (error, global) switch
        {
            (not null, _) => new UsageError(WithPage(error, "hull --help"), ExitStatus.Failure),
            (_, { Help: true }) => Help.OfProgram(),
            (_, { Version: true }) => new VersionRequest(),
            (_, { Command: { } command }) => ReadCommand(command, [.. global.Arguments]),
            _ => Help.OfProgram(),
        };
        return new Invocation(global, request);
    }

    private static IRequest ReadCommand(string verb, string[] arguments)
    {
        if (CommandTable.Find(verb) is not { } reader)
        {
            return Unknown(verb, arguments is ["-h" or "--help", ..]);
        }

        if (reader.Read(arguments) is { } error)
        {
            return new UsageError(WithPage(error, $"hull {verb} --help"), reader.Command.FailureStatus);
        }

        return reader.Command.Help ? Help.About(verb) : reader.Command.Request;
    }

    /// <summary>The error that there is no such command.</summary>
    internal static UsageError Unknown(string verb, bool helpWanted)
    {
        string complaint = helpWanted ? $"No help topic for '{CallerText.Printable(verb)}'" : $"unknown command {CallerText.Quote(verb)}";
        return new UsageError(complaint + (Suggestion.ForEngineCommand(verb) ?? Suggestion.For(verb, CommandTable.Verbs())), ExitStatus.Failure);
    }

    /// <summary>Adds where to look further, unless the reader knew what was meant.</summary>
    private static string WithPage(string error, string page) =>
        error.Contains("did you mean", StringComparison.Ordinal) ? error : $"{error}; see {page}";
}
