using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What this host and its kernel give to the caller, found out by asking (<see cref="HostSurvey"/>). Plain data: a test writes it by hand.</summary>
internal sealed record HostReport
{
    /// <summary>The kernel's version and who we are.</summary>
    public required HostFacts Host { get; init; }

    /// <summary>The kernel's release: <c>6.18.44</c> and what its builder added.</summary>
    public string KernelRelease { get; init; } = "";

    /// <summary>The processor's architecture, as uname(1) writes it.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Processors that are online.</summary>
    public int Processors { get; init; }

    /// <summary>Memory of the machine, in bytes.</summary>
    public ulong Memory { get; init; }

    /// <summary>The caller's name.</summary>
    public string User { get; init; } = "";

    /// <summary>The newer system calls with the kernel's answer.</summary>
    public IReadOnlyList<(KernelCall Call, Errno Answer)> Calls { get; init; } = [];

    /// <summary>The kinds of namespaces.</summary>
    public IReadOnlyList<NamespaceAnswer> Namespaces { get; init; } = [];

    /// <summary>Settings that keep user namespaces from users, with their values, those that exist.</summary>
    public IReadOnlyList<(string Name, string Value)> UserNamespaceSettings { get; init; } = [];

    /// <summary>Our cgroup in each hierarchy.</summary>
    public IReadOnlyList<CgroupAnswer> Cgroups { get; init; } = [];

    /// <summary>The systemd that could make cgroups; null when none answers.</summary>
    public SystemdFacts? Systemd { get; init; }

    /// <summary>Why none answers.</summary>
    public string SystemdRefusal { get; init; } = "";

    /// <summary>What a filter of system calls may decide; none where the kernel has no filters.</summary>
    public IReadOnlyList<string> SeccompActions { get; init; } = [];

    /// <summary>hull itself runs under such a filter.</summary>
    public bool IsFiltered { get; init; }

    public bool AppArmor { get; init; }

    public bool Selinux { get; init; }

    /// <summary>Where newuidmap(1) and newgidmap(1) are; empty where they are not installed.</summary>
    public IReadOnlyList<string> IdHelpers { get; init; } = [];

    /// <summary>The caller's ranges of /etc/subuid and /etc/subgid: <c>subuid 100000 65536</c>.</summary>
    public IReadOnlyList<string> SubordinateIds { get; init; } = [];

    /// <summary>CRIU's version; empty without CRIU.</summary>
    public string Criu { get; init; } = "";

    /// <summary>What <c>criu check</c> complains of; empty when it is content or was not asked.</summary>
    public string CriuComplaint { get; init; } = "";

    /// <summary>Where resctrl is mounted; empty where it is not.</summary>
    public string Resctrl { get; init; } = "";

    /// <summary>The state directory.</summary>
    public StateAnswer State { get; init; } = new("", "", 0, 0);

    /// <summary>Limits of the host and of the caller.</summary>
    public IReadOnlyList<LimitAnswer> Limits { get; init; } = [];

    /// <summary>The report as facts: group, name, and a text, number, truth or list of texts.</summary>
    public IEnumerable<(string Group, string Name, object Value)> Facts()
    {
        yield return ("hull", "version", BuildFacts.Version);
        yield return ("hull", "commit", BuildFacts.Commit);
        yield return ("host", "kernel", KernelRelease);
        yield return ("host", "architecture", Architecture);
        yield return ("host", "processors", (ulong)Processors);
        yield return ("host", "memory", Memory);
        yield return ("caller", "user", User);
        yield return ("caller", "uid", (ulong)Host.UserId);
        yield return ("caller", "inUserNamespace", Host.InUserNamespace);
        yield return ("caller", "capabilities", CapabilitiesOf(Host.Capabilities));
        yield return ("caller", "subordinateIds", SubordinateIds.ToArray());
        yield return ("caller", "idHelpers", IdHelpers.ToArray());
        yield return ("calls", "missing", Calls.Where(call => call.Answer == Errno.ENOSYS).Select(call => call.Call.Name).ToArray());
        foreach (NamespaceAnswer one in Namespaces)
        {
            yield return ("namespaces", one.Name, one.ToString());
        }

        foreach ((string name, string value) in UserNamespaceSettings)
        {
            yield return ("namespaces", name, value);
        }

        yield return ("cgroups", "layout", Host.Cgroups.Layout.ToString().ToLowerInvariant());
        foreach (CgroupAnswer one in Cgroups)
        {
            yield return ("cgroups", one.Mount, one.ToString());
        }

        yield return ("cgroups", "systemd", Systemd is { } systemd ? string.Create(CultureInfo.InvariantCulture, $"{systemd.Version}{(systemd.OfUser ? " of the user" : "")}") : "no");
        yield return ("security", "seccompActions", SeccompActions.ToArray());
        yield return ("security", "underFilter", IsFiltered);
        yield return ("security", "apparmor", AppArmor);
        yield return ("security", "selinux", Selinux);
        yield return ("tools", "criu", Criu.Length > 0 ? Criu : "no");
        yield return ("tools", "resctrl", Resctrl.Length > 0 ? Resctrl : "no");
        yield return ("state", "directory", State.Path);
        yield return ("state", "freeBytes", State.FreeBytes);
        foreach (LimitAnswer limit in Limits)
        {
            yield return ("limits", limit.Name, limit.ToString());
        }
    }

    private static string[] CapabilitiesOf(CapabilitySet set) =>
        [.. Enumerable.Range(0, CapabilityNames.Count).Where(set.Contains).Select(number => CapabilityNames.NameOf(number)!)];
}

/// <summary>One kind of namespace.</summary>
/// <param name="Name">As the specification names it.</param>
/// <param name="Known">The kernel has it.</param>
/// <param name="Limit">How many a user may make: /proc/sys/user/max_*_namespaces; null without such a limit.</param>
/// <param name="Refused">Why the kernel did not make one for us, a user namespace around it where we are not root; <see cref="Errno.None"/> when it did.</param>
internal sealed record NamespaceAnswer(string Name, bool Known, ulong? Limit, Errno Refused)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string limit = Limit is { } most ? string.Create(CultureInfo.InvariantCulture, $", at most {most}") : "";
        return !Known ? "not known to this kernel" : Refused == Errno.None ? "yes" + limit : $"refused: {Refused.Describe()}{limit}";
    }
}

/// <summary>Our cgroup in one hierarchy.</summary>
/// <param name="Own">Below the mount.</param>
/// <param name="Controllers">Those that a container below it could use.</param>
/// <param name="Refused">Why no cgroup can be made there; <see cref="Errno.None"/> when one can.</param>
internal sealed record CgroupAnswer(string Mount, string Own, IReadOnlyList<string> Controllers, Errno Refused)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{string.Join(' ', Controllers)}; ours is {Own}, {(Refused == Errno.None ? "writable" : $"not writable: {Refused.Describe()}")}";
}

/// <summary>The state directory.</summary>
/// <param name="Refusal">Why it cannot be used; empty when it can.</param>
/// <param name="FreeBytes">What the caller may still write there, in bytes.</param>
/// <param name="FreeFiles">How many files may still be made there.</param>
internal sealed record StateAnswer(string Path, string Refusal, ulong FreeBytes, ulong FreeFiles);

/// <summary>A limit.</summary>
/// <param name="Name">Where it is set: <c>fs.inotify.max_user_instances</c>.</param>
/// <param name="Used">How much of it is used; null where the kernel does not tell.</param>
internal sealed record LimitAnswer(string Name, ulong? Used, ulong Limit)
{
    /// <summary>Nine tenths of it are used.</summary>
    public bool IsNearlyUsedUp => Used is { } used && used >= Limit - (Limit / 10);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Used is { } used ? $"{used} of " : "")}{Limit}");
}
