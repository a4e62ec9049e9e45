using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Removes a container's cgroups: those that were made for it, with whatever was made inside them, and no others (OP-DEL-02).</summary>
internal static class CgroupRemoval
{
    private const long GiveUpNanoseconds = 2_000_000_000;
    private const long FirstPauseNanoseconds = 100_000;
    private const long LongestPauseNanoseconds = 50_000_000;

    /// <summary>Removes them all. Processes that are still inside are killed.</summary>
    /// <exception cref="RuntimeError">One could not be removed; the others are gone.</exception>
    public static void Remove(ImmutableArray<RecordedCgroup> cgroups)
    {
        RuntimeError? failure = null;
        long end = Polling.MonotonicNanoseconds() + GiveUpNanoseconds;
        foreach (RecordedCgroup cgroup in cgroups)
        {
            if (!cgroup.IsOurs)
            {
                continue;
            }

            try
            {
                RemoveOne(cgroup.Directory, end);
                RemoveParents(cgroup);
            }
            catch (RuntimeError error)
            {
                failure ??= error;
            }
            catch (KernelException error)
            {
                failure ??= new RuntimeError($"removing the cgroup {cgroup.Directory}: {error.Call}", error.Errno);
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Removes a cgroup and those below it. What does not go at once, as a process in it has not ended yet, is tried again from the top.</summary>
    private static void RemoveOne(string directory, long end)
    {
        List<int> survivors = [];
        bool isLate = false;
        for (long pause = FirstPauseNanoseconds; ; pause = Math.Min(pause * 2, LongestPauseNanoseconds))
        {
            SyscallResult removed = Files.RemoveDirectory(Fd.CurrentDirectory, directory);
            if (!removed.Failed || removed.Errno == Errno.ENOENT)
            {
                return;
            }

            if (removed.Errno is not (Errno.EBUSY or Errno.ENOTEMPTY))
            {
                throw new RuntimeError($"removing the cgroup {directory}", removed.Errno);
            }

            if (isLate)
            {
                throw new RuntimeError($"removing the cgroup {directory}", removed.Errno)
                {
                    Hint = survivors.Count == 0 ? "a process in it is still ending: try again" : $"processes do not die: {ProcessNames.DescribeWaits(survivors)}",
                };
            }

            isLate = Polling.MonotonicNanoseconds() >= end;
            survivors = CgroupSignals.KillIn(directory);
            CgroupTree.Walk(directory, visit: _ => { }, leave: (above, name) => Files.RemoveDirectory(above, name));

            // A process that was killed leaves its cgroup a moment after it has ended.
            Polling.Sleep(pause);
        }
    }

    // The levels above it that we made may be shared by now: the last container to go removes them.
    private static void RemoveParents(RecordedCgroup cgroup)
    {
        string directory = cgroup.Directory;
        for (int level = 1; level < cgroup.MadeLevels; level++)
        {
            directory = CgroupDirectories.Parent(directory);
            SyscallResult removed = Files.RemoveDirectory(Fd.CurrentDirectory, directory);
            if (removed.Errno is Errno.EBUSY or Errno.ENOTEMPTY)
            {
                return;
            }

            // Any other error is reported: no later call removes a directory whose container has no record.
            if (removed.Errno is not (Errno.None or Errno.ENOENT))
            {
                throw new RuntimeError($"removing the cgroup {directory}", removed.Errno);
            }
        }
    }
}
