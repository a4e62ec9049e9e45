namespace Hull.Runtime.Tests.CommandLines;

public class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("--debug", "--help")]
    [InlineData]
    public void The_page_of_the_program_is_in_the_form_that_callers_of_runc_know(params string[] arguments)
    {
        string[] lines = Page(arguments).Split('\n');

        lines[0].Should().Be("NAME:");
        lines[1].Should().Contain("hull - Open Container Initiative runtime");
        lines.Should().Contain("USAGE:").And.Contain("COMMANDS:").And.Contain("GLOBAL OPTIONS:");
    }

    [Fact]
    public void The_page_of_the_program_lists_what_is_offered()
    {
        string page = Page("--help");
        foreach (string verb in CommandTable.Verbs())
        {
            page.Should().Contain($"\n  {verb} ");
        }

        page.Should().ContainAll("--root=DIR", "--log-format=text|json", "--systemd-cgroup", "--rootless=true|false|auto", "-v, --version");
    }

    [Fact]
    public void Every_command_explains_itself_and_its_options()
    {
        foreach (DeclaredOptions declared in DeclaredOptions.All())
        {
            string? verb = CommandTable.Verbs().SingleOrDefault(name => CommandTable.Find(name)!.Options.GetType() == declared.Type);
            if (verb is null)
            {
                continue;
            }

            string page = Page(verb, "--help");
            page.Should().StartWith($"NAME:\n   hull {verb} - {CommandTable.Find(verb)!.Summary}\n").And.Contain("\nUSAGE:\n").And.Contain("\nOPTIONS:\n");
            page.Should().ContainAll(declared.Options.Where(option => !option.IsHidden).Select(option => $"--{option.LongName}"));
            Page(verb, "-h").Should().Be(page);
            Page("help", verb).Should().Be(page);
        }
    }

    [Fact]
    public void Every_command_has_examples_that_hull_itself_can_read_and_says_what_it_ends_with()
    {
        foreach (Declaration command in Declaration.Commands())
        {
            command.Examples.Count.Should().BeInRange(1, 3, command.Verb);
            Page(command.Verb, "--help").Should().Contain("\nEXAMPLES:\n").And.Contain("\nEXIT STATUS:\n").And.Contain(command.ExitStatus);
            foreach (ExampleAttribute example in command.Examples)
            {
                string call = Help.CallOf(command, example);
                string own = call[call.IndexOf("hull ", StringComparison.Ordinal)..].Split([" | ", " >", ")"], StringSplitOptions.None)[0];
                CommandLine.Read(own.Split(' ')[1..]).Request.Should().NotBeOfType<UsageError>(call);
            }
        }
    }

    [Fact]
    public void Emphasis_is_for_headings_only() =>
        Colours.Headings("NAME:\n   hull\nGLOBAL OPTIONS:\nPlain:\n").Should().Be("\u001b[1mNAME:\u001b[0m\n   hull\n\u001b[1mGLOBAL OPTIONS:\u001b[0m\nPlain:\n");

    [Fact]
    public void Help_is_shown_whatever_else_is_missing() => Page("exec", "--tty", "-h", "--nonesuch").Should().Contain("hull exec");

    [Fact]
    public void The_version_has_the_lines_that_Docker_looks_for()
    {
        string[] lines = Hull.Runtime.VersionText.Text.Split('\n');

        lines[0].Should().Be("hull version 0.1.0");
        lines[1].Should().MatchRegex("^commit: ([0-9a-f]{40}|unknown)$");
        lines[2].Should().Be("spec: 1.3.0");
    }

    private static string Page(params string[] arguments) => CommandLine.Read(arguments).Request.Should().BeOfType<HelpPage>().Subject.Text;
}
