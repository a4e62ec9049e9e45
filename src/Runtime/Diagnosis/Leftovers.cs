using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Why a container's directory is abandoned.</summary>
internal enum Abandonment
{
    /// <summary>Its creation was interrupted: there is no record, or only what was about to be made, and no process works on it.</summary>
    InterruptedCreation,

    /// <summary>Its removal was interrupted: its configuration is gone already, its process has ended, and no process works on it.</summary>
    InterruptedRemoval,

    /// <summary>Its record is from before this boot: no process and no cgroup of it can exist.</summary>
    BeforeBoot,
}

/// <summary>A container's directory that nothing uses any more.</summary>
internal sealed record Leftover(string Id, Abandonment Reason)
{
    /// <summary>The reason as a sentence.</summary>
    public string Sentence => Reason switch
    {
        Abandonment.InterruptedCreation => $"container \"{Id}\": its creation was interrupted",
        Abandonment.InterruptedRemoval => $"container \"{Id}\": its removal was interrupted",
        Abandonment.BeforeBoot => $"container \"{Id}\": its record is from before this boot",
    };

    /// <summary>What a repair does.</summary>
    public string Repair => Reason == Abandonment.BeforeBoot
        ? $"forget container \"{Id}\": remove its state directory"
        : $"remove what the record of container \"{Id}\" names, and its state directory";
}

/// <summary>What containers of one root have left behind: found by their records, and removed where those prove that it is abandoned.</summary>
internal static class Leftovers
{
    /// <summary>The clock of the host may be set by this much after a boot before a record counts as older.</summary>
    private static readonly TimeSpan s_clockStep = TimeSpan.FromMinutes(10);

    /// <summary>What is abandoned, and what else is worth to be known of the root.</summary>
    public static IEnumerable<(Leftover? Abandoned, HostFinding HostFinding)> In(ContainerStore store)
    {
        int stopped = 0;
        foreach (string id in store.Ids())
        {
            Leftover? left = null;
            HostFinding? broken = null;
            try
            {
                using ContainerDirectory? directory = store.Find(id);
                left = directory is null ? null : Judge(directory);
                stopped += left is null && directory?.ReadRecord() is { Phase: RecordPhase.Complete } record && !record.Process.IsAlive() ? 1 : 0;
            }
            catch (Exception unreadable) when (unreadable is RuntimeError or KernelException)
            {
                broken = new HostFinding("leftovers." + id, Weight.Warning, unreadable.Message, $"the id \"{id}\" cannot be used", $"hull delete --force {id} removes what can still be read of it");
            }

            if (left is not null)
            {
                yield return (left, new HostFinding(
                    "leftovers." + id, Weight.Warning, left.Sentence, $"the id \"{id}\" cannot be used, and cgroups may stay", "hull doctor --repair --yes"));
            }
            else if (broken is not null)
            {
                yield return (null, broken);
            }
        }

        if (stopped > 0)
        {
            yield return (null, new HostFinding(
                "leftovers.stopped", Weight.Note, string.Create(CultureInfo.InvariantCulture, $"{stopped} container{(stopped == 1 ? "" : "s")} stopped and not deleted"),
                "their cgroups stay until their engine deletes them", "hull list shows them"));
        }
    }

    /// <summary>Removes what is abandoned. False when that is not so any more: another process works on it, or it is gone.</summary>
    /// <exception cref="RuntimeError">It could not be removed.</exception>
    /// <exception cref="KernelException">It could not be removed.</exception>
    public static bool Remove(ContainerStore store, Leftover left, Log log)
    {
        using ContainerDirectory? directory = store.Find(left.Id);
        if (directory is null || !directory.Lock(log) || Judge(directory) != left)
        {
            return false;
        }

        if (left.Reason == Abandonment.BeforeBoot)
        {
            // A cgroup that has its name now was made since, for another one.
            directory.Remove();
        }
        else
        {
            ContainerEnd.Remove(directory, directory.ReadRecord(), log);
        }

        return true;
    }

    /// <summary>What proves that it is abandoned; null when nothing does.</summary>
    private static Leftover? Judge(ContainerDirectory directory)
    {
        // The record first: what is complete afterwards was not abandoned before.
        ContainerRecord? record = directory.ReadRecord();
        if (!directory.IsLocked && directory.IsLockedByAnyProcess())
        {
            return null;
        }

        Abandonment? reason = record switch
        {
            not null when IsFromBeforeBoot(record) => Abandonment.BeforeBoot,
            null or { Phase: RecordPhase.Intent } => Abandonment.InterruptedCreation,
            _ when record.Process.Look() is null or { Ended: true } && directory.ReadConfig() is null => Abandonment.InterruptedRemoval,
            _ => null,
        };
        return reason is { } found ? new Leftover(directory.Id, found) : null;
    }

    /// <summary>Older than this boot by the clock, and nothing that it names is there.</summary>
    private static bool IsFromBeforeBoot(ContainerRecord record) =>
        DateTimeOffset.TryParse(record.Created, CultureInfo.InvariantCulture, out DateTimeOffset created)
        && BootTime(HostSurvey.Text("/proc/stat")) is { } boot && created < boot - s_clockStep
        && record.Process.Look() is null
        && record.Cgroups.All(cgroup => !cgroup.IsOurs || !HostFiles.Exists(Fd.CurrentDirectory, cgroup.Directory));

    /// <summary>The line <c>btime</c>: seconds since 1970. proc_stat(5)</summary>
    internal static DateTimeOffset? BootTime(string stat)
    {
        foreach (string line in stat.Split('\n'))
        {
            if (line.StartsWith("btime ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(6), CultureInfo.InvariantCulture, out long seconds))
            {
                return DateTimeOffset.FromUnixTimeSeconds(seconds);
            }
        }

        return null;
    }
}
