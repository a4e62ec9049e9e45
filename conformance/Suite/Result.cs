namespace Hull.Conformance.Suite;

internal enum Verdict
{
    Passed,

    /// <summary>The rule is broken.</summary>
    Failed,

    /// <summary>The machine lacks what the case needs.</summary>
    Skipped,

    /// <summary>The case failed, and the rule is newer than the version of the specification that the runtime says it implements.</summary>
    Newer,
}

/// <param name="Text">Why, unless it passed.</param>
/// <param name="Left">What the runtime left on the host after `delete --force`; the suite has removed it.</param>
internal sealed record Result(RuntimeUnderTest Runtime, Case Case, Verdict Verdict, string Text, TimeSpan Duration, IReadOnlyList<string> Left);
