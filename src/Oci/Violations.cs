using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Hull.Oci;

/// <summary>A rule of the specification that a document breaks: the container cannot be made.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Path">Where.</param>
/// <param name="Text">What was found and what is allowed, one line.</param>
public sealed record Violation(Rule Rule, SpecPath Path, string Text)
{
    /// <summary>The line an operator reads: <c>process.cwd: "tmp" is not an absolute path [PROC-02]</c>.</summary>
    public override string ToString() => Line(Rule, Path, Text);

    internal static string Line(Rule rule, SpecPath path, string text) =>
        path == SpecPath.Root ? $"{text} [{rule.Id}]" : $"{path}: {text} [{rule.Id}]";
}

/// <summary>Something about a document worth saying that changes nothing.</summary>
/// <param name="Severity">How important it is.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Path">Where.</param>
/// <param name="Text">What was found and what becomes of it, one line.</param>
public sealed record Warning(Severity Severity, Rule Rule, SpecPath Path, string Text)
{
    /// <summary>The line for the log.</summary>
    public override string ToString() => Violation.Line(Rule, Path, Text);
}

/// <summary>How important a warning is: the level at which it is logged.</summary>
public enum Severity
{
    /// <summary>A detail of the document, such as a property that is not known.</summary>
    Debug,

    /// <summary>Something in the document that the operator should change.</summary>
    Warning,
}

/// <summary>Collects what is wrong with a document; a good document allocates nothing here.</summary>
internal sealed class Violations
{
    private List<Violation>? violations;
    private List<Warning>? warnings;
    private List<SpecPath>? lost;

    /// <summary>Items of lists that could not be read, in the order of the document: the list that was read is without them.</summary>
    internal IReadOnlyList<SpecPath> Lost => lost ?? [];

    internal bool Any => violations is not null;

    // Not ImmutableArray<T>.Empty, whose static constructor is dear for a good document.
    internal ImmutableArray<Violation> All => ImmutableCollectionsMarshal.AsImmutableArray(violations?.ToArray() ?? []);

    internal ImmutableArray<Warning> Warnings => ImmutableCollectionsMarshal.AsImmutableArray(warnings?.ToArray() ?? []);

    internal void Add(Rule rule, SpecPath path, string text) => (violations ??= []).Add(new Violation(rule, path, text));

    internal void Warn(Rule rule, SpecPath path, string text) => (warnings ??= []).Add(new Warning(Severity.Warning, rule, path, text));

    internal void Notice(Rule rule, SpecPath path, string text) => (warnings ??= []).Add(new Warning(Severity.Debug, rule, path, text));

    internal void Lose(SpecPath item) => (lost ??= []).Add(item);

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
