using Hull.Oci;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>How rules for one call may overlap in a generated profile.</summary>
internal enum Overlap
{
    /// <summary>At most one rule for a call has conditions.</summary>
    Never,

    /// <summary>They have one action, and one condition each.</summary>
    SameAction,

    /// <summary>Each compares for equality with one value.</summary>
    EqualityOnly,

    /// <summary>However it comes.</summary>
    Any,
}

/// <summary>Makes profiles at random, the same ones for the same seed.</summary>
internal sealed class ProfileGenerator(int seed)
{
    /// <summary>Calls that come again and again, so that rules meet.</summary>
    private static readonly string[] s_favourites = ["read", "ioctl", "personality", "clone", "mmap", "kexec_load", "openat"];

    /// <summary>Calls that go through socketcall and ipc, and these.</summary>
    private static readonly string[] s_multiplexed = ["socket", "connect", "accept4", "semop", "shmat", "send", "socketcall", "ipc"];

    private static readonly ulong[] s_values =
    [
        0, 1, 2, 7, 38, 0xff, 0x1000, 0x7e020000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x100000000, 0x100000005,
        0xffffffff00000000, ulong.MaxValue,
    ];

    private static readonly SeccompAction[] s_actions =
    [
        SeccompAction.Allow, SeccompAction.Errno, SeccompAction.Kill, SeccompAction.KillProcess, SeccompAction.Trap, SeccompAction.Log,
        SeccompAction.Trace, SeccompAction.Notify,
    ];

    private readonly Random _random = new(seed);
    private readonly HashSet<string> _conditional = [];

    /// <summary>Which names may occur.</summary>
    public required Func<string, bool> Names { get; init; }

    public required Overlap Overlap { get; init; }

    /// <summary>The comparisons that occur.</summary>
    public SeccompOperator[] Operators { get; init; } = Enum.GetValues<SeccompOperator>();

    public Oci.Seccomp Next(IReadOnlyList<SeccompArchitecture> architectures)
    {
        _conditional.Clear();
        var rules = Enumerable.Range(0, _random.Next(1, 25)).Select(_ => Rule()).ToArray();
        var (action, number) = Action();
        action = action == SeccompAction.Notify ? SeccompAction.Trap : action;
        return new Oci.Seccomp
        {
            DefaultAction = action,
            DefaultErrnoRet = number,
            Architectures = architectures,
            Syscalls = Overlap == Overlap.SameAction ? [.. rules.Select(rule => rule with { Action = SeccompAction.Log, ErrnoRet = null })] : rules,
        };
    }

    private SeccompSyscall Rule()
    {
        var (action, number) = Action();
        var conditions = _random.Next(3) == 0 ? [] : Conditions();
        var names = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Name(conditions.Length > 0)).Distinct().ToArray();
        return new SeccompSyscall { Names = names, Action = action, ErrnoRet = number, Args = conditions.Length == 0 ? null : conditions };
    }

    private (SeccompAction Action, uint? Number) Action()
    {
        var action = Pick(s_actions);
        return (action, action is SeccompAction.Errno or SeccompAction.Trace && _random.Next(2) == 0 ? (uint)_random.Next(0, 4096) : null);
    }

    private string Name(bool withConditions)
    {
        while (true)
        {
            var name = _random.Next(3) switch
            {
                0 => SyscallNames.At(_random.Next(SyscallNames.Count)),
                1 => Pick(s_multiplexed),
                _ => Pick(s_favourites),
            };
            if (Names(name) && (!withConditions || Overlap == Overlap.Any || (!IsMultiplexed(name) && (_conditional.Add(name) || Overlap != Overlap.Never))))
            {
                return name;
            }
        }
    }

    /// <summary>Its rules meet others behind the same number.</summary>
    private static bool IsMultiplexed(string name) =>
        name is "socketcall" or "ipc" || Enumerable.Range(0, Multiplexers.Count).Any(way => Multiplexers.At(way).Name == name);

    private SeccompArgument[] Conditions() => Overlap switch
    {
        Overlap.Any => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Condition(Index()))],
        Overlap.Never => [.. Enumerable.Range(0, _random.Next(1, 7)).Select(_ => Index()).Distinct().Select(Condition)],
        _ => [Condition(Index())],
    };

    private uint Index() => (uint)(_random.Next(3) == 0 ? _random.Next(6) : _random.Next(2));

    private SeccompArgument Condition(uint index)
    {
        var op = Overlap == Overlap.EqualityOnly ? SeccompOperator.Equal : Pick(Operators);
        return new SeccompArgument
        {
            Index = index,
            Op = op,
            Value = Value(),
            ValueTwo = op == SeccompOperator.MaskedEqual && _random.Next(4) > 0 ? Value() : null,
        };
    }

    private ulong Value() => _random.Next(4) == 0 ? (ulong)_random.NextInt64(long.MinValue, long.MaxValue) : Pick(s_values);

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
