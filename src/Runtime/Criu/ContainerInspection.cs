using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Looks at a running container for what CRIU cannot save, or only when it is asked to: before anything is frozen, and in words of the container
/// rather than of CRIU's source. Changes nothing.
/// </summary>
internal sealed class ContainerInspection(CheckpointRequest request, ContainerRecord record, Config config)
{
    private readonly List<CheckpointFinding> _findings = [];
    private ImmutableArray<ContainerMount> _mounts = [];

    /// <summary>Everything there is to say.</summary>
    public static IReadOnlyList<CheckpointFinding> Of(CheckpointRequest request, ContainerRecord record, Config config)
    {
        var inspection = new ContainerInspection(request, record, config);
        inspection.LookAtConfiguration();
        inspection.LookAtProcesses();
        return inspection._findings;
    }

    private void LookAtConfiguration()
    {
        ResolvedNamespaces namespaces = ResolvedNamespaces.Of(config.Linux?.Namespaces ?? []);
        if (!namespaces.IsNew(NamespaceKinds.Mount))
        {
            Block("namespace", "the container has no mount namespace of its own, and CRIU would save the host's mounts", "add one to linux.namespaces");
        }

        if (namespaces.IsJoined(NamespaceKinds.Cgroup))
        {
            Block("namespace", "the container shares the cgroup namespace of others, which CRIU cannot restore");
        }

        if (record.AsksAgent)
        {
            Block("seccomp", "the container's filter of system calls has a listener, which CRIU cannot restore", "leave SCMP_ACT_NOTIFY out of linux.seccomp");
        }

        if (config.Linux?.IntelRdt is not null || record.Resctrl.Length > 0)
        {
            Warn("resctrl", "the container's class of service is made anew at the restore, its monitoring starts at zero");
        }

        IReadOnlyList<Mount> mounts = config.Mounts ?? [];
        for (var i = 0; i < mounts.Count; i++)
        {
            var options = MountOptions.Of(mounts[i]);
            bool mapped = options.MapOwners || options.Mappings is not null || mounts[i].UidMappings is { Count: > 0 };
            if (mapped && !options.Bind)
            {
                Block("mount", $"mounts[{i}]: the owners in {mounts[i].Destination} are mapped, and CRIU would lose that", "use a bind mount with mapped owners");
            }

            if (options.SourceNoFollow || options.CopyLink)
            {
                Warn("mount", $"mounts[{i}]: the source of {mounts[i].Destination} is followed through links at the restore");
            }
        }

        if (Credentials.EffectiveUserId() != 0)
        {
            Block("privileges", "CRIU needs root", "run hull as root");
        }
    }

    private void LookAtProcesses()
    {
        _mounts = ContainerMount.Parse(Read(record.Process.Pid, "mountinfo") ?? []);
        LookAtMounts();
        HashSet<int> pids = CgroupProcesses.In(record.Cgroups.RemoveAll(cgroup => !cgroup.IsOurs));
        pids.Add(record.Process.Pid);
        HashSet<int> mountIds = [.. _mounts.Select(mount => mount.Id)];
        foreach (int pid in pids)
        {
            LookAtParent(pid, pids);
            LookAtTracer(pid);
            LookAtDescriptors(pid, mountIds);
        }

        if (ResolvedNamespaces.Of(config.Linux?.Namespaces ?? []).IsNew(NamespaceKinds.Network) && !(request.TcpEstablished || request.TcpClose) && HasConnections())
        {
            Block("tcp", "the container has established TCP connections", "--tcp-established keeps them");
        }
    }

    /// <summary>What is mounted inside beyond the configuration came later, and a restore does not know from where.</summary>
    private void LookAtMounts()
    {
        var known = new HashSet<string>(StringComparer.Ordinal) { "/" };
        known.UnionWith((config.Mounts ?? []).Select(mount => RootfsPath.Parse(mount.Destination).ToString()));
        known.UnionWith((config.Linux?.MaskedPaths ?? []).Concat(config.Linux?.ReadonlyPaths ?? []).Select(path => RootfsPath.Parse(path).ToString()));
        foreach (ContainerMount mount in _mounts)
        {
            if (!known.Contains(mount.Point) && mount.Root != "/" && !mount.IsCgroup && mount.Type != "devtmpfs" && !known.Any(place => place != "/" && mount.IsBelow(place)))
            {
                Warn("mount", $"{CallerText.Printable(mount.Point)} is mounted in the container and is not in its config.json", "unmount it, or add it to mounts");
            }
        }
    }

    /// <summary>CRIU saves the first process and what descends from it. A program that exec has brought in would be left behind without a word.</summary>
    private void LookAtParent(int pid, HashSet<int> pids)
    {
        if (pid != record.Process.Pid && NumberIn(Read(pid, "status"), "PPid") is { } parent && !pids.Contains(parent))
        {
            Block(
                "process", $"process {ProcessNames.Describe([pid])} came into the container by exec, and CRIU saves only what descends from its first process",
                "end it first, or let a process of the container start it");
        }
    }

    private void LookAtTracer(int pid)
    {
        if (NumberIn(Read(pid, "status"), "TracerPid") is { } tracer && tracer != 0)
        {
            Block("tracer", $"process {pid} is traced by process {ProcessNames.Describe([tracer])}", "end strace or the debugger");
        }
    }

    private static int? NumberIn(byte[]? file, string name) => ProcessFields.FindNumber(Encoding.UTF8.GetString(file ?? []), name);

    private void LookAtDescriptors(int pid, HashSet<int> mountIds)
    {
        string directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd");
        List<string> numbers;
        try
        {
            numbers = HostFiles.ListDirectory(Fd.CurrentDirectory, directory);
        }
        catch (KernelException ended) when (ended.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return;
        }

        foreach (string number in numbers)
        {
            if (ContainerDescriptors.TargetOf(pid, number) is not { } target || Read(pid, $"fdinfo/{number}") is not { } information)
            {
                continue;
            }

            LookAtLock(pid, number, information);
            if (target is "anon_inode:[io_uring]" or "anon_inode:bpf-prog" or "anon_inode:bpf-map" or "anon_inode:[perf_event]" or "anon_inode:seccomp notify")
            {
                Block("descriptor", $"descriptor {number} of process {pid} is {target["anon_inode:".Length..].Trim('[', ']')}, which CRIU cannot save", "end the program that uses it first");
            }
            else if (target.StartsWith('/') && !IsMemory(target) && NumberIn(information, "mnt_id") is { } mount && !mountIds.Contains(mount))
            {
                LookAtOutside(pid, number, target);
            }
        }
    }

    /// <summary>Files of the kernel's own, which are mounted nowhere and which CRIU saves: memfd_create(2), shmget(2).</summary>
    private static bool IsMemory(string target) =>
        target.StartsWith("/memfd:", StringComparison.Ordinal) || target.StartsWith("/SYSV", StringComparison.Ordinal);

    private void LookAtOutside(int pid, string number, string target)
    {
        if (!target.StartsWith("/dev/pts/", StringComparison.Ordinal) && !target.StartsWith("/dev/tty", StringComparison.Ordinal))
        {
            Block(
                "descriptor", $"descriptor {number} of process {pid} is the host's {CallerText.Printable(target)}, outside the container",
                "start it with pipes, a terminal of its own or /dev/null instead");
        }
        else if (!request.ShellJob)
        {
            Block("terminal", $"descriptor {number} of process {pid} is the terminal {target} of the host", "--shell-job, or a terminal of its own with --console-socket");
        }
    }

    /// <summary>
    /// A lock goes with what is open, and stays when the process that has taken it ends: /proc/locks names that process, the descriptor's own file
    /// the lock. proc_pid_fdinfo(5)
    /// </summary>
    private void LookAtLock(int pid, string number, byte[] information)
    {
        if (!request.FileLocks && information.AsSpan().IndexOf("\nlock:"u8) >= 0)
        {
            Block("lock", $"process {pid} holds a file lock by its descriptor {number}", "--file-locks keeps it");
        }
    }

    // 0: 0100007F:1F90 0100007F:C350 01 …: the fourth field is the state, 01 is established.
    private bool HasConnections()
    {
        foreach (string table in (string[])["net/tcp", "net/tcp6"])
        {
            string text = Encoding.ASCII.GetString(Read(record.Process.Pid, table) ?? []);
            if (text.Split('\n').Skip(1).Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, "01", ..]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A file of a process; null when the process has ended, or keeps it from us.</summary>
    private static byte[]? Read(int pid, string name)
    {
        try
        {
            return HostFiles.ReadAllOrNull(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}"));
        }
        catch (KernelException refused) when (refused.Errno is Errno.ENOENT or Errno.ESRCH or Errno.EINVAL or Errno.EACCES or Errno.EPERM)
        {
            return null;
        }
    }

    private void Block(string kind, string text, string? hint = null) => _findings.Add(new CheckpointFinding(kind, true, text, hint));

    private void Warn(string kind, string text, string? hint = null) => _findings.Add(new CheckpointFinding(kind, false, text, hint));
}
