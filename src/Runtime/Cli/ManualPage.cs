using System.Text;

namespace Hull.Runtime;

/// <summary>Manual pages in roff, made from the declaration of the command line: <c>hull help --man run | man -l -</c>. man(7)</summary>
internal static class ManualPage
{
    /// <summary>The page of the program.</summary>
    internal static string OfProgram()
    {
        Declaration global = Declaration.Global();
        var page = new StringBuilder();
        Begin(page, "HULL", "hull", "an OCI container runtime");
        page.Append(".SH SYNOPSIS\n.B hull\n[global options] command [options] [arguments]\n");
        page.Append(".SH DESCRIPTION\nMakes and runs containers as the OCI runtime specification describes them.\n.SH COMMANDS\n");
        foreach (Declaration command in Declaration.Commands())
        {
            page.Append($".TP\n.BR hull\\-{Text(command.Verb)} (8)\n{Text(command.Summary)}\n");
        }

        Options(page, "GLOBAL OPTIONS", global);
        page.Append(".SH ENVIRONMENT\n");
        foreach ((string name, string meaning) in Help.Variables)
        {
            page.Append($".TP\n.B {Text(name)}\n{Text(meaning)}\n");
        }

        return page.ToString();
    }

    /// <summary>The page of a command.</summary>
    internal static string Of(OptionReader reader)
    {
        Declaration command = Declaration.Of(reader);
        var page = new StringBuilder();
        Begin(page, $"HULL-{command.Verb.ToUpperInvariant()}", $"hull-{command.Verb}", command.Summary);
        page.Append($".SH SYNOPSIS\n.B hull {Text(command.Verb)}\n[options] {Text(command.Usage)}\n");
        if (command.Arguments.Any(argument => argument.Text.Length > 0))
        {
            page.Append(".SH ARGUMENTS\n");
            foreach (DeclaredArgument argument in command.Arguments)
            {
                page.Append($".TP\n.I {Text(argument.Name)}\n{Text(argument.Text)}\n");
            }
        }

        Options(page, "OPTIONS", command);
        page.Append(".SH EXAMPLES\n");
        foreach (ExampleAttribute example in command.Examples)
        {
            page.Append($".TP\n{Text(example.Explanation)}:\n.B {Text(Help.CallOf(command, example))}\n");
        }

        page.Append($".SH EXIT STATUS\n{Text(command.ExitStatus)}.\n.SH SEE ALSO\n.BR hull (8)\n");
        return page.ToString();
    }

    private static void Begin(StringBuilder page, string title, string name, string summary) =>
        page.Append($".TH {Text(title)} 8 \"\" \"hull {Text(BuildFacts.Version)}\"\n.SH NAME\n{Text(name)} \\- {Text(summary)}\n");

    private static void Options(StringBuilder page, string title, Declaration command)
    {
        page.Append($".SH {title}\n");
        foreach (DeclaredOption option in command.Options)
        {
            string value = option.IsFlag ? "" : $" \\fI{Text(option.Value)}\\fR";
            string both = option.ShortName.Length > 0 ? $"\\fB\\-{option.ShortName}\\fR, " : "";
            page.Append($".TP\n{both}\\fB{Text("--" + option.LongName)}\\fR{value}\n{Text(option.Text)}\n");
        }
    }

    // A dash is a hyphen in roff unless said otherwise, and a line that begins with a dot or a quote a command.
    private static string Text(string text)
    {
        string escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? "\\&" + escaped : escaped;
    }
}
