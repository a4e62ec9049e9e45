using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The dialect of the command line, that of getopt_long with what Go's callers are used to: <c>--name VALUE</c>,
/// <c>--name=VALUE</c>, the same with one dash (containerd writes <c>-no-subreaper</c>), <c>-n VALUE</c>, <c>-nVALUE</c>,
/// <c>-n=VALUE</c>, <c>-abc</c>, <c>--flag=false</c>, and <c>--</c> before arguments that look like options. Options may
/// follow arguments, except where the arguments are another program's. An option takes the next argument whatever it looks
/// like; <c>-</c> and <c>-5</c> are values wherever they stand. Given twice, the last one holds; lists grow.
/// </summary>
/// <remarks>
/// src/Generators derives one reader from each class of options. It knows names and types only, so that all of
/// the dialect is here. No reflection: a call of an engine is read in microseconds.
/// </remarks>
internal abstract class OptionReader
{
    protected const int Unknown = -1;

    private string[] _arguments = [];
    private int _next;
    private int _given;

    /// <summary>What was read.</summary>
    public abstract CommandOptions Options { get; }

    /// <summary>The command's name; empty for the options before it.</summary>
    public abstract string Verb { get; }

    /// <summary>What the command does, in a few words.</summary>
    public abstract string Summary { get; }

    /// <summary>Its arguments as a usage line writes them: <c>&lt;container-id&gt; [signal]</c>.</summary>
    public abstract string Arguments { get; }

    protected abstract bool OptionsEndAtFirstArgument { get; }

    /// <summary>The long names, without dashes.</summary>
    public abstract string[] OptionNames();

    /// <summary>The name of the required argument at this position, or null when there is none.</summary>
    protected abstract string? MissingArgument(int given);

    protected abstract int Find(ReadOnlySpan<char> longName);

    protected abstract int Find(char shortName);

    protected abstract bool IsFlag(int option);

    protected abstract void SetFlag(int option, bool value);

    /// <summary>Null, or what the value should have been.</summary>
    protected abstract string? SetValue(int option, string value);

    /// <summary>False when there are more arguments than the command knows.</summary>
    protected abstract bool SetArgument(int position, string value);

    /// <summary>Null, or one line that says what is wrong. A request for help ends the reading.</summary>
    public string? Read(string[] arguments)
    {
        _arguments = arguments;
        var optionsEnded = false;
        while (_next < _arguments.Length)
        {
            string argument = _arguments[_next++];
            string? error = null;
            if (optionsEnded || IsArgument(argument))
            {
                error = ReadArgument(argument);
                optionsEnded |= OptionsEndAtFirstArgument;
            }
            else if (argument == "--")
            {
                optionsEnded = true;
            }
            else
            {
                error = ReadOption(argument);
            }

            if (error is not null || Options.Help)
            {
                return error;
            }
        }

        return MissingArgument(_given) is { } missing ? $"{missing} is missing" : null;
    }

    private static bool IsArgument(string text) =>
        text.Length < 2 || text[0] != '-' || char.IsAsciiDigit(text[1]);

    private string? ReadArgument(string argument)
    {
        if (argument.Length == 0 && MissingArgument(_given) is { } name)
        {
            return $"{name} is empty";
        }

        return SetArgument(_given++, argument) ? null : $"too many arguments: {CallerText.Quote(argument)} is not expected";
    }

    private string? ReadOption(string argument)
    {
        bool twoDashes = argument[1] == '-';
        ReadOnlySpan<char> name = argument.AsSpan(twoDashes ? 2 : 1);
        int equals = name.IndexOf('=');
        string? value = equals < 0 ? null : name[(equals + 1)..].ToString();
        name = equals < 0 ? name : name[..equals];
        int option = name.Length == 1 ? Find(name[0]) : Find(name);
        if (option != Unknown)
        {
            return Set(option, name, value);
        }

        return twoDashes ? UnknownOption($"--{name}", name) : ReadShortOptions(argument);
    }

    private string? ReadShortOptions(string argument)
    {
        for (var i = 1; i < argument.Length; i++)
        {
            int option = Find(argument[i]);
            if (option == Unknown)
            {
                // The whole can be a mistyped long name with one dash; only else the letter is what is unknown.
                bool isLetter = i > 1 && NearestName.Of(argument[1..], OptionNames()) is null;
                return isLetter ? UnknownOption($"-{argument[i]}", "") : UnknownOption(argument, argument.AsSpan(1));
            }

            bool last = i + 1 == argument.Length;
            bool takesRest = !last && (!IsFlag(option) || argument[i + 1] == '=');
            // Go's callers write -b=DIR; getopt would read a directory named "=DIR" there.
            string? value = !takesRest ? null : argument[(argument[i + 1] == '=' ? i + 2 : i + 1)..];
            if (Set(option, argument.AsSpan(i, 1), value) is { } error)
            {
                return error;
            }

            if (takesRest)
            {
                break;
            }
        }

        return null;
    }

    private string? Set(int option, ReadOnlySpan<char> name, string? value)
    {
        if (IsFlag(option))
        {
            return SetFlag(option, name, value);
        }

        if (value is null)
        {
            if (_next == _arguments.Length)
            {
                return $"flag needs an argument: {Spelling(name)}";
            }

            value = _arguments[_next++];
        }

        if (value.Length == 0)
        {
            return $"option {Spelling(name)} needs a value, not an empty text";
        }

        return SetValue(option, value) is { } expected ? $"option {Spelling(name)}: {CallerText.Quote(value)} is not {expected}" : null;
    }

    private string? SetFlag(int option, ReadOnlySpan<char> name, string? value)
    {
        switch (value)
        {
            case null or "true" or "TRUE" or "True" or "t" or "T" or "1":
                SetFlag(option, true);
                return null;
            case "false" or "FALSE" or "False" or "f" or "F" or "0":
                SetFlag(option, false);
                return null;
            default:
                return $"option {Spelling(name)}: {CallerText.Quote(value)} is neither true nor false";
        }
    }

    private static string Spelling(ReadOnlySpan<char> name) => name.Length == 1 ? $"-{name}" : $"--{name}";

    private string UnknownOption(string spelling, ReadOnlySpan<char> name)
    {
        bool goesBeforeCommand = Verb.Length > 0 && name.Length > 1 && new GlobalOptionsReader().Find(name) != Unknown;
        return goesBeforeCommand
            ? $"option --{name} goes before the command: hull --{name} {Verb}"
            : $"unknown option {CallerText.Quote(spelling)}{EngineOption(spelling) ?? Suggestion.For(name.ToString(), OptionNames(), "--")}";
    }

    private string? EngineOption(string spelling) =>
        Verb is "run" or "create" && Suggestion.ForEngineOption(spelling) is { Length: > 0 } pointer ? pointer : null;

    protected static string? Number(string value, out int number) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? null
            : WholeNumber(int.MinValue, int.MaxValue);

    protected static string? Number(string value, out uint number) =>
        uint.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? null
            : WholeNumber(uint.MinValue, uint.MaxValue);

    protected static string? Number(string value, out long number) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? null
            : WholeNumber(long.MinValue, long.MaxValue);

    protected static string? Number(string value, out ulong number) =>
        ulong.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? null
            : WholeNumber(ulong.MinValue, ulong.MaxValue);

    private static string WholeNumber(object least, object most) => $"a whole number from {least} to {most}";
}

/// <summary>The reader of a command.</summary>
internal abstract class CommandReader : OptionReader
{
    /// <summary>The command with the options that were read.</summary>
    public abstract Command Command { get; }
}
