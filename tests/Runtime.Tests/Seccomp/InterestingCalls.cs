using Hull.Oci;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>The calls at which a profile's verdict may change: its numbers and constants, and what lies beside them.</summary>
internal static class InterestingCalls
{
    private const int Combinations = 24;
    private static readonly uint[] s_numbers = [0, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 102, 117, 4102, 4117, 0xF0000, 0xF0007];

    public static IEnumerable<CallData> Of(Oci.Seccomp profile, SeccompArchitecture native, int seed, bool allNumbers = false)
    {
        var random = new Random(seed);
        SeccompArchitecture[] architectures = [native, .. profile.Architectures ?? []];
        var values = Values(profile);
        foreach (var architecture in architectures.Append(SeccompArchitecture.X64).Distinct())
        {
            var audit = Architectures.AuditNumber(architecture);
            var offset = architecture == SeccompArchitecture.X32 ? Architectures.X32Bit : 0;
            var withConditions = Numbers(architecture, profile, onlyWithConditions: true).Select(number => number + offset).ToHashSet();
            var numbers = Numbers(architecture, profile, onlyWithConditions: false)
                .SelectMany(number => new[] { number - 1, number, number + 1 })
                .Concat(allNumbers ? Enumerable.Range(0, 1200).Select(number => (uint)number) : [])
                .Select(number => number + offset).Concat(s_numbers).Concat(withConditions).Distinct();
            foreach (var number in numbers)
            {
                var combinations = withConditions.Contains(number) || s_numbers.Contains(number) ? Combinations : 1;
                for (var i = 0; i < combinations; i++)
                {
                    yield return new CallData(number, audit, [.. Enumerable.Range(0, 6).Select(_ => Value(values, random))]);
                }
            }
        }

        yield return new CallData(1, 0xDEADBEEF, new ulong[6]);
    }

    /// <summary>Mostly small first arguments, so that what goes through socketcall and ipc is met.</summary>
    private static ulong Value(ulong[] values, Random random) =>
        random.Next(6) == 0 ? (ulong)random.Next(25) : values[random.Next(values.Length)];

    private static IEnumerable<uint> Numbers(SeccompArchitecture architecture, Oci.Seccomp profile, bool onlyWithConditions)
    {
        foreach (var rule in (profile.Syscalls ?? []).Where(rule => !onlyWithConditions || rule.Args is { Count: > 0 }))
        {
            foreach (var name in rule.Names.Select(SyscallNames.IndexOf).Where(name => name >= 0))
            {
                var number = Architectures.Numbers(architecture)[name];
                if (number != SyscallNumbers.Absent)
                {
                    yield return SyscallNumbers.Decode(number);
                }
            }
        }
    }

    /// <summary>Each constant, its neighbours, and mixtures of its halves with those of others.</summary>
    private static ulong[] Values(Oci.Seccomp profile)
    {
        var constants = (profile.Syscalls ?? []).SelectMany(rule => rule.Args ?? [])
            .SelectMany(argument => argument.Op == SeccompOperator.MaskedEqual
                ? [argument.ValueTwo ?? 0, (argument.ValueTwo ?? 0) & argument.Value, argument.Value, (argument.ValueTwo ?? 0) | ~argument.Value]
                : new[] { argument.Value })
            .Append(0UL).Append(ulong.MaxValue).Distinct().ToArray();
        return [.. constants.SelectMany(value => new[]
        {
            value, value - 1, value + 1, value ^ 0x100000000, value & 0xFFFFFFFF, value | 0xFFFFFFFF00000000, value + 0x100000000, value - 0x100000000,
            (value & 0xFFFFFFFF00000000) | (constants[value % (ulong)constants.Length] & 0xFFFFFFFF),
        }).Distinct()];
    }
}
