using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Stops all processes of a container where they are: the v1 freezer where there is one, else cgroup.freeze of v2 (CONV-FREEZE).
/// </summary>
internal static class Freezer
{
    private const string V1File = "/freezer.state";
    private const string V2File = "/cgroup.freeze";
    private const long PollNanoseconds = 1_000_000;

    // A v1 freezer that is FREEZING after so many reads is thawed and frozen anew.
    private const int AttemptsBeforeThaw = 100;

    /// <summary>The container has a freezer.</summary>
    public static bool Exists(ImmutableArray<RecordedCgroup> cgroups) => Find(cgroups) is not null;

    /// <summary>The cgroup that freezes the container; null when it has none.</summary>
    public static string? DirectoryOf(ImmutableArray<RecordedCgroup> cgroups) => Find(cgroups) is { } found ? found.Path[..found.Path.LastIndexOf('/')] : null;

    /// <summary>The container is frozen or about to be.</summary>
    public static bool IsFrozen(ImmutableArray<RecordedCgroup> cgroups) => Find(cgroups) is { State: { } state } && IsFreezing(state);

    /// <summary>This cgroup is frozen or about to be.</summary>
    public static bool IsFrozen(string directory) =>
        (Read(directory + V1File) ?? Read(directory + V2File)) is { } state && IsFreezing(state);

    /// <summary>Freezes the container and waits until it is; false when that takes too long or there is no freezer.</summary>
    public static bool TryFreeze(ImmutableArray<RecordedCgroup> cgroups, int timeoutMilliseconds)
    {
        if (Find(cgroups) is not { } found)
        {
            return false;
        }

        long end = Polling.MonotonicNanoseconds() + (timeoutMilliseconds * 1_000_000L);
        for (int attempt = 1; ; attempt++)
        {
            // v1 may stay FREEZING for ever when processes fork meanwhile: write it again, and sometimes thaw first.
            if (found.IsV1 && attempt % AttemptsBeforeThaw == 0)
            {
                HostFiles.TryWrite(Fd.CurrentDirectory, found.Path, "THAWED"u8);
            }

            HostFiles.TryWrite(Fd.CurrentDirectory, found.Path, found.IsV1 ? "FROZEN"u8 : "1"u8).OrThrow($"write {found.Path}");
            if (HasFrozen(found))
            {
                return true;
            }

            if (Polling.MonotonicNanoseconds() >= end)
            {
                return false;
            }

            Polling.Sleep(PollNanoseconds);
        }
    }

    /// <summary>Lets the container go on; nothing to do where it is not frozen.</summary>
    public static void Thaw(ImmutableArray<RecordedCgroup> cgroups)
    {
        if (Find(cgroups) is { } found && IsFreezing(found.State))
        {
            SyscallResult written = HostFiles.TryWrite(Fd.CurrentDirectory, found.Path, found.IsV1 ? "THAWED"u8 : "0"u8);

            // ENOENT, ENODEV: removed meanwhile.
            if (written.Errno is not (Errno.None or Errno.ENOENT or Errno.ENODEV))
            {
                written.OrThrow($"write {found.Path}");
            }
        }
    }

    private static bool HasFrozen(Control found)
    {
        if (found.IsV1)
        {
            return Read(found.Path) is { } state && state.AsSpan().StartsWith("FROZEN"u8);
        }

        string events = string.Concat(found.Path.AsSpan(0, found.Path.Length - V2File.Length), "/cgroup.events");
        return Read(events) is { } text && text.AsSpan().IndexOf("frozen 1"u8) >= 0;
    }

    // The names of the mounts say where to look first; where they don't, all are asked.
    private static Control? Find(ImmutableArray<RecordedCgroup> cgroups)
    {
        foreach (RecordedCgroup cgroup in cgroups)
        {
            if (cgroup.Directory.Contains("freezer", StringComparison.Ordinal) && Read(cgroup.Directory + V1File) is { } state)
            {
                return new Control(cgroup.Directory + V1File, IsV1: true, state);
            }
        }

        // From the end: cgroup2 is the last hierarchy, and on most hosts the only one.
        for (int i = cgroups.Length - 1; i >= 0; i--)
        {
            if (Read(cgroups[i].Directory + V2File) is { } v2)
            {
                return new Control(cgroups[i].Directory + V2File, IsV1: false, v2);
            }

            if (Read(cgroups[i].Directory + V1File) is { } state)
            {
                return new Control(cgroups[i].Directory + V1File, IsV1: true, state);
            }
        }

        return null;
    }

    // FROZEN, FREEZING or THAWED; 1 or 0.
    private static bool IsFreezing(byte[] state) => state is [(byte)'F', ..] or [(byte)'1', ..];

    private static byte[]? Read(string path)
    {
        try
        {
            return HostFiles.ReadSmallOrNull(Fd.CurrentDirectory, path);
        }
        catch (KernelException removed) when (removed.Errno == Errno.ENODEV)
        {
            return null;
        }
    }

    private sealed record Control(string Path, bool IsV1, byte[] State);
}
