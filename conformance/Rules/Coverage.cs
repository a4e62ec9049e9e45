using System.Collections.Immutable;
using Hull.Conformance.Suite;

namespace Hull.Conformance.Rules;

/// <summary>Which rules have a case, and why the others have none.</summary>
internal sealed class Coverage(ImmutableArray<ChecklistRule> rules, IEnumerable<Case> cases)
{
    private readonly ImmutableHashSet<string> _observed = [.. cases.SelectMany(one => one.Rules)];

    public ImmutableArray<ChecklistRule> Rules => rules;

    public ImmutableArray<ChecklistRule> Covered => [.. rules.Where(rule => _observed.Contains(rule.Id))];

    public ImmutableArray<(ChecklistRule Rule, string Reason)> Uncovered =>
    [
        .. rules.Where(rule => !_observed.Contains(rule.Id))
            .Select(rule => (rule, Checklist.Uncovered.GetValueOrDefault(rule.Id, "to do"))),
    ];

    /// <summary>Ids that cases name and no rule has: a slip of the pen.</summary>
    public ImmutableArray<string> Unknown => [.. _observed.Where(id => rules.All(rule => rule.Id != id)).Order(StringComparer.Ordinal)];

    public string Summary => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Covered.Length} of {rules.Length} rules of the checklist have a case; {Uncovered.Count(entry => entry.Reason != "to do")} cannot or need none, {Uncovered.Count(entry => entry.Reason == "to do")} are to do");
}
