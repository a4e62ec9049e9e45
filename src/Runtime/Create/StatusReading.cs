using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What a container is doing now (STATE-02): found out from the kernel each time, never remembered.</summary>
internal static class StatusReading
{
    /// <summary>The status of a container.</summary>
    public static ContainerStatus StatusOf(ContainerDirectory directory, ContainerRecord? record)
    {
        if (record is null || record.Phase == RecordPhase.Intent)
        {
            // Nothing outlives its creator before the record is complete.
            return directory.IsLockedByAnyProcess() ? ContainerStatus.Creating : ContainerStatus.Stopped;
        }

        return StatusOf(record);
    }

    /// <summary>The status of a container whose record is complete.</summary>
    public static ContainerStatus StatusOf(ContainerRecord record)
    {
        if (record.Process.Look() is not { Ended: false } process)
        {
            return ContainerStatus.Stopped;
        }

        if (Freezer.IsFrozen(record.Cgroups))
        {
            return ContainerStatus.Paused;
        }

        // Of a container that waits for start, its own process: that is seen without waking it. execve is where it becomes its program.
        return record.StartSocket && !process.Executed ? ContainerStatus.Created : ContainerStatus.Running;
    }
}
