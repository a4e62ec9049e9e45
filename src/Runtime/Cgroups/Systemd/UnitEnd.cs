using System.Collections.Immutable;

namespace Hull.Runtime;

/// <summary>The end of a container's unit. systemd keeps no scope that has ended; a slice, and a failure, would stay.</summary>
internal static class UnitEnd
{
    /// <summary>Stops the unit of a container whose process has ended; nothing to do for a container that has none.</summary>
    public static void Stop(ContainerRecord record, Log log)
    {
        // A unit that was there before is not ours: create was refused, or ended before it made one.
        ImmutableArray<RecordedCgroup> ours = record.Cgroups.RemoveAll(cgroup => !cgroup.IsOurs);
        if (record.Unit.Length == 0 || ours.IsEmpty)
        {
            return;
        }

        if (CgroupProcesses.In(ours).Count > 0)
        {
            // Otherwise systemd would send SIGTERM, and wait for DefaultTimeoutStopSec before it kills them.
            CgroupSignals.Kill(ours);
        }

        try
        {
            using UnitManager systemd = UnitManager.Connect(record.UnitOfUser);
            systemd.Stop(record.Unit);
        }
        catch (RuntimeError failure)
        {
            // The cgroups are removed in any case, and a scope without any ends by itself.
            log.Warning($"container \"{record.Id}\": {failure.Message}");
        }
    }
}
