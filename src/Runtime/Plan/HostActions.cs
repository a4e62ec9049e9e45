using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>One thing the host process does for a container. Whatever leaves a trace is undone when a later step fails.</summary>
internal abstract record HostAction;

/// <summary>Open a namespace to join and make sure that it is of that kind (NS-04).</summary>
/// <param name="MustBeAnother">
/// It must not be the one that we are in: kernel parameters are set in it, and ours are the host's (SYSC-02).
/// </param>
internal sealed record OpenNamespace(Slot Slot, NamespaceKinds Kind, string Path, bool MustBeAnother = false) : HostAction;

/// <summary>Open the root of the host's procfs and make sure that it is one (SYSC-03, LSM-03).</summary>
internal sealed record OpenProcessFilesystem : HostAction;

/// <summary>Make sure that this host labels programs in this way (LSM-01, LSM-02).</summary>
internal sealed record RequireSecurityModule(SecurityModule Module) : HostAction;

/// <summary>Which module of the kernel labels programs.</summary>
internal enum SecurityModule
{
    AppArmor,
    Selinux,
}

/// <summary>Set how the container process is scheduled. sched_setattr(2)</summary>
internal sealed record SetScheduler(SchedulingAttributes Attributes) : HostAction;

/// <summary>Set how the container process takes its turn at the disks. ioprio_set(2)</summary>
internal sealed record SetIoPriority(Linux.IoPriorityClass Class, int Level) : HostAction;

/// <summary>Move a network interface of the host into the container, with its permanent global addresses, and switch it on (NET-01 to NET-05).</summary>
/// <param name="Name">The host's name for it.</param>
/// <param name="NameInside">The container's; <c>%d</c> in it is a number that the kernel chooses.</param>
/// <param name="IntoJoined">The container's network namespace is a joined one.</param>
internal sealed record MoveNetworkDevice(string Name, string NameInside, bool IntoJoined) : HostAction;

/// <summary>Make a class of service of resctrl, or take one that exists (RDT-02 to RDT-06).</summary>
/// <param name="Class">Its directory below the mount; empty for the default class.</param>
/// <param name="Request">Whose it is.</param>
/// <param name="Schemata">What is written to it, or what it must be.</param>
internal sealed record MakeResctrlGroup(string Class, ResctrlClass Request, ImmutableArray<string> Schemata) : HostAction;

/// <summary>Whose a class of service is.</summary>
internal enum ResctrlClass
{
    /// <summary>The container's alone: made, and removed with it.</summary>
    Own,

    /// <summary>Made when it is missing, compared when it is there, and left behind.</summary>
    Shared,

    /// <summary>Somebody has made it.</summary>
    Existing,
}

/// <summary>Make a monitoring group in a class of service; it goes with the container (RDT-08).</summary>
internal sealed record MakeMonitoringGroup(string Class, string Name) : HostAction;

/// <summary>Put the container process into a class of service.</summary>
/// <param name="Class">Its directory below the mount; empty for the default class.</param>
/// <param name="Monitoring">The monitoring group in it; null for none.</param>
internal sealed record EnterResctrlGroup(string Class, string? Monitoring) : HostAction;

/// <summary>Make a cgroup, with those above it that are missing. What was there before stays afterwards (OP-DEL-04).</summary>
/// <param name="Mount">Where its hierarchy is mounted.</param>
/// <param name="Path">The cgroup below it, starting with a slash.</param>
/// <param name="Controllers">The v2 controllers to enable from the top down; empty on v1.</param>
/// <param name="Optional">A refused permission is no failure: an unprivileged caller asked for no limit (CGP-02).</param>
/// <param name="OfUnit">systemd has just made it for this container, or leaves this hierarchy to us.</param>
internal sealed record MakeCgroup(string Mount, string Path, ImmutableArray<string> Controllers, bool Optional = false, bool OfUnit = false) : HostAction
{
    /// <summary>The cgroup's directory.</summary>
    public string Directory => Mount + Path;
}

/// <summary>Let systemd make the container's cgroup: a unit that lasts as long as the container (SDC-02).</summary>
/// <param name="Unit">Its name.</param>
/// <param name="OfUser">The user's own systemd makes it, not the system's.</param>
/// <param name="Properties">All about it.</param>
/// <param name="TakesProcess">The container process is in it from the beginning; the process of a slice is put there by us.</param>
/// <param name="Directory">The cgroup that systemd will make.</param>
internal sealed record StartUnit(string Unit, bool OfUser, ImmutableArray<UnitProperty> Properties, bool TakesProcess, string Directory) : HostAction;

/// <summary>Write one file of a cgroup.</summary>
/// <param name="MayBeMissing">The value is what a kernel without this file does anyway.</param>
/// <param name="Otherwise">What is written where the kernel lacks the file: another kernel's, or another scheduler's, name for the same.</param>
internal sealed record WriteCgroupFile(
    string Directory, string File, string Value, bool MayBeMissing = false, CgroupFileValue? Otherwise = null) : HostAction;

/// <summary>A file of a cgroup and what is written to it.</summary>
internal sealed record CgroupFileValue(string File, string Value);

/// <summary>Give a v2 cgroup to the user that is root in its namespace (CGO-04): it and the files that the kernel lists for this.</summary>
/// <param name="UserId">The new owner, a user of the host.</param>
internal sealed record DelegateCgroup(string Directory, uint UserId) : HostAction;

/// <summary>Refuse a limit below what a v2 cgroup uses now: the kernel would take it and kill (MEM-09).</summary>
/// <param name="Limit">Of memory, in bytes; 0 when it does not matter.</param>
/// <param name="Swap">Of memory and swap together, in bytes; 0 when it does not matter.</param>
internal sealed record CheckMemoryUsage(string Directory, long Limit, long Swap) : HostAction;

/// <summary>Let a program judge every use of a device in a v2 cgroup; it goes with the cgroup (CGD-03).</summary>
/// <param name="Rules">How many rules it carries out.</param>
internal sealed record AttachDeviceFilter(string Directory, int Rules, ImmutableArray<BpfInstruction> Instructions) : HostAction;

/// <summary>A new v1 cpuset cgroup can hold nobody until it has processors and memory nodes: take the parent's.</summary>
/// <param name="Mount">Where the cpuset hierarchy is mounted.</param>
/// <param name="Path">The cgroup below it.</param>
internal sealed record InheritCpuset(string Mount, string Path) : HostAction;

/// <summary>Put the container process into these cgroups.</summary>
/// <param name="Optional">As in <see cref="MakeCgroup"/>: a process may be ours to limit, and yet not ours to move.</param>
internal sealed record EnterCgroups(ImmutableArray<string> Directories, bool Optional = false) : HostAction;

/// <summary>Make the socket on which <c>start</c> will knock.</summary>
internal sealed record OpenStartSocket : HostAction;

/// <summary>Keep the state document for hooks that run inside: written once the container process has a pid.</summary>
internal sealed record PrepareHookState(Slot Slot) : HostAction;

/// <summary>Write the state document that hooks inside the container will read.</summary>
/// <param name="Pid">The pid as the container sees it; 0 when it is the host's own.</param>
internal sealed record WriteHookState(Slot Slot, ContainerStatus Status, int Pid) : HostAction;

/// <summary>Wait until the container process has reached a checkpoint, or learn why it failed.</summary>
internal sealed record AwaitContainer(Checkpoint Checkpoint) : HostAction;

/// <summary>Tell the container process to go on.</summary>
internal sealed record TellContainer(Checkpoint Checkpoint) : HostAction;

/// <summary>Write the mappings of the new user namespace. user_namespaces(7)</summary>
internal sealed record WriteIdMappings(ImmutableArray<IdMapping> UserIds, ImmutableArray<IdMapping> GroupIds) : HostAction;

/// <summary>Make the way on which the container process borrows what it cannot open itself.</summary>
internal sealed record OpenMountHelper : HostAction;

/// <summary>Start a process with the host's rights that opens these for the container process, each when it is wanted (MNT-01, IDM-01).</summary>
internal sealed record ServeMounts(ImmutableArray<HostMount> Mounts) : HostAction;

/// <summary>One thing that is lent.</summary>
/// <param name="Source">What is shown, as the host names it; null for the user namespace of <paramref name="Owners"/> alone.</param>
/// <param name="Recursive">With the mounts below it.</param>
/// <param name="NoFollow">A link at the end of the source is lent itself.</param>
/// <param name="FromHost">From the host's mounts, not from the container's copy of them: so it stays shared with the host.</param>
/// <param name="Owners">How its owners are mapped; null for not at all.</param>
internal sealed record HostMount(string? Source, bool Recursive, bool NoFollow, bool FromHost, MountOwners? Owners);

/// <summary>A mapping of owners: the id that is stored, and the id of the host that is shown instead (IDM-11).</summary>
/// <param name="UserIds">Empty: as the container's user namespace maps them (IDM-05).</param>
/// <param name="GroupIds">The same for groups.</param>
/// <param name="Below">Also of the mounts below (IDM-08).</param>
internal sealed record MountOwners(ImmutableArray<IdMapping> UserIds, ImmutableArray<IdMapping> GroupIds, bool Below);

/// <summary>Set how willingly the kernel kills the container process when memory is short.</summary>
internal sealed record SetOomScoreAdjustment(int Value) : HostAction;

/// <summary>Run hooks in the runtime's namespaces, each with the state document on standard input.</summary>
internal sealed record RunHooks(HookKind Kind, ImmutableArray<HookCall> Hooks, ContainerStatus Status) : HostAction;

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

/// <summary>A hook as it will be run: nothing is left open.</summary>
/// <param name="TimeoutMilliseconds">0 waits for ever.</param>
/// <param name="Home">HOME of that environment, when the container's /etc/passwd tells it; only a hook inside the container has that.</param>
internal sealed record HookCall(
    string Path, ImmutableArray<string> Arguments, ImmutableArray<string> Environment, int TimeoutMilliseconds, HomeVariable? Home = null);

/// <summary>Connect to the socket that waits for the container's terminal, before anything is made (TTY-04).</summary>
internal sealed record ConnectConsole(string Socket) : HostAction;

/// <summary>Send the host's side of the container's terminal to that socket, and be done with it.</summary>
internal sealed record SendConsole : HostAction;

/// <summary>Keep the host's side of the container's terminal: <c>run</c> passes on what is typed and what is printed (TTY-05).</summary>
/// <param name="TakeSize">It gets the size of our own terminal; otherwise the configured one stays until ours changes.</param>
internal sealed record AdoptConsole(bool TakeSize) : HostAction;

/// <summary>Make the memory through which the container process speaks once its filter is loaded.</summary>
/// <param name="Traceable">We may take the listener only out of a process that allows to be traced.</param>
internal sealed record PrepareSeccompHandshake(bool Traceable) : HostAction;

/// <summary>Make sure, without disturbing it, that somebody listens on the socket of the seccomp agent.</summary>
internal sealed record FindListener(string Path) : HostAction;

/// <summary>Connect to the seccomp agent, which gets the listener of the filter and answers the program's calls (SECL-02).</summary>
internal sealed record ConnectListener(SeccompListener Listener) : HostAction;

/// <summary>Who answers the calls of a program that its filter hands on.</summary>
/// <param name="Path">A UNIX stream socket; absolute.</param>
/// <param name="Metadata">What it is told about the container.</param>
internal sealed record SeccompListener(string Path, string? Metadata);

/// <summary>Connect to the socket that wants a pidfd of the new process, before anything is made.</summary>
internal sealed record ConnectPidfdSocket(string Socket) : HostAction;

/// <summary>Send a pidfd of the new process to that socket.</summary>
/// <param name="Kind">What is sent with it: <c>standard</c> for a container's first process, <c>setns</c> for one that joins, as runc does.</param>
internal sealed record SendPidfd(string Kind) : HostAction;

/// <summary>Complete the container's record and write the pid file: from here the container exists.</summary>
internal sealed record RecordContainer : HostAction;

/// <summary>Write the pid file of a process that has joined a container, and from here on answer for it: signals to us are meant for it.</summary>
internal sealed record RecordProcess : HostAction;

/// <summary>Put this process, and so the one that will be born, on these processors (AFF-02). sched_setaffinity(2)</summary>
/// <param name="List">As the configuration writes them.</param>
internal sealed record SetInitialAffinity(string List, ImmutableArray<byte> Mask) : HostAction;

/// <summary>Wait until the program runs, or learn why it does not.</summary>
internal sealed record AwaitProgram : HostAction;
