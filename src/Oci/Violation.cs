namespace Hull.Oci;

/// <summary>A rule of the specification that a document breaks: the container cannot be made.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Path">Where.</param>
/// <param name="Text">What was found and what is allowed, one line.</param>
public sealed record Violation(Rule Rule, SpecPath Path, string Text)
{
    /// <summary>The line an operator reads: <c>process.cwd: "tmp" is not an absolute path [PROC-02]</c>.</summary>
    public override string ToString() => Finding.Line(Rule, Path, Text);
}

/// <summary>Something about a document worth saying that changes nothing.</summary>
/// <param name="Severity">For whom it is.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Path">Where.</param>
/// <param name="Text">What was found and what becomes of it, one line.</param>
public sealed record Warning(Severity Severity, Rule Rule, SpecPath Path, string Text)
{
    /// <summary>The line for the log.</summary>
    public override string ToString() => Finding.Line(Rule, Path, Text);
}

/// <summary>For whom a warning is.</summary>
public enum Severity
{
    /// <summary>For somebody who looks into the document, such as a property that is not known.</summary>
    Debug,

    /// <summary>For every operator.</summary>
    Warning,
}

internal static class Finding
{
    internal static string Line(Rule rule, SpecPath path, string text) =>
        path == SpecPath.Root ? $"{text} [{rule.Id}]" : $"{path}: {text} [{rule.Id}]";
}
