using System.Text.RegularExpressions;

namespace Hull.EndToEnd.Tests;

/// <summary>
/// Bad values for every option of every command, as the program itself declares them in its manual pages: a new option is tried without a
/// change here. One clear line, exit status 1, nothing changed.
/// </summary>
public sealed partial class BadOptionTests : EndToEndTest
{
    private static readonly string[] s_bad = ["", "-1", "99999999999999999999999999", "not a number", "\u001b[2J\nx", new('x', 100_000)];

    public static TheoryData<string> Commands()
    {
        var commands = new TheoryData<string>();
        if (!HullBinary.IsHull)
        {
            commands.Add("of hull");
            return commands;
        }

        foreach (Match command in CommandName().Matches(Manual()))
        {
            commands.Add(command.Groups[1].Value);
        }

        return commands;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_option_refuses_what_it_cannot_mean(string command)
    {
        Requires.Hull("the options are read from its manual pages");
        var bundle = NewBundle();
        Directory.CreateDirectory(bundle.StateRoot);
        var options = Option().Matches(Manual(command)).Select(match => (Name: match.Groups[1].Value.Replace("\\-", "-", StringComparison.Ordinal), Value: match.Groups[2].Value)).ToArray();
        options.Should().Contain(option => option.Name == "--help");
        int failure = command is "exec" or "wait" ? 255 : 1;
        var before = HostSnapshot.Take(bundle);

        Refused(bundle, failure, [command, "--nonesuch", "nobody"], "--nonesuch");
        foreach (var (name, value) in options.Where(option => option.Name != "--help"))
        {
            if (value.Length == 0)
            {
                Refused(bundle, failure, [command, $"{name}=perhaps", "nobody"], name);
                continue;
            }

            Refused(bundle, failure, [command, name], name);
            Refused(bundle, failure, [command, $"{name}=", "nobody"], name);
            foreach (string bad in s_bad)
            {
                // What is only a text to us is refused where it is used; here there is neither bundle nor container.
                Refused(bundle, failure, [command, name, bad, "nobody"], bad.Length == 0 ? name : "");
            }
        }

        HostSnapshot.ShouldBecome(bundle, before, "what is refused leaves no trace");
    }

    [Fact]
    public void Every_option_before_the_command_refuses_what_it_cannot_mean()
    {
        Requires.Hull("the options are read from its manual pages");
        var bundle = NewBundle();
        foreach (Match option in Option().Matches(Manual()))
        {
            string name = option.Groups[1].Value.Replace("\\-", "-", StringComparison.Ordinal);
            if (name is "--help" or "--version")
            {
                continue;
            }

            if (option.Groups[2].Value.Length == 0)
            {
                Refused(bundle, 1, [$"{name}=perhaps", "list"], name);
                continue;
            }

            Refused(bundle, 1, [name], name);
            Refused(bundle, 1, [$"{name}=", "list"], name);
            if (option.Groups[2].Value.Contains('|'))
            {
                Refused(bundle, 1, [name, "nonesuch", "list"], name);
            }
        }
    }

    private static void Refused(Bundle bundle, int status, string[] arguments, string expected)
    {
        string[] global = expected.Length > 0 && arguments[0].StartsWith('-') ? [] : ["--root", bundle.StateRoot];
        var outcome = new Command(bundle.Scratch, HullBinary.Path).With([.. global, .. arguments]).In(bundle.Scratch).Run();
        string call = string.Join(' ', arguments.Select(argument => argument.Length > 40 ? argument[..40] + "…" : argument));

        outcome.Status.Should().Be(status, call);
        outcome.Output.Should().BeEmpty(call);
        outcome.Error.Should().EndWith("\n", call).And.Match(error => error.Contains(expected, StringComparison.Ordinal), call);
        outcome.Error.TrimEnd('\n').Should().NotContain("\n", call).And.NotContain("internal error").And.NotContain("\u001b", call);
        outcome.Error.Length.Should().BeLessThan(10_000, call);
    }

    private static string Manual(params string[] command)
    {
        using var scratch = new TemporaryFolder();
        return new Command(scratch.Path, HullBinary.Path).With(["help", "--man", .. command]).Run().ShouldSucceed().Output;
    }

    [GeneratedRegex(@"\.BR hull\\-(\w+) ")]
    private static partial Regex CommandName();

    // .TP  \fB\-b\fR, \fB\-\-bundle\fR \fIDIR\fR
    [GeneratedRegex(@"^(?:\\fB\\-\w\\fR, )?\\fB(\\-\\-[^ ]+?)\\fR(?: \\fI(.*)\\fR)?$", RegexOptions.Multiline)]
    private static partial Regex Option();

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("hull-manual-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
