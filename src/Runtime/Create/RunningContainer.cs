using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// A container whose first process lives, for a program that joins it. Takes no lock: the process is held by a descriptor, so that
/// whatever follows means this process or fails, and a container that a hook or <c>start</c> works on can still be looked into.
/// </summary>
internal sealed class RunningContainer : IDisposable
{
    private readonly ContainerDirectory _directory;

    private RunningContainer(ContainerDirectory directory, ContainerRecord record, OwnedFd process)
    {
        _directory = directory;
        Record = record;
        Process = process;
    }

    /// <summary>Its record, complete.</summary>
    public ContainerRecord Record { get; }

    /// <summary>A pidfd of its first process.</summary>
    public OwnedFd Process { get; }

    /// <summary>Finds it.</summary>
    /// <param name="evenPaused">Do not mind that it is paused: a program that joins it then waits until it goes on.</param>
    /// <exception cref="RuntimeError">There is none, or it is not in a state to be joined.</exception>
    public static RunningContainer Find(StoreRoot root, string id, bool evenPaused)
    {
        ContainerDirectory directory = ContainerStore.Get(root, id);
        OwnedFd? process = null;
        try
        {
            ContainerRecord? record = directory.ReadRecord();
            process = record is { Phase: RecordPhase.Complete } ? record.Process.Open() : null;
            if (process is null)
            {
                ContainerStatus status = StatusReading.StatusOf(directory, record);
                throw new RuntimeError(status == ContainerStatus.Stopped
                    ? "cannot exec in a stopped container"
                    : $"cannot exec in a container that is {status.Word()}");
            }

            if (!evenPaused && Freezer.IsFrozen(record!.Cgroups))
            {
                throw new RuntimeError("cannot exec in a paused container (use --ignore-paused to override)");
            }

            return new RunningContainer(directory, record!, process);
        }
        catch
        {
            process?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>The private copy of its configuration.</summary>
    public Config ReadConfig() => KeptConfig.ReadConfig(_directory, Record);

    /// <summary>Its cgroups, each as a process comes into it.</summary>
    public ExecCgroups Cgroups()
    {
        int unified = IndexOfUnified();
        var legacy = ImmutableArray.CreateBuilder<string>(Record.Cgroups.Length);
        for (var i = 0; i < Record.Cgroups.Length; i++)
        {
            if (i != unified)
            {
                legacy.Add(Record.Cgroups[i].Directory);
            }
        }

        return new ExecCgroups(legacy.DrainToImmutable(), unified < 0 ? "" : Record.Cgroups[unified].Directory);
    }

    /// <summary>
    /// Of all the hierarchies at most one is of v2. It was made first or last, so looking there usually is enough. One that is gone was of
    /// v2 as well: a directory of v1 cannot be removed while the process is in it.
    /// </summary>
    private int IndexOfUnified()
    {
        int gone = -1;
        int count = Record.Cgroups.Length;
        for (var i = 0; i < count; i++)
        {
            int index = i == 0 ? 0 : count - i;
            bool? unified = HostProbe.IsV2Cgroup(Record.Cgroups[index].Directory);
            if (unified == true)
            {
                return index;
            }

            gone = unified is null ? index : gone;
        }

        return gone;
    }

    public void Dispose()
    {
        Process.Dispose();
        _directory.Dispose();
    }
}
