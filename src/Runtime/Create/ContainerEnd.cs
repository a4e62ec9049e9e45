using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The end of a container: its processes, then its cgroups, then the poststop hooks, and its record last of all.</summary>
internal static class ContainerEnd
{
    /// <summary>Kills a container that may still live, and waits until its process has ended.</summary>
    /// <param name="process">The container process, open.</param>
    public static void Kill(ContainerRecord record, Fd process)
    {
        try
        {
            if (!record.OwnPidNamespace)
            {
                CgroupSignals.Kill(record.Cgroups);
            }

            SyscallResult sent = Processes.SendSignal(process, (int)Signal.SIGKILL);
            if (sent.Failed && sent.Errno != Errno.ESRCH)
            {
                throw new RuntimeError($"killing container \"{record.Id}\"", sent.Errno);
            }
        }
        finally
        {
            // What is frozen by v1 dies when it thaws.
            Freezer.Thaw(record.Cgroups);
        }

        ProcessEnd.Await(process, record.Process.Pid, $"container \"{record.Id}\": ", "delete the container again later", others: () => CgroupProcesses.In(record.Cgroups));
    }

    /// <summary>Ends a container whose start has failed, as if it had been deleted with --force (LIFE-15). The lock must be held.</summary>
    public static void Destroy(ContainerDirectory directory, ContainerRecord record, Log log)
    {
        using OwnedFd? process = record.Process.Open();
        if (process is not null)
        {
            Kill(record, process);
        }

        Remove(directory, record, log);
    }

    /// <summary>The same after a failure, which the caller passes on.</summary>
    /// <exception cref="RuntimeError">The container could not be ended; the message names that failure, too.</exception>
    public static void DestroyAfter(Exception failure, ContainerDirectory directory, ContainerRecord record, Log log)
    {
        var cleaning = new CleaningUp();
        cleaning.Try(() => Destroy(directory, record, log));
        cleaning.ThrowAfter(failure, $"hull delete --force {record.Id} tries again");
    }

    /// <summary>
    /// Removes what is left of a container whose process has ended. Each part can be done again, so that an interrupted removal can be
    /// repeated (OP-DEL-02). The lock must be held.
    /// </summary>
    /// <param name="record">Null when the creator died before it wrote one: then there is the directory and nothing else.</param>
    public static void Remove(ContainerDirectory directory, ContainerRecord? record, Log log)
    {
        StepClock clock = StepClock.Start(log, "delete");
        if (record is not null)
        {
            if (!record.OwnPidNamespace)
            {
                // The container process did not take the others with it.
                CgroupSignals.Kill(record.Cgroups.RemoveAll(cgroup => !cgroup.IsOurs));
            }

            clock.Tell("kill what is left in its cgroups");
            UnitEnd.Stop(record, log);
            clock.Tell("stop its unit");
            CgroupRemoval.Remove(record.Cgroups);
            CgroupParents.RemoveUnused(directory, record.Cgroups);
            clock.Tell("remove its cgroups");
            Resctrl.Remove(record.Resctrl);
            PoststopHooks.Run(record, directory, log);
            clock.Tell("run the poststop hooks");
        }

        directory.Remove();
        clock.Tell("forget the container");
    }
}
