using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>A point where the container process and the host meet: one side announces it, the other waits for it.</summary>
public enum Checkpoint
{
    /// <summary>Container to host: another process carries out the remaining operations; with its pid as the host sees it.</summary>
    Forked,

    /// <summary>Container to host: the new user namespace exists and wants its mappings.</summary>
    WantsIdMappings,

    /// <summary>Host to container: the user namespace has its mappings.</summary>
    IdMapped,

    /// <summary>Host to container: the container's cgroups exist.</summary>
    CgroupsMade,

    /// <summary>Host to container: the process is in its cgroups and its limits hold.</summary>
    InCgroups,

    /// <summary>Container to host: namespaces and mounts exist; the root has not been changed yet.</summary>
    MountsMade,

    /// <summary>Host to container: the prestart and createRuntime hooks have succeeded.</summary>
    HostHooksDone,

    /// <summary>Container to host: the program's terminal exists; the host's side of it comes with the message.</summary>
    ConsoleReady,

    /// <summary>Container to host: a mount is attached in a container that runs; with its number.</summary>
    Mounted,

    /// <summary>Container to host: everything is done that must be before <c>create</c> returns.</summary>
    Ready,

    /// <summary>Host to container: the container's record is complete; from here its process outlives its creator.</summary>
    Recorded,

    /// <summary>
    /// Container to host: the last message before the filter of system calls is loaded; later ones go through
    /// <see cref="SeccompHandshake"/>, whose descriptor comes with this message where the host does not have it.
    /// </summary>
    Filtered,

    /// <summary>Container to host: the program runs. Never sent: execve closes the channel, and that announces it.</summary>
    Executed,
}

/// <summary>Host side: the checkpoints in messages.</summary>
public static class CheckpointText
{
    /// <summary>What is so when a checkpoint is reached.</summary>
    public static string Describe(this Checkpoint checkpoint) => checkpoint switch
    {
        Checkpoint.Forked => "another process goes on",
        Checkpoint.WantsIdMappings => "the user namespace wants its mappings",
        Checkpoint.IdMapped => "the user namespace has its mappings",
        Checkpoint.CgroupsMade => "the cgroups exist",
        Checkpoint.InCgroups => "in the cgroups",
        Checkpoint.MountsMade => "everything is mounted",
        Checkpoint.HostHooksDone => "the host's hooks are done",
        Checkpoint.ConsoleReady => "the terminal is ready",
        Checkpoint.Mounted => "a mount is attached",
        Checkpoint.Ready => "everything is ready",
        Checkpoint.Recorded => "the container is recorded",
        Checkpoint.Filtered => "the filter is loaded",
        Checkpoint.Executed => "the program runs",
    };
}

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
/// <param name="TimeoutMilliseconds">After this long the hook is killed and has failed; 0 waits without limit.</param>
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
