using System.Text.RegularExpressions;

namespace Hull.Runtime.Tests.CommandLines;

/// <summary>The README's table of commands is the declaration: whoever adds an option adds it there, with who else has it.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void The_table_of_commands_lists_every_command_with_all_its_options_and_no_others()
    {
        Dictionary<string, string[]> told = Row().Matches(File.ReadAllText(SourceTree.Place("README.md"))).ToDictionary(
            row => row.Groups[1].Value == "before the command" ? "" : row.Groups[1].Value.Trim('`'),
            row => OptionName().Matches(row.Groups[2].Value).Select(option => option.Groups[1].Value).Order().ToArray());

        told.Keys.Should().BeEquivalentTo(Declaration.Commands().Select(command => command.Verb).Append(""));
        foreach (Declaration command in Declaration.Commands().Append(Declaration.Global()))
        {
            told[command.Verb].Should().Equal(command.Options.Select(option => option.LongName).Where(name => name != "help").Order(), command.Verb);
        }
    }

    [GeneratedRegex(@"^\| (before the command|`\w+`) \| [rcy]* *\| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`--([a-z0-9-]+)`")]
    private static partial Regex OptionName();
}
