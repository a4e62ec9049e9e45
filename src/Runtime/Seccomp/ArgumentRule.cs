using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What happens to a call when all tests hold; with none, always.</summary>
/// <param name="Action">What the filter answers.</param>
/// <param name="Tests">In the order of their arguments, each of which has at most one.</param>
internal sealed record ArgumentRule(uint Action, ArgumentTest[] Tests)
{
    private ArgumentRule? _narrowed;

    /// <summary>The rule depends on nothing but the call.</summary>
    public bool IsUnconditional => Tests.Length == 0;

    /// <summary>The rule where arguments have 32 bits. It may lose tests, or all of them.</summary>
    public ArgumentRule Narrowed => _narrowed ??= IsUnconditional ? this : new ArgumentRule(Action, NarrowedTests());

    /// <summary>The same tests.</summary>
    public bool HasTestsOf(ArgumentRule other) => Tests.AsSpan().SequenceEqual(other.Tests);

    /// <summary>
    /// Which of two rules for one call is asked first: negative when this one. The order is libseccomp's, so that a profile means the same
    /// in every runtime: higher arguments before lower ones, equality before upper bounds before lower bounds, the tighter bound first; and
    /// of two rules that begin alike, the one that says less. Zero: the one that comes first in the profile.
    /// </summary>
    public int CompareTo(ArgumentRule other)
    {
        int common = Math.Min(Tests.Length, other.Tests.Length);
        for (int i = 0; i < common; i++)
        {
            ArgumentTest mine = Tests[i], its = other.Tests[i];
            if (mine == its)
            {
                continue;
            }

            if (mine.Index != its.Index)
            {
                return its.Index.CompareTo(mine.Index);
            }

            int rank = Rank(mine.Operator);
            if (rank != Rank(its.Operator))
            {
                return rank - Rank(its.Operator);
            }

            return rank == UpperBound ? mine.Value.CompareTo(its.Value) : its.Value.CompareTo(mine.Value);
        }

        return Tests.Length - other.Tests.Length;
    }

    private const int Equality = 0;
    private const int UpperBound = 1;
    private const int LowerBound = 2;

    private static int Rank(SeccompOperator op) => op switch
    {
        SeccompOperator.LessThan or SeccompOperator.LessOrEqual => UpperBound,
        SeccompOperator.GreaterThan or SeccompOperator.GreaterOrEqual => LowerBound,
        SeccompOperator.Equal or SeccompOperator.NotEqual or SeccompOperator.MaskedEqual => Equality,
    };

    private ArgumentTest[] NarrowedTests()
    {
        var kept = new List<ArgumentTest>(Tests.Length);
        foreach (ArgumentTest test in Tests)
        {
            ArgumentTest narrowed = test.Narrowed;
            if (!narrowed.AlwaysHolds)
            {
                kept.Add(narrowed);
            }
        }

        return [.. kept];
    }
}
