using System.Runtime.CompilerServices;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The rules of a profile by the calls they are for: what all architectures have in common.</summary>
internal sealed class RuleBook
{
    private const uint ArgumentCount = 6;

    /// <summary>A rule with conditions is a branch at least. Comparing each with all others would otherwise take minutes.</summary>
    private const int MostRules = SeccompProgram.MaximumLength;

    private readonly SpecPath _path;
    private readonly uint _defaultAction;
    private readonly bool[] _mentioned = new bool[SyscallNames.Count];

    /// <summary>For each name the first and the last of its entries; entries count from 1, 0 is none.</summary>
    private readonly int[] _first = new int[SyscallNames.Count];
    private readonly int[] _last = new int[SyscallNames.Count];
    private Entry[] _entries = new Entry[512];
    private int _entryCount = 1;

    /// <summary>One line of a chain: a rule for a name.</summary>
    /// <param name="Rule">The rule.</param>
    /// <param name="Place">Of which member of <c>syscalls</c> it is; grows along every chain.</param>
    /// <param name="Next">The name's next entry.</param>
    internal record struct Entry(ArgumentRule Rule, int Place, int Next);

    private RuleBook(SpecPath path, uint defaultAction)
    {
        _path = path;
        _defaultAction = defaultAction;
    }

    /// <summary>Sorts the rules of a profile.</summary>
    /// <param name="path">Where the rules are: <c>linux.seccomp.syscalls</c>.</param>
    /// <exception cref="RuntimeError">Two rules contradict each other, or ask for what this version lacks.</exception>
    public static RuleBook Of(ReadOnlySpan<SeccompSyscall> syscalls, uint defaultAction, SpecPath path)
    {
        var book = new RuleBook(path, defaultAction);
        for (int place = 0; place < syscalls.Length; place++)
        {
            book.Add(syscalls[place], place);
        }

        return book;
    }

    /// <summary>Some rule names it, whatever the rule says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Mentions(int name) => _mentioned[name];

    /// <summary>Some rule is for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int name) => _first[name] != 0;

    /// <summary>The first rule for a name that has some, in the order of the profile.</summary>
    public Entry First(int name) => _entries[_first[name]];

    /// <summary>The one after it.</summary>
    public Entry? After(Entry entry) => entry.Next == 0 ? null : _entries[entry.Next];

    private void Add(SeccompSyscall syscall, int place)
    {
        uint action = FilterAction.Of(syscall.Action, syscall.ErrnoRet);
        ArgumentRule[] rules = RulesOf(action, syscall.Args.Items());
        ReadOnlySpan<string> names = syscall.Names.Items();
        int before = -1;
        for (int i = 0; i < names.Length; i++)
        {
            int name = SyscallNames.IndexAfter(names[i], before);
            if (name < 0)
            {
                continue;
            }

            before = name;

            _mentioned[name] = true;

            // What the default says anyway needs no rule, and must not get in the way of one that differs (SEC-08).
            for (int rule = 0; rule < rules.Length && action != _defaultAction; rule++)
            {
                Add(name, rules[rule], place);
            }
        }
    }

    private void Add(int name, ArgumentRule rule, int place)
    {
        int length = 0;
        for (int number = _first[name]; number != 0; number = _entries[number].Next)
        {
            if (++length > MostRules)
            {
                throw new Origin(_path.Index(place), "SEC-06").Refuse(
                    $"{SyscallNames.At(name)} has more than {MostRules} rules with conditions, for which no program is long enough");
            }

            ref Entry earlier = ref _entries[number];
            if (earlier.Rule.IsUnconditional)
            {
                // Nothing that comes later is ever asked.
                return;
            }

            if (!rule.IsUnconditional && earlier.Rule.HasTestsOf(rule))
            {
                if (earlier.Rule.Action != rule.Action)
                {
                    throw new Origin(_path.Index(place), "SEC-07").Refuse(
                        $"{SyscallNames.At(name)} has another action under the same conditions in {_path.Index(earlier.Place)}");
                }

                return;
            }
        }

        if (_entryCount == _entries.Length)
        {
            Array.Resize(ref _entries, _entryCount * 2);
        }

        _entries[_entryCount] = new Entry(rule, place, 0);
        if (_first[name] == 0)
        {
            _first[name] = _entryCount;
        }
        else
        {
            _entries[_last[name]].Next = _entryCount;
        }

        _last[name] = _entryCount++;
    }

    /// <summary>
    /// One rule of which all tests must hold; or, when an argument has several tests, a rule for each test: libseccomp cannot express
    /// more, every runtime does it so, and profiles rely on it (SEC-07).
    /// </summary>
    private static ArgumentRule[] RulesOf(uint action, ReadOnlySpan<SeccompArgument> arguments)
    {
        if (arguments.IsEmpty)
        {
            return [new ArgumentRule(action, [])];
        }

        if (SomeArgumentIsRepeated(arguments))
        {
            var rules = new ArgumentRule[arguments.Length];
            for (int i = 0; i < rules.Length; i++)
            {
                rules[i] = new ArgumentRule(action, Tests(arguments.Slice(i, 1)));
            }

            return rules;
        }

        return [new ArgumentRule(action, Tests(arguments))];
    }

    private static bool SomeArgumentIsRepeated(ReadOnlySpan<SeccompArgument> arguments)
    {
        uint seen = 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            uint bit = 1u << (int)arguments[i].Index;
            if ((seen & bit) != 0)
            {
                return true;
            }

            seen |= bit;
        }

        return false;
    }

    private static ArgumentTest[] Tests(ReadOnlySpan<SeccompArgument> arguments)
    {
        var tests = new List<ArgumentTest>(arguments.Length);
        for (uint index = 0; index < ArgumentCount; index++)
        {
            for (int i = 0; i < arguments.Length; i++)
            {
                if (arguments[i].Index == index && ArgumentTest.Of(arguments[i]) is { AlwaysHolds: false } test)
                {
                    tests.Add(test);
                }
            }
        }

        return [.. tests];
    }
}
