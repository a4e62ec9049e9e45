namespace Hull.Runtime;

/// <summary>What <c>--version</c> prints: Docker looks for a line with "version" and one that starts with "commit:".</summary>
internal static class VersionText
{
    /// <summary>The version of the specification that is implemented.</summary>
    internal const string Specification = "1.3.0";

    internal const string Text = $"hull version {BuildFacts.Version}\ncommit: {BuildFacts.Commit}\nspec: {Specification}\n";
}
