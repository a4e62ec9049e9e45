namespace Hull.Linux;

/// <summary>Enter an existing namespace that the host has opened and verified, or several of a process at once. setns(2)</summary>
public sealed record JoinNamespace(Slot Namespace, NamespaceKinds Kind) : Operation;

/// <summary>Leave the shared namespaces for new ones. unshare(2)</summary>
public sealed record MakeNamespaces(NamespaceKinds Kinds) : Operation;

/// <summary>Set the clocks of the time namespace made by <see cref="MakeNamespaces"/>, before anybody enters it. time_namespaces(7)</summary>
/// <param name="Offsets">Lines for /proc/self/timens_offsets: <c>monotonic 86400 0\n</c>.</param>
public sealed record SetTimeOffsets(CString Offsets) : Operation;

/// <summary>
/// Go on as a new process, a sibling whose parent is the host: the way into pid and time namespaces that were made or
/// joined after birth. The old process ends.
/// </summary>
/// <param name="Kinds">Namespaces that the new process is born into.</param>
public sealed record ForkIntoPidNamespace(NamespaceKinds Kinds) : Operation;

/// <summary>Become user and group 0 of the user namespace, with all its capabilities.</summary>
public sealed record SetRootIds : Operation;

/// <summary>Start a session of our own, without a controlling terminal. setsid(2)</summary>
public sealed record StartSession : Operation;

/// <summary>Leave the caller's session keyring for a new one of this name. keyctl(2)</summary>
public sealed record JoinSessionKeyring(CString Name) : Operation;

/// <summary>Bring the loopback interface of a new network namespace up.</summary>
public sealed record BringUpLoopback : Operation;

/// <summary>Set the host name. sethostname(2)</summary>
public sealed record SetHostName(CString Name) : Operation;

/// <summary>Set the NIS domain name. setdomainname(2)</summary>
public sealed record SetDomainName(CString Name) : Operation;

/// <summary>Nobody but a process with CAP_SYS_PTRACE may look into this process until it execs. prctl(2), CVE-2016-9962</summary>
public sealed record ClearDumpable : Operation;

/// <summary>
/// Enter a v1 cgroup. The process does it itself, through <c>tasks</c>: moving oneself needs no lock over all processes of
/// the machine, for which moving another process waits up to 10 ms. cgroups(7)
/// </summary>
/// <param name="Tasks">The cgroup's file of that name, as the host names it.</param>
public sealed record EnterCgroup(CString Tasks) : Operation;
