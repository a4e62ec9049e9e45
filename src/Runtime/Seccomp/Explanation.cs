using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What a filter answers to a call as far as its arguments are known, and which member of the profile says so.</summary>
/// <param name="Conditions">What must hold of arguments that are not known; empty: always.</param>
/// <param name="Action">The 32 bits that the kernel reads.</param>
/// <param name="Decided">The property that decides.</param>
internal readonly record struct Outcome(ArgumentTest[] Conditions, uint Action, SpecPath Decided);

/// <summary>Says what a profile does with a call, and why: the same rules in the same order as the program asks them.</summary>
internal sealed class Explanation
{
    private readonly Oci.Seccomp _profile;
    private readonly SeccompArchitecture _native;
    private readonly SpecPath _path;
    private readonly uint _defaultAction;
    private readonly RuleBook _book;

    /// <param name="profile">What the validator has found valid.</param>
    /// <param name="native">The architecture of this kernel.</param>
    /// <param name="path">Where the profile is: <c>linux.seccomp</c>.</param>
    /// <exception cref="RuntimeError">The profile cannot be carried out; the error names the property.</exception>
    public Explanation(Oci.Seccomp profile, SeccompArchitecture native, SpecPath path)
    {
        // Whatever makes create refuse it is said here as well.
        SeccompCompiler.Compile(profile, native, path);
        _profile = profile;
        _native = native;
        _path = path;
        _defaultAction = FilterAction.Of(profile.DefaultAction, profile.DefaultErrnoRet);
        _book = RuleBook.Of(profile.Syscalls.Items(), _defaultAction, path.Property("syscalls"));
    }

    /// <summary>The outcomes of a call in the order in which they are asked; the last one has no conditions.</summary>
    /// <param name="architecture">One of those that the filter knows.</param>
    /// <param name="number">As the filter sees it.</param>
    /// <param name="arguments">What is known, from the first on.</param>
    public List<Outcome> Of(SeccompArchitecture architecture, uint number, ReadOnlySpan<ulong> arguments)
    {
        if (number == SeccompCompiler.SkippedCall)
        {
            return [new Outcome([], _defaultAction, _path.Property("defaultAction"))];
        }

        NumberSpace space = SeccompCompiler.SpaceOf(architecture, number);
        if (!SeccompCompiler.ArchitecturesOf(_profile.Architectures, _native).Contains(space.Architecture))
        {
            return [new Outcome([], FilterAction.ForeignArchitecture, _path.Property("architectures"))];
        }

        List<CallRanges.PlacedRule> rules = CallRanges.RulesOf(space, _book, number, out bool isNew);
        var outcomes = new List<Outcome>();
        foreach ((ArgumentRule rule, int place) in rules)
        {
            if (Unknown(rule, space.Architecture, arguments) is not { } open)
            {
                continue;
            }

            outcomes.Add(new Outcome(open, rule.Action, _path.Property("syscalls").Index(place)));
            if (open.Length == 0)
            {
                return outcomes;
            }
        }

        isNew &= rules.Count == 0 && SeccompCompiler.Forbids(_profile.DefaultAction);
        outcomes.Add(isNew
            ? new Outcome([], FilterAction.NoSuchCall, _path.Property("syscalls"))
            : new Outcome([], _defaultAction, _path.Property("defaultAction")));
        return outcomes;
    }

    /// <summary>What is to be said of a call on one architecture.</summary>
    /// <param name="Architecture">Which.</param>
    /// <param name="Name">The call's name; empty where there is none for a number.</param>
    /// <param name="Number">Its number there, as the filter sees it; null where there is no such call.</param>
    /// <param name="Outcomes">What happens, in the order in which it is asked; empty where there is no such call.</param>
    internal sealed record Answer(SeccompArchitecture Architecture, string Name, uint? Number, IReadOnlyList<Outcome> Outcomes);

    /// <summary>The answers for all architectures of the filter.</summary>
    /// <param name="call">A name or a number.</param>
    /// <param name="arguments">What is known, from the first on.</param>
    /// <exception cref="RuntimeError">There is no such call.</exception>
    public List<Answer> Of(string call, ReadOnlySpan<ulong> arguments)
    {
        int name = SyscallNames.IndexOf(call);
        uint number = 0;
        if (name < 0 && !uint.TryParse(call, CultureInfo.InvariantCulture, out number))
        {
            throw new RuntimeError($"{call} is no system call that hull knows") { Hint = "give its name as in syscalls(2), or its number" };
        }

        var answers = new List<Answer>();
        foreach (SeccompArchitecture architecture in SeccompCompiler.ArchitecturesOf(_profile.Architectures, _native))
        {
            ushort entry = name < 0 ? (ushort)0 : Architectures.Numbers(architecture)[name];
            if (entry == SyscallNumbers.Absent)
            {
                answers.Add(new Answer(architecture, call, null, []));
                continue;
            }

            uint own = name < 0 ? number : SyscallNumbers.Decode(entry) + (architecture == SeccompArchitecture.X32 ? Architectures.X32Bit : 0);
            answers.Add(new Answer(architecture, name < 0 ? ProgramText.NameOf(architecture, own) : call, own, Of(architecture, own, arguments)));
        }

        return answers;
    }

    /// <summary>The same as text.</summary>
    public string Text(string call, ReadOnlySpan<ulong> arguments)
    {
        var text = new StringBuilder();
        foreach (Answer answer in Of(call, arguments))
        {
            text.Append(answer.Architecture.SpecName()).Append(": ");
            if (answer.Number is { } number)
            {
                Append(text, answer, number);
            }
            else
            {
                text.Append(call).Append(" is no call there\n");
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// The same as an array of objects: <c>architecture</c>, <c>call</c>, <c>number</c> (absent where there is no such call) and <c>outcomes</c>, each
    /// with <c>conditions</c>, <c>action</c> (the 32 bits that the kernel reads), <c>text</c> and <c>property</c>.
    /// </summary>
    public string Json(string call, ReadOnlySpan<ulong> arguments)
    {
        var json = new JsonText(indented: true);
        json.Open('[');
        foreach (Answer answer in Of(call, arguments))
        {
            json.Open('{');
            json.Member("architecture", answer.Architecture.SpecName());
            json.Member("call", answer.Name);
            if (answer.Number is { } number)
            {
                json.Member("number", (long)number);
            }

            json.Name("outcomes");
            json.Open('[');
            foreach (Outcome outcome in answer.Outcomes)
            {
                Write(json, outcome);
            }

            json.Close(']');
            json.Close('}');
        }

        json.Close(']');
        return json.ToString();
    }

    private static void Write(JsonText json, Outcome outcome)
    {
        json.Open('{');
        json.Name("conditions");
        json.Open('[');
        foreach (ArgumentTest test in outcome.Conditions)
        {
            json.Value(ProgramText.Describe(test));
        }

        json.Close(']');
        json.Member("action", (long)outcome.Action);
        json.Member("text", $"it {FilterAction.Describe(outcome.Action)}");
        json.Member("property", outcome.Decided.ToString());
        json.Close('}');
    }

    private void Append(StringBuilder text, Answer answer, uint number)
    {
        text.Append(CultureInfo.InvariantCulture, $"{(answer.Name.Length == 0 ? "a call" : answer.Name)} ({number})");
        foreach ((ArgumentTest[] conditions, uint action, SpecPath decided) in answer.Outcomes)
        {
            text.Append(answer.Outcomes.Count > 1 ? "\n    " : " ");
            if (answer.Outcomes.Count > 1)
            {
                text.Append(conditions.Length == 0 ? "otherwise it " : $"if {string.Join(" and ", conditions.Select(ProgramText.Describe))}, it ");
            }

            text.Append(FilterAction.Describe(action)).Append(": ").Append(decided.ToString());
            if (action == FilterAction.NoSuchCall && decided == _path.Property("syscalls"))
            {
                text.Append(" mentions no call that is as new");
            }
        }

        text.Append('\n');
    }

    /// <summary>The tests of a rule that depend on unknown arguments; null when a known one fails.</summary>
    private static ArgumentTest[]? Unknown(ArgumentRule rule, SeccompArchitecture architecture, ReadOnlySpan<ulong> arguments)
    {
        var open = new List<ArgumentTest>();
        foreach (ArgumentTest test in rule.Tests)
        {
            if (test.Index >= arguments.Length)
            {
                open.Add(test);
            }
            else if (!test.Holds(Architectures.IsWide(architecture) ? arguments[(int)test.Index] : (uint)arguments[(int)test.Index]))
            {
                return null;
            }
        }

        return [.. open];
    }
}
