namespace Hull.Oci;

/// <summary>A rule of the specification, or of the practice of its runtimes, that a document can break.</summary>
/// <param name="Id">Its name in the checklist and in error texts, such as <c>RLIM-03</c>.</param>
/// <param name="Page">The page of the specification, such as <c>config.md</c>.</param>
/// <param name="Anchor">The anchor on that page.</param>
/// <param name="Sentence">The rule in one sentence of our own.</param>
public sealed record Rule(string Id, string Page, string Anchor, string Sentence)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Sentence} ({Page}#{Anchor})";
}
