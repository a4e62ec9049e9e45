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
        for (int i = rules.Count - 1; i >= 0; i--)
        {
            int here = assembler.Return(rules[i].Action);
            ArgumentTest[] tests = rules[i].Tests;
            for (int test = tests.Length - 1; test >= 0; test--)
            {
                here = Test(tests[test], here, next);
            }

            next = here;
        }

        return next;
    }

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
