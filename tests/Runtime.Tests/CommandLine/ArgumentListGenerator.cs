namespace Hull.Runtime.Tests.CommandLines;

/// <summary>Makes argument lists for one class of options: mostly what callers write, sometimes what nobody should.</summary>
internal sealed class ArgumentListGenerator(DeclaredOptions declared, int seed)
{
    private static readonly string[] Texts = ["x", "/run/a b", "-", "-1", "--bundle", "a=b", "=", "ü", "50M", "c1:/x", "--", "-d"];
    private static readonly string[] Arguments = ["c1", "ls", "-", "-5", "x=y", "9", "KILL", "ü", " "];
    private static readonly string[] Unknown = ["--nonesuch", "-Z", "--bundel", "--nonesuch=1", "-Zd", "--Z", "---", "--=x", "-=", "-é"];

    private readonly Random _random = new(seed);
    private readonly List<string> _arguments = [];
    private readonly HashSet<DeclaredOption> _used = [];
    private readonly HashSet<DeclaredOption> _withBadValue = [];
    private readonly HashSet<DeclaredOption> _flagsWithValue = [];
    private bool _ended;

    public string[] Next()
    {
        _arguments.Clear();
        _used.Clear();
        _withBadValue.Clear();
        _flagsWithValue.Clear();
        _ended = false;
        int items = _random.Next(7);
        for (var i = 0; i < items; i++)
        {
            AddItem();
        }

        if (Chance(0.6))
        {
            AddArgument();
        }

        if (Chance(0.04) && Pick(Valued()) is { } incomplete)
        {
            _arguments.Add($"--{incomplete.LongName}");
        }

        return [.. _arguments];
    }

    private void AddItem()
    {
        double kind = _random.NextDouble();
        if (kind < 0.5)
        {
            AddValued();
        }
        else if (kind < 0.75)
        {
            AddFlag();
        }
        else if (kind < 0.83)
        {
            AddBundle();
        }
        else if (kind < 0.95)
        {
            AddArgument();
        }
        else
        {
            _arguments.Add(Chance(0.5) ? "--" : Pick(Unknown)!);
            _ended |= _arguments[^1] == "--";
        }
    }

    private void AddArgument()
    {
        _arguments.Add(Pick(Arguments)!);
        _ended |= declared.EndAtFirstArgument;
    }

    private void AddValued()
    {
        if (Pick(Valued()) is not { } option)
        {
            return;
        }

        // CommandLineParser looks at the last value of a repeated option only, so a bad one stands alone.
        string value = ValueFor(option, bad: Chance(0.05) && !_used.Contains(option), out bool isBad);
        if (_withBadValue.Contains(option))
        {
            return;
        }

        _used.Add(option);
        if (isBad)
        {
            _withBadValue.Add(option);
        }

        bool isShort = option.ShortName.Length > 0 && Chance(0.5);
        string name = isShort ? option.ShortName : option.LongName;
        string dashes = Chance(isShort ? 0.9 : 0.2) ? "-" : "--";
        switch (_random.Next(3))
        {
            case 0:
                _arguments.Add($"{dashes}{name}={value}");
                break;
            case 1 when isShort && !value.StartsWith('='):
                _arguments.Add($"-{name}{value}");
                break;
            default:
                _arguments.AddRange([$"{dashes}{name}", value]);
                break;
        }
    }

    private void AddFlag()
    {
        if (Pick(Flags()) is not { } flag)
        {
            return;
        }

        string name = flag.ShortName.Length > 0 && Chance(0.5) ? flag.ShortName : flag.LongName;
        string dashes = Chance(0.5) ? "-" : "--";
        // A flag with a value stands alone: CommandLineParser ignores the value, so it must be taken out of its list.
        if (Chance(0.2) && _used.Add(flag))
        {
            _arguments.Add($"{dashes}{name}={Pick(["true", "false", "1", "0", "False", "T"])}");
            _flagsWithValue.Add(flag);
        }
        else if (!_flagsWithValue.Contains(flag) || _ended)
        {
            _used.Add(flag);
            _arguments.Add($"{dashes}{name}");
        }
    }

    private void AddBundle()
    {
        DeclaredOption[] flags = [.. Flags().Where(flag => flag.ShortName.Length > 0 && !_flagsWithValue.Contains(flag))];
        if (flags.Length == 0)
        {
            return;
        }

        string letters = string.Concat(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick(flags)!).Select(flag => Use(flag).ShortName));
        DeclaredOption[] valued = [.. Valued().Where(option => option.ShortName.Length > 0 && !_withBadValue.Contains(option))];
        if (Chance(0.4) && Pick(valued) is { } last)
        {
            _arguments.AddRange([$"-{letters}{Use(last).ShortName}", ValueFor(last, bad: false, out _)]);
        }
        else
        {
            _arguments.Add($"-{letters}");
        }
    }

    private DeclaredOption Use(DeclaredOption option)
    {
        _used.Add(option);
        return option;
    }

    private string ValueFor(DeclaredOption option, bool bad, out bool isBad)
    {
        isBad = bad && option.ValueType != typeof(string) && !option.IsList;
        if (option.ValueType.IsEnum)
        {
            return isBad ? Pick(["xml", "textual", "-"])! : Pick(Enum.GetNames(option.ValueType))!.ToLowerInvariant();
        }

        if (option.ValueType == typeof(string) || option.IsList)
        {
            return Pick(Texts)!;
        }

        bool isSigned = option.ValueType == typeof(long) || option.ValueType == typeof(int);
        string[] numbers = isSigned ? ["0", "-1", "17", "+3", "007", "-2147483648"] : ["0", "17", "1000", "+3", "007", "4294967295"];
        return isBad ? Pick(["abc", "1.5", "0x10", "99999999999999999999", "1e3", "-", "1,000", "--5"])! : Pick(numbers)!;
    }

    private IReadOnlyList<DeclaredOption> Valued() => [.. declared.Options.Where(option => !option.IsFlag)];

    /// <summary>Not help: it ends the reading, where CommandLineParser would go on to complain.</summary>
    private IReadOnlyList<DeclaredOption> Flags() => [.. declared.Options.Where(option => option.IsFlag && option.LongName != "help")];

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T? Pick<T>(IReadOnlyList<T> items) where T : class => items.Count == 0 ? null : items[_random.Next(items.Count)];
}
