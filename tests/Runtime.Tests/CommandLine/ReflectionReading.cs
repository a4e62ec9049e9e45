using CommandLine;

namespace Hull.Runtime.Tests.CommandLines;

/// <summary>
/// What CommandLineParser reads, in its getopt mode. The few forms that it cannot express are rewritten first:
/// <list type="number">
/// <item><c>-bundle X</c>: one dash before a long name becomes two.</item>
/// <item><c>--flag=true</c> becomes <c>--flag</c>, <c>--flag=false</c> goes: it ignores the value of a flag.</item>
/// <item><c>-b=X</c> becomes <c>-b X</c>: it would read <c>=X</c>.</item>
/// <item>
/// A class with a list option gets its arguments last, after <c>--</c>: a list would take the arguments that follow it.
/// So does one whose options end at the first argument when that is <c>-5</c>: it would go on reading options there.
/// </item>
/// </list>
/// It accepts superfluous arguments, and an option at the end whose value is missing; both are refused here.
/// </summary>
internal static class ReflectionReading
{
    /// <summary>The options object, or null when the arguments are refused.</summary>
    internal static object? Read(DeclaredOptions declared, string[] arguments)
    {
        (List<string> options, List<string> values, List<string> asTyped, bool valueMissing) = Rewrite(declared, arguments);
        if (valueMissing || values.Count > declared.MaximumArguments)
        {
            return null;
        }

        bool reorder = declared.HasLists || (declared.EndAtFirstArgument && values.Count > 0 && IsNegative(values[0]));
        string[] rewritten = reorder ? [.. options, "--", .. values] : [.. asTyped];

        using var parser = new Parser(settings =>
        {
            settings.GetoptMode = true;
            settings.PosixlyCorrect = declared.EndAtFirstArgument;
            settings.CaseInsensitiveEnumValues = true;
            settings.AutoHelp = false;
            settings.AutoVersion = false;
            settings.HelpWriter = null;
        });
        ParserResult<object> result = parser.ParseArguments(() => Activator.CreateInstance(declared.Type)!, rewritten);
        return result.Tag == ParserResultType.NotParsed ? null : result.Value;
    }

    private static (List<string> Options, List<string> Values, List<string> AsTyped, bool ValueMissing) Rewrite(
        DeclaredOptions declared, string[] arguments)
    {
        var valueMissing = false;
        List<string> options = [], values = [], asTyped = [];
        var ended = false;
        for (var i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (ended || argument.Length < 2 || argument[0] != '-' || IsNegative(argument))
            {
                values.Add(argument);
                asTyped.Add(argument);
                ended |= declared.EndAtFirstArgument;
                continue;
            }

            if (argument == "--")
            {
                ended = true;
                asTyped.Add(argument);
                continue;
            }

            List<string> option = RewriteOption(declared, argument, out bool takesNext);
            if (takesNext && i + 1 < arguments.Length)
            {
                option.Add(arguments[++i]);
            }
            else
            {
                valueMissing |= takesNext;
            }

            options.AddRange(option);
            asTyped.AddRange(option);
        }

        return (options, values, asTyped, valueMissing);
    }

    private static List<string> RewriteOption(DeclaredOptions declared, string argument, out bool takesNext)
    {
        bool oneDash = argument[1] != '-';
        string[] parts = argument[(oneDash ? 1 : 2)..].Split('=', 2);
        takesNext = false;
        if (declared.Find(parts[0]) is not { } option)
        {
            takesNext = oneDash && LastOfBundleTakesNext(declared, argument);
            return [argument];
        }

        if (option.IsFlag)
        {
            bool isOff = parts is [_, "false" or "False" or "FALSE" or "f" or "F" or "0"];
            return isOff ? [] : [$"--{option.LongName}"];
        }

        takesNext = parts.Length == 1;
        return takesNext ? [$"--{option.LongName}"] : [$"--{option.LongName}", parts[1]];
    }

    private static bool LastOfBundleTakesNext(DeclaredOptions declared, string argument)
    {
        int valued = argument.Skip(1).TakeWhile(letter => declared.Find($"{letter}") is null or { IsFlag: true }).Count() + 1;
        return valued == argument.Length - 1;
    }

    private static bool IsNegative(string argument) => argument.Length > 1 && argument[0] == '-' && char.IsAsciiDigit(argument[1]);
}
