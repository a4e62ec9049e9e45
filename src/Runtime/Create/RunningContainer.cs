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
    private RunningContainer(ContainerDirectory directory, ContainerRecord record, OwnedFd process)
    {
        Directory = directory;
        Record = record;
        Process = process;
    }

    /// <summary>Its directory, not locked.</summary>
    public ContainerDirectory Directory { get; }

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
            // Its record comes first and goes last: without it, it does not exist yet, or any more.
            ContainerRecord record = directory.ReadRecord() ?? throw ContainerStore.DoesNotExist(id);
            process = record.Phase == RecordPhase.Complete ? record.Process.Open() : null;
            if (process is null)
            {
                ContainerStatus status = StatusReading.StatusOf(directory, record);
                throw status == ContainerStatus.Stopped ? Stopped() : new RuntimeError($"cannot exec in a container that is {status.SpecName()}");
            }

            if (!evenPaused && Freezer.IsFrozen(record.Cgroups))
            {
                throw new RuntimeError("cannot exec in a paused container (use --ignore-paused to override)");
            }

            return new RunningContainer(directory, record, process);
        }
        catch
        {
            process?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>The error of a program that finds the container's first process ended; engines match both texts.</summary>
    public static RuntimeError Stopped() => new("cannot exec in a stopped container: container not running");

    /// <summary>The private copy of its configuration, with the time namespace that a restore has added.</summary>
    public Config ReadConfig()
    {
        Config config = KeptConfig.ReadConfig(Directory, Record);
        return Record.RestoredClocks && config.Linux is { } linux && (linux.Namespaces ?? []).All(one => one.Type != NamespaceType.Time)
            ? config with { Linux = linux with { Namespaces = [.. linux.Namespaces ?? [], new Namespace { Type = NamespaceType.Time }] } }
            : config;
    }

    /// <summary>Its cgroups, each as a process comes into it.</summary>
    public ExecCgroups Cgroups()
    {
        int v2 = IndexOfV2();
        var v1 = ImmutableArray.CreateBuilder<string>(Record.Cgroups.Length);
        for (var i = 0; i < Record.Cgroups.Length; i++)
        {
            if (i != v2)
            {
                v1.Add(Record.Cgroups[i].Directory);
            }
        }

        return new ExecCgroups(v1.DrainToImmutable(), v2 < 0 ? "" : Record.Cgroups[v2].Directory);
    }

    /// <summary>
    /// Of all the hierarchies at most one is of v2. It was made first or last, so looking there usually is enough. One that is gone was of
    /// v2 as well: a directory of v1 cannot be removed while the process is in it.
    /// </summary>
    private int IndexOfV2()
    {
        int gone = -1;
        int count = Record.Cgroups.Length;
        for (var i = 0; i < count; i++)
        {
            int index = i == 0 ? 0 : count - i;
            bool? isV2 = HostProbe.IsV2Cgroup(Record.Cgroups[index].Directory);
            if (isV2 == true)
            {
                return index;
            }

            gone = isV2 is null ? index : gone;
        }

        return gone;
    }

    public void Dispose()
    {
        Process.Dispose();
        Directory.Dispose();
    }
}
