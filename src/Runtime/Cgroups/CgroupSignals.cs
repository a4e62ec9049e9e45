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

        try
        {
            if (killed)
            {
                // A process that has moved to another cgroup of v2 is still in those of v1.
                SendToEach(cgroups, (int)Signal.SIGKILL);
            }
            else
            {
                Send(cgroups, (int)Signal.SIGKILL);
            }
        }
        finally
        {
            // Also when one may not be killed: the others are to die.
            Freezer.Thaw(cgroups);
        }
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

    /// <summary>One that may not be signalled keeps no other from it.</summary>
    private static void SendToEach(ImmutableArray<RecordedCgroup> cgroups, int signal)
    {
        KernelException? refused = null;
        foreach (int pid in CgroupProcesses.In(cgroups))
        {
            SyscallResult sent = Processes.Kill(pid, signal);
            if (sent.Failed && sent.Errno != Errno.ESRCH)
            {
                refused ??= new KernelException($"kill {pid}", sent.Errno);
            }
        }

        if (refused is not null)
        {
            throw refused;
        }
    }
}
