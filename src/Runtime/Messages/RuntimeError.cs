using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Which of the two processes that make a container a step belongs to.</summary>
internal enum Side { Host, Container }

/// <summary>
/// The one error that leaves the core: what was being done, for which property of the configuration, why the kernel
/// refused, and what to do about it. Its message is
/// <c>mounts[2]: mounting sysfs on /sys: operation not permitted (EPERM; step 17, container process). Hint: …</c>
/// </summary>
/// <param name="action">What was being done or what is wrong, in the words that callers match on: in lower case, without a full stop.</param>
/// <param name="errno">Why the kernel refused; <see cref="Errno.None"/> when it was not asked.</param>
internal sealed class RuntimeError(string action, Errno errno = Errno.None) : Exception
{
    public string Action { get; } = action;

    public Errno Errno { get; } = errno;

    /// <summary>The property that demanded it: <c>mounts[2]</c>.</summary>
    public string? Property { get; init; }

    /// <summary>What the reader can do about it, as a sentence.</summary>
    public string? Hint { get; init; }

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
