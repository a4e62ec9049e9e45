namespace Hull.Runtime;

/// <summary>Something that a look before the checkpoint has found.</summary>
/// <param name="Kind">A word for programs: <c>descriptor</c>.</param>
/// <param name="Blocks">The checkpoint cannot succeed.</param>
/// <param name="Text">What it is, as a sentence without a full stop.</param>
/// <param name="Hint">What can be done about it; null when nothing is known.</param>
internal sealed record CheckpointFinding(string Kind, bool Blocks, string Text, string? Hint = null)
{
    /// <summary>As a line for people.</summary>
    public override string ToString() => $"{(Blocks ? "error" : "warning")}: {Text}{(Hint is null ? "" : $". Hint: {Hint}")}";
}
