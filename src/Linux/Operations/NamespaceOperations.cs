namespace Hull.Linux;

/// <summary>Enter an existing namespace that the host has opened and verified, or several of a process at once. setns(2)</summary>
public sealed record JoinNamespace(Slot Namespace, NamespaceKinds Kind) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => Namespace == Slot.ContainerProcess
        ? $"join the container's namespaces: {NamespaceNames.Describe(Kind)}"
        : $"join the {NamespaceNames.Describe(Kind)} namespace";
}

/// <summary>Leave the shared namespaces for new ones. unshare(2)</summary>
public sealed record MakeNamespaces(NamespaceKinds Kinds) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"make new namespaces: {NamespaceNames.Describe(Kinds)}";
}

/// <summary>Set the clocks of the time namespace made by <see cref="MakeNamespaces"/>, before a process enters it. time_namespaces(7)</summary>
/// <param name="Offsets">Lines for /proc/self/timens_offsets: <c>monotonic 86400 0\n</c>.</param>
public sealed record SetTimeOffsets(CString Offsets) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"set clocks: {Offsets.ToString().TrimEnd().Replace("\n", ", ", StringComparison.Ordinal)}";
}

/// <summary>
/// Continue in a new process, a sibling whose parent is the host: pid and time namespaces that a process makes or joins apply only to its
/// children. The old process ends.
/// </summary>
/// <param name="Kinds">New namespaces that the new process is cloned into.</param>
public sealed record ForkIntoPidNamespace(NamespaceKinds Kinds) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => Kinds == 0
        ? "go on in a new process"
        : $"go on in a new process with a new {NamespaceNames.Describe(Kinds)} namespace";
}

/// <summary>Become user and group 0 of the user namespace, with all its capabilities.</summary>
public sealed record SetRootIds : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "become root of the user namespace";
}

/// <summary>Start a new session, without a controlling terminal. setsid(2)</summary>
public sealed record StartSession : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "start a session";
}

/// <summary>
/// Leave the caller's session keyring for the container's, which has this name: a new one, or the one that its first process has. Before a user
/// namespace is entered: a keyring belongs to the user namespace and counts for the user where it is made. keyctl(2)
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="New">It is the container's first process that does it.</param>
public sealed record JoinSessionKeyring(CString Name, bool New) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"take {(New ? "a new" : "the")} session keyring {Name}";
}

/// <summary>Bring the loopback interface of a new network namespace up.</summary>
public sealed record BringUpLoopback : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "bring the loopback interface up";
}

/// <summary>Set the host name. sethostname(2)</summary>
public sealed record SetHostName(CString Name) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"set the host name to {Name}";
}

/// <summary>Set the NIS domain name. setdomainname(2)</summary>
public sealed record SetDomainName(CString Name) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"set the domain name to {Name}";
}

/// <summary>Only a process with CAP_SYS_PTRACE may trace this process or open its files in /proc until it execs. prctl(2), CVE-2016-9962</summary>
public sealed record ClearDumpable : Operation
{
    /// <inheritdoc/>
    public override string Describe() => "forbid others to look into this process";
}

/// <summary>
/// Enter a v1 cgroup. The process does it itself, through <c>tasks</c>: moving oneself needs no lock over all processes of
/// the machine, for which moving another process waits up to 10 ms. cgroups(7)
/// </summary>
/// <param name="Tasks">The cgroup's file of that name, as the host names it.</param>
public sealed record EnterCgroup(CString Tasks) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"enter cgroup {Tasks.ToString()[..Tasks.ToString().LastIndexOf('/')]}";
}
