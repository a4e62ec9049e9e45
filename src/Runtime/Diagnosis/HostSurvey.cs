using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Asks this host what it gives to the caller. Changes nothing; what is made to see whether it can be made is gone at once.</summary>
internal static class HostSurvey
{
    /// <summary>What keeps user namespaces from users: Debian's switch, Ubuntu's, and the kernel's for both.</summary>
    private static readonly string[] UserNamespaceSwitches =
        ["kernel/unprivileged_userns_clone", "kernel/apparmor_restrict_unprivileged_userns", "kernel/apparmor_restrict_unprivileged_unconfined"];

    private static readonly string[] IdHelpers = ["newuidmap", "newgidmap"], SubordinateFiles = ["subuid", "subgid"];

    /// <summary>Everything.</summary>
    public static HostReport Ask(StoreRoot root)
    {
        HostFacts host = HostProbe.Probe();
        SystemdFacts? systemd = AskSystemd(host, out string refusal);
        string user = UserNames.Of(host.UserId), criu = Said("criu", "--version");
        return new HostReport
        {
            Host = host,
            KernelRelease = Text("/proc/sys/kernel/osrelease"),
            Architecture = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => "x86_64", Architecture.Arm64 => "aarch64", var other => other.ToString() },
            Processors = StatisticsText.Range(Text("/sys/devices/system/cpu/online")).Count,
            Memory = StatisticsText.Number(Text("/proc/meminfo").Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1)) * 1024,
            User = user,
            Calls = [.. KernelCalls.All.Select(call => (call, KernelCalls.Ask(call)))],
            Namespaces = [.. NamespaceNames.All.ToArray().Select(kind => AskNamespace(host, NamespaceNames.Describe(kind), kind))],
            UserNamespaceSettings = [.. UserNamespaceSwitches.Select(name => (name.Replace('/', '.'), Text("/proc/sys/" + name))).Where(one => one.Item2.Length > 0)],
            Cgroups = [.. AskCgroups(host.Cgroups)],
            Systemd = systemd,
            SystemdRefusal = refusal,
            SeccompActions = Text("/proc/sys/kernel/seccomp/actions_avail").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            IsFiltered = ProcessFields.Find(Text("/proc/self/status"), "Seccomp") == "2",
            AppArmor = SecurityModules.AppArmorIsEnabled(),
            Selinux = SecurityModules.SelinuxIsEnabled(),
            IdHelpers = [.. IdHelpers.Select(HostProgram.Find).OfType<string>()],
            SubordinateIds = [.. SubordinateFiles.SelectMany(file => SubordinateIds(file, Text("/etc/" + file), user, host.UserId))],
            Criu = criu.Split('\n')[0].Replace("Version: ", "", StringComparison.Ordinal),
            CriuComplaint = criu.Length > 0 && host.HasSystemAdministration ? Complaint("criu", "check") : "",
            Resctrl = Resctrl.MountOrNull() ?? "",
            State = AskState(root),
            Limits = [.. HostLimits.Ask(host)],
        };
    }

    /// <summary>The caller's lines of /etc/subuid or /etc/subgid, by name or number. subuid(5)</summary>
    internal static IEnumerable<string> SubordinateIds(string file, string table, string user, uint userId)
    {
        foreach (string line in table.Split('\n'))
        {
            if (line.Split(':') is [var who, var first, var count] && (who == user || who == userId.ToString(CultureInfo.InvariantCulture)))
            {
                yield return $"{file} {first} {count.Trim()}";
            }
        }
    }

    private static SystemdFacts? AskSystemd(HostFacts host, out string refusal)
    {
        refusal = "";
        try
        {
            CgroupDriver.Choose(new CgroupChoice(CgroupManager.Systemd, null), host, out UnitManager? systemd);
            using (systemd)
            {
                return systemd!.Ask();
            }
        }
        catch (RuntimeError none)
        {
            refusal = none.Action;
            return null;
        }
    }

    /// <summary>A process that does nothing is cloned into such a namespace.</summary>
    private static NamespaceAnswer AskNamespace(HostFacts host, string name, NamespaceKinds kind)
    {
        string file = NamespaceNames.FileOf(kind), limit = Text($"/proc/sys/user/max_{file}_namespaces");
        bool known = HostFiles.Exists(Fd.CurrentDirectory, "/proc/self/ns/" + file);
        Errno refused = known ? TryToMake(host.HasSystemAdministration ? kind : kind | NamespaceKinds.User) : Errno.EINVAL;
        return new NamespaceAnswer(name, known, limit.Length > 0 ? StatisticsText.Number(limit) : null, refused);
    }

    private static Errno TryToMake(NamespaceKinds kinds)
    {
        var slots = new Slots();
        using var channel = new HostChannel(slots);
        try
        {
            ClonedProcess made = Clone.Start([new Await(Checkpoint.IdMapped)], slots, new CloneContext(kinds, [], Fd.None));
            using OwnedFd process = made.Process;

            // It waits for a message that never comes, and ends when our end of the channel closes.
            channel.CloseFarEnd();
            channel.Dispose();
            Processes.Wait(process, WaitOptions.Exited, out _);
            return Errno.None;
        }
        catch (KernelException refused)
        {
            return refused.Errno;
        }
    }

    private static IEnumerable<CgroupAnswer> AskCgroups(CgroupFacts facts)
    {
        foreach (CgroupHierarchy hierarchy in facts.V2 is { } v2 ? facts.V1.Add(v2) : facts.V1)
        {
            string own = hierarchy.Mount + hierarchy.Own.TrimEnd('/');
            IReadOnlyList<string> controllers = hierarchy == facts.V2
                ? [.. CgroupHierarchies.Words(Encoding.UTF8.GetBytes(Text(own + "/cgroup.controllers")))]
                : hierarchy.Controllers;
            Errno refused = Files.Access(Fd.CurrentDirectory, own, AccessMode.Write, AtFlags.EffectiveAccess).Errno;
            yield return new CgroupAnswer(hierarchy.Mount, hierarchy.Own, controllers, refused == Errno.ENOSYS ? Errno.None : refused);
        }
    }

    private static StateAnswer AskState(StoreRoot root)
    {
        string refusal = "", place = root.Path;
        try
        {
            using ContainerStore? store = ContainerStore.OpenExisting(root);
        }
        catch (RuntimeError unusable)
        {
            refusal = unusable.Message;
        }

        while (place.Length > 1 && !HostFiles.Exists(Fd.CurrentDirectory, place))
        {
            place = CgroupDirectories.Parent(place.StartsWith('/') ? place : Bundle.AbsolutePath(place));
        }

        SyscallResult writable = Files.Access(Fd.CurrentDirectory, place, AccessMode.Write, AtFlags.EffectiveAccess);
        if (refusal.Length == 0 && writable.Failed && writable.Errno != Errno.ENOSYS)
        {
            refusal = $"{place} is not writable: {writable.Errno.Describe()}";
        }

        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, place, OpenFlags.Path);
        if (opened.Failed)
        {
            return new StateAnswer(root.Path, refusal, 0, 0);
        }

        using var directory = new OwnedFd(opened.Fd.Number);
        Files.FilesystemStatus(directory, out FilesystemStatus filesystem).OrThrow($"fstatfs {place}");
        return new StateAnswer(root.Path, refusal, filesystem.AvailableBytes, filesystem.AvailableFiles);
    }

    /// <summary>The output of a program of the host; empty where it is not installed.</summary>
    private static string Said(string program, string argument) =>
        HostProgram.Find(program) is null ? "" : HostProgram.Run(program, [argument]).Output.Trim();

    private static string Complaint(string program, string argument)
    {
        (WaitStatus status, string said) = HostProgram.Run(program, [argument]);
        return status is { ExitCode: 0, Signal: 0 } ? "" : said.Trim().ReplaceLineEndings("; ");
    }

    /// <summary>A file of the host; empty where there is none or it is not ours to read.</summary>
    internal static string Text(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(HostFiles.ReadAllOrNull(Fd.CurrentDirectory, path) ?? []).Trim('\n');
        }
        catch (KernelException)
        {
            return "";
        }
    }
}

/// <summary>Limits that containers run into, with what is used of them where the kernel tells.</summary>
internal static class HostLimits
{
    /// <summary>All of them that this kernel has.</summary>
    public static IEnumerable<LimitAnswer> Ask(HostFacts host)
    {
        ulong tasks = StatisticsText.Number(HostSurvey.Text("/proc/loadavg").Split(' ', '/').ElementAtOrDefault(4));
        List<ulong> files = StatisticsText.Numbers(HostSurvey.Text("/proc/sys/fs/file-nr"));
        string keys = host.UserId == 0 ? "root_maxkeys" : "maxkeys";
        IEnumerable<LimitAnswer?> all =
        [
            Of("fs.inotify.max_user_instances", null), Of("fs.inotify.max_user_watches", null), Of("fs.file-max", files.Count > 0 ? files[0] : null),
            Of("kernel.pid_max", tasks), Of("kernel.threads-max", tasks), Of("kernel.keys." + keys, Keys(HostSurvey.Text("/proc/key-users"), host.UserId)),
            new LimitAnswer("RLIMIT_NOFILE", null, host.OpenFilesSoft),
        ];
        return all.OfType<LimitAnswer>();
    }

    /// <summary>How many keys count for a user: the third column of its line, <c>  0:   122 121/121 38/1000000 720/25000000</c>. keyrings(7)</summary>
    internal static ulong? Keys(string table, uint userId)
    {
        foreach (string line in table.Split('\n'))
        {
            string[] words = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words is [var user, _, _, var counted, ..] && user == userId.ToString(CultureInfo.InvariantCulture))
            {
                return StatisticsText.Number(counted.Split('/')[0]);
            }
        }

        return null;
    }

    private static LimitAnswer? Of(string name, ulong? used)
    {
        string path = "/proc/sys/" + name.Replace('.', '/');
        string text = HostSurvey.Text(path);
        return text.Length == 0 ? null : new LimitAnswer(name, used, StatisticsText.Number(text));
    }
}
