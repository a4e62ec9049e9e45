using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>Tell the host that <paramref name="Checkpoint"/> is reached.</summary>
public sealed record Announce(Checkpoint Checkpoint) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"tell the host: {Checkpoint.Describe()}";
}

/// <summary>Wait until the host says that <paramref name="Checkpoint"/> is reached; exit when the host is gone.</summary>
public sealed record Await(Checkpoint Checkpoint) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"wait for the host: {Checkpoint.Describe()}";
}

/// <summary>
/// Wait until <c>start</c> connects to the start socket and sends Go. Its connection becomes the channel: execve closes it, and a failure is
/// reported to <c>start</c>.
/// </summary>
public sealed record WaitForStart : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "wait for start";
}

/// <summary>
/// Run a hook in a child of the container process: the given state on standard input, output kept for the error message.
/// </summary>
/// <param name="Path">Absolute path of the program, resolved where the container process is now.</param>
/// <param name="Arguments">argv, argv[0] included.</param>
/// <param name="Environment">The whole environment.</param>
/// <param name="State">The slot that holds the state document.</param>
/// <param name="InRootfs">Its current directory is the container's root (createContainer), not the program's directory.</param>
/// <param name="TimeoutMilliseconds">After this long the hook is killed and has failed; 0 waits for ever.</param>
/// <param name="Filter">The filter of the hook's system calls, loaded in the hook's own process; null for none.</param>
public sealed record RunHook(
    CString Path,
    CStringArray Arguments,
    CStringArray Environment,
    Slot State,
    bool InRootfs,
    int TimeoutMilliseconds,
    LoadSeccompFilter? Filter = null) : Operation
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"run hook {Path}{(TimeoutMilliseconds == 0 ? "" : $" (at most {TimeoutMilliseconds / 1000} s)")}"
        + (Filter is null ? "" : ", its system calls filtered as well");
}

/// <summary>
/// Choose the file that <see cref="Execute"/> will run: the first of <paramref name="Candidates"/> that exists and may be
/// executed, as execvp(3) would. Done while errors can still be told to <c>create</c>.
/// </summary>
/// <param name="Candidates">argv[0] itself when it holds a slash, otherwise joined to each directory of PATH.</param>
/// <param name="Searched">They come from PATH.</param>
public sealed record FindExecutable(ImmutableArray<CString> Candidates, bool Searched) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"find the program {Candidates[^1].ToString()[(Candidates[^1].ToString().LastIndexOf('/') + 1)..]}";
}

/// <summary>Become the program. Every descriptor but the standard ones and the preserved ones closes.</summary>
/// <param name="Candidates">The same list as in <see cref="FindExecutable"/>.</param>
/// <param name="Arguments">argv.</param>
/// <param name="Environment">The whole environment.</param>
/// <param name="ListenPid">
/// The index in it of the entry that says to which process the passed descriptors belong: it gets the pid as the process itself sees it,
/// which only the process knows. Negative for none. sd_listen_fds(3)
/// </param>
public sealed record Execute(
    ImmutableArray<CString> Candidates, CStringArray Arguments, CStringArray Environment, int ListenPid = -1) : Operation
{
    /// <summary>The beginning of that entry.</summary>
    public const string ListenPidName = "LISTEN_PID=";

    /// <inheritdoc/>
    public override string Describe() => $"run {Arguments}";
}

/// <summary>
/// Close the descriptors that the caller left open from <paramref name="First"/> on, except those in slots: the container must neither see
/// nor keep open what is not its own (FD-01, CVE-2024-21626).
/// </summary>
public sealed record CloseDescriptors(int First) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"close inherited descriptors from {First} on";
}

/// <summary>Standard input from one slot, standard output and error into another: how a hook of the host is connected.</summary>
public sealed record RedirectStandardStreams(Slot Input, Slot Output) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "connect the standard streams";
}
