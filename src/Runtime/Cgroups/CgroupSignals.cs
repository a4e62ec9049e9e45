using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Signals to every process of a container.</summary>
internal static class CgroupSignals
{
    private const int FreezeMilliseconds = 2000;

    /// <summary>
    /// Kills every process in the cgroups. With cgroup.kill (kernel 5.14) nothing can slip through by forking; without it, processes
    /// are frozen first.
    /// </summary>
    public static void Kill(ImmutableArray<RecordedCgroup> cgroups)
    {
        bool killed = false;
        foreach (RecordedCgroup cgroup in cgroups)
        {
            killed |= !HostFiles.TryWrite(Fd.CurrentDirectory, cgroup.Directory + "/cgroup.kill", "1"u8).Failed;
        }

        if (killed)
        {
            // A process that has moved to another cgroup of v2 is still in those of v1.
            SendToEach(cgroups, (int)Signal.SIGKILL);
            Freezer.Thaw(cgroups);
            return;
        }

        Send(cgroups, (int)Signal.SIGKILL);
        Freezer.Thaw(cgroups);
    }

    /// <summary>Sends a signal to every process in the cgroups, which are frozen for the moment so that none is missed.</summary>
    public static void Send(ImmutableArray<RecordedCgroup> cgroups, int signal)
    {
        bool wasFrozen = Freezer.IsFrozen(cgroups);
        if (!wasFrozen)
        {
            Freezer.TryFreeze(cgroups, FreezeMilliseconds);
        }

        try
        {
            SendToEach(cgroups, signal);
        }
        finally
        {
            if (!wasFrozen)
            {
                Freezer.Thaw(cgroups);
            }
        }
    }

    /// <summary>Kills the processes in one cgroup and below, as far as they can be seen.</summary>
    public static List<int> KillIn(string directory)
    {
        List<int> pids = CgroupProcesses.In(directory);
        foreach (int pid in pids)
        {
            Processes.Kill(pid, (int)Signal.SIGKILL);
        }

        return pids;
    }

    private static void SendToEach(ImmutableArray<RecordedCgroup> cgroups, int signal)
    {
        foreach (int pid in CgroupProcesses.In(cgroups))
        {
            SyscallResult sent = Processes.Kill(pid, signal);
            if (sent.Failed && sent.Errno != Errno.ESRCH)
            {
                throw new KernelException($"kill {pid}", sent.Errno);
            }
        }
    }
}
