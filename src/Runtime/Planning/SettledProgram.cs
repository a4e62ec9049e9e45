using Hull.Linux;
using Hull.Linux.Operations;

namespace Hull.Runtime.Planning;

/// <summary>
/// A program that is to run in a container, and what of the container decides how: all that the chapters which create and exec share
/// (identity, terminal, filter) may ask for.
/// </summary>
internal sealed record SettledProgram
{
    /// <summary>Its own properties.</summary>
    public required SettledProcess Process { get; init; }

    /// <summary>What judges its system calls, and those of the hooks that run where and as it does.</summary>
    public required LoadSeccompFilter? Filter { get; init; }

    /// <summary>Who answers calls in the filter's place; null when no rule asks for that.</summary>
    public required SeccompListener? Listener { get; init; }

    /// <summary>The container has a user namespace of its own or joins one: there its root has every capability.</summary>
    public required bool InUserNamespace { get; init; }

    /// <summary>Whoever asks stays until the program's end: its terminal is ours.</summary>
    public required bool Foreground { get; init; }

    /// <summary>The socket to which its terminal goes otherwise; never empty.</summary>
    public required string? ConsoleSocket { get; init; }

    /// <summary>How many descriptors beyond the standard three it gets.</summary>
    public required int PreservedDescriptors { get; init; }
}
