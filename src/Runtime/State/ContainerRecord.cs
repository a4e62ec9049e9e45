using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>How far the making of a container has come.</summary>
internal enum RecordPhase
{
    /// <summary>Written before the first side effect: what is about to be made.</summary>
    Intent,

    /// <summary>The container exists and no longer depends on its creator.</summary>
    Complete,
}

/// <summary>Whether a container is being saved: its processes may be frozen, or gone on purpose.</summary>
internal enum CheckpointPhase
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>Written before its processes are frozen.</summary>
    Begun,

    /// <summary>The images are complete; the processes end without another word.</summary>
    Saved,
}

/// <summary>A mount of a container that was made while it ran.</summary>
/// <param name="Destination">Where, in the container.</param>
/// <param name="Mount">The kernel's number of the mount: statx(2), STATX_MNT_ID_UNIQUE.</param>
internal readonly record struct LiveMount(string Destination, ulong Mount);

/// <summary>A cgroup of a container.</summary>
/// <param name="Directory">Its directory.</param>
/// <param name="MadeLevels">
/// How many directories at the end of it are ours: 0 when it existed before, 1 for the cgroup alone, 2 with its parent.
/// Only these are ever removed (OP-DEL-04).
/// </param>
internal readonly record struct RecordedCgroup(string Directory, int MadeLevels)
{
    /// <summary>The cgroup itself is ours, and so is every process in it.</summary>
    public bool IsOurs => MadeLevels > 0;
}

/// <summary>
/// What is remembered of a container between two calls of hull. The configuration is kept beside it, as it was written; this is what
/// became of it. Each change is a new record that replaces the old file atomically.
/// </summary>
internal sealed record ContainerRecord
{
    /// <summary>The only format so far; a record of another one is refused, not guessed at.</summary>
    public const int CurrentFormat = 1;

    /// <summary>How far it has come.</summary>
    public required RecordPhase Phase { get; init; }

    /// <summary>The container's id (STATE-03).</summary>
    public required string Id { get; init; }

    /// <summary>The configuration's <c>ociVersion</c>.</summary>
    public required string OciVersion { get; init; }

    /// <summary>Absolute path of the bundle.</summary>
    public required string Bundle { get; init; }

    /// <summary>Absolute path of the root file system.</summary>
    public required string Rootfs { get; init; }

    /// <summary>When it was created: RFC 3339 with nanoseconds, UTC.</summary>
    public required string Created { get; init; }

    /// <summary>The user that created it.</summary>
    public required uint OwnerUserId { get; init; }

    /// <summary>
    /// The container process; none while there is only an intent. With its start time: the pid alone may be another process's by now.
    /// </summary>
    public ProcessIdentity Process { get; init; }

    /// <summary>The container has a pid namespace of its own, so that its first process takes all others with it.</summary>
    public bool OwnPidNamespace { get; init; }

    /// <summary>It listens on its start socket until <c>start</c> connects; one made by <c>run</c> does not.</summary>
    public bool StartSocket { get; init; }

    /// <summary>It lives in the session keyring of its caller: programs that join it do not make a new one either.</summary>
    public bool KeepsKeyring { get; init; }

    /// <summary>
    /// Its filter has rules that a seccomp agent answers, so that <c>start</c> must reach it (SECL-02). Kept here so that it need not read
    /// the whole configuration of every container.
    /// </summary>
    public bool AsksAgent { get; init; }

    /// <summary>Its cgroups, one in each hierarchy.</summary>
    public ImmutableArray<RecordedCgroup> Cgroups { get; init; } = [];

    /// <summary>Its directories of resctrl, inner ones first: those that were made for it, and go with it (RDT-07).</summary>
    public ImmutableArray<string> Resctrl { get; init; } = [];

    /// <summary>The systemd unit that its cgroups belong to; empty where hull has made them itself.</summary>
    public string Unit { get; init; } = "";

    /// <summary>That unit is of the user's own systemd, not of the system's.</summary>
    public bool UnitOfUser { get; init; }

    /// <summary>What a checkpoint of it has come to.</summary>
    public CheckpointPhase Checkpoint { get; init; }

    /// <summary>CRIU has put its processes into a time namespace that the configuration does not name; programs that join it must enter that, too.</summary>
    public bool RestoredClocks { get; init; }

    /// <summary>What <c>mounts add</c> has mounted since it was created, in that order; the configuration names them last of its mounts.</summary>
    public ImmutableArray<LiveMount> LiveMounts { get; init; } = [];

    /// <summary>The configuration's annotations, in their order, for the state document (ANN-04).</summary>
    public ImmutableArray<KeyValuePair<string, string>> Annotations { get; init; } = [];

    /// <summary>How its program ended; null while it lives, and when nobody who learned it could write here.</summary>
    public ContainerExit? Exit { get; init; }

    /// <summary>The time as a record tells it.</summary>
    public static string TimeText(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public bool Equals(ContainerRecord? other) =>
        other is not null && Phase == other.Phase && Id == other.Id && OciVersion == other.OciVersion && Bundle == other.Bundle
        && Rootfs == other.Rootfs && Created == other.Created && OwnerUserId == other.OwnerUserId && Process == other.Process
        && OwnPidNamespace == other.OwnPidNamespace && StartSocket == other.StartSocket && KeepsKeyring == other.KeepsKeyring
        && AsksAgent == other.AsksAgent && Exit == other.Exit && Checkpoint == other.Checkpoint && RestoredClocks == other.RestoredClocks
        && LiveMounts.AsSpan().SequenceEqual(other.LiveMounts.AsSpan())
        && Resctrl.AsSpan().SequenceEqual(other.Resctrl.AsSpan())
        && Unit == other.Unit && UnitOfUser == other.UnitOfUser
        && Cgroups.AsSpan().SequenceEqual(other.Cgroups.AsSpan()) && Annotations.AsSpan().SequenceEqual(other.Annotations.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Phase, Process);
}
