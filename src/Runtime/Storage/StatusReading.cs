using Hull.Linux;
using Hull.Oci;
using Hull.Runtime.Host.Cgroups;

namespace Hull.Runtime.Storage;

/// <summary>What a container is doing now (STATE-02): found out from the kernel each time, never remembered.</summary>
internal static class StatusReading
{
    /// <summary>The status of a container.</summary>
    public static ContainerStatus StatusOf(ContainerDirectory directory, ContainerRecord? record)
    {
        if (record is null || record.Phase == RecordPhase.Intent)
        {
            // Nothing outlives its creator before the record is complete.
            return directory.IsLockedBySomebody() ? ContainerStatus.Creating : ContainerStatus.Stopped;
        }

        using OwnedFd? process = record.Process.Open();
        return process is null ? ContainerStatus.Stopped : StatusOfLiving(directory, record);
    }

    /// <summary>The status of a container whose process is known to live.</summary>
    public static ContainerStatus StatusOfLiving(ContainerDirectory directory, ContainerRecord record)
    {
        if (Freezer.IsFrozen(record.Cgroups))
        {
            return ContainerStatus.Paused;
        }

        return record.Gate && !StartGate.IsClosed(directory) ? ContainerStatus.Created : ContainerStatus.Running;
    }

    /// <summary>The word for it in documents and messages.</summary>
    public static string Word(this ContainerStatus status) => status switch
    {
        ContainerStatus.Creating => "creating",
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        _ => "stopped",
    };
}
