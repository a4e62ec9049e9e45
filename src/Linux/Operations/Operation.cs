namespace Hull.Linux;

/// <summary>
/// One thing a container process can be told to do. A list of these is everything that happens between the birth of a
/// container process and its program: sealed records without behaviour, made beforehand, carried out in order by
/// <see cref="Executor"/>. An operation is as large as a sentence of the specification, not as a system call; what a
/// kernel may lack is handled inside the operation, so that a list has no branches.
/// </summary>
public abstract record Operation;

/// <summary>
/// Where a container process keeps a descriptor that outlives one operation. The host fills some before the process exists
/// (it is born with a copy of the table); the others are filled by the operation that opens them.
/// </summary>
public enum Slot
{
    /// <summary>The container process's end of the lane: reports and checkpoints.</summary>
    Channel,

    /// <summary>The host's end of the lane, which the container process closes first of all, so that end-of-file works.</summary>
    HostChannel,

    /// <summary>The socket on which <c>start</c> knocks.</summary>
    StartSocket,

    /// <summary>The root of the container's file system; every path inside the container is resolved beneath it.</summary>
    Rootfs,

    /// <summary>A mount of the host's <c>/dev/null</c>; what lies over every masked file.</summary>
    NullDevice,

    /// <summary>The empty read-only tmpfs behind every mask over a directory.</summary>
    EmptyDirectory,

    /// <summary>Where the container process asks the lender for mounts.</summary>
    MountHelper,

    /// <summary>Of a lender: the mount namespace of the host, to go back to.</summary>
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

    /// <summary>The memory through which a process speaks that may call nothing any more.</summary>
    SeccompHandshake,

    /// <summary>A pidfd of the first process of the container that is joined, and so all of its namespaces.</summary>
    ContainerProcess,

    /// <summary>The root of the host's procfs, verified by the host.</summary>
    ProcessFilesystem,

    /// <summary>How many slots there are.</summary>
    Count,
}

/// <summary>A place where the two lanes of a plan meet. One side announces it, the other waits for it.</summary>
public enum Checkpoint
{
    /// <summary>Container to host: the process that goes on is now another one; carries its pid as the host sees it.</summary>
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

    /// <summary>Container to host: everything that <c>create</c> promises is done.</summary>
    Ready,

    /// <summary>Host to container: the container's record is complete; from here its process outlives its creator.</summary>
    Recorded,

    /// <summary>
    /// Container to host: a filter of system calls is loaded now, and this was the last word; what follows is said on the silent lane, which
    /// comes with the message where the host does not have it.
    /// </summary>
    Filtered,

    /// <summary>Container to host: the program runs. Never sent: the lane's end closing at execve announces it.</summary>
    Executed,
}
