using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What is asked for: a container of this configuration, attached like this.</summary>
internal sealed record CreateRequest
{
    /// <summary>The container's id, valid.</summary>
    public required string Id { get; init; }

    /// <summary>The bundle's absolute path.</summary>
    public required string Bundle { get; init; }

    /// <summary>The configuration, free of violations.</summary>
    public required Config Config { get; init; }

    /// <summary>The root file system, absolute (ROOT-02).</summary>
    public string Rootfs => Config.Root.Path.StartsWith('/') ? Config.Root.Path : Bundle + "/" + Config.Root.Path;

    /// <summary>The program waits for <c>start</c>; otherwise it runs at once.</summary>
    public required bool WaitForStart { get; init; }

    /// <summary>The caller stays until the program's end: its terminal is ours. Never so when the program waits for <c>start</c>.</summary>
    public bool Foreground { get; init; }

    /// <summary>The socket to which the program's terminal goes otherwise (TTY-04).</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>The socket that wants a pidfd of the container process.</summary>
    public string? PidfdSocket { get; init; }

    /// <summary>pivot_root(2) is not possible here: the root file system is on a ramdisk.</summary>
    public bool NoPivot { get; init; }

    /// <summary>Leave the caller's session keyring in place.</summary>
    public bool NoNewKeyring { get; init; }

    /// <summary>
    /// When it is created, as its record tells it: sets its keyring apart from that of a container of the same id before it, which lasts a
    /// moment longer than that. Empty for a plan that is only shown.
    /// </summary>
    public string Created { get; init; } = "";

    /// <summary>How many descriptors beyond the standard three the program gets.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>Those among them that are sockets for the program.</summary>
    public SocketActivation Sockets { get; init; } = SocketActivation.None;

    /// <summary>The directory in which the program finds the socket to tell that it is ready; null when the caller does not ask for that.</summary>
    public string? NotifyDirectory { get; init; }
}
