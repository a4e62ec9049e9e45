
namespace Hull.Runtime;

/// <summary>What the arguments ask for.</summary>
/// <param name="Global">What stood before the command; also when the rest is wrong, because it says where errors go.</param>
/// <param name="Request">
/// The options of one command (a <see cref="CommandOptions"/>), <see cref="HelpPage"/>, <see cref="PlainText"/>, <see cref="VersionRequest"/> or <see cref="UsageError"/>.
/// </param>
internal sealed record Invocation(GlobalOptions Global, object Request);

/// <summary>A page of help to print.</summary>
internal sealed record HelpPage(string Text);

/// <summary>A text to print as it is: for a shell, or for man(1).</summary>
internal sealed record PlainText(string Text);

/// <summary>The version is asked for.</summary>
internal sealed record VersionRequest;

/// <summary>The arguments cannot be read.</summary>
/// <param name="Text">One line that names the option or the argument.</param>
/// <param name="ExitStatus">What the program ends with.</param>
internal sealed record UsageError(string Text, int ExitStatus);
