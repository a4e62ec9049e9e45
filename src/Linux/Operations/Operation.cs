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

    /// <summary>The socket on which CRIU is told what to do; open over execve.</summary>
    CriuSocket,

    /// <summary>How many slots there are.</summary>
    Count,
}
