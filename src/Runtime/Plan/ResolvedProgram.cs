using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// A program that is to run in a container, and what of the container decides how: all that the planners which create and exec share
/// (identity, terminal, filter) may ask for.
/// </summary>
internal sealed record ResolvedProgram
{
    /// <summary>Its own properties.</summary>
    public required ResolvedProcess Process { get; init; }

    /// <summary>What judges its system calls, and those of the hooks that run where and as it does.</summary>
    public required LoadSeccompFilter? Filter { get; init; }

    /// <summary>The agent that answers calls in the filter's place; null when no rule asks for one.</summary>
    public required SeccompListener? Listener { get; init; }

    /// <summary>Where the container's memory comes from; null when it is not said.</summary>
    public MemoryPolicy? MemoryPolicy { get; init; }

    /// <summary>The container's execution domain; null when it is not said.</summary>
    public Personality? Personality { get; init; }

    /// <summary>The container has a user namespace of its own or joins one: there its root has every capability.</summary>
    public required bool InUserNamespace { get; init; }

    /// <summary>The caller stays until the program's end: its terminal is ours.</summary>
    public required bool Foreground { get; init; }

    /// <summary>The socket to which its terminal goes otherwise; never empty.</summary>
    public required string? ConsoleSocket { get; init; }

    /// <summary>The socket that wants a pidfd of it; never empty.</summary>
    public required string? PidfdSocket { get; init; }

    /// <summary>How many descriptors beyond the standard three it gets.</summary>
    public required int PreservedDescriptors { get; init; }

    /// <summary>Those among them, the first ones, that are sockets which were listened on for it already.</summary>
    public required SocketActivation Sockets { get; init; }

    /// <summary>Resolves a program of a container.</summary>
    /// <param name="process">The program: the configuration's, or one that joins.</param>
    /// <param name="linux">The container's own configuration.</param>
    /// <exception cref="RuntimeError">An absent property has no sensible value.</exception>
    public static ResolvedProgram Of(Process? process, LinuxConfig linux, ResolvedNamespaces namespaces, ResolvedSeccomp seccomp, Attachment attachment) => new()
    {
        Process = ResolvedProcess.Of(process),
        Filter = seccomp.Filter,
        Listener = seccomp.Listener,
        MemoryPolicy = linux.MemoryPolicy,
        Personality = linux.Personality,
        InUserNamespace = namespaces.Has(NamespaceKinds.User),
        Foreground = attachment.Foreground,
        ConsoleSocket = string.IsNullOrEmpty(attachment.ConsoleSocket) ? null : attachment.ConsoleSocket,
        PidfdSocket = string.IsNullOrEmpty(attachment.PidfdSocket) ? null : attachment.PidfdSocket,
        PreservedDescriptors = attachment.PreservedDescriptors,
        Sockets = attachment.Sockets ?? SocketActivation.None,
    };
}

/// <summary>The filter of system calls of a container's programs, compiled.</summary>
/// <param name="Filter">Null when the configuration has none.</param>
/// <param name="Listener">The agent that answers calls in the filter's place; null when no rule asks for one.</param>
internal readonly record struct ResolvedSeccomp(LoadSeccompFilter? Filter, SeccompListener? Listener);

/// <summary>How a program is attached to its caller.</summary>
/// <param name="Foreground">The caller stays until the program's end.</param>
/// <param name="ConsoleSocket">The socket to which the program's terminal goes otherwise (TTY-04).</param>
/// <param name="PidfdSocket">The socket to which a pidfd of the program goes.</param>
/// <param name="PreservedDescriptors">How many descriptors beyond the standard three the program gets.</param>
/// <param name="Sockets">The first ones of them: sockets that were listened on for the program already.</param>
internal sealed record Attachment(
    bool Foreground = false, string? ConsoleSocket = null, string? PidfdSocket = null, int PreservedDescriptors = 0, SocketActivation? Sockets = null);
