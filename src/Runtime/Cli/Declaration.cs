using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CommandLine;

namespace Hull.Runtime;

/// <summary>
/// The command line as it is declared, read by reflection: what help, completions and manual pages are made from. Costs milliseconds;
/// nothing that an engine calls may come here.
/// </summary>
/// <param name="Verb">The command; empty for the options before it.</param>
/// <param name="Usage">Its arguments, as a usage line writes them.</param>
internal sealed record Declaration(
    string Verb,
    string Summary,
    string Usage,
    IReadOnlyList<DeclaredOption> Options,
    IReadOnlyList<DeclaredArgument> Arguments,
    IReadOnlyList<ExampleAttribute> Examples,
    string ExitStatus)
{
    private const string UsualExitStatus = "0 when it succeeded; 1 when it did not, with one line on standard error";

    /// <summary>All commands that are offered, by name.</summary>
    public static IReadOnlyList<Declaration> Commands() =>
        [.. CommandTable.Verbs().Select(verb => Of(CommandTable.Find(verb)!))];

    /// <summary>What stands before a command.</summary>
    public static Declaration Global() => Of(new GlobalOptionsReader());

    /// <summary>One class of options.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "CommandTable and Help keep the members of all classes of options")]
    public static Declaration Of(OptionReader reader)
    {
        Type type = reader.Options.GetType();
        PropertyInfo[] properties = type.GetProperties();
        return new Declaration(
            reader.Verb,
            reader.Summary,
            reader.Arguments,
            [.. properties.Select(DeclaredOption.Of).OfType<DeclaredOption>().Where(option => !option.Hidden)],
            [.. properties.Select(DeclaredArgument.Of).OfType<DeclaredArgument>().OrderBy(argument => argument.Position)],
            [.. type.GetCustomAttributes<ExampleAttribute>()],
            type.GetCustomAttribute<EndsWithAttribute>()?.Explanation ?? UsualExitStatus);
    }
}

/// <summary>One option.</summary>
/// <param name="Value">What a usage line calls its value; empty for a flag.</param>
internal sealed record DeclaredOption(string LongName, string ShortName, string Value, string Text, bool Hidden)
{
    /// <summary>It takes no value.</summary>
    public bool IsFlag => Value.Length == 0;

    /// <summary>The only values there are; none when it can be anything.</summary>
    public string[] Choices => Value.Contains('|', StringComparison.Ordinal) ? Value.Split('|') : [];

    /// <summary>What the value is.</summary>
    public ValueKind Kind => Value switch
    {
        "DIR" => ValueKind.Directory,
        "FILE" or "SOCKET" => ValueKind.File,
        _ when Choices.Length > 0 => ValueKind.Choice,
        _ => ValueKind.Anything,
    };

    internal static DeclaredOption? Of(PropertyInfo property) => property.GetCustomAttribute<OptionAttribute>() is { } option
        ? new DeclaredOption(
            option.LongName, option.ShortName, property.PropertyType == typeof(bool) ? "" : option.MetaValue, option.HelpText, option.Hidden)
        : null;
}

/// <summary>What can be offered for a value.</summary>
internal enum ValueKind { Anything, Choice, File, Directory, Container, Signal, Command }

/// <summary>One argument that is not an option.</summary>
/// <param name="OfContainer">It is the name of a container that exists.</param>
internal sealed record DeclaredArgument(int Position, string Name, string Text, bool OfContainer)
{
    /// <summary>What it is.</summary>
    public ValueKind Kind => Name switch
    {
        _ when OfContainer => ValueKind.Container,
        "signal" => ValueKind.Signal,
        "command" => ValueKind.Command,
        _ => ValueKind.Anything,
    };

    /// <summary>The only values there are.</summary>
    public string[] Choices => Name.Contains('|', StringComparison.Ordinal) ? Name.Split('|') : [];

    internal static DeclaredArgument? Of(PropertyInfo property) => property.GetCustomAttribute<ValueAttribute>() is { Hidden: false } argument
        ? new DeclaredArgument(argument.Index, argument.MetaName, argument.HelpText, property.IsDefined(typeof(NamesContainerAttribute)))
        : null;
}
