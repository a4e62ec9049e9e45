using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What the arguments ask for.</summary>
/// <param name="Global">What stood before the command; also when the rest is wrong, because it says where errors go.</param>
/// <param name="Request">What is to be carried out.</param>
internal sealed record Invocation(GlobalOptions Global, IRequest Request);

/// <summary>What the program was called for: a <see cref="Command"/>, a text to print, or an error in the arguments.</summary>
internal interface IRequest
{
    /// <summary>The exit status when hull itself fails.</summary>
    int FailureStatus => ExitStatus.Failure;

    /// <summary>Carries it out.</summary>
    /// <returns>The program's exit status.</returns>
    int Run(GlobalOptions global, Log log);
}

/// <summary>A page of help to print.</summary>
internal sealed record HelpPage(string Text) : IRequest
{
    /// <inheritdoc/>
    public int Run(GlobalOptions global, Log log) => new PlainText(Colours.AreSeenAt(StandardOutput.Output) ? Colours.Headings(Text) : Text).Run(global, log);
}

/// <summary>A text to print as it is: for a shell, or for man(1).</summary>
internal sealed record PlainText(string Text) : IRequest
{
    /// <inheritdoc/>
    public int Run(GlobalOptions global, Log log)
    {
        StandardStreams.WriteOut(Text);
        return ExitStatus.Success;
    }
}

/// <summary>The version is asked for.</summary>
internal sealed record VersionRequest : IRequest
{
    /// <inheritdoc/>
    public int Run(GlobalOptions global, Log log) => new PlainText(VersionText.Text).Run(global, log);
}

/// <summary>The arguments cannot be read.</summary>
/// <param name="Text">One line that names the option or the argument.</param>
/// <param name="Status">What the program ends with.</param>
internal sealed record UsageError(string Text, int Status) : IRequest
{
    /// <inheritdoc/>
    public int Run(GlobalOptions global, Log log)
    {
        log.Failure(Text);
        return Status;
    }
}

/// <summary>What <c>--version</c> prints: Docker looks for a line with "version" and one that starts with "commit:".</summary>
internal static class VersionText
{
    internal const string Text = $"hull version {BuildFacts.Version}\ncommit: {BuildFacts.Commit}\nspec: {DefaultConfig.SpecVersion}\n";
}
