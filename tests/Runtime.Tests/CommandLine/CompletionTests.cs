using System.Diagnostics;
using Hull.Skipping;

namespace Hull.Runtime.Tests.CommandLines;

/// <summary>Completion, asked of the shells themselves.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hull-completion-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("hull st", "start state")]
    [InlineData("hull --root /r de", "delete")]
    [InlineData("hull --root=/r --debug de", "delete")]
    [InlineData("hull --log-format ", "text json")]
    [InlineData("hull --log-format=j", "json")]
    [InlineData("hull --log-f", "--log-format")]
    [InlineData("hull ps --format ", "table json")]
    [InlineData("hull ps -f j", "json")]
    [InlineData("hull delete --f", "--force")]
    [InlineData("hull state ", "one two")]
    [InlineData("hull --root /other state ", "other")]
    [InlineData("hull --root=/other state ", "other")]
    [InlineData("hull kill t", "two")]
    [InlineData("hull kill two K", "KILL")]
    [InlineData("hull kill --all two KI", "KILL")]
    [InlineData("hull kill two SEG", "SEGV")]
    [InlineData("hull kill two RT", "RTMIN RTMAX")]
    [InlineData("hull kill --a", "--all")]
    [InlineData("hull events --interval 5s o", "one")]
    [InlineData("hull help compl", "completion")]
    [InlineData("hull completion ", "bash zsh fish")]
    [InlineData("hull run --bundle /b ", "")]
    public void Bash_offers_what_fits(string line, string expected)
    {
        string words = string.Join(' ', line.Split(' ').SelectMany(word => word.Contains('=') ? [word[..word.IndexOf('=')], "=", word[(word.IndexOf('=') + 1)..]] : (string[])[word])
            .Select(word => $"'{word}'"));
        // A hull of the test's own, which knows two containers, and another one elsewhere.
        string script = $$"""
            command() { shift; case "$*" in *'--root /other'*) echo other;; *) echo one; echo two;; esac; }
            source '{{Script("bash")}}'
            COMP_WORDS=({{words}}); [[ ${COMP_WORDS[-1]} == '' && {{(line.EndsWith('=') ? 1 : 0)}} == 1 ]] && unset 'COMP_WORDS[-1]'
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _hull; echo "${COMPREPLY[@]}"
            """;

        Shell("bash", "-c", script).Trim().Should().Be(expected);
    }

    [Theory]
    [InlineData("bash", "-n")]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public void A_shell_can_read_its_script(string shell, string onlyRead)
    {
        Skip.Unless(Find(shell) is not null, $"needs the shell {shell}");
        Shell(shell, onlyRead, Script(shell)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Every_command_and_every_option_is_in_the_script(string shell)
    {
        string script = Completion.For(shell)!;
        foreach (Declaration command in Declaration.Commands().Append(Declaration.Global()))
        {
            IEnumerable<string> options = command.Options.Select(option => shell == "fish" ? $"-l {option.LongName}" : $"--{option.LongName}");
            options.Append(command.Verb).Where(word => !script.Contains(word, StringComparison.Ordinal)).Should().BeEmpty($"of {command.Verb} they are missing");
        }

        script.Should().NotContain("kernel-memory", "what is hidden is not offered");
    }

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void No_text_breaks_out_of_its_quotes(string shell)
    {
        // Balanced on every line, with what is escaped left out.
        foreach (string line in Completion.For(shell)!.Split('\n'))
        {
            line.Replace("\\\\", "", StringComparison.Ordinal).Replace("'\\''", "", StringComparison.Ordinal).Replace("\\'", "", StringComparison.Ordinal)
                .Count(character => character == '\'').Should().Match(count => count % 2 == 0, line);
        }
    }

    [Fact]
    public void An_unknown_shell_is_refused_with_those_that_are_known() => CommandLine.Read(["completion", "tcsh"]).Request
        .Should().BeOfType<UsageError>().Which.Text.Should().Be("no completion for \"tcsh\": there is one for bash, zsh, fish");

    [Fact]
    public void Every_page_of_the_manual_is_one_that_man_can_set()
    {
        foreach (string?[] call in Declaration.Commands().Select(command => (string?[])["help", "--man", command.Verb]).Prepend(["help", "--man"]))
        {
            string page = CommandLine.Read(call!).Request.Should().BeOfType<PlainText>().Subject.Text;
            page.Should().StartWith(".TH HULL").And.Contain("\n.SH NAME\nhull").And.Contain("\n.SH SYNOPSIS\n");
            if (Find("groff") is not null)
            {
                string file = Path.Combine(_folder.FullName, "page");
                File.WriteAllText(file, page);
                Shell("bash", "-c", $"groff -man -ww -z '{file}' 2>&1").Should().BeEmpty(string.Join(' ', call));
            }
        }
    }

    private string Script(string shell)
    {
        string file = Path.Combine(_folder.FullName, shell);
        File.WriteAllText(file, CommandLine.Read(["completion", shell]).Request.Should().BeOfType<PlainText>().Subject.Text);
        return file;
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    private static string Shell(string shell, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
