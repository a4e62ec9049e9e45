using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What is wrong with a host, from what it answered. Asks nothing itself.</summary>
internal static class HostChecks
{
    private const ulong EnoughBytes = 16 << 20, EnoughFiles = 256, EnoughInotifyInstances = 64;

    /// <summary>Calls without which no container is made. The others are missed by some only, or an older one takes their place (docs/kernels.md).</summary>
    private static readonly HashSet<string> Needed = ["statx", "setns", "unshare", "memfd_create"];

    /// <summary>Namespaces that the configuration of hull spec asks for, as every engine does.</summary>
    private static readonly HashSet<string> Usual = ["mount", "pid", "network", "ipc", "uts"];

    /// <summary>All findings, grouped by subject.</summary>
    public static IEnumerable<HostFinding> Of(HostReport report) =>
    [
        .. Calls(report), .. Namespaces(report), .. Cgroups(report), .. Systemd(report), .. Security(report), .. Identities(report), .. Tools(report),
        .. State(report), .. Limits(report),
    ];

    private static IEnumerable<HostFinding> Calls(HostReport report)
    {
        foreach ((KernelCall call, Errno answer) in report.Calls)
        {
            bool forbidden = answer == Errno.EPERM && report.Host.MayEnterAndReturn && report.IsFiltered;
            if (answer != Errno.ENOSYS && !forbidden)
            {
                continue;
            }

            bool needed = Needed.Contains(call.Name);
            yield return new HostFinding(
                "calls." + call.Name,
                needed ? Weight.Fault : Weight.Note,
                forbidden ? $"a filter of system calls that hull runs under forbids {call.Name}" : $"this kernel has no {call.Name}: Linux {call.Since} brought it",
                needed ? "no container can be made" : CostOf(call.Name),
                forbidden ? "allow it in the filter of the container or service that hull runs in" : $"a kernel of Linux {call.Since} or later");
        }
    }

    private static string CostOf(string call) => call switch
    {
        "seccomp" => "linux.seccomp is refused",
        "pidfd_getfd" => "SCMP_ACT_NOTIFY is refused",
        "bpf" => "devices cannot be limited where cgroups are of version 2",
        "keyctl" => "containers share the session keyring of their caller: --no-new-keyring",
        "set_mempolicy" => "linux.memoryPolicy is refused",
        "mount_setattr" => "mapped owners, rro and other recursive attributes of mounts are refused; for the rest an older call takes its place",
        "open_tree" or "move_mount" => "mounts that are shared with the host are refused; for the rest an older call takes its place",
        "clone3" => "a time namespace beside a new user namespace is refused; for the rest an older call takes its place",
        "pidfd_open" => "--pidfd-socket is refused; for the rest an older call takes its place",
        _ => "an older call takes its place",
    };

    private static IEnumerable<HostFinding> Namespaces(HostReport report)
    {
        foreach (NamespaceAnswer one in report.Namespaces)
        {
            if (one is { Known: true, Refused: Errno.None })
            {
                continue;
            }

            bool isUser = !report.Host.HasSystemAdministration;
            bool stops = Usual.Contains(one.Name) || (isUser && one.Name == "user");
            string reason = !one.Known ? $"this kernel has no {one.Name} namespaces"
                : one.Limit == 0 ? $"user.max_{(one.Name == "mount" ? "mnt" : one.Name == "network" ? "net" : one.Name)}_namespaces is 0"
                : $"a {one.Name} namespace cannot be made: {one.Refused.Describe()}";
            string? remedy = !one.Known ? null
                : one.Limit == 0 ? $"sysctl user.max_{(one.Name == "mount" ? "mnt" : one.Name == "network" ? "net" : one.Name)}_namespaces=1000"
                : isUser ? UserNamespaceRemedy(report)
                : "CAP_SYS_ADMIN, or a filter of system calls that allows it";
            yield return new HostFinding(
                "namespaces." + one.Name, stops ? Weight.Fault : Weight.Note, reason,
                isUser && one.Name == "user" ? "users other than root can make no container" : $"a container that asks for a {one.Name} namespace is refused", remedy);
        }

        foreach ((string name, string value) in report.UserNamespaceSettings)
        {
            if (name == "kernel.apparmor_restrict_unprivileged_userns" && value != "0" && !report.Host.HasSystemAdministration)
            {
                yield return new HostFinding(
                    "namespaces.apparmor", Weight.Fault, $"{name} is {value}: AppArmor takes all capabilities from programs in user namespaces of users",
                    "users other than root can make no container", "give hull an AppArmor profile with \"userns,\", or set it to 0");
            }
        }
    }

    private static string UserNamespaceRemedy(HostReport report)
    {
        foreach ((string name, string value) in report.UserNamespaceSettings)
        {
            if (name == "kernel.unprivileged_userns_clone" && value == "0")
            {
                return "sysctl kernel.unprivileged_userns_clone=1";
            }
        }

        return "see user_namespaces(7): sysctls, security modules and filters of system calls may forbid it";
    }

    private static IEnumerable<HostFinding> Cgroups(HostReport report)
    {
        if (report.Host.Cgroups.Layout == CgroupLayout.None)
        {
            yield return new HostFinding(
                "cgroups", report.Host.MayLackCgroups ? Weight.Warning : Weight.Fault, "no hierarchy of cgroups is mounted",
                "containers have no limits, and what asks for some, or for a path, is refused", "mount -t cgroup2 cgroup2 /sys/fs/cgroup");
            yield break;
        }

        if (report.Host.Cgroups.Layout is CgroupLayout.V1 or CgroupLayout.Hybrid)
        {
            yield return new HostFinding(
                "cgroups.layout", Weight.Note, $"cgroups are of version 1 (layout {report.Host.Cgroups.Layout.ToString().ToLowerInvariant()})",
                "no limits of linux.resources.unified for controllers of version 1, and no delegation to users", "boot with cgroup_no_v1=all, or systemd.unified_cgroup_hierarchy=1");
        }

        // Only root needs all of them: others go without where they may not.
        foreach (IGrouping<Errno, CgroupAnswer> refused in report.Cgroups.Where(one => one.Refused != Errno.None).GroupBy(one => one.Refused))
        {
            bool optional = report.Host.MayLackCgroups;
            string[] lost = [.. refused.SelectMany(one => one.Controllers).Where(name => !name.StartsWith("name=", StringComparison.Ordinal))];
            yield return new HostFinding(
                "cgroups.delegation", optional ? Weight.Warning : Weight.Fault,
                $"no cgroup can be made in {string.Join(", ", refused.Select(one => one.Mount + one.Own.TrimEnd('/')))}: {refused.Key.Describe()}",
                optional ? $"containers are without limits{(lost.Length == 0 ? "" : $" of {string.Join(", ", lost)}")}" : "no container can be made",
                refused.Key == Errno.EROFS ? "mount it read-write" : "delegate a cgroup to the user (systemd: Delegate=yes), or use --systemd-cgroup");
        }

        HashSet<string> controllers = [.. report.Cgroups.SelectMany(one => one.Controllers)];
        foreach ((string name, string? v2, string resource) in Controllers)
        {
            if (!controllers.Contains(name) && (v2 is null || !controllers.Contains(v2)) && !(report.Host.Cgroups.V2 is not null && v2 == ""))
            {
                yield return new HostFinding(
                    "cgroups." + name, Weight.Note, $"no controller {(v2 is { Length: > 0 } && v2 != name ? $"{name} or {v2}" : name)} is there for our cgroup",
                    $"linux.resources.{resource} is refused", "build the kernel with it, enable it at boot (cgroup_enable=), or delegate it");
            }
        }
    }

    /// <summary>The name in version 1, that in version 2 where it differs (empty: no controller is needed there), and what needs it.</summary>
    private static readonly (string Name, string? V2, string Resource)[] Controllers =
    [
        ("memory", null, "memory"), ("cpu", null, "cpu"), ("cpuset", null, "cpu.cpus"), ("pids", null, "pids"), ("blkio", "io", "blockIO"),
        ("devices", "", "devices"), ("hugetlb", null, "hugepageLimits"), ("rdma", null, "rdma"),
    ];

    private static IEnumerable<HostFinding> Systemd(HostReport report)
    {
        if (report.Systemd is null)
        {
            yield return new HostFinding("cgroups.systemd", Weight.Note, report.SystemdRefusal, "--systemd-cgroup is refused; without it hull makes cgroups itself");
        }
    }

    private static IEnumerable<HostFinding> Security(HostReport report)
    {
        if (report.SeccompActions.Count == 0)
        {
            yield return new HostFinding("security.seccomp", Weight.Fault, "this kernel has no filters of system calls", "linux.seccomp is refused, which every engine sets", "a kernel with CONFIG_SECCOMP_FILTER");
        }
        else if (!report.SeccompActions.Contains("user_notif"))
        {
            yield return new HostFinding("security.seccomp", Weight.Note, "this kernel's filters know no user_notif: Linux 5.0 brought it", "SCMP_ACT_NOTIFY is refused");
        }

        if (!report.AppArmor)
        {
            yield return new HostFinding("security.apparmor", Weight.Note, "AppArmor is not enabled", "process.apparmorProfile is refused");
        }

        if (!report.Selinux)
        {
            yield return new HostFinding("security.selinux", Weight.Note, "SELinux is not enabled, or has no policy", "process.selinuxLabel and linux.mountLabel are refused");
        }
    }

    private static IEnumerable<HostFinding> Identities(HostReport report)
    {
        if (!report.Host.Rootless || report.Host.UserId == 0)
        {
            yield break;
        }

        if (report.IdHelpers.Count < 2)
        {
            yield return new HostFinding("ids.helpers", Weight.Warning, "newuidmap and newgidmap are not installed", "only one id can be mapped: images with files of several users do not work", "install the package uidmap or shadow-utils");
        }

        foreach (string file in new[] { "subuid", "subgid" })
        {
            if (!report.SubordinateIds.Any(line => line.StartsWith(file + " ", StringComparison.Ordinal)))
            {
                yield return new HostFinding($"ids.{file}", Weight.Warning, $"/etc/{file} gives user {report.User} no ids", "only one id can be mapped: images with files of several users do not work", $"usermod --add-{file}s 100000-165535 {report.User}");
            }
        }
    }

    private static IEnumerable<HostFinding> Tools(HostReport report)
    {
        if (report.Criu.Length == 0)
        {
            yield return new HostFinding("tools.criu", Weight.Note, "CRIU is not installed", "containers cannot be checkpointed and restored", "install criu");
        }
        else if (report.CriuComplaint.Length > 0)
        {
            yield return new HostFinding("tools.criu", Weight.Warning, $"criu check complains: {report.CriuComplaint}", "containers cannot be checkpointed and restored");
        }

        if (report.Resctrl.Length == 0)
        {
            yield return new HostFinding("tools.resctrl", Weight.Note, "resctrl is not mounted", "linux.intelRdt is refused", "mount -t resctrl resctrl /sys/fs/resctrl, on a processor that has it");
        }
    }

    private static IEnumerable<HostFinding> State(HostReport report)
    {
        if (report.State.Refusal.Length > 0)
        {
            yield return new HostFinding("state.directory", Weight.Fault, report.State.Refusal, "no container can be made or found", "give another directory with --root; users need XDG_RUNTIME_DIR");
        }
        else if (report.State.FreeBytes < EnoughBytes || report.State.FreeFiles < EnoughFiles)
        {
            yield return new HostFinding(
                "state.space", Weight.Fault,
                string.Create(CultureInfo.InvariantCulture, $"{report.State.Path} has room for {report.State.FreeBytes} bytes and {report.State.FreeFiles} files"),
                "containers cannot be recorded", "make room, or give another directory with --root");
        }
    }

    private static IEnumerable<HostFinding> Limits(HostReport report)
    {
        foreach (LimitAnswer limit in report.Limits)
        {
            if (limit.IsNearlyUsedUp)
            {
                yield return new HostFinding("limits." + limit.Name, Weight.Warning, $"{limit} of {limit.Name} are used", "the next containers may be refused", $"raise {limit.Name}");
            }
            else if (limit.Name == "fs.inotify.max_user_instances" && limit.Limit < EnoughInotifyInstances)
            {
                yield return new HostFinding("limits." + limit.Name, Weight.Warning, $"{limit.Name} is {limit}", "hull events and many programs in containers watch files with one each", $"sysctl {limit.Name}=1024");
            }
        }
    }
}
