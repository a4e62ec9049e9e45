namespace Hull.Linux;

/// <summary>
/// One step of a container process. A list of these is everything between clone3 and the program: sealed records, made beforehand, carried
/// out in order by <see cref="Executor"/>. An operation is as large as a sentence of the specification, not as a system call; what a kernel
/// may lack is handled inside the operation, so that a list has no branches.
/// </summary>
public abstract record Operation
{
    /// <summary>Every operation is in this assembly: <see cref="Executor"/> must know how to perform it.</summary>
    private protected Operation()
    {
    }

    /// <summary>
    /// What it does, in the imperative and without a full stop: the line of <c>hull plan</c> and the middle of every error. For the host; a
    /// container process makes no strings.
    /// </summary>
    public abstract string Describe();
}

/// <summary>
/// Where a container process keeps a descriptor that outlives one operation. The host fills some before the process exists
/// (it starts with a copy of the table); the others are filled by the operation that opens them.
/// </summary>
public enum Slot
{
    /// <summary>The container process's end of the channel: reports and checkpoints.</summary>
    Channel,

    /// <summary>The host's end of the channel, which the container process closes first of all, so that end-of-file works.</summary>
    HostChannel,

    /// <summary>The socket that <c>start</c> connects to.</summary>
    StartSocket,

    /// <summary>The root of the container's file system; every path inside the container is resolved beneath it.</summary>
    Rootfs,

    /// <summary>A mount of the host's <c>/dev/null</c>, which covers every masked file.</summary>
    NullDevice,

    /// <summary>The empty read-only tmpfs behind every mask over a directory.</summary>
    EmptyDirectory,

    /// <summary>The socket on which the container process asks the mount helper for mounts.</summary>
    MountHelper,

    /// <summary>Of the mount helper: the mount namespace of the host, to go back to.</summary>
    HostMountNamespace,

    /// <summary>What the createContainer hooks read on standard input.</summary>
    CreateContainerState,

    /// <summary>What the startContainer hooks read on standard input.</summary>
    StartContainerState,

    /// <summary>Where hooks inside the container write; read only when one fails.</summary>
    HookOutput,

    /// <summary>A namespace to join: mount.</summary>
    MountNamespace,

    /// <summary>A namespace to join: user.</summary>
    UserNamespace,

    /// <summary>A namespace to join: time.</summary>
    TimeNamespace,

    /// <summary>A namespace to join: pid.</summary>
    PidNamespace,

    /// <summary>A namespace to join: network.</summary>
    NetworkNamespace,

    /// <summary>A namespace to join: ipc.</summary>
    IpcNamespace,

    /// <summary>A namespace to join: uts.</summary>
    UtsNamespace,

    /// <summary>A namespace to join: cgroup.</summary>
    CgroupNamespace,

    /// <summary>The memory through which a process reports once its filter forbids system calls.</summary>
    SeccompHandshake,

    /// <summary>A pidfd of the first process of the container that is joined; it stands for all namespaces of that process.</summary>
    ContainerProcess,

    /// <summary>The root of the host's procfs, verified by the host.</summary>
    ProcessFilesystem,

    /// <summary>How many slots there are.</summary>
    Count,
}

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
        Checkpoint.Ready => "everything is ready",
        Checkpoint.Recorded => "the container is recorded",
        Checkpoint.Filtered => "the filter is loaded",
        Checkpoint.Executed => "the program runs",
    };
}
