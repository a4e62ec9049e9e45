using Hull.Oci;

namespace Hull.Runtime;

/// <summary><c>hull update</c>: changes the limits of a container that runs, is created or paused.</summary>
internal static class UpdateCommand
{
    internal static int Run(GlobalOptions global, UpdateOptions options, Log log)
    {
        // What is asked for is read first: what is wrong with it needs no container.
        UpdateChange change = UpdateChange.Of(options, log);
        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), options.ContainerId);
        if (!directory.Lock(log) || directory.ReadRecord() is not { } record)
        {
            throw ContainerStore.DoesNotExist(options.ContainerId);
        }

        if (StatusReading.StatusOf(directory, record) is ContainerStatus.Stopped or ContainerStatus.Creating)
        {
            throw new RuntimeError($"cannot update container \"{record.Id}\": container not running");
        }

        ContainerUpdate.Run(directory, record, change.Resources, change.Rdt, log);
        return ExitStatus.Success;
    }
}
