using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>Tell the host that <paramref name="Checkpoint"/> is reached.</summary>
public sealed record Announce(Checkpoint Checkpoint) : Operation;

/// <summary>Go on when the host says that <paramref name="Checkpoint"/> is reached; die when the host is gone.</summary>
public sealed record Await(Checkpoint Checkpoint) : Operation;

/// <summary>
/// Wait until <c>start</c> connects to the gate and says go, then report to it: its connection becomes the lane, so that
/// execve closes it and a failure is told to whoever started the container.
/// </summary>
public sealed record WaitForStart : Operation;

/// <summary>
/// Run a hook in a child of the container process: the given state on standard input, output kept for the error message.
/// </summary>
/// <param name="Path">Absolute path of the program, resolved where the container process is now.</param>
/// <param name="Arguments">argv, argv[0] included.</param>
/// <param name="Environment">The whole environment.</param>
/// <param name="State">The slot that holds the state document.</param>
/// <param name="InRootfs">Its current directory is the container's root (createContainer), not the program's directory.</param>
/// <param name="TimeoutMilliseconds">After this long the hook is killed and has failed; 0 waits for ever.</param>
/// <param name="Filter">What judges the hook's system calls: loaded in its own process, so that it does not hinder this one.</param>
public sealed record RunHook(
    CString Path,
    CStringArray Arguments,
    CStringArray Environment,
    Slot State,
    bool InRootfs,
    int TimeoutMilliseconds,
    LoadSeccompFilter? Filter = null) : Operation;

/// <summary>
/// Choose the file that <see cref="Execute"/> will run: the first of <paramref name="Candidates"/> that exists and may be
/// executed, as execvp(3) would. Done while errors can still be told to <c>create</c>.
/// </summary>
/// <param name="Candidates">argv[0] itself when it holds a slash, otherwise joined to each directory of PATH.</param>
/// <param name="Searched">They come from PATH.</param>
public sealed record FindExecutable(ImmutableArray<CString> Candidates, bool Searched) : Operation;

/// <summary>Become the program. Every descriptor but the standard ones and the preserved ones closes.</summary>
/// <param name="Candidates">The same list as in <see cref="FindExecutable"/>.</param>
/// <param name="Arguments">argv.</param>
/// <param name="Environment">The whole environment.</param>
/// <param name="ListenPid">
/// Which entry of it says whose the passed descriptors are, and gets our own number: no one else knows how our pid namespace numbers us.
/// None when negative. sd_listen_fds(3)
/// </param>
public sealed record Execute(
    ImmutableArray<CString> Candidates, CStringArray Arguments, CStringArray Environment, int ListenPid = -1) : Operation
{
    /// <summary>How that entry begins.</summary>
    public const string ListenPidName = "LISTEN_PID=";
}

/// <summary>
/// Close whatever descriptors the caller left open from <paramref name="First"/> on, except those in slots: nothing that is
/// not the container's may be seen by it, or be kept alive by it while it waits (FD-01, CVE-2024-21626).
/// </summary>
public sealed record CloseDescriptors(int First) : Operation;

/// <summary>Standard input from one slot, standard output and error into another: how a hook of the host is connected.</summary>
public sealed record RedirectStandardStreams(Slot Input, Slot Output) : Operation;
