using Hull.Oci;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>
/// What a profile says about a call, worked out from its text each time, without a program: slow and plain. libseccomp has faults of its own
/// where rules for one call overlap; this has the last word there.
/// </summary>
internal sealed class ReferenceVerdict(Oci.Seccomp profile, SeccompArchitecture native)
{
    private readonly uint _defaultAction = FilterAction.Of(profile.DefaultAction, profile.DefaultErrnoRet);
    private readonly Dictionary<(SeccompArchitecture, uint), (uint Action, SeccompArgument[] Conditions)[]> _rules = [];

    public uint Of(CallData call)
    {
        var listed = (profile.Architectures ?? []).Append(native)
            .Where(architecture => Architectures.ShareKernel(architecture, native) && Architectures.AuditNumber(architecture) == call.Architecture).ToArray();
        if (listed.Length > 0 && call.Number == uint.MaxValue)
        {
            return _defaultAction;
        }

        var of64 = call.Architecture == Architectures.AuditNumber(SeccompArchitecture.X64);
        var x32 = of64 && call.Number >= Architectures.X32Bit;
        var architecture = of64 ? x32 ? SeccompArchitecture.X32 : SeccompArchitecture.X64 : listed.FirstOrDefault();
        if (!listed.Contains(architecture))
        {
            return FilterAction.ForeignArchitecture;
        }

        var wide = Architectures.IsWide(architecture);
        var number = x32 ? call.Number - Architectures.X32Bit : call.Number;
        if (!_rules.TryGetValue((architecture, number), out var rules))
        {
            _rules[(architecture, number)] = rules = RulesFor(architecture, number, wide);
        }

        foreach (var (action, conditions) in rules)
        {
            if (Array.TrueForAll(conditions, condition => Holds(condition, call.Arguments, wide)))
            {
                return action;
            }
        }

        return _defaultAction;
    }

    /// <summary>In the order in which they are asked.</summary>
    private (uint Action, SeccompArgument[] Conditions)[] RulesFor(SeccompArchitecture architecture, uint number, bool wide)
    {
        var rules = new List<(uint Action, SeccompArgument[] Conditions)>();
        foreach (var syscall in profile.Syscalls ?? [])
        {
            var action = FilterAction.Of(syscall.Action, syscall.ErrnoRet);
            foreach (var name in syscall.Names.Where(_ => action != _defaultAction))
            {
                foreach (var conditions in Alternatives([.. syscall.Args ?? []]))
                {
                    foreach (var applied in AsAppliedTo(architecture, name, number, conditions))
                    {
                        rules.Add((action, [.. applied.Where(condition => !IsEmpty(condition, wide)).OrderBy(condition => condition.Index)]));
                    }
                }
            }
        }

        return [.. rules.OrderBy(rule => rule.Conditions.Length == 0 ? 0 : 1)
            .ThenBy(rule => rule.Conditions, Comparer<SeccompArgument[]>.Create((one, other) => Compare(one, other, wide)))];
    }

    private static IEnumerable<SeccompArgument[]> Alternatives(SeccompArgument[] conditions) =>
        conditions.DistinctBy(condition => condition.Index).Count() == conditions.Length ? [conditions] : conditions.Select(condition => new[] { condition });

    /// <summary>Directly, and through socketcall or ipc where the architecture has them.</summary>
    private static IEnumerable<SeccompArgument[]> AsAppliedTo(SeccompArchitecture architecture, string name, uint number, SeccompArgument[] conditions)
    {
        if (NumberOf(architecture, name) == number)
        {
            yield return conditions;
        }

        for (var way = 0; way < Multiplexers.Count; way++)
        {
            var (called, ipc, through) = Multiplexers.At(way);
            if (called == name && NumberOf(architecture, ipc ? "ipc" : "socketcall") == number)
            {
                yield return [new SeccompArgument { Index = 0, Op = SeccompOperator.Equal, Value = through }, .. conditions.Where(condition => condition.Index != 0)];
            }
        }
    }

    private static uint? NumberOf(SeccompArchitecture architecture, string name) =>
        SyscallNames.IndexOf(name) is >= 0 and var index && Architectures.Numbers(architecture)[index] is not SyscallNumbers.Absent and var entry
            ? SyscallNumbers.Decode(entry)
            : null;

    private static bool IsEmpty(SeccompArgument condition, bool wide) =>
        condition.Op == SeccompOperator.MaskedEqual && Cut(condition.Value, wide) == 0;

    private static ulong Cut(ulong value, bool wide) => wide ? value : (uint)value;

    private static ulong ValueOf(SeccompArgument condition, bool wide) =>
        Cut(condition.Op == SeccompOperator.MaskedEqual ? (condition.ValueTwo ?? 0) & condition.Value : condition.Value, wide);

    private static bool Holds(SeccompArgument condition, ulong[] arguments, bool wide)
    {
        var argument = Cut(arguments[condition.Index], wide);
        var value = ValueOf(condition, wide);
        return condition.Op switch
        {
            SeccompOperator.NotEqual => argument != value,
            SeccompOperator.LessThan => argument < value,
            SeccompOperator.LessOrEqual => argument <= value,
            SeccompOperator.Equal => argument == value,
            SeccompOperator.GreaterOrEqual => argument >= value,
            SeccompOperator.GreaterThan => argument > value,
            _ => (argument & condition.Value) == value,
        };
    }

    private static int Compare(SeccompArgument[] one, SeccompArgument[] other, bool wide)
    {
        for (var i = 0; i < Math.Min(one.Length, other.Length); i++)
        {
            var (a, b) = (Key(one[i], wide), Key(other[i], wide));
            if (a != b)
            {
                return a.CompareTo(b);
            }

            if (one[i].Op != other[i].Op || (one[i].Op == SeccompOperator.MaskedEqual && Cut(one[i].Value, wide) != Cut(other[i].Value, wide)))
            {
                return 0;
            }
        }

        return one.Length.CompareTo(other.Length);
    }

    private static (long Argument, int Rank, ulong Value) Key(SeccompArgument condition, bool wide) => condition.Op switch
    {
        SeccompOperator.LessThan or SeccompOperator.LessOrEqual => (-condition.Index, 1, ValueOf(condition, wide)),
        SeccompOperator.GreaterThan or SeccompOperator.GreaterOrEqual => (-condition.Index, 2, ulong.MaxValue - ValueOf(condition, wide)),
        _ => (-condition.Index, 0, ulong.MaxValue - ValueOf(condition, wide)),
    };
}
