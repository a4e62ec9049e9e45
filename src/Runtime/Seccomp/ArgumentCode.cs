using System.Runtime.InteropServices;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Turns tests of arguments into instructions (SEC-07, SEC-11).</summary>
/// <param name="assembler">Where they go.</param>
/// <param name="architecture">Says how wide arguments are and where their halves lie.</param>
internal readonly struct ArgumentCode(FilterAssembler assembler, SeccompArchitecture architecture)
{
    /// <summary>Where the arguments begin in struct seccomp_data; each has 8 bytes.</summary>
    private const uint ArgumentsOffset = 16;

    private readonly bool _wide = Architectures.IsWide(architecture);
    private readonly uint _lowOffset = ArgumentsOffset + (Architectures.IsBigEndian(architecture) ? 4u : 0);
    private readonly uint _highOffset = ArgumentsOffset + (Architectures.IsBigEndian(architecture) ? 0 : 4u);

    /// <summary>Asks the rules one after the other; the first of which all tests hold decides, otherwise the default.</summary>
    public int Rules(IReadOnlyList<ArgumentRule> rules, uint defaultAction)
    {
        int next = assembler.Return(defaultAction);
        for (int end = rules.Count; end > 0;)
        {
            int begin = BeginOfEqualities(rules, end);
            next = end - begin > 1 ? Equalities(rules, begin, end, next) : Rule(rules[end - 1], next);
            end = Math.Min(begin, end - 1);
        }

        return next;
    }

    private int Rule(ArgumentRule rule, int otherwise)
    {
        int here = assembler.Return(rule.Action);
        for (int test = rule.Tests.Length - 1; test >= 0; test--)
        {
            here = Test(rule.Tests[test], here, otherwise);
        }

        return here;
    }

    /// <summary>Where the rules begin that, up to the given end, only compare all bits of one argument with a value.</summary>
    private int BeginOfEqualities(IReadOnlyList<ArgumentRule> rules, int end)
    {
        int begin = end;
        while (begin > 0 && IsEquality(rules[begin - 1]) && rules[begin - 1].Tests[0].Index == rules[end - 1].Tests[0].Index)
        {
            begin--;
        }

        return begin;
    }

    private bool IsEquality(ArgumentRule rule) =>
        rule.Tests is [{ Operator: SeccompOperator.Equal or SeccompOperator.MaskedEqual } test] && (_wide ? test.Mask == ulong.MaxValue : (uint)test.Mask == uint.MaxValue);

    /// <summary>
    /// Rules that compare one argument are a search: each half of it is loaded once, and a value costs one comparison. So thousands of them
    /// fit into a program, as with libseccomp.
    /// </summary>
    private int Equalities(IReadOnlyList<ArgumentRule> rules, int begin, int end, int otherwise)
    {
        // Of several rules for one value the first decides.
        var actions = new SortedDictionary<ulong, uint>();
        for (int i = begin; i < end; i++)
        {
            ulong value = rules[i].Tests[0].Value;
            actions.TryAdd(_wide ? value : (uint)value, rules[i].Action);
        }

        uint argument = 8 * rules[begin].Tests[0].Index;
        var highs = new List<SearchCase>();
        var lows = new List<SearchCase>();
        uint high = 0;
        foreach ((ulong value, uint action) in actions)
        {
            if (lows.Count > 0 && (uint)(value >> 32) != high)
            {
                highs.Add(new SearchCase(high, 0, assembler.Load(_lowOffset + argument, Search(CollectionsMarshal.AsSpan(lows), otherwise))));
                lows.Clear();
            }

            high = (uint)(value >> 32);
            lows.Add(new SearchCase((uint)value, action, NoLabel));
        }

        int here = assembler.Load(_lowOffset + argument, Search(CollectionsMarshal.AsSpan(lows), otherwise));
        if (!_wide)
        {
            return here;
        }

        highs.Add(new SearchCase(high, 0, here));
        return assembler.Load(_highOffset + argument, Search(CollectionsMarshal.AsSpan(highs), otherwise));
    }

    /// <summary>Halves the values until few are left, which are compared one after the other: a halving is an instruction of its own.</summary>
    private int Search(ReadOnlySpan<SearchCase> cases, int otherwise) => Search(cases, otherwise, Math.Max(SmallestBlock, (cases.Length + MostBlocks - 1) / MostBlocks));

    private int Search(ReadOnlySpan<SearchCase> cases, int otherwise, int block)
    {
        if (cases.Length > block)
        {
            int middle = cases.Length / 2;
            int upper = Search(cases[middle..], otherwise, block);
            int lower = Search(cases[..middle], otherwise, block);
            return assembler.Branch(FilterComparison.GreaterOrEqual, cases[middle].Value, upper, lower);
        }

        int here = otherwise;
        for (int i = cases.Length - 1; i >= 0; i--)
        {
            here = assembler.Branch(FilterComparison.Equal, cases[i].Value, cases[i].Label == NoLabel ? assembler.Return(cases[i].Action) : cases[i].Label, here);
        }

        return here;
    }

    private const int NoLabel = -1;
    private const int SmallestBlock = 4;
    private const int MostBlocks = 16;

    /// <summary>What a half of an argument is compared with, and what follows from it: an action, or the place that compares the other half.</summary>
    private readonly record struct SearchCase(uint Value, uint Action, int Label);

    private int Test(ArgumentTest test, int holds, int fails) => test.Operator switch
    {
        SeccompOperator.Equal => Equal(test, holds, fails),
        SeccompOperator.NotEqual => Equal(test, fails, holds),
        SeccompOperator.GreaterThan => Ordered(FilterComparison.Greater, test, holds, fails),
        SeccompOperator.LessOrEqual => Ordered(FilterComparison.Greater, test, fails, holds),
        SeccompOperator.GreaterOrEqual => Ordered(FilterComparison.GreaterOrEqual, test, holds, fails),
        SeccompOperator.LessThan => Ordered(FilterComparison.GreaterOrEqual, test, fails, holds),
        SeccompOperator.MaskedEqual => Equal(test, holds, fails),
    };

    /// <summary>The halves are compared separately; one of which no bit counts is left out.</summary>
    private int Equal(ArgumentTest test, int holds, int fails)
    {
        int here = Half(_lowOffset, test.Index, (uint)test.Mask, (uint)test.Value, holds, fails);
        return _wide ? Half(_highOffset, test.Index, (uint)(test.Mask >> 32), (uint)(test.Value >> 32), here, fails) : here;
    }

    private int Half(uint offset, uint index, uint mask, uint value, int holds, int fails)
    {
        if (mask == 0 || holds == fails)
        {
            return holds;
        }

        int here = assembler.Branch(FilterComparison.Equal, value, holds, fails);
        here = mask == uint.MaxValue ? here : assembler.And(mask, here);
        return assembler.Load(offset + (8 * index), here);
    }

    /// <summary>The upper half decides, unless it is equal: then the lower one does.</summary>
    private int Ordered(FilterComparison comparison, ArgumentTest test, int holds, int fails)
    {
        if (holds == fails)
        {
            return holds;
        }

        int here = assembler.Branch(comparison, (uint)test.Value, holds, fails);
        here = assembler.Load(_lowOffset + (8 * test.Index), here);
        if (!_wide)
        {
            return here;
        }

        uint high = (uint)(test.Value >> 32);
        here = assembler.Branch(FilterComparison.Equal, high, here, fails);
        here = assembler.Branch(FilterComparison.Greater, high, holds, here);
        return assembler.Load(_highOffset + (8 * test.Index), here);
    }
}
