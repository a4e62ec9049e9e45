using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Hull.Oci;

/// <summary>Collects what is wrong with a document; a good document allocates nothing here.</summary>
internal sealed class Findings
{
    private List<Violation>? violations;
    private List<Warning>? warnings;

    internal bool Any => violations is not null;

    // Not ImmutableArray<T>.Empty, whose static constructor is dear for a good document.
    internal ImmutableArray<Violation> Violations => ImmutableCollectionsMarshal.AsImmutableArray(violations?.ToArray() ?? []);

    internal ImmutableArray<Warning> Warnings => ImmutableCollectionsMarshal.AsImmutableArray(warnings?.ToArray() ?? []);

    internal void Add(Rule rule, SpecPath path, string text) => (violations ??= []).Add(new Violation(rule, path, text));

    internal void Warn(Rule rule, SpecPath path, string text) => (warnings ??= []).Add(new Warning(Severity.Warning, rule, path, text));

    internal void Notice(Rule rule, SpecPath path, string text) => (warnings ??= []).Add(new Warning(Severity.Debug, rule, path, text));

    /// <summary>Whether something at this path or inside it is wrong already.</summary>
    internal bool AnyWithin(SpecPath path)
    {
        if (violations is not null)
        {
            foreach (Violation violation in violations)
            {
                if (violation.Path.IsWithin(path))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
