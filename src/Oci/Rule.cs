namespace Hull.Oci;

/// <summary>
/// A rule of the specification, or of the practice of its runtimes, that a document can break.
/// A class of literals: the AOT compiler lays the constants of <see cref="Rules"/> out as data, so that they cost nothing at start.
/// </summary>
/// <param name="id">See <see cref="Id"/>.</param>
/// <param name="page">See <see cref="Page"/>.</param>
/// <param name="anchor">See <see cref="Anchor"/>.</param>
/// <param name="sentence">See <see cref="Sentence"/>.</param>
public sealed class Rule(string id, string page, string anchor, string sentence)
{
    /// <summary>Its name in the checklist and in error texts, such as <c>RLIM-03</c>.</summary>
    public string Id => id;

    /// <summary>The page of the specification, such as <c>config.md</c>.</summary>
    public string Page => page;

    /// <summary>The anchor on that page.</summary>
    public string Anchor => anchor;

    /// <summary>The rule in one sentence of our own.</summary>
    public string Sentence => sentence;

    /// <inheritdoc/>
    public override string ToString() => $"{id}: {sentence} ({page}#{anchor})";
}
