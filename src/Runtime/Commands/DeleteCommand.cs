using Hull.Linux;
using Hull.Oci;
using Hull.Runtime.Host;
using Hull.Runtime.Options;
using Hull.Runtime.Storage;

namespace Hull.Runtime.Commands;

/// <summary>Removes a container that has stopped (OP-DEL-01); with --force one in any state, and none is no error.</summary>
internal static class DeleteCommand
{
    private const int LockMilliseconds = 10_000;

    internal static int Run(GlobalOptions global, DeleteOptions options)
    {
        string id = ContainerId.Check(options.ContainerId);
        using ContainerStore? store = ContainerStore.OpenExisting(StoreRoot.Choose(global.Root));
        using ContainerDirectory? directory = store?.Find(id);
        if (directory is null || !directory.Lock(LockMilliseconds))
        {
            return options.Force ? ExitStatus.Success : throw ContainerStore.DoesNotExist(id);
        }

        ContainerRecord? record = directory.ReadRecord();
        if (record?.Phase == RecordPhase.Complete)
        {
            Stop(directory, record, options.Force);
        }

        ContainerEnd.Remove(directory, record, new Log(global));
        return ExitStatus.Success;
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

            throw new RuntimeError($"cannot delete container {record.Id} that is not stopped: {status.Word()}")
            {
                Hint = "kill it first, or delete --force",
            };
        }

        ContainerEnd.Kill(record, process);
    }
}
