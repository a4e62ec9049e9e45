using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// One step of the host process for a container: data; <see cref="PlannedProcess"/> performs it, and undoes what lasts when a later step fails.
/// </summary>
internal abstract record HostAction
{
    /// <summary>What it does, in the imperative and without a full stop: the line of <c>hull plan</c> and the middle of every error.</summary>
    public abstract string Describe();
}

/// <summary>Open a namespace to join and make sure that it is of that kind (NS-04).</summary>
/// <param name="MustBeAnother">
/// It must not be the namespace that we are in: sysctls are set in it, and ours are the host's (SYSC-02).
/// </param>
internal sealed record OpenNamespace(Slot Slot, NamespaceKinds Kind, string Path, bool MustBeAnother = false) : HostAction
{
    public override string Describe() => $"open the {NamespaceNames.Describe(Kind)} namespace {Path}{(MustBeAnother ? ", which must not be ours" : "")}";
}

/// <summary>Make sure that a user namespace that is joined maps ids as the configuration says; empty for ids of which it says nothing.</summary>
internal sealed record RequireIdMappings(string Path, ImmutableArray<IdMapping> UserIds, ImmutableArray<IdMapping> GroupIds) : HostAction
{
    public override string Describe()
    {
        string users = UserIds.IsEmpty ? "" : $"users {MountOwners.Describe(UserIds)}";
        string groups = GroupIds.IsEmpty ? "" : $"groups {MountOwners.Describe(GroupIds)}";
        return $"make sure that the user namespace {Path} maps {users}{(UserIds.IsEmpty || GroupIds.IsEmpty ? "" : " and ")}{groups}";
    }
}

/// <summary>Open the root of the host's procfs and make sure that it is one (SYSC-03, LSM-03).</summary>
internal sealed record OpenProcessFilesystem : HostAction
{
    public override string Describe() => "open the host's /proc";
}

/// <summary>
/// Leave our caller's session keyring for the container's, which its process then inherits. Only before a process that is cloned into a new
/// user namespace: one of its own would be of that namespace, where no program that joins later could find it, and count for a user who may
/// have 200 keys. Hooks of the host run in it, too. keyctl(2)
/// </summary>
/// <param name="Label">The keyring's SELinux label; null for none.</param>
internal sealed record TakeSessionKeyring(string Name, string? Label) : HostAction
{
    public override string Describe() => $"take a new session keyring {Name}{(Label is null ? "" : $", labelled {Label}")}";
}

/// <summary>Make sure that this kernel has a security module enabled (LSM-01, LSM-02).</summary>
/// <param name="Origin">The property that an error names.</param>
internal sealed record RequireSecurityModule(SecurityModule Module, Origin Origin) : HostAction
{
    /// <summary>The module as its makers write it.</summary>
    public string ModuleName => Module switch
    {
        SecurityModule.AppArmor => "AppArmor",
        SecurityModule.Selinux => "SELinux",
    };

    public override string Describe() => $"make sure that {ModuleName} is enabled";
}

/// <summary>Which module of the kernel labels programs.</summary>
internal enum SecurityModule
{
    AppArmor,
    Selinux,
}

/// <summary>Set how the container process is scheduled. sched_setattr(2)</summary>
internal sealed record SetScheduler(SchedulingAttributes Attributes) : HostAction
{
    public override string Describe()
    {
        string numbers = Attributes.Policy switch
        {
            SchedulingPolicy.Deadline => $", runtime {Attributes.Runtime}, deadline {Attributes.Deadline}, period {Attributes.Period}",
            SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin => $", priority {Attributes.Priority}",
            _ => $", nice {Attributes.Nice}",
        };
        string flags = Attributes.Flags == SchedulingFlags.None ? "" : $" ({Attributes.Flags})";
        return $"schedule the container process: {Attributes.Policy}{numbers}{flags}";
    }
}

/// <summary>Set the I/O priority of the container process. ioprio_set(2)</summary>
internal sealed record SetIoPriority(Linux.IoPriorityClass Class, int Level) : HostAction
{
    public override string Describe() => $"set the I/O priority to {Class} {Level}";
}

/// <summary>Move a network interface of the host into the container, with its permanent global addresses, and switch it on (NET-01 to NET-05).</summary>
/// <param name="Name">The host's name for it.</param>
/// <param name="NameInside">The container's; <c>%d</c> in it is a number that the kernel chooses.</param>
/// <param name="IntoJoined">The container's network namespace is a joined one.</param>
internal sealed record MoveNetworkDevice(string Name, string NameInside, bool IntoJoined) : HostAction
{
    public override string Describe() => $"move network interface {Name} into the container{(NameInside == Name ? "" : $" as {NameInside}")}";
}

/// <summary>Make a class of service of resctrl, or take one that exists (RDT-02 to RDT-06).</summary>
/// <param name="Class">Its directory below the mount; empty for the default class.</param>
/// <param name="Request">Whether it is made or must exist.</param>
/// <param name="Schemata">What is written to it, or what it must be.</param>
internal sealed record MakeResctrlGroup(string Class, ResctrlClass Request, ImmutableArray<string> Schemata) : HostAction
{
    public override string Describe()
    {
        string make = Request switch
        {
            ResctrlClass.Own => "make",
            ResctrlClass.Shared => "make, or find as it should be,",
            ResctrlClass.Existing => "find",
        };
        return $"{make} {NameOf(Class)}{(Schemata.IsEmpty ? "" : $" with {string.Join(" ", Schemata)}")}";
    }

    /// <summary>A class of service in messages.</summary>
    internal static string NameOf(string group) => group.Length == 0 ? "the default class of resctrl" : $"class {group} of resctrl";
}

/// <summary>Whether a class of service is made or must exist.</summary>
internal enum ResctrlClass
{
    /// <summary>It is the container's own: made, and removed with it.</summary>
    Own,

    /// <summary>Made when it is missing, compared when it is there, and left behind.</summary>
    Shared,

    /// <summary>It must exist, and is left behind.</summary>
    Existing,
}

/// <summary>Make a monitoring group in a class of service; it goes with the container (RDT-08).</summary>
internal sealed record MakeMonitoringGroup(string Class, string Name) : HostAction
{
    public override string Describe() => $"make monitoring group {Name} in {MakeResctrlGroup.NameOf(Class)}";
}

/// <summary>Put the container process into a class of service.</summary>
/// <param name="Class">Its directory below the mount; empty for the default class.</param>
/// <param name="Monitoring">The monitoring group in it; null for none.</param>
internal sealed record EnterResctrlGroup(string Class, string? Monitoring) : HostAction
{
    public override string Describe() =>
        $"put the container process into {MakeResctrlGroup.NameOf(Class)}{(Monitoring is null ? "" : $" and its monitoring group {Monitoring}")}";
}

/// <summary>Make the socket that <c>start</c> will connect to.</summary>
internal sealed record OpenStartSocket : HostAction
{
    public override string Describe() => "open the start socket";
}

/// <summary>Make the file of the state document for hooks that run inside; it is written once the container process has a pid.</summary>
internal sealed record PrepareHookState(Slot Slot) : HostAction
{
    public override string Describe() => $"prepare the state that {WriteHookState.HooksOf(Slot)} hooks read";
}

/// <summary>Write the state document that hooks inside the container will read.</summary>
/// <param name="Pid">The pid as the container sees it; 0 when it is the host's own.</param>
internal sealed record WriteHookState(Slot Slot, ContainerStatus Status, int Pid) : HostAction
{
    public override string Describe() => $"write the state that {HooksOf(Slot)} hooks read: {Status.SpecName()}";

    /// <summary>The hooks that read the state in a slot.</summary>
    internal static string HooksOf(Slot slot) => slot == Slot.CreateContainerState ? "createContainer" : "startContainer";
}

/// <summary>Wait until the container process has reached a checkpoint; its failure is ours.</summary>
internal sealed record AwaitContainer(Checkpoint Checkpoint) : HostAction
{
    public override string Describe() => $"wait for the container process: {Checkpoint.Describe()}";
}

/// <summary>Tell the container process to go on.</summary>
internal sealed record TellContainer(Checkpoint Checkpoint) : HostAction
{
    public override string Describe() => $"tell the container process: {Checkpoint.Describe()}";
}

/// <summary>Write the mappings of the new user namespace. user_namespaces(7)</summary>
internal sealed record WriteIdMappings(ImmutableArray<IdMapping> UserIds, ImmutableArray<IdMapping> GroupIds) : HostAction
{
    public override string Describe() => $"map users {MountOwners.Describe(UserIds)} and groups {MountOwners.Describe(GroupIds)}";
}

/// <summary>Make the socket on which the container process asks the mount helper for mounts.</summary>
internal sealed record OpenMountHelper : HostAction
{
    public override string Describe() => "make a socket pair for the mount helper";
}

/// <summary>Start the mount helper: a process with the host's rights that opens these for the container process on request (MNT-01, IDM-01).</summary>
internal sealed record ServeMounts(ImmutableArray<HostMount> Mounts) : HostAction
{
    public override string Describe() => $"open for the container process: {string.Join(", ", Mounts.Select(mount => mount.Describe()))}";
}

/// <summary>One mount that the helper opens.</summary>
/// <param name="Source">What is shown, as the host names it; null for the user namespace of <paramref name="Owners"/> alone.</param>
/// <param name="Recursive">With the mounts below it.</param>
/// <param name="NoFollow">A link at the end of the source is opened itself.</param>
/// <param name="FromHost">From the host's mounts, not from the container's copy of them: so it stays shared with the host.</param>
/// <param name="Owners">How its owners are mapped; null for not at all.</param>
internal sealed record HostMount(string? Source, bool Recursive, bool NoFollow, bool FromHost, MountOwners? Owners)
{
    /// <summary>The container's root, where the source is in it; null for a source of the host.</summary>
    public string? Root { get; init; }

    /// <summary>Where the source is in the container's root.</summary>
    public RootfsPath? OwnSource { get; init; }

    /// <summary>It is a directory that an overlay is made of: it is only opened.</summary>
    public bool IsLayer { get; init; }

    /// <summary>It is the container's root itself, which is attached where it is.</summary>
    public bool Attach { get; init; }

    public string Describe()
    {
        string owners = Owners?.Describe() ?? "";
        string below = Owners is { Below: true } ? ", also below" : "";
        string text = Source is null ? owners : $"{Source}{(owners.Length == 0 ? "" : $" ({owners}{below})")}";
        return FromHost ? $"{text} of the host" : text;
    }
}

/// <summary>A mapping of owners: the id that is stored, and the id of the host that is shown instead (IDM-11).</summary>
/// <param name="UserIds">Empty: as the container's user namespace maps them (IDM-05).</param>
/// <param name="GroupIds">The same for groups.</param>
/// <param name="Below">Also of the mounts below (IDM-08).</param>
internal sealed record MountOwners(ImmutableArray<IdMapping> UserIds, ImmutableArray<IdMapping> GroupIds, bool Below)
{
    public string Describe() => UserIds.IsEmpty
        ? "owners mapped as in the container"
        : $"users {Describe(UserIds)} and groups {Describe(GroupIds)} mapped";

    /// <summary>Mappings in messages: <c>0+65536 to 100000</c>, ids of the container first.</summary>
    internal static string Describe(ImmutableArray<IdMapping> mappings) =>
        string.Join(", ", mappings.Select(mapping => $"{mapping.ContainerId}+{mapping.Size} to {mapping.HostId}"));
}

/// <summary>Set the OOM score adjustment of the container process. proc_pid_oom_score_adj(5)</summary>
internal sealed record SetOomScoreAdjustment(int Value) : HostAction
{
    public override string Describe() => $"set the OOM score adjustment to {Value}";
}

/// <summary>Run hooks in the runtime's namespaces, each with the state document on standard input.</summary>
internal sealed record RunHooks(HookKind Kind, ImmutableArray<HookCall> Hooks, ContainerStatus Status) : HostAction
{
    public override string Describe() =>
        $"run {Hooks.Length} {HookKinds.NameOf(Kind)} {(Hooks.Length == 1 ? "hook" : "hooks")}: {string.Join(" ", Hooks.Select(hook => hook.Path))}";
}

/// <summary>Which hooks.</summary>
internal enum HookKind
{
    Prestart,
    CreateRuntime,
    CreateContainer,
    StartContainer,
    Poststart,
    Poststop,
}

/// <summary>A hook as it will be run.</summary>
/// <param name="TimeoutMilliseconds">0 waits for ever.</param>
/// <param name="Home">HOME of that environment where it comes from the container's /etc/passwd, as for hooks inside the container.</param>
internal sealed record HookCall(
    string Path, ImmutableArray<string> Arguments, ImmutableArray<string> Environment, int TimeoutMilliseconds, HomeVariable? Home = null);

/// <summary>Connect to the console socket, before anything is made (TTY-04).</summary>
internal sealed record ConnectConsole(string Socket) : HostAction
{
    public override string Describe() => $"connect to the console socket {Socket}";
}

/// <summary>Send the host's side of the container's terminal to that socket, and close it here.</summary>
internal sealed record SendConsole : HostAction
{
    public override string Describe() => "send the terminal to the console socket";
}

/// <summary>Keep the host's side of the container's terminal: <c>run</c> passes on what is typed and what is printed (TTY-05).</summary>
/// <param name="TakeSize">It gets the size of our own terminal; otherwise the configured one stays until ours changes.</param>
internal sealed record AdoptConsole(bool TakeSize) : HostAction
{
    public override string Describe() => $"serve the terminal ourselves{(TakeSize ? ", with the size of our own" : "")}";
}

/// <summary>Make the memory through which the container process reports once its filter is loaded.</summary>
/// <param name="Traceable">The container process must become dumpable before we may take the listener out of it.</param>
internal sealed record PrepareSeccompHandshake(bool Traceable) : HostAction
{
    public override string Describe() =>
        $"make a page of memory for what the container process says once it may call nothing{(Traceable ? ", and let us look into it then" : "")}";
}

/// <summary>Make sure that a seccomp agent listens on its socket, without a connection to it.</summary>
internal sealed record FindListener(string Path) : HostAction
{
    public override string Describe() => $"look whether a seccomp agent listens on {Path}";
}

/// <summary>Connect to the seccomp agent, which gets the listener of the filter and answers the program's calls (SECL-02).</summary>
internal sealed record ConnectListener(SeccompListener Listener) : HostAction
{
    public override string Describe() => $"connect to the seccomp agent on {Listener.Path}";
}

/// <summary>The seccomp agent that answers the calls for which the filter says SCMP_ACT_NOTIFY.</summary>
/// <param name="Path">A UNIX stream socket; absolute.</param>
/// <param name="Metadata">Passed on to it with the container's state; null for none.</param>
internal sealed record SeccompListener(string Path, string? Metadata);

/// <summary>Connect to the pidfd socket, before anything is made.</summary>
internal sealed record ConnectPidfdSocket(string Socket) : HostAction
{
    public override string Describe() => $"connect to the pidfd socket {Socket}";
}

/// <summary>Send a pidfd of the new process to that socket.</summary>
/// <param name="Kind">What is sent with it: <c>standard</c> for a container's first process, <c>setns</c> for one that joins, as runc does.</param>
internal sealed record SendPidfd(string Kind) : HostAction
{
    public override string Describe() => "send a pidfd to the pidfd socket";
}

/// <summary>Complete the container's record and write the pid file: from here the container exists.</summary>
internal sealed record RecordContainer : HostAction
{
    public override string Describe() => "record the container";
}

/// <summary>Write the pid file of a process that has joined a container; from here on signals to us are passed on to it.</summary>
internal sealed record RecordProcess : HostAction
{
    public override string Describe() => "record the process";
}

/// <summary>Run this process, and so the one that it will clone, on these processors (AFF-02). sched_setaffinity(2)</summary>
/// <param name="List">As the configuration writes them.</param>
internal sealed record SetInitialAffinity(string List, ImmutableArray<byte> Mask) : HostAction
{
    public override string Describe() => $"run on processors {List}";
}

/// <summary>Wait until the program runs; the failure of the container process is ours.</summary>
internal sealed record AwaitProgram : HostAction
{
    public override string Describe() => "wait until the program runs";
}

/// <summary>The parts of a restore, in their order.</summary>
internal enum RestorePart
{
    /// <summary>CRIU makes the first process with its namespaces.</summary>
    Namespaces,

    /// <summary>CRIU restores all processes; they stand still.</summary>
    Processes,

    /// <summary>They must not have more rights than the configuration says.</summary>
    Check,

    /// <summary>They go on.</summary>
    Resume,
}

/// <summary>Let CRIU carry out a part of a restore.</summary>
internal sealed record RestoreImages(RestorePart Part) : HostAction
{
    public override string Describe() => Part switch
    {
        RestorePart.Namespaces => "let CRIU make the first process with its namespaces",
        RestorePart.Processes => "let CRIU restore the processes",
        RestorePart.Check => "see that the restored processes have no more rights than the configuration says",
        RestorePart.Resume => "let the restored processes go on",
    };
}
