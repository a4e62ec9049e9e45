using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// What can happen to the calls of a section: an action, or rules that look at arguments. Equal ones are one, so that neighbouring calls
/// with the same verdict need no comparison between them.
/// </summary>
internal sealed class Verdicts(FilterAssembler assembler, uint defaultAction)
{
    private readonly List<Verdict> _known = [];

    /// <summary>A verdict: an action, or rules for an architecture and, once they are assembled, their label.</summary>
    private record struct Verdict(uint Action, List<ArgumentRule>? Rules, SeccompArchitecture Architecture, int Label);

    /// <summary>What happens to a call that no rule is for.</summary>
    public int Otherwise => Always(defaultAction);

    /// <summary>Always this action.</summary>
    public int Always(uint action)
    {
        for (int i = 0; i < _known.Count; i++)
        {
            if (_known[i].Rules is null && _known[i].Action == action)
            {
                return i;
            }
        }

        return Add(new Verdict(action, null, default, 0));
    }

    /// <summary>What these rules, in the order of the profile, come to (SEC-07).</summary>
    public int Of(List<ArgumentRule> rules, SeccompArchitecture architecture)
    {
        foreach (ArgumentRule rule in rules)
        {
            // A rule that always holds wins over all that look at arguments, wherever it stands; of several the first.
            if (rule.IsUnconditional)
            {
                return Always(rule.Action);
            }
        }

        List<ArgumentRule> sorted = Sorted(rules);
        for (int i = 0; i < _known.Count; i++)
        {
            if (_known[i].Rules is { } known && _known[i].Architecture == architecture && AreSame(known, sorted))
            {
                return i;
            }
        }

        return Add(new Verdict(0, sorted, architecture, 0));
    }

    /// <summary>Where the program goes on for a verdict.</summary>
    public int Label(int verdict)
    {
        Verdict known = _known[verdict];
        if (known.Rules is null)
        {
            return assembler.Return(known.Action);
        }

        if (known.Label == 0)
        {
            known.Label = new ArgumentCode(assembler, known.Architecture).Rules(known.Rules, defaultAction);
            _known[verdict] = known;
        }

        return known.Label;
    }

    private int Add(Verdict verdict)
    {
        _known.Add(verdict);
        return _known.Count - 1;
    }

    /// <summary>By insertion: rules that rank the same keep their order, and there are few.</summary>
    private static List<ArgumentRule> Sorted(List<ArgumentRule> rules)
    {
        var sorted = new List<ArgumentRule>(rules.Count);
        foreach (ArgumentRule rule in rules)
        {
            int place = 0;
            while (place < sorted.Count && sorted[place].CompareTo(rule) <= 0)
            {
                place++;
            }

            sorted.Insert(place, rule);
        }

        return sorted;
    }

    private static bool AreSame(List<ArgumentRule> one, List<ArgumentRule> other)
    {
        if (one.Count != other.Count)
        {
            return false;
        }

        for (int i = 0; i < one.Count; i++)
        {
            if (one[i].Action != other[i].Action || !one[i].HasTestsOf(other[i]))
            {
                return false;
            }
        }

        return true;
    }
}
