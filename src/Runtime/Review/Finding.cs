using Hull.Oci;

namespace Hull.Runtime;

/// <summary>How much a finding weighs; the first weighs most.</summary>
internal enum Weight
{
    /// <summary>There will be no container.</summary>
    Fault,

    /// <summary>There will be one that is not all that was asked for.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Note,
}

/// <summary>Something that is to be said about a bundle.</summary>
/// <param name="Weight">How much it weighs.</param>
/// <param name="Rule">The rule of the specification; null where this host is the reason.</param>
/// <param name="Place">The property; the document itself where it is not known.</param>
/// <param name="Text">What was found and what becomes of it, one line, without the property.</param>
internal sealed record Finding(Weight Weight, Rule? Rule, SpecPath Place, string Text)
{
    /// <summary>What the reader can do about it, as a sentence.</summary>
    public string? Hint { get; init; }

    /// <summary>All that an inspection of the document found.</summary>
    public static IEnumerable<Finding> Of(Inspection inspection)
    {
        foreach (Violation violation in inspection.Violations)
        {
            yield return new Finding(Weight.Fault, violation.Rule, violation.Path, violation.Text);
        }

        foreach (Warning warning in inspection.Warnings)
        {
            yield return new Finding(warning.Severity == Severity.Warning ? Weight.Warning : Weight.Note, warning.Rule, warning.Path, warning.Text);
        }
    }

    /// <summary>What stopped a plan. Its property is a text, so that its place in the document is not known.</summary>
    public static Finding Of(RuntimeError refusal) =>
        new(Weight.Fault, null, SpecPath.Root, string.IsNullOrEmpty(refusal.Property) ? refusal.Action : $"{refusal.Property}: {refusal.Action}") { Hint = refusal.Hint };

    /// <summary>The line an operator reads: <c>process.cwd: "tmp" is not an absolute path [PROC-02]</c>.</summary>
    public override string ToString()
    {
        string place = Place == SpecPath.Root ? "" : $"{Place}: ";
        return $"{place}{Text}{(Rule is null ? "" : $" [{Rule.Id}]")}{(Hint is null ? "" : $". Hint: {Hint}")}";
    }
}
