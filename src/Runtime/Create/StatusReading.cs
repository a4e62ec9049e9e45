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

        if (!record.Process.IsAlive())
        {
            return ContainerStatus.Stopped;
        }

        if (Freezer.IsFrozen(record.Cgroups))
        {
            return ContainerStatus.Paused;
        }

        if (!record.StartSocket)
        {
            return ContainerStatus.Running;
        }

        if (!StartSocket.IsClosed(directory))
        {
            return ContainerStatus.Created;
        }

        // Closed by execve, or by the death of one that never ran anything?
        return record.Process.IsAlive() ? ContainerStatus.Running : ContainerStatus.Stopped;
    }

    /// <summary>A process, open as a pidfd, has ended; waits for that as long as told.</summary>
    public static bool HasEnded(Fd process, int timeoutMilliseconds = 0)
    {
        Span<PollDescriptor> descriptors = [new PollDescriptor(process, PollEvents.In)];
        return Polling.PollWaiting(descriptors, timeoutMilliseconds).OrThrow("ppoll") > 0;
    }
}
