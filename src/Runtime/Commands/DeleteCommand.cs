using Hull.Linux;
using Hull.Oci;
using Hull.Runtime.Host;
using Hull.Runtime.Options;
using Hull.Runtime.Storage;

namespace Hull.Runtime.Commands;

/// <summary>
/// Removes a container that has stopped (OP-DEL-01), or whose program never started; with --force one in any state, and none is no error.
/// </summary>
/// <remarks>
/// The specification has "created" refused. But every other runtime kills what waits for a start, and Buildah counts on it: when the
/// network fails between create and start it only says delete, and the waiting process would stay for ever.
/// </remarks>
internal static class DeleteCommand
{
    internal static int Run(GlobalOptions global, DeleteOptions options)
    {
        string id = ContainerId.Check(options.ContainerId);
        using ContainerStore? store = ContainerStore.OpenExisting(StoreRoot.Choose(global.Root));
        using ContainerDirectory? directory = store?.Find(id);
        if (directory is null || !directory.Lock())
        {
            return options.Force ? ExitStatus.Success : throw ContainerStore.DoesNotExist(id);
        }

        var log = new Log(global);
        ContainerRecord? record = options.Force ? Salvage(directory, log) : directory.ReadRecord();
        if (record?.Phase == RecordPhase.Complete)
        {
            Stop(directory, record, options.Force);
        }

        ContainerEnd.Remove(directory, record, log);
        return ExitStatus.Success;
    }

    /// <summary>A container whose record is broken must not stay for ever: what it still names is removed, and the rest is said.</summary>
    private static ContainerRecord? Salvage(ContainerDirectory directory, Log log)
    {
        ContainerRecord? record = directory.SalvageRecord(out RuntimeError? broken);
        if (broken is not null)
        {
            string process = record!.Phase == RecordPhase.Complete ? "" : "; its process is unknown and may live on";
            string cgroups = record.Cgroups.IsEmpty ? "; its cgroups are unknown and may stay" : "";
            log.Warning($"{broken.Action}{process}{cgroups}");
        }

        return record;
    }

    private static void Stop(ContainerDirectory directory, ContainerRecord record, bool force)
    {
        using OwnedFd? process = record.Process.Open();
        if (process is null)
        {
            return;
        }

        if (!force)
        {
            ContainerStatus status = StatusReading.StatusOf(directory, record);
            if (status == ContainerStatus.Stopped)
            {
                return;
            }

            if (status != ContainerStatus.Created)
            {
                throw new RuntimeError($"cannot delete container {record.Id} that is not stopped: {status.Word()}")
                {
                    Hint = "kill it first, or delete --force",
                };
            }
        }

        ContainerEnd.Kill(record, process);
    }
}
