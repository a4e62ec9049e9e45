using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Which of the two processes that make a container a step belongs to.</summary>
internal enum Side { Host, Container }

/// <summary>
/// The one error that leaves the core: what was being done, for which property of the configuration, why the kernel
/// refused, and what to do about it. Its message is
/// <c>mounts[2]: mounting sysfs on /sys: operation not permitted (EPERM; step 17, container process). Hint: …</c>
/// </summary>
/// <param name="action">What was being done or what is wrong, in the text that callers match: in lower case, without a full stop.</param>
/// <param name="errno">Why the kernel refused; <see cref="Errno.None"/> when it was not asked.</param>
internal sealed class RuntimeError(string action, Errno errno = Errno.None) : Exception
{
    public string Action { get; } = action;

    public Errno Errno { get; } = errno;

    /// <summary>The property that demanded it: <c>mounts[2]</c>.</summary>
    public string? Property { get; init; }

    /// <summary>What the reader can do about it, as a sentence. Of a call that the kernel lacks: which, and since when there is one.</summary>
    public string? Hint
    {
        get => _hint ?? (Errno == Errno.ENOSYS ? MissingCalls.Describe() : null);
        init => _hint = value;
    }

    private readonly string? _hint;

    /// <summary>The line of <c>hull plan</c> that failed.</summary>
    public int? Step { get; init; }

    public Side Side { get; init; }

    public override string Message
    {
        get
        {
            string property = string.IsNullOrEmpty(Property) ? "" : $"{Property}: ";
            string reason = Errno == Errno.None ? "" : $": {Errno.Text()}";
            string details = Details();
            return $"{property}{Action}{reason}{(details.Length == 0 ? "" : $" ({details})")}{(Hint is null ? "" : $". Hint: {Hint}")}";
        }
    }

    private string Details()
    {
        string name = Errno == Errno.None ? "" : Errno.ToString();
        string place = Step is null ? "" : $"step {Step}, {(Side == Side.Container ? "container process" : "host process")}";
        return name.Length > 0 && place.Length > 0 ? $"{name}; {place}" : name + place;
    }
}

/// <summary>What the program ends with when it fails by itself.</summary>
internal static class ExitStatus
{
    internal const int Success = 0;

    internal const int Failure = 1;

    /// <summary>Callers of exec and wait must be able to tell our failure from the program's.</summary>
    internal const int FailureBesideProgram = 255;

    /// <summary>Of wait: the program has ended, and no one but its parent can say how.</summary>
    internal const int StatusUnknown = 254;

    /// <summary>What shells and engines expect of a program that a signal ended.</summary>
    internal static int OfSignal(int signal) => 128 + signal;
}

/// <summary>Text that a caller gave, within a message of one line.</summary>
internal static class CallerText
{
    private const int LongestText = 100;

    /// <summary>In double quotes, printable.</summary>
    internal static string Quote(string text) => $"\"{Printable(text)}\"";

    /// <summary>Without characters that end the line or move a terminal's cursor, and no longer than this many characters.</summary>
    internal static string Printable(string text, int longest = LongestText)
    {
        string beginning = text.Length > longest ? text[..longest] + "…" : text;
        return string.Concat(beginning.Select(character => char.IsControl(character) ? '?' : character));
    }
}
