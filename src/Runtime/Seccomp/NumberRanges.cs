namespace Hull.Runtime;

/// <summary>All 32-bit numbers of calls, as ranges that share a verdict; and the search for the range of a number.</summary>
internal sealed class NumberRanges
{
    /// <summary>Where struct seccomp_data holds the number of the call.</summary>
    private const uint NumberOffset = 0;

    private readonly List<(uint First, int Verdict)> _ranges = new(256);

    /// <summary>From this number on, until another range begins. Ranges are given in ascending order, the first one at 0.</summary>
    public void From(uint first, int verdict)
    {
        int last = _ranges.Count - 1;
        if (last >= 0 && _ranges[last].First == first)
        {
            _ranges.RemoveAt(last--);
        }

        if (last < 0 || _ranges[last].Verdict != verdict)
        {
            _ranges.Add((first, verdict));
        }
    }

    /// <summary>Loads the number and finds its verdict by halving.</summary>
    public int Assemble(FilterAssembler assembler, Verdicts verdicts) =>
        assembler.Load(NumberOffset, Search(0, _ranges.Count, assembler, verdicts));

    private int Search(int begin, int end, FilterAssembler assembler, Verdicts verdicts)
    {
        if (end - begin == 1)
        {
            return verdicts.Label(_ranges[begin].Verdict);
        }

        int middle = (begin + end) / 2;
        int upper = Search(middle, end, assembler, verdicts);
        int lower = Search(begin, middle, assembler, verdicts);
        return assembler.Branch(FilterComparison.GreaterOrEqual, _ranges[middle].First, upper, lower);
    }
}
