using System.Text;
using CommandLine;
using Hull.Linux;

namespace Hull.Runtime;

[Verb("completion", HelpText = "print the completion script of a shell")]
[Example("source <(hull completion bash)", "complete in this shell, bash or zsh")]
[Example("hull completion bash >/etc/bash_completion.d/hull", "complete in every bash")]
[Example("hull completion fish | source", "complete in this fish")]
internal sealed class CompletionOptions : Command
{
    [Value(0, MetaName = "bash|zsh|fish", Required = true, HelpText = "which shell")]
    public string Shell { get; set; } = "";

    /// <inheritdoc/>
    public override IRequest Request => Completion.For(Shell) is { } script
        ? new PlainText(script)
        : new UsageError($"no completion for {CallerText.Quote(Shell)}: there is one for {string.Join(", ", Completion.Shells)}", ExitStatus.Failure);

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => Request.Run(global, log);
}

/// <summary>
/// Completion scripts for shells, made from the declaration of the command line. They ask <c>hull list -q</c> for the names of containers,
/// below the <c>--root</c> that stands on the line.
/// </summary>
internal static class Completion
{
    /// <summary>Every signal that has a name of its own, without SIG, and the ends of the real-time signals.</summary>
    private static string Signals =>
        string.Join(' ', Enumerable.Range(1, Linux.Signals.Last).Select(SignalNames.NameOf).OfType<string>().Select(name => name[3..]).Append("RTMIN").Append("RTMAX").Distinct());

    /// <summary>The shells that there is a script for.</summary>
    internal static string[] Shells => ["bash", "zsh", "fish"];

    /// <summary>The script, or null for an unknown shell.</summary>
    internal static string? For(string shell) => shell switch
    {
        "bash" => Bash(),
        "zsh" => Zsh(),
        "fish" => Fish(),
        _ => null,
    };

    private static string Bash()
    {
        Declaration global = Declaration.Global();
        IReadOnlyList<Declaration> commands = Declaration.Commands();
        return $$"""
            # bash completion of hull: source <(hull completion bash)
            _hull() {
                local current=${COMP_WORDS[COMP_CWORD]} previous= verb= root= position=0 i word
                COMPREPLY=()
                # --option=value comes as three words: the option, = and the value.
                if [[ $current == = ]]; then current=; previous=${COMP_WORDS[COMP_CWORD-1]}
                elif [[ ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}
                else previous=${COMP_WORDS[COMP_CWORD-1]}; fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    case "$verb:$word" in
                        *:=) ((i++)) ;;
                        :--root) [[ ${COMP_WORDS[i+1]} == = ]] && ((i++)); root=${COMP_WORDS[++i]} ;;
                        {{BashValued(global, commands)}}) [[ ${COMP_WORDS[i+1]} == = ]] || ((i++)) ;;
                        *:-*) ;;
                        :*) verb=$word ;;
                        *) ((position++)) ;;
                    esac
                done
                case "$verb:$previous" in
            {{BashValues(global, commands)}}
                esac
                if [[ $current == -* ]]; then
                    case $verb in
            {{BashOptions(global, commands)}}
                    esac
                    return
                fi
                case "$verb:$position" in
                    :0) COMPREPLY=($(compgen -W "{{string.Join(' ', commands.Select(command => command.Verb))}}" -- "$current")) ;;
            {{BashArguments(commands)}}
                esac
            }
            _hull_containers() { command hull ${root:+--root "$root"} list -q 2>/dev/null; }
            complete -o default -F _hull hull

            """;
    }

    private static string BashValued(Declaration global, IReadOnlyList<Declaration> commands) => string.Join('|', WithOptions(global, commands)
        .SelectMany(command => command.Options.Where(option => !option.IsFlag).SelectMany(option => Spellings(option).Select(name => $"{command.Verb}:{name}"))));

    private static string BashValues(Declaration global, IReadOnlyList<Declaration> commands)
    {
        var lines = new StringBuilder();
        foreach (Declaration command in WithOptions(global, commands))
        {
            foreach (DeclaredOption option in command.Options.Where(option => !option.IsFlag))
            {
                string pattern = string.Join('|', Spellings(option).Select(name => $"{command.Verb}:{name}"));
                string words = option.Kind switch
                {
                    ValueKind.Choice => $"-W \"{string.Join(' ', option.Choices)}\"",
                    ValueKind.Directory => "-d",
                    ValueKind.File => "-f",
                    _ => "-W \"\"",
                };
                lines.Append($"        {pattern}) COMPREPLY=($(compgen {words} -- \"$current\")); return ;;\n");
            }
        }

        return lines.ToString().TrimEnd('\n');
    }

    private static string BashOptions(Declaration global, IReadOnlyList<Declaration> commands) => string.Join('\n', WithOptions(global, commands)
        .Select(command => $"            \"{command.Verb}\") COMPREPLY=($(compgen -W \"{string.Join(' ', command.Options.SelectMany(Spellings))}\" -- \"$current\")) ;;"));

    private static string BashArguments(IReadOnlyList<Declaration> commands)
    {
        var lines = new StringBuilder();
        foreach ((Declaration command, DeclaredArgument argument) in commands.SelectMany(command => command.Arguments.Select(argument => (command, argument))))
        {
            if (Offered(argument, commands, "$(_hull_containers)") is { Length: > 0 } words)
            {
                lines.Append($"        {command.Verb}:{argument.Position}) COMPREPLY=($(compgen -W \"{words}\" -- \"$current\")) ;;\n");
            }
        }

        return lines.ToString().TrimEnd('\n');
    }

    private static string Zsh()
    {
        Declaration global = Declaration.Global();
        IReadOnlyList<Declaration> commands = Declaration.Commands();
        var cases = new StringBuilder();
        foreach (Declaration command in commands)
        {
            IEnumerable<string> arguments = command.Arguments.Select(argument => $"'{argument.Position + 1}:{ZshText(argument.Name)}:{ZshArgument(argument, commands)}'");
            cases.Append($"        {command.Verb}) _arguments -s {string.Join(' ', command.Options.Select(ZshOption).Concat(arguments))} ;;\n");
        }

        return $$$"""
            #compdef hull
            # zsh completion of hull: source <(hull completion zsh), or keep it as _hull in a directory of $fpath
            _hull_containers() {
                local -a ids
                ids=(${(f)"$(command hull ${opt_args[--root]:+--root ${opt_args[--root]}} list -q 2>/dev/null)"})
                compadd -a ids
            }
            _hull() {
                local curcontext="$curcontext" state line
                typeset -A opt_args
                local -a commands
                commands=({{{string.Join(' ', commands.Select(command => $"'{command.Verb}:{ZshText(command.Summary)}'"))}}})
                _arguments -C -s {{{string.Join(' ', global.Options.Select(ZshOption))}}} '1:command:->command' '*::argument:->argument' && return
                case $state in
                command) _describe command commands ;;
                argument)
                    case $words[1] in
            {{{cases.ToString().TrimEnd('\n')}}}
                    esac ;;
                esac
            }
            compdef _hull hull

            """;
    }

    private static string ZshOption(DeclaredOption option)
    {
        string value = option.IsFlag ? "" : $":{ZshText(option.Value)}:" + option.Kind switch
        {
            ValueKind.Choice => $"({string.Join(' ', option.Choices)})",
            ValueKind.Directory => "_files -/",
            ValueKind.File => "_files",
            _ => "",
        };
        string equals = option.IsFlag ? "" : "=";
        string text = $"[{ZshText(option.Text)}]{value}";
        return option.ShortName.Length == 0
            ? $"'--{option.LongName}{equals}{text}'"
            : $"'(-{option.ShortName} --{option.LongName})'{{-{option.ShortName},--{option.LongName}{equals}}}'{text}'";
    }

    private static string ZshArgument(DeclaredArgument argument, IReadOnlyList<Declaration> commands) =>
        argument.Kind == ValueKind.Container ? "_hull_containers"
        : Offered(argument, commands, "") is { Length: > 0 } words ? $"({words})"
        : "";

    private static string ZshText(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "'\\''", StringComparison.Ordinal)
        .Replace(":", "\\:", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    private static string Fish()
    {
        IReadOnlyList<Declaration> commands = Declaration.Commands();
        var script = new StringBuilder("# fish completion of hull: hull completion fish | source\ncomplete -c hull -f\n");
        foreach (DeclaredOption option in Declaration.Global().Options)
        {
            FishOption(script, "__fish_use_subcommand", option);
        }

        foreach (Declaration command in commands)
        {
            script.Append($"complete -c hull -n __fish_use_subcommand -a {command.Verb} -d {FishText(command.Summary)}\n");
            string condition = $"'__fish_seen_subcommand_from {command.Verb}'";
            foreach (DeclaredOption option in command.Options)
            {
                FishOption(script, condition, option);
            }

            foreach (DeclaredArgument argument in command.Arguments)
            {
                if (Offered(argument, commands, "(command hull list -q 2>/dev/null)") is { Length: > 0 } words)
                {
                    script.Append($"complete -c hull -n {condition} -a {FishText(words)} -d {FishText(argument.Name)}\n");
                }
            }
        }

        return script.ToString();
    }

    private static void FishOption(StringBuilder script, string condition, DeclaredOption option)
    {
        script.Append($"complete -c hull -n {condition} -l {option.LongName}");
        script.Append(option.ShortName.Length > 0 ? $" -s {option.ShortName}" : "");
        script.Append(option.Kind switch
        {
            _ when option.IsFlag => "",
            ValueKind.Choice => $" -x -a {FishText(string.Join(' ', option.Choices))}",
            ValueKind.Directory => " -x -a '(__fish_complete_directories)'",
            ValueKind.File => " -r -F",
            _ => " -x",
        });
        script.Append($" -d {FishText(option.Text)}\n");
    }

    private static string FishText(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>What is offered for an argument; empty when there is nothing.</summary>
    private static string Offered(DeclaredArgument argument, IReadOnlyList<Declaration> commands, string containers) =>
        argument.Kind switch
        {
            ValueKind.Container => containers,
            ValueKind.Signal => Signals,
            ValueKind.Command => string.Join(' ', commands.Select(known => known.Verb)),
            _ => string.Join(' ', argument.Choices),
        };

    private static IEnumerable<Declaration> WithOptions(Declaration global, IReadOnlyList<Declaration> commands) => commands.Prepend(global);

    private static IEnumerable<string> Spellings(DeclaredOption option) =>
        option.ShortName.Length == 0 ? [$"--{option.LongName}"] : [$"--{option.LongName}", $"-{option.ShortName}"];
}
